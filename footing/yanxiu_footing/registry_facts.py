"""The copy of the registry's facts as it is read: district, schools and people, each as of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.looking import Look
from yanxiu_wire.codec import decode
from yanxiu_wire.registry import District, School, SchoolChanged
from yanxiu_wire.teacher import Teacher, TeacherChanged

from yanxiu_footing.copy_tables import district_fact, school_fact, teacher_fact, teacher_place

# Made once: making a statement takes longer than SQLite takes to run it.
_PEOPLE = sa.select(teacher_fact.c.body).where(
    teacher_fact.c.district == sa.bindparam("of"),
    teacher_fact.c.teacher.in_(sa.bindparam("teachers", expanding=True)),
)

_KNOWN = _PEOPLE.add_columns(teacher_fact.c.teacher)


class Person(msgspec.Struct, frozen=True):
    """A teacher as the registry announced them: a whole dated history."""

    changed: TeacherChanged

    @property
    def id(self) -> str:
        """The teacher's id."""
        return self.changed.teacher

    def on(self, day: date) -> Teacher | None:
        """Return the entry in force on a day, or None before the first."""
        begun = [entry for since, entry in self.changed.history if since <= day]
        return begun[-1] if begun else None

    def school_on(self, day: date) -> str | None:
        """Return the school the teacher worked at on a day, or None when employed at none."""
        for since, until, school in places(self.changed):
            if since <= day and (until is None or day <= until):
                return school
        return None

    def at_work(self, day: date) -> bool:
        """Say whether the teacher was in employ on the day: on file, hired, not left, and at a school."""
        entry = self.on(day)
        if entry is None or entry.status == "left" or (entry.hired_on and day < entry.hired_on):
            return False
        return self.school_on(day) is not None


def places(changed: TeacherChanged) -> list[tuple[date, date | None, str]]:
    """Return a teacher's stretches of work as (since, until, school); the newest entry holds all of them."""
    if not changed.history:
        return []
    return [(one.since, one.until, one.school) for one in changed.history[-1][1].employments]


# ---- read ----------------------------------------------------------------------------------------------------------


async def read_district(conn: AsyncConnection, district: str) -> District | None:
    """Return the district with its bindings, or None when it was never announced."""
    found = await conn.execute(sa.select(district_fact.c.body).where(district_fact.c.district == district))
    body = found.scalar_one_or_none()
    return decode(District, body.encode()) if body is not None else None


async def read_people(conn: AsyncConnection, district: str, teachers: Sequence[str]) -> dict[str, Person]:
    """Return the teachers that are known, by id, in one statement."""
    if not teachers:
        return {}
    found = await conn.execute(_PEOPLE, {"of": district, "teachers": list(dict.fromkeys(teachers))})
    people = [Person(decode(TeacherChanged, body.encode())) for body in found.scalars()]
    # An empty history: the entry was taken back, there is no such teacher.
    return {one.id: one for one in people if one.changed.history}


def people_of(look: Look, district: str, teachers: Sequence[str]) -> dict[str, Person]:
    """Return the teachers that are known, by id, among what is looked up."""
    rows = look(_PEOPLE, {"of": district, "teachers": list(dict.fromkeys(teachers))})
    people = [Person(decode(TeacherChanged, row.body.encode())) for row in rows]
    return {one.id: one for one in people if one.changed.history}


class _Told(msgspec.Struct):
    """What shows whether there is such a teacher."""

    history: tuple[msgspec.Raw, ...]


_TOLD = msgspec.json.Decoder(_Told)


def known_of(look: Look, district: str, teachers: Sequence[str]) -> set[str]:
    """Return which of the teachers are known, without reading what is known of them."""
    rows = look(_KNOWN, {"of": district, "teachers": list(dict.fromkeys(teachers))})
    return {row.teacher for row in rows if _TOLD.decode(row.body).history}


async def read_schools(conn: AsyncConnection, district: str) -> dict[str, SchoolChanged]:
    """Return every school that the registry announced, by id, each with its whole dated history."""
    found = await conn.execute(sa.select(school_fact.c.body).where(school_fact.c.district == district))
    schools = [decode(SchoolChanged, body.encode()) for body in found.scalars()]
    return {one.school: one for one in schools if one.history}


async def read_school(conn: AsyncConnection, district: str, school: str, on: date) -> School | None:
    """Return a school as of a day, or None when there is none of that id on the day."""
    found = await conn.scalar(
        sa.select(school_fact.c.body).where(school_fact.c.district == district, school_fact.c.school == school)
    )
    return school_on(decode(SchoolChanged, found.encode()), on) if found is not None else None


def school_on(changed: SchoolChanged, on: date) -> School | None:
    """Return the entry of a school that is in force on a day, or None before the first."""
    begun = [entry for since, entry in changed.history if since <= on]
    return begun[-1] if begun else None


def works_at(district: str, teacher: sa.ColumnElement[str], school: str, today: date) -> sa.ColumnElement[bool]:
    """Return the condition that a teacher works at a school today."""
    place = teacher_place.c
    return sa.exists().where(
        place.district == district,
        place.teacher == teacher,
        place.school == school,
        place.since <= today,
        sa.or_(place.until.is_(None), place.until >= today),
    )
