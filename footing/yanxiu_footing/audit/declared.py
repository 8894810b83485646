"""What an endpoint declares of the trail: whether what it answers is personal, and whose data it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec


class Audited(msgspec.Struct, frozen=True):
    """What becomes of a request in the trail.

    `shows` is the path in the answer at which the ids of the persons shown lie, `pages.items.id` say; `before` puts the
    record before the answer; `own` says that a teacher sees nothing there but what is his own, which is not recorded.
    `behind` is set by the fence and says of a request whether the district's own process answers and records it; here
    is then recorded only what never got there.
    """

    kind: Literal["command", "personal", "plain"]
    shows: str = ""
    before: bool = False
    own: bool = False
    behind: Callable[[Any], bool] | None = None


# Every command is recorded, in the transaction of its effect: an offered table need not say so.
COMMAND = Audited("command", before=True)
# A read that shows nobody's data.
PLAIN = Audited("plain")


def personal(shows: str = "", *, before: bool = False, own: bool = False) -> Audited:
    """Declare a read of personal or personnel data; ids in the request are recorded without being named here."""
    return Audited("personal", shows, before, own)


class LookUndeclared(Exception):
    """A read is offered that does not say whether it shows personal data."""
