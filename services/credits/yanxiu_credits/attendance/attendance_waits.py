"""A school does not type over attendance: what waits to be registered of a session is not entered by hand instead."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.directly import rows_of
from yanxiu_rulekit.errors import FactsRefused
from yanxiu_wire.attendance import Session
from yanxiu_wire.refusal import Refused

from yanxiu_credits.attendance import registering_refusals as no
from yanxiu_credits.attendance.attendance_store import standing_record
from yanxiu_credits.attendance.counted_once import Entering, Held, alike, of_attendance
from yanxiu_credits.attendance.session_store import session_view
from yanxiu_credits.attendance.tables import attendance_settlement, check_in, training_session
from yanxiu_credits.law_facts import read_stated, read_values
from yanxiu_credits.scope import OFFICERS
from yanxiu_credits.store.projects import read_project

_its = training_session.c


def _where_he_was(table: sa.Table, *more: sa.ColumnElement[bool]) -> sa.Select[Any]:
    own = (table.c.district == sa.bindparam("of"), table.c.teacher == sa.bindparam("who"))
    return sa.select(table.c.session).where(*own, *more)


# Begins at the teacher's own rows, by their index: where he was in no session, no session is looked at. Neither an
# order nor the removal of what is found twice is asked of the database: SQLite would go through a district for either.
# That the instant is positive is always so, and keeps it from the primary key of all check-ins, which has all else.
_was = sa.union_all(
    _where_he_was(check_in, check_in.c.recorded_us > 0),
    _where_he_was(attendance_settlement, attendance_settlement.c.present.is_(True)),
).subquery()
WHERE_HE_WAS = sa.select(training_session).where(
    _its.district == sa.bindparam("of"),
    _its.id == _was.c.session,
    _its.state != "cancelled",
    sa.or_(_its.on == sa.bindparam("day", type_=sa.Date), _its.project == sa.bindparam("under", type_=sa.Text)),
)


async def attendance_waits(
    conn: AsyncConnection, district: str, new: Entering, corrects: str | None = None
) -> Refused | None:
    """Return ATTENDANCE_WAITS where a school enters by hand what the teacher has attendance of; None otherwise.

    He has attendance where he checked in or was ever settled as present, whatever was settled since, in a session that
    was not called off, is alike (`counted_once.alike`), and of which no record counts: not made yet, reversed, or
    worth nothing. An officer may enter it. Where the law makes no record of the session, nothing waits. A correction
    of a record that was made of attendance is bound by what attendance gave it (`attended_facts`), not here.
    """
    if new.attended or new.by.role in OFFICERS or new.law.credit.attended is None:
        return None
    asked = {"of": district, "who": new.teacher, "day": new.on, "under": new.project}
    found = {row.id: session_view(row._asdict()) for row in await rows_of(conn, WHERE_HE_WAS, asked)}
    if not found or (corrects is not None and await of_attendance(conn, district, corrects)):
        return None
    for session in sorted(found.values(), key=lambda one: (one.starts_at, one.id)):
        if session.project is None and new.law.credit.attendance_per == "project":
            continue
        if not alike(await _as_registered(conn, district, session, new), new, officer=False):
            continue
        if await standing_record(conn, district, session.id, new.teacher) is None:
            return no.attendance_waits(session.id)
    return None


async def _as_registered(conn: AsyncConnection, district: str, session: Session, new: Entering) -> Held:
    """Return what a record of the session would say: its facts, its project's, and what the law makes of its hours."""
    law = new.law
    project = await read_project(conn, district, session.project) if session.project is not None else None
    said = {**session.facts, **(project.facts if project is not None else {})}
    given = read_values(law.pack, said)
    try:
        read_stated(law.pack, given)
    except FactsRefused:
        # Announced under a law of before, which knew other facts.
        return Held(project=session.project, on=session.on, facts=said)
    hours = law.pack.attended(given, session.hours, session.hours, on=new.on, settings=law.settings)
    return Held(project=session.project, on=session.on, facts={**given, **hours})
