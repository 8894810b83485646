"""What a law still lets be added to a measure before a period ends."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec


class Headroom(msgspec.Struct, frozen=True, kw_only=True):
    """How much of one measure can still be added: `most` None where the law sets no limit.

    `missing` says what must be added where that is not the finding's shortfall (a share moves with what is added).
    `zh` and `en` say by which rule the room is limited, with its clauses.
    """

    most: Decimal | None = None
    missing: Decimal | None = None
    zh: str = ""
    en: str = ""
    clauses: tuple[str, ...] = ()


Headrooms = Mapping[str, Headroom]
"""Headroom by the name of the measure; a measure that is not named has no limit."""
