"""Attendance as it is stored: check-ins, check-outs, flags, settlements and the records made of it, all append-only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import from_us, to_us
from yanxiu_rulekit.numbers import from_micro
from yanxiu_wire.attendance import Attendance, FlagKind, Session, Settlement

from yanxiu_credits.attendance.assess_attendance import Raised, Seen, assess_attendance
from yanxiu_credits.attendance.tables import (
    attendance_flag,
    attendance_settlement,
    attended_record,
    check_in,
    check_in_token,
    check_out,
    training_session,
)
from yanxiu_credits.books.lineage import counting_now

Pair = tuple[str, str]


async def add(conn: AsyncConnection, table: sa.Table, **row: Any) -> None:
    """Add one row to a table of attendance."""
    await conn.execute(sa.insert(table).values(**row))


async def add_tokens(conn: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Note which tokens were issued, by whom and for whom."""
    await conn.execute(sa.insert(check_in_token), list(rows))


async def read_token(conn: AsyncConnection, district: str, nonce: str) -> Any:
    """Return the token that was issued under a number, with `used_by`: whose check-in used it; None when none was."""
    used = check_in.c
    found = await conn.execute(
        sa.select(check_in_token, used.teacher.label("used_by"))
        .outerjoin(check_in, sa.and_(used.district == check_in_token.c.district, used.nonce == check_in_token.c.nonce))
        .where(check_in_token.c.district == district, check_in_token.c.nonce == nonce)
    )
    return found.first()


async def on_device(conn: AsyncConnection, district: str, session: str, device: str, but: str) -> list[str]:
    """Return the other teachers who checked in to a session with a device."""
    found = await conn.execute(
        sa.select(check_in.c.teacher)
        .where(
            check_in.c.district == district,
            check_in.c.session == session,
            check_in.c.device == device,
            check_in.c.teacher != but,
        )
        .order_by(check_in.c.teacher)
    )
    return list(found.scalars())


async def also_there(conn: AsyncConnection, district: str, session: Session, teacher: str) -> list[tuple[str, str]]:
    """Return (id, state) of the other sessions at the same time that a teacher checked in to or was settled in."""
    at = training_session.c
    there = sa.or_(
        *(
            sa.exists().where(one.c.district == district, one.c.session == at.id, one.c.teacher == teacher)
            for one in (check_in, attendance_settlement)
        )
    )
    found = await conn.execute(
        sa.select(at.id, at.state)
        .where(
            at.district == district,
            at.id != session.id,
            at.state != "cancelled",
            at.starts_us < to_us(session.ends_at),
            at.ends_us > to_us(session.starts_at),
            there,
        )
        .order_by(at.starts_us, at.id)
    )
    return [(row.id, row.state) for row in found]


async def raise_flag(
    conn: AsyncConnection,
    district: str,
    pair: Pair,
    kind: FlagKind,
    *,
    at: datetime,
    other_teacher: str | None = None,
    other_session: str | None = None,
) -> None:
    """Raise a flag about one (session, teacher), unless one said the same already: what was settled stays settled."""
    session, teacher = pair
    seen = (await read_seen(conn, district, [session], [teacher])).get(pair, Seen(teacher=teacher))
    same = (kind, other_teacher, other_session)
    if any((one.kind, one.other_teacher, one.other_session) == same for one in seen.flags):
        return
    await add(
        conn,
        attendance_flag,
        district=district,
        session=session,
        teacher=teacher,
        number=len(seen.flags) + 1,
        kind=kind,
        other_teacher=other_teacher,
        other_session=other_session,
        after=len(seen.settlements),
        recorded_us=to_us(at),
    )


# ---- read ----------------------------------------------------------------------------------------------------------


async def attendance_of(conn: AsyncConnection, district: str, session: Session, teacher: str) -> Attendance:
    """Return what is known of one teacher in one session; unsettled and empty when nothing is."""
    seen = await read_seen(conn, district, [session.id], [teacher])
    return assess_attendance(session, seen.get((session.id, teacher), Seen(teacher=teacher)))


async def attendances_of(
    conn: AsyncConnection, district: str, sessions: Sequence[Session]
) -> dict[str, list[Attendance]]:
    """Return the attendance of each session, in the order of the teachers' ids."""
    by_id = {one.id: one for one in sessions}
    found: dict[str, list[Attendance]] = {one: [] for one in by_id}
    seen = await read_seen(conn, district, list(by_id))
    for session, teacher in sorted(seen):
        found[session].append(assess_attendance(by_id[session], seen[session, teacher]))
    return found


async def read_seen(
    conn: AsyncConnection, district: str, sessions: Sequence[str], teachers: Sequence[str] | None = None
) -> dict[Pair, Seen]:
    """Return all that is known by (session, teacher), of all teachers or those named.

    Five statements, however many sessions are asked for.
    """

    async def rows(table: sa.Table, *order: sa.ColumnElement[Any]) -> Sequence[Any]:
        of = [table.c.district == district, table.c.session.in_(list(sessions))]
        if teachers is not None:
            of.append(table.c.teacher.in_(list(teachers)))
        return (await conn.execute(sa.select(table).where(*of).order_by(*order))).all()

    came = {_pair(row): from_us(row.recorded_us) for row in await rows(check_in)}
    left = {_pair(row): from_us(row.recorded_us) for row in await rows(check_out)}
    flags: dict[Pair, list[Raised]] = {}
    for row in await rows(attendance_flag, attendance_flag.c.number):
        flags.setdefault(_pair(row), []).append(_raised(row))
    settled: dict[Pair, list[Settlement]] = {}
    for row in await rows(attendance_settlement, attendance_settlement.c.number):
        settled.setdefault(_pair(row), []).append(_settlement(row))
    # Ids of records grow with time: of several the newest stands.
    made = {_pair(row): row.record for row in await rows(attended_record, attended_record.c.record)}
    return {
        pair: Seen(
            teacher=pair[1],
            checked_in_at=came.get(pair),
            checked_out_at=left.get(pair),
            flags=tuple(flags.get(pair, ())),
            settlements=tuple(settled.get(pair, ())),
            record=made.get(pair),
        )
        for pair in {*came, *flags, *settled}
    }


def _pair(row: Any) -> Pair:
    return row.session, row.teacher


async def standing_record(conn: AsyncConnection, district: str, session: str, teacher: str) -> str | None:
    """Return the record that counts of an attendance, a correction of the one that was made of it too, or None."""
    made = await conn.execute(
        sa.select(attended_record.c.record).where(
            attended_record.c.district == district,
            attended_record.c.session == session,
            attended_record.c.teacher == teacher,
        )
    )
    for one in made.scalars().all():
        counts = await counting_now(conn, district, one)
        if counts is not None:
            return counts
    return None


def _raised(row: Any) -> Raised:
    return Raised(
        kind=row.kind,
        other_teacher=row.other_teacher,
        other_session=row.other_session,
        after=row.after,
        raised_at=from_us(row.recorded_us),
    )


def _settlement(row: Any) -> Settlement:
    return Settlement(
        number=row.number,
        present=row.present,
        hours=from_micro(row.micro_hours),
        reason=row.reason,
        by=row.by,
        recorded_at=from_us(row.recorded_us),
        after_closing=row.after_closing,
    )
