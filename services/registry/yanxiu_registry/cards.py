"""Schools and teachers as a caller is shown them: on a day, the national id masked unless it is to be revealed."""

from __future__ import annotations

from datetime import date

from yanxiu_wire.registry import School
from yanxiu_wire.teacher import Teacher

from yanxiu_registry.context import Registry
from yanxiu_registry.national_id import mask
from yanxiu_registry.register import SchoolFile, TeacherFile, school_as_of, teacher_as_of


def first_shown(file: SchoolFile | TeacherFile, today: date) -> date:
    """The day that a file is shown on when none was asked for: today, or its first day when that is still to come."""
    return max(today, file.facts[0].since)


def school_card(registry: Registry, file: SchoolFile, as_of: date | None) -> School | None:
    """The school on the day asked for; None before its first day."""
    return school_as_of(file, as_of or first_shown(file, registry.today()))


def teacher_card(
    registry: Registry, district: str, file: TeacherFile, as_of: date | None, *, reveal: bool = False
) -> Teacher | None:
    """The teacher on the day asked for; None before the first day on file."""
    day = as_of or first_shown(file, registry.today())
    number = registry.vault.open(district, file.id, file.sealed.cipher) if file.sealed else None
    return teacher_as_of(file, day, national_id=number if reveal or number is None else mask(number))


def teacher_after(registry: Registry, district: str, file: TeacherFile, since: date) -> Teacher:
    """The teacher as a command left it: on the first day that shows what it did."""
    day = max(since, first_shown(file, registry.today()))
    card = teacher_card(registry, district, file, day)
    assert card is not None, "a file is shown on or after its first day"  # noqa: S101 - first_shown guarantees it
    return card
