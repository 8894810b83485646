"""Sessions as they are stored, and who sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import from_us, to_us
from yanxiu_footing.in_order import behind, in_order
from yanxiu_footing.stored import canonical
from yanxiu_rulekit.numbers import from_micro, to_micro
from yanxiu_wire.attendance import Session

from yanxiu_credits.attendance.tables import attendance_settlement, check_in, training_session
from yanxiu_credits.scope import Scope
from yanxiu_credits.tables import teacher_place

_row = training_session.c


def session_view(row: Mapping[Any, Any]) -> Session:
    """Return a stored session as it travels."""
    return Session(
        id=row["id"],
        project=row["project"],
        school=row["school"],
        title=row["title"],
        on=row["on"],
        starts_at=from_us(row["starts_us"]),
        ends_at=from_us(row["ends_us"]),
        hours=from_micro(row["micro_hours"]),
        facts=msgspec.json.decode(row["facts"]),
        check_in_from=from_us(row["opens_us"]),
        check_in_until=from_us(row["closes_us"]),
        state=row["state"],
        cancel_reason=row["cancel_reason"],
        scheduled_by=row["scheduled_by"],
        version=row["version"],
    )


def session_row(district: str, one: Session) -> dict[str, Any]:
    """Return a session as it is stored."""
    return {
        "district": district,
        "id": one.id,
        "project": one.project,
        "school": one.school,
        "title": one.title,
        "on": one.on,
        "starts_us": to_us(one.starts_at),
        "ends_us": to_us(one.ends_at),
        "opens_us": to_us(one.check_in_from),
        "closes_us": to_us(one.check_in_until),
        "micro_hours": to_micro(one.hours),
        "facts": canonical(one.facts),
        "state": one.state,
        "cancel_reason": one.cancel_reason,
        "scheduled_by": one.scheduled_by,
        "version": one.version,
    }


def may_see(district: str, scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition for the sessions a scope may see: those of the district itself are seen by all.

    A school sees its own; a teacher those of the schools he has worked at, and those he attended.
    """
    mine: sa.ColumnElement[bool]
    if scope.kind == "district":
        mine = sa.true()
    elif scope.kind == "school":
        mine = sa.or_(_row.school.is_(None), _row.school == scope.id)
    elif scope.kind == "self":
        place = teacher_place.c
        works_there = sa.exists().where(
            place.district == district, place.teacher == scope.id, place.school == _row.school
        )
        mine = sa.or_(_row.school.is_(None), works_there, attended_by(district, scope.id))
    else:
        mine = sa.false()
    return sa.and_(_row.district == district, mine)


def may_ask_of(district: str, scope: Scope, teacher: str) -> sa.ColumnElement[bool]:
    """Return the condition that a scope sees a teacher's row in a session: his own, or at a school as it sees them.

    A school sees all who came to its own session, and elsewhere those who were its teachers on the day or are later.
    """
    if scope.kind == "school":
        place = teacher_place.c
        ours = sa.exists().where(
            place.district == district,
            place.teacher == teacher,
            place.school == scope.id,
            sa.or_(place.until.is_(None), place.until >= _row.on),
        )
        return sa.or_(_row.school == scope.id, ours)
    return sa.true() if scope.kind == "district" or scope.id == teacher else sa.false()


def attended_by(district: str, teacher: str) -> sa.ColumnElement[bool]:
    """Return the condition that a teacher checked in to a session or was settled in it."""
    return sa.or_(
        *(
            sa.exists().where(table.c.district == district, table.c.session == _row.id, table.c.teacher == teacher)
            for table in (check_in, attendance_settlement)
        )
    )


async def add_session(conn: AsyncConnection, district: str, one: Session) -> None:
    """Store a new session."""
    await conn.execute(sa.insert(training_session).values(**session_row(district, one)))


async def change_session(conn: AsyncConnection, district: str, one: Session) -> None:
    """Store a session's new content; the caller holds the district's write transaction."""
    of = sa.and_(_row.district == district, _row.id == one.id)
    await conn.execute(sa.update(training_session).where(of).values(**session_row(district, one)))


async def read_sessions(conn: AsyncConnection, seen: sa.ColumnElement[bool], ids: Sequence[str]) -> dict[str, Session]:
    """Return the visible sessions among `ids`, by id, in one statement."""
    if not ids:
        return {}
    found = await conn.execute(sa.select(training_session).where(seen, _row.id.in_(list(dict.fromkeys(ids)))))
    return {row["id"]: session_view(row) for row in found.mappings()}


async def read_session(conn: AsyncConnection, seen: sa.ColumnElement[bool], session: str) -> Session | None:
    """Return one visible session, or None."""
    return (await read_sessions(conn, seen, [session])).get(session)


async def sessions_of_project(conn: AsyncConnection, seen: sa.ColumnElement[bool], project: str) -> list[Session]:
    """Return the visible sessions of a project that were not called off, in the order of time."""
    found = await conn.execute(
        sa.select(training_session)
        .where(seen, _row.project == project, _row.state != "cancelled")
        .order_by(_row.starts_us, _row.id)
    )
    return [session_view(row) for row in found.mappings()]


async def overlapping(
    conn: AsyncConnection, district: str, one: Session, *where: sa.ColumnElement[bool]
) -> list[Session]:
    """Return the other sessions that run at the same time as one; two that only meet do not overlap."""
    found = await conn.execute(
        sa.select(training_session)
        .where(
            _row.district == district,
            _row.id != one.id,
            _row.state != "cancelled",
            _row.starts_us < to_us(one.ends_at),
            _row.ends_us > to_us(one.starts_at),
            *where,
        )
        .order_by(_row.starts_us, _row.id)
    )
    return [session_view(row) for row in found.mappings()]


async def page_sessions(
    conn: AsyncConnection,
    where: Sequence[sa.ColumnElement[bool]],
    *,
    first: int,
    after: tuple[int, str] | None,
    newest: bool,
) -> tuple[list[Session], int]:
    """Return at most `first` sessions after the cursor, earliest or `newest` first, and how many match in all."""
    total = await conn.scalar(sa.select(sa.func.count()).select_from(training_session).where(*where))
    place = (_row.starts_us, _row.id)
    beyond, order = behind(place, after, newest=newest), in_order(place, newest=newest)
    found = await conn.execute(sa.select(training_session).where(*where, *beyond).order_by(*order).limit(first))
    return [session_view(row) for row in found.mappings()], int(total or 0)


def between(since: datetime | None, until: datetime | None) -> list[sa.ColumnElement[bool]]:
    """Return the conditions for sessions that end after one instant and start before another."""
    first = [] if since is None else [_row.ends_us > to_us(since)]
    last = [] if until is None else [_row.starts_us < to_us(until)]
    return first + last
