"""Grants as they are kept: given, revoked, read by id, by subject and by page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.grants import Grant, GrantRevoked

from yanxiu_registry.context import LOCAL
from yanxiu_registry.grants.tables import role_grant, role_grant_revocation
from yanxiu_registry.store.dated import Stamp

Where = sa.ColumnElement[bool]
_ENDED = role_grant_revocation.c
_READ = sa.select(
    role_grant,
    _ENDED.why.label("revoked_why"),
    _ENDED.recorded_at.label("revoked_at"),
    _ENDED.recorded_by.label("revoked_by"),
).select_from(role_grant.outerjoin(role_grant_revocation))


def ends_at(until: date | None) -> datetime | None:
    """The moment at which a grant's last day is over, where Chinese clocks strike midnight."""
    if until is None or until == date.max:
        return None
    return datetime.combine(until + timedelta(days=1), time(), LOCAL).astimezone(UTC)


def holding(day: date) -> Where:
    """The grants that hold on a day and are not revoked."""
    its = role_grant.c
    return sa.and_(_ENDED.role_grant.is_(None), its.since <= day, sa.or_(its.until.is_(None), its.until >= day))


async def save_grant(conn: AsyncConnection, district: str, new: Grant, stamp: Stamp) -> None:
    """Enter a grant."""
    its = {name: getattr(new, name) for name in ("id", "subject", "role", "school", "teacher", "since", "until")}
    row = {"district": district, **its, "decision": new.decision, **stamp.columns()}
    await conn.execute(sa.insert(role_grant).values(row))


async def save_revocation(conn: AsyncConnection, district: str, grant: str, why: str, stamp: Stamp) -> None:
    """Revoke a grant."""
    row = {"district": district, "role_grant": grant, "why": why, **stamp.columns()}
    await conn.execute(sa.insert(role_grant_revocation).values(row))


async def grants_of(conn: AsyncConnection, district: str, *which: Where) -> list[Grant]:
    """The grants that fulfil the conditions, oldest first."""
    chosen = _READ.where(role_grant.c.district == district, *which).order_by(role_grant.c.id)
    return [_grant(row) for row in await conn.execute(chosen)]


async def subjects_of(conn: AsyncConnection, district: str, teachers: Sequence[str]) -> set[str]:
    """Every subject that a grant, ended ones too, named one of these teachers for."""
    its = role_grant.c
    asked = sa.select(its.subject).where(its.district == district, its.teacher.in_(list(teachers)))
    return set((await conn.execute(asked)).scalars())


async def teachers_of(conn: AsyncConnection, district: str, subject: str) -> list[str]:
    """Every teacher that a grant, ended ones too, named for a subject."""
    its = role_grant.c
    asked = sa.select(its.teacher).where(its.district == district, its.subject == subject, its.teacher.is_not(None))
    return sorted(set((await conn.execute(asked)).scalars()))


async def grant_page(
    conn: AsyncConnection, district: str, which: Sequence[Where], *, first: int, after: str | None
) -> tuple[list[Grant], int]:
    """The grants that fulfil the conditions, newest first and one more than `first`, with how many there are in all."""
    its = role_grant.c
    where = [its.district == district, *which]
    counted = sa.select(sa.func.count()).select_from(role_grant.outerjoin(role_grant_revocation)).where(*where)
    total = (await conn.execute(counted)).scalar_one()
    if after is not None:
        where.append(its.id < after)
    rows = await conn.execute(_READ.where(*where).order_by(its.id.desc()).limit(first + 1))
    return [_grant(row) for row in rows], total


def _grant(row: Any) -> Grant:
    gone = None
    if row.revoked_at is not None:
        gone = GrantRevoked(at=row.revoked_at, by=row.revoked_by, why=row.revoked_why)
    return Grant(
        id=row.id,
        subject=row.subject,
        role=row.role,
        school=row.school,
        teacher=row.teacher,
        since=row.since,
        until=row.until,
        ends_at=gone.at if gone else ends_at(row.until),
        decision=row.decision,
        granted_by=row.recorded_by,
        granted_at=row.recorded_at,
        revoked=gone,
    )
