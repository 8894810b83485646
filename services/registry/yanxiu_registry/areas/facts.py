"""What changes about an area by date."""

from __future__ import annotations

import msgspec


class AreaFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What can change about an area from one day to the next."""

    name: str
