"""What the registry tells the others: whole dated histories, of people by their ids alone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import announce
from yanxiu_wire.calendar_year import CALENDAR_CHANGED, CalendarChanged, CalendarYear
from yanxiu_wire.registry import DISTRICT_CHANGED, SCHOOL_CHANGED, District, DistrictChanged, School, SchoolChanged
from yanxiu_wire.teacher import TEACHER_CHANGED, Teacher, TeacherChanged, nameless
from yanxiu_wire.term import TERM_CHANGED, Term, TermChanged

from yanxiu_registry.history import ONE_DAY
from yanxiu_registry.register import SchoolFile, TeacherFile, school_as_of, teacher_as_of


def school_news(file: SchoolFile) -> SchoolChanged:
    """A school's whole history."""
    history: list[tuple[date, School]] = []
    for span in file.facts:
        card = school_as_of(file, span.since)
        if card is not None:
            history.append((span.since, card))
    return SchoolChanged(school=file.id, version=file.version, history=tuple(history))


def teacher_news(file: TeacherFile, at: datetime) -> TeacherChanged:
    """A teacher's whole history without a name: an entry for each day on which a fact or the place of work changes."""
    days = {span.since for span in file.facts} | {stretch.since for stretch in file.employments}
    days |= {stretch.until + ONE_DAY for stretch in file.employments if stretch.until is not None}
    history: list[tuple[date, Teacher]] = []
    for day in sorted(days):
        card = teacher_as_of(file, day)
        if card is not None:
            history.append((day, card))
    return nameless(TeacherChanged(teacher=file.id, version=file.version, history=tuple(history), recorded_at=at))


def teacher_gone(file: TeacherFile, at: datetime) -> TeacherChanged:
    """A teacher whose entry was taken back: the history is empty."""
    return TeacherChanged(teacher=file.id, version=file.version + 1, history=(), recorded_at=at)


async def announce_district(conn: AsyncConnection, district: District) -> None:
    """Queue the district as it now stands."""
    await announce(conn, DISTRICT_CHANGED, district.id, DistrictChanged(district=district))


async def announce_school(conn: AsyncConnection, district: str, file: SchoolFile) -> None:
    """Queue the school's history."""
    await announce(conn, SCHOOL_CHANGED, district, school_news(file))


async def announce_teacher(conn: AsyncConnection, district: str, file: TeacherFile, at: datetime) -> None:
    """Queue the teacher's history."""
    await announce(conn, TEACHER_CHANGED, district, teacher_news(file, at))


async def announce_term(conn: AsyncConnection, district: str, term: Term) -> None:
    """Queue the term."""
    await announce(conn, TERM_CHANGED, district, TermChanged(term=term))


async def announce_calendar(conn: AsyncConnection, district: str, calendar: CalendarYear) -> None:
    """Queue the calendar year."""
    await announce(conn, CALENDAR_CHANGED, district, CalendarChanged(calendar=calendar))
