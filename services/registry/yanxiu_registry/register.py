"""What the registry keeps of a school and a teacher: identity, dated facts, stretches of work."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec
from yanxiu_wire.registry import Affiliation, School, Stage
from yanxiu_wire.teacher import Employment, Teacher

from yanxiu_registry.history import History, employed, in_force, known

Gender = Literal["female", "male", "unstated"]
Status = Literal["active", "on-leave", "left"]


class SchoolFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What can change about a school from one day to the next."""

    name: str
    stage: Stage
    location: Literal["town", "rural"]
    ownership: Literal["public", "private"] = "public"
    affiliation: Affiliation = "county-school"
    area: str | None = None
    weak_decided_by: str | None = None


class SchoolFile(msgspec.Struct, frozen=True, kw_only=True):
    """A school: its code and days of opening and closing, and its dated facts, which begin with the opening."""

    id: str
    code: str
    opened_on: date
    closed_on: date | None = None
    version: int = 1
    facts: History[SchoolFacts] = ()


class TeacherFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What can change about a teacher from one day to the next."""

    name: str
    gender: Gender = "unstated"
    subject: str | None = None
    stage: Stage | None = None
    title: str | None = None
    hired_on: date | None = None
    status: Status = "active"
    head_teacher_periods: tuple[tuple[date, date | None], ...] = ()


class SealedId(msgspec.Struct, frozen=True):
    """A national id at rest: encrypted, and as the blind index that finds it again."""

    cipher: bytes
    index: bytes


class TeacherFile(msgspec.Struct, frozen=True, kw_only=True):
    """A teacher: staff number, sealed national id, dated facts and stretches of work, oldest first."""

    id: str
    staff_number: str
    sealed: SealedId | None = None
    version: int = 1
    facts: History[TeacherFacts] = ()
    employments: tuple[Employment, ...] = ()


def school_as_of(school: SchoolFile, day: date, *, or_first: bool = False) -> School | None:
    """The school on `day`; before its first day None, or with `or_first` as it begins."""
    facts = known(school.facts, day) if or_first else in_force(school.facts, day)
    if facts is None:
        return None
    return School(
        id=school.id,
        code=school.code,
        opened_on=school.opened_on,
        closed_on=school.closed_on,
        version=school.version,
        name=facts.name,
        stage=facts.stage,
        location=facts.location,
        ownership=facts.ownership,
        affiliation=facts.affiliation,
        area=facts.area,
        weak=facts.weak_decided_by is not None,
        weak_decided_by=facts.weak_decided_by,
    )


def teacher_as_of(teacher: TeacherFile, day: date, *, national_id: str | None = None) -> Teacher | None:
    """The teacher on `day` with the stretches begun by then; None before the first day on file."""
    facts = in_force(teacher.facts, day)
    if facts is None:
        return None
    at_work = employed(teacher.employments, day)
    return Teacher(
        id=teacher.id,
        staff_number=teacher.staff_number,
        national_id=national_id,
        name=facts.name,
        gender=facts.gender,
        subject=facts.subject,
        stage=facts.stage,
        title=facts.title,
        hired_on=facts.hired_on,
        status=facts.status,
        head_teacher_periods=facts.head_teacher_periods,
        school=at_work.school if at_work else None,
        employments=tuple(stretch for stretch in teacher.employments if stretch.since <= day),
        version=teacher.version,
    )
