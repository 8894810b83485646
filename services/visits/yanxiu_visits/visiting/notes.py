"""Notes: the accepted commands of field work, as they were sent, and the order in which they count. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

import msgspec
from yanxiu_footing.clock import CHINA, from_us
from yanxiu_wire import field_records, findings, visiting
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.noting import Effect, FieldCommand
from yanxiu_wire.refusal import RefusalItem, Refused

_OWN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

# What is kept as a note: the verb of its endpoint tells how to read it again.
_ENDPOINTS: tuple[Endpoint[Any, Any], ...] = (*visiting.ENDPOINTS, *field_records.ENDPOINTS, *findings.ENDPOINTS)
KINDS: Mapping[str, type[FieldCommand]] = {
    one.verb: cast("type[FieldCommand]", one.request) for one in _ENDPOINTS if one.writes
}
VERBS: Mapping[type[FieldCommand], str] = {kind: verb for verb, kind in KINDS.items()}


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One accepted command: of what it speaks (`subject`), whose it is, when it happened and when it came.

    Instants are microseconds since 1970 in UTC.
    """

    subject: str
    author: str
    occurred_us: int
    recorded_us: int
    command: FieldCommand

    @property
    def key(self) -> str:
        """The command's own key."""
        return self.command.key

    @property
    def day(self) -> date:
        """The day in China on which it happened."""
        return from_us(self.occurred_us).astimezone(CHINA).date()


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a note does, among the others: applied, waiting for what has not arrived, or nothing, and why."""

    effect: Effect = "applied"
    reason: RefusalItem | None = None


APPLIED = Outcome()
WAITING = Outcome(effect="waiting")


def no_effect(reason: Refused) -> Outcome:
    """Return the outcome of a note that changes nothing."""
    return Outcome(effect="without-effect", reason=reason.errors[0])


def in_order(notes: Iterable[Note]) -> list[Note]:
    """Return notes in the order in which they count: by their own time, then by key, whatever order they came in."""
    return sorted(notes, key=lambda one: (one.occurred_us, one.key))


def is_own_id(given: str) -> bool:
    """Say whether a client may make such an id: 8 to 64 letters, digits or hyphens."""
    return bool(_OWN_ID.fullmatch(given))


def full_id(author: str, given: str) -> str:
    """Return the id by which the district knows it: `<author>.<id>`; one that names its author stays as it is."""
    return given if "." in given else f"{author}.{given}"


def author_in(full: str) -> str:
    """Return the author that a full id names."""
    return full.rpartition(".")[0]
