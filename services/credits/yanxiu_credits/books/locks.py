"""Locked periods: what is locked, by whom, and what opened it; every event is a row that stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA, to_us
from yanxiu_rulekit.outcome import Period
from yanxiu_rulekit.workflow import ROLES
from yanxiu_wire.caller import Caller

from yanxiu_credits.books.standing_recognitions import STANDS
from yanxiu_credits.books.tables import lock_event, recognition

# How an absent school is stored: the lock holds for the whole district.
WHOLE_DISTRICT = ""
_opening = lock_event.alias("opening")


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """A lock: what is closed (the district, where `school` is None), who put it there and why."""

    id: str
    school: str | None
    kind: str
    label: str
    starts_on: date
    ends_on: date
    reason: str
    put_by: str
    role: str
    recorded_us: int


def rank(role: str) -> int:
    """Return how much a role decides, from 0; -1 for a role that takes no part in workflows."""
    return ROLES.index(role) if role in ROLES else -1


def may_open(lock: Lock, by: Caller) -> bool:
    """Say whether the caller stands high enough: above the one who locked, or at the very top another person."""
    if lock.role == ROLES[-1]:
        return by.role == ROLES[-1] and by.subject != lock.put_by
    return rank(by.role) > rank(lock.role)


def openers(lock: Lock) -> tuple[str, ...]:
    """Return the roles that may open a lock; where it is only the locker's own, it must be another person."""
    return (ROLES[-1],) if lock.role == ROLES[-1] else ROLES[rank(lock.role) + 1 :]


def closed_on(school: Any, on: Any, today: Any, *, teacher: Any, district: Any) -> sa.ColumnElement[bool]:
    """Return the condition on `lock_event` that a row is a lock in force for a day; takes values or binds.

    The school's own and the district's locks close it, and so does the lock of every standing recognition of the
    teacher that covers the day, whatever school the record is of: what was recognised does not change unnoticed.
    """
    return sa.and_(
        in_force(district, today),
        lock_event.c.starts_on <= on,
        lock_event.c.ends_on >= on,
        sa.or_(lock_event.c.school.in_([school, WHOLE_DISTRICT]), _of_a_recognition(teacher, district)),
    )


def _of_a_recognition(teacher: Any, district: Any) -> sa.ColumnElement[bool]:
    its = recognition.c
    return sa.exists().where(
        its.district == district,
        its.teacher == teacher,
        its.period_kind == lock_event.c.period_kind,
        its.label == lock_event.c.label,
        its.school == lock_event.c.school,
        STANDS,
    )


def in_force(district: Any, today: Any) -> sa.ColumnElement[bool]:
    """Return the condition on `lock_event` that a row is a lock and stands open for nobody today."""
    opened = sa.exists().where(
        _opening.c.district == lock_event.c.district,
        _opening.c.opens == lock_event.c.id,
        sa.or_(_opening.c.until.is_(None), _opening.c.until >= today),
    )
    return sa.and_(lock_event.c.district == district, lock_event.c.opens.is_(None), ~opened)


async def locked(
    conn: AsyncConnection, district: str, *, teacher: str, school: str | None, on: date, today: date
) -> Lock | None:
    """Return a lock that closes a teacher's day at a school for registrations and their reversal, None where open."""
    return await _first(conn, closed_on(school or WHOLE_DISTRICT, on, today, teacher=teacher, district=district))


async def locked_period(
    conn: AsyncConnection, district: str, *, school: str | None, kind: str, label: str, today: date
) -> Lock | None:
    """Return a lock of exactly this period, which closes it for recognitions and their reversal.

    A lock of a year does not close the cycle that ends with it.
    """
    return await _first(
        conn,
        sa.and_(
            in_force(district, today),
            lock_event.c.school.in_([school or WHOLE_DISTRICT, WHOLE_DISTRICT]),
            lock_event.c.period_kind == kind,
            lock_event.c.label == label,
        ),
    )


