"""What changes about a studio by date."""

from __future__ import annotations

import msgspec


class StudioFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What can change about a studio from one day to the next."""

    name: str
    level: str
    leader: str
    schools: tuple[str, ...] = ()
