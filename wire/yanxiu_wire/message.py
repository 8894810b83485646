"""The two kinds of request: a query states who asks, a command also carries the key that makes it happen once."""

from __future__ import annotations

import msgspec

from yanxiu_wire.caller import Caller


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A request that changes nothing; unknown fields are ignored, so that an older reader can serve a newer caller."""

    caller: Caller


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A request that changes the system's data, once per (district, key); the same key with another body is refused."""

    caller: Caller
    key: str


# Of a command, what says how its answer is told and not what is done: another telling is no other command.
TELLING = frozenset({"explain"})


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A keyset page: at most `first` rows after the cursor."""

    first: int = 50
    after: str | None = None
