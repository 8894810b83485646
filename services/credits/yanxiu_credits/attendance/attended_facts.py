"""What a record has of the attendance it was made of: a school corrects everything else of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit.numbers import from_micro
from yanxiu_wire.refusal import Refused

from yanxiu_credits.assess import same
from yanxiu_credits.attendance import registering_refusals as no
from yanxiu_credits.attendance.register_attended import agreed_facts
from yanxiu_credits.attendance.session_store import read_sessions
from yanxiu_credits.attendance.tables import attended_record, training_session
from yanxiu_credits.books.changed_record import Changed
from yanxiu_credits.books.lineage import wordings_of
from yanxiu_credits.law_facts import read_values
from yanxiu_credits.record_training import Training
from yanxiu_credits.scope import OFFICERS
from yanxiu_credits.store.projects import read_project
from yanxiu_credits.tables import record


async def not_as_attended(conn: AsyncConnection, district: str, changed: Changed, training: Training) -> Refused | None:
    """Return ATTENDANCE_REGISTERED where a school would correct what attendance gave the record, or its day.

    What was attended is settled at the session, not typed over: the record is reversed, the attendance settled, and the
    record made anew. An officer may correct it, with his reason.
    """
    if training.command.caller.role in OFFICERS:
        return None
    made_of = await _made_of(conn, district, changed.id)
    if made_of is None:
        return None
    if training.command.on != changed.on:
        return no.given_by_attendance(changed.id, "on", training.command.on)
    held, given = msgspec.json.decode(changed.found.facts), training.assessed.facts
    for name in await _given(conn, district, made_of, training):
        if not same(held.get(name), given.get(name)):
            return no.given_by_attendance(changed.id, f"facts.{name}", given.get(name))
    return None


class _MadeOf(msgspec.Struct, frozen=True):
    """The first wording of a record made of attendance, and the hours of each session that it was made of."""

    facts: Mapping[str, Any]
    hours: Mapping[str, Decimal]


async def _made_of(conn: AsyncConnection, district: str, record_id: str) -> _MadeOf | None:
    its, wordings = attended_record.c, await wordings_of(conn, district, record_id)
    rows = await conn.execute(
        sa.select(its.session, its.micro_hours, record.c.facts)
        .join(record, sa.and_(record.c.district == its.district, record.c.id == its.record))
        .where(its.district == district, its.record.in_(wordings))
    )
    found = rows.all()
    if not found:
        return None
    return _MadeOf(msgspec.json.decode(found[0].facts), {one.session: from_micro(one.micro_hours) for one in found})


async def _given(conn: AsyncConnection, district: str, made_of: _MadeOf, training: Training) -> tuple[str, ...]:
    """Return the facts that the law makes of hours attended, as it did when the record was made.

    Those that it gives for part of the hours alone, such as a mark of nothing, are bound where the record has them.
    """
    law = training.law
    if law.credit.attended is None:
        return ()
    sessions = await read_sessions(conn, training_session.c.district == district, list(made_of.hours))
    project = await read_project(conn, district, training.command.project) if training.command.project else None
    said = agreed_facts(tuple(sessions.values()))
    given = read_values(law.pack, {**said, **(project.facts if project is not None else {})})
    hours, day = sum(made_of.hours.values(), Decimal(0)), {"on": training.command.on, "settings": law.settings}
    whole = law.pack.attended(given, hours, hours, **day)
    part = law.pack.attended(given, hours + 1, hours, **day)
    only = (name for name in part if name not in whole and same(made_of.facts.get(name), part[name]))
    return (*whole, *only)
