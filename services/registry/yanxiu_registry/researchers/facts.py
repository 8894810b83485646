"""What changes about a researcher by date."""

from __future__ import annotations

import msgspec
from yanxiu_wire.registry import Stage
from yanxiu_wire.researcher import Absence, ConflictOfInterest


class ResearcherFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What can change about a researcher by date; `absences`, in date order, are the same on every day."""

    subjects: tuple[str, ...]
    stages: tuple[Stage, ...]
    areas: tuple[str, ...] = ()
    capacity: int = 1
    conflicts: tuple[ConflictOfInterest, ...] = ()
    absences: tuple[Absence, ...] = ()