async def lock(
    conn: AsyncConnection, district: str, *, school: str | None, period: Period, by: Caller, reason: str, at: datetime
) -> Lock:
    """Lock a period for a school (None: the whole district) and return the lock.

    One that is in force already for the same school and period, put by somebody of at least this level, is returned as
    it stands. Locking again ends an opening.
    """
    there = await standing_lock(conn, district, school=school, period=period, today=at.astimezone(CHINA).date())
    if there is not None and rank(there.role) >= rank(by.role):
        return there
    row = {
        "district": district,
        "id": str(uuid_utils.uuid7()),
        "school": school or WHOLE_DISTRICT,
        "period_kind": period.kind,
        "label": period.label,
        "starts_on": period.start,
        "ends_on": period.end,
        "opens": None,
        "until": None,
        "reason": reason,
        "put_by": by.subject,
        "role": by.role,
        "recorded_us": to_us(at),
    }
    await conn.execute(sa.insert(lock_event), row)
    return lock_of(row)


async def open_lock(
    conn: AsyncConnection, district: str, which: Lock, *, by: Caller, reason: str, until: date | None, at: datetime
) -> None:
    """Open a lock until a day (the last one open), or until the period is locked again; ask `may_open` before."""
    row = {
        "district": district,
        "id": str(uuid_utils.uuid7()),
        "school": which.school or WHOLE_DISTRICT,
        "period_kind": which.kind,
        "label": which.label,
        "starts_on": which.starts_on,
        "ends_on": which.ends_on,
        "opens": which.id,
        "until": until,
        "reason": reason,
        "put_by": by.subject,
        "role": by.role,
        "recorded_us": to_us(at),
    }
    await conn.execute(sa.insert(lock_event), row)


async def read_lock(conn: AsyncConnection, district: str, lock_id: str) -> Lock | None:
    """Return a lock by its id, in force or not; None where there is none (an opening is no lock)."""
    return await _first(
        conn,
        sa.and_(lock_event.c.district == district, lock_event.c.id == lock_id, lock_event.c.opens.is_(None)),
    )


async def standing_lock(
    conn: AsyncConnection, district: str, *, school: str | None, period: Period, today: date
) -> Lock | None:
    """Return the lock in force of exactly this school (None: the whole district) and period."""
    return await _first(
        conn,
        sa.and_(
            in_force(district, today),
            lock_event.c.school == (school or WHOLE_DISTRICT),
            lock_event.c.period_kind == period.kind,
            lock_event.c.label == period.label,
        ),
    )


async def highest_locker(
    conn: AsyncConnection, district: str, *, schools: Collection[str], period: Period
) -> str | None:
    """Return the highest role that ever locked the period for one of the schools or for the whole district, or None."""
    found = await conn.execute(
        sa.select(lock_event.c.role)
        .distinct()
        .where(
            lock_event.c.district == district,
            lock_event.c.opens.is_(None),
            lock_event.c.school.in_([*schools, WHOLE_DISTRICT]),
            lock_event.c.period_kind == period.kind,
            lock_event.c.label == period.label,
        )
    )
    return max(found.scalars(), key=rank, default=None)


async def _first(conn: AsyncConnection, where: sa.ColumnElement[bool]) -> Lock | None:
    """Return the newest lock of the highest level among those that match: who may open that one may open all."""
    highest = sa.case({role: rank(role) for role in ROLES}, value=lock_event.c.role, else_=-1)
    found = await conn.execute(
        sa.select(lock_event).where(where).order_by(highest.desc(), lock_event.c.id.desc()).limit(1)
    )
    row = found.mappings().first()
    return lock_of(row) if row is not None else None


def lock_of(row: Any) -> Lock:
    """Return a stored row as the lock that it is."""
    return Lock(
        id=row["id"],
        school=row["school"] or None,
        kind=row["period_kind"],
        label=row["label"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        reason=row["reason"],
        put_by=row["put_by"],
        role=row["role"],
        recorded_us=row["recorded_us"],
    )
