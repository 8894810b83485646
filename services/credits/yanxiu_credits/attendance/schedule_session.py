"""Announce a session of a training."""

from __future__ import annotations

from datetime import UTC, timedelta
from decimal import Decimal, InvalidOperation

import msgspec
import sqlalchemy as sa
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.registry_facts import read_district
from yanxiu_footing.stored import simple
from yanxiu_rulekit.errors import FactsRefused
from yanxiu_wire.attendance import ScheduleSession, Session, SessionScheduled
from yanxiu_wire.caller import Caller
from yanxiu_wire.credits import Project
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_credits import refusals as general
from yanxiu_credits.attendance import refusals
from yanxiu_credits.attendance.assess_session import Window, assess_session, with_window
from yanxiu_credits.attendance.session_store import add_session, overlapping, sessions_of_project
from yanxiu_credits.attendance.tables import training_session
from yanxiu_credits.fact_refusals import fact_malformed
from yanxiu_credits.law_facts import choices, known_facts, read_stated, read_values
from yanxiu_credits.scope import SCHOOL_ROLES
from yanxiu_credits.service import Service
from yanxiu_credits.store.projects import read_project
from yanxiu_credits.tables import school_fact, teacher_place

# Minutes of the shortest hour in which training is counted: class hours are of 40 or 45.
_SHORTEST_HOUR = 40


async def schedule_session(
    service: Service, district: str, command: ScheduleSession, deadline: Deadline
) -> SessionScheduled | Refused:
    """Announce a session before it is over; a school announces its own, an officer any, or one of the district.

    Refuses with TEXT_MALFORMED, INSTANT_WITHOUT_ZONE, TIME_OUT_OF_ORDER, DAY_MISMATCH, HOURS_OUT_OF_RANGE,
    MINUTES_OUT_OF_RANGE, SESSION_OVER, SCHOOL_UNKNOWN, PROJECT_UNKNOWN, LAW_NOT_IN_FORCE, LAW_UNUSABLE or
    FACT_MALFORMED. Warns of hours beyond the project's plan, and of sessions of the same school at the same time.
    """
    window = Window(before=command.opens_before, after=command.closes_after)
    draft = _draft(command)

    async def work(conn: AsyncConnection) -> SessionScheduled | Refused:
        checked = await check_session(service, conn, district, draft, window)
        if isinstance(checked, Refused):
            return checked
        where = await _place_refused(conn, district, command.caller, draft.school)
        if where is not None:
            return where
        await add_session(conn, district, checked)
        return SessionScheduled(session=checked, warnings=await warnings(conn, district, checked))

    return await once(service.databases, district, command, SessionScheduled, deadline, work)


def _draft(command: ScheduleSession) -> Session:
    caller = command.caller
    own = caller.school if caller.role in SCHOOL_ROLES else None
    return Session(
        id=str(uuid_utils.uuid7()),
        project=command.project,
        school=command.school or own,
        title=command.title.strip(),
        on=command.on,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        hours=command.hours,
        facts=command.facts,
        check_in_from=command.starts_at,
        check_in_until=command.starts_at,
        scheduled_by=caller.subject,
    )


async def check_session(
    service: Service, conn: AsyncConnection, district: str, session: Session, window: Window
) -> Session | Refused:
    """Return the session as it may be stored: its window set, its facts as the law of its day reads them."""
    wrong = assess_session(session, window)
    if wrong is not None:
        return wrong
    if session.ends_at <= service.clock.now():
        return refusals.session_over(session.ends_at)
    if session.project is not None and await read_project(conn, district, session.project) is None:
        return general.project_unknown(session.project)
    law = service.laws.in_force(await read_district(conn, district), session.on)
    if isinstance(law, Refused):
        return law
    facts = read_values(law.pack, session.facts)
    try:
        read_stated(law.pack, facts)
    except FactsRefused as error:
        known = known_facts(law.pack)
        return fact_malformed(f"facts.{error.field}", error.value, error.problem, known, choices(law.pack, error.field))
    # Instants go out as they are stored, in UTC, whatever offset they came with.
    starts, ends = session.starts_at.astimezone(UTC), session.ends_at.astimezone(UTC)
    exact = msgspec.structs.replace(session, starts_at=starts, ends_at=ends, facts=simple(facts))
    return with_window(exact, window)


async def _place_refused(conn: AsyncConnection, district: str, caller: Caller, school: str | None) -> Refused | None:
    if caller.role in SCHOOL_ROLES:
        return None if school is not None and school == caller.school else refusals.school_not_yours(school)
    if school is None:
        return None
    known = sa.select(
        sa.or_(
            sa.exists().where(school_fact.c.district == district, school_fact.c.school == school),
            sa.exists().where(teacher_place.c.district == district, teacher_place.c.school == school),
        )
    )
    return None if await conn.scalar(known) else refusals.school_not_yours(school)


# ---- warnings --------------------------------------------------------------------------------------------------


async def warnings(conn: AsyncConnection, district: str, session: Session) -> tuple[RefusalItem, ...]:
    """Return what somebody should look at, once the session is stored."""
    found: list[RefusalItem] = []
    lasting = session.ends_at - session.starts_at
    if session.hours * _SHORTEST_HOUR > lasting // timedelta(minutes=1):
        found.append(refusals.beyond_duration(session.hours, lasting // timedelta(minutes=1)))
    if session.project is not None:
        project = await read_project(conn, district, session.project)
        planned = planned_hours(project)
        at = training_session.c
        same_place = at.school.is_(None) if session.school is None else at.school == session.school
        others = await sessions_of_project(conn, sa.and_(at.district == district, same_place), session.project)
        scheduled = sum((one.hours for one in others), Decimal(0))
        if planned is not None and scheduled > planned:
            found.append(refusals.beyond_plan(planned, scheduled))
    if session.school is not None:
        others = await overlapping(conn, district, session, training_session.c.school == session.school)
        found += [refusals.overlaps(one.title, one.id, one.starts_at, one.ends_at) for one in others]
    return tuple(found)


def planned_hours(project: Project | None) -> Decimal | None:
    """Return the hours that a project's plan states, or None where it states none."""
    if project is None:
        return None
    try:
        planned = Decimal(str(project.facts.get("hours_planned")))
    except InvalidOperation:
        return None
    return planned if planned.is_finite() else None
