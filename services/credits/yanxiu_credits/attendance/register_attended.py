"""Make training records of attendance: each attender's own, through the ordinary registration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import Person, read_district, read_people
from yanxiu_rulekit.errors import FactsRefused
from yanxiu_rulekit.numbers import to_micro
from yanxiu_wire.attendance import AttendedRegistered, AttendedResult, RegisterAttended, Session
from yanxiu_wire.credits import Record, RegisterTraining
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals as general
from yanxiu_credits.attendance import refusals
from yanxiu_credits.attendance import registering_refusals as no
from yanxiu_credits.attendance.attendance_store import add, attendance_of, attendances_of
from yanxiu_credits.attendance.session_store import may_see, read_session, sessions_of_project
from yanxiu_credits.attendance.tables import attended_record
from yanxiu_credits.fact_refusals import fact_malformed
from yanxiu_credits.law_facts import choices, known_facts, read_stated, read_values
from yanxiu_credits.laws import InForce
from yanxiu_credits.ledger import digest
from yanxiu_credits.register_training import Occasion, register_training
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.store.projects import read_project

MOST_TEACHERS = 1000


class Attender(msgspec.Struct, frozen=True, kw_only=True):
    """One teacher with the sessions that were meant for him and the hours he has in each."""

    teacher: str
    sessions: tuple[Session, ...]
    hours: Mapping[str, Decimal]

    @property
    def planned(self) -> Decimal:
        """The hours that the sessions held."""
        return sum((one.hours for one in self.sessions), Decimal(0))

    @property
    def attended(self) -> Decimal:
        """The hours that he attended."""
        return sum(self.hours.values(), Decimal(0))


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """What is registered in one go: a session or a project's sessions, the law, and who attended."""

    law: InForce
    project: str | None
    fixed: Mapping[str, Any]
    activity: str | None
    on: date
    attenders: tuple[Attender, ...]


async def register_attended(
    service: Service, district: str, command: RegisterAttended, deadline: Deadline
) -> AttendedRegistered | Refused:
    """Register everybody who attended, each in a transaction of his own; a school those of its own teachers.

    The district's law says whether a record is made of a session or of a project, and which facts hours attended are.
    Refuses as a whole with SESSION_OR_PROJECT, SESSION_UNKNOWN, SESSION_CANCELLED, PROJECT_UNKNOWN,
    ATTENDANCE_PER_OTHER, SESSION_NOT_CLOSED, LAW_TAKES_NO_ATTENDANCE, LAW_NOT_IN_FORCE, LAW_UNUSABLE,
    NOBODY_ATTENDED or TOO_MANY; a teacher's own refusals stand in his result.
    """
    async with service.databases.read(district) as conn:
        meeting = await _meeting(service, conn, district, command)
    if isinstance(meeting, Refused):
        return meeting
    results = [await _register(service, district, command, meeting, one, deadline) for one in meeting.attenders]
    return AttendedRegistered(results=tuple(results))


# ---- what is registered ----------------------------------------------------------------------------------------


async def _meeting(
    service: Service, conn: AsyncConnection, district: str, command: RegisterAttended
) -> Meeting | Refused:
    sessions = await _sessions(conn, district, command)
    if isinstance(sessions, Refused):
        return sessions
    project_id = command.project or sessions[0].project
    project = await read_project(conn, district, project_id) if project_id is not None else None
    law = service.laws.in_force(await read_district(conn, district), sessions[-1].on)
    if isinstance(law, Refused):
        return law
    if law.credit.attended is None:
        return no.law_takes_no_attendance(law.pack.jurisdiction)
    if law.credit.attendance_per != ("session" if command.session is not None else "project"):
        return no.per_other(law.credit.attendance_per)
    still_open = [one.id for one in sessions if one.state != "closed"]
    if still_open:
        return no.sessions_not_closed(still_open)
    attenders = await _attenders(service, conn, district, command, sessions)
    if not attenders:
        return no.nothing_attended()
    if len(attenders) > MOST_TEACHERS:
        return general.out_of_bounds("teachers", len(attenders), 1, MOST_TEACHERS)
    return Meeting(
        law=law,
        project=project_id,
        fixed=project.facts if project is not None else {},
        activity=command.session,
        on=sessions[-1].on,
        attenders=tuple(attenders),
    )


async def _sessions(conn: AsyncConnection, district: str, command: RegisterAttended) -> list[Session] | Refused:
    seen = may_see(district, scope_of(command.caller))
    if (command.session is None) == (command.project is None):
        return no.one_of_two()
    if command.session is not None:
        session = await read_session(conn, seen, command.session)
        if session is None:
            return refusals.session_unknown(command.session)
        return refusals.session_cancelled(session.id) if session.state == "cancelled" else [session]
    project = command.project or ""
    if await read_project(conn, district, project) is None:
        return general.project_unknown(project)
    return await sessions_of_project(conn, seen, project) or no.nothing_attended()


async def _attenders(
    service: Service, conn: AsyncConnection, district: str, command: RegisterAttended, sessions: Sequence[Session]
) -> list[Attender]:
    hours: dict[str, dict[str, Decimal]] = {}
    wanted = frozenset(command.teachers)
    for session, there in (await attendances_of(conn, district, sessions)).items():
        for one in there:
            if one.state == "present" and one.hours and (not wanted or one.teacher in wanted):
                hours.setdefault(one.teacher, {})[session] = one.hours
    people: dict[str, Person] = {}
    named = sorted(hours)
    for start in range(0, len(named), 500):
        people |= await read_people(conn, district, named[start : start + 500])
    scope, today, on = scope_of(command.caller), service.clock.today(), sessions[-1].on
    return [
        Attender(teacher=one, sessions=_meant_for(people[one], sessions, hours[one]), hours=hours[one])
        for one in named
        if one in people and scope.covers(one, people[one].school_on(on), people[one].school_on(today))
    ]


def _meant_for(person: Person, sessions: Sequence[Session], hours: Mapping[str, Decimal]) -> tuple[Session, ...]:
    """Return the district's sessions, those of the teacher's own school, and those he attended as a guest."""
    return tuple(
        one for one in sessions if one.school is None or one.school == person.school_on(one.on) or one.id in hours
    )


# ---- one teacher -----------------------------------------------------------------------------------------------


async def _register(
    service: Service,
    district: str,
    command: RegisterAttended,
    meeting: Meeting,
    attender: Attender,
    deadline: Deadline,
) -> AttendedResult:
    facts = _facts(command, meeting, attender)
    if isinstance(facts, Refused):
        return AttendedResult(teacher=attender.teacher, errors=facts.errors)
    registering = RegisterTraining(
        caller=command.caller,
        key=f"attended-{digest(command.key, attender.teacher)}",
        teacher=attender.teacher,
        on=meeting.on,
        facts=facts,
        project=meeting.project,
    )
    occasion = Occasion(activity=meeting.activity, beside=_evidence(district, attender))
    answer = await register_training(service, district, registering, deadline, occasion=occasion)
    if isinstance(answer, Refused):
        return AttendedResult(teacher=attender.teacher, errors=answer.errors)
    return AttendedResult(teacher=attender.teacher, record=answer.record.id, replayed=answer.replayed)


def _facts(command: RegisterAttended, meeting: Meeting, attender: Attender) -> dict[str, Any] | Refused:
    """Return the facts of a record: what sessions and command state, and what the law makes of the hours attended."""
    law = meeting.law
    said = {**agreed_facts(attender.sessions), **command.facts, **command.own.get(attender.teacher, {})}
    said = read_values(law.pack, said)
    try:
        read_stated(law.pack, said)
    except FactsRefused as wrong:
        known = known_facts(law.pack)
        return fact_malformed(f"facts.{wrong.field}", wrong.value, wrong.problem, known, choices(law.pack, wrong.field))
    given = {**said, **read_values(law.pack, meeting.fixed)}
    hours = (attender.planned, attender.attended)
    return {**said, **law.pack.attended(given, *hours, on=meeting.on, settings=law.settings)}


def agreed_facts(sessions: Sequence[Session]) -> dict[str, Any]:
    """Return the facts that no two of the sessions state differently."""
    agreed: dict[str, Any] = {}
    differing: set[str] = set()
    for session in sessions:
        for name, value in session.facts.items():
            if agreed.setdefault(name, value) != value:
                differing.add(name)
    return {name: value for name, value in agreed.items() if name not in differing}


def _evidence(district: str, attender: Attender) -> Any:
    """Return what links a record to the attendance it was made of, unless that has changed meanwhile."""

    async def beside(conn: AsyncConnection, record: Record) -> Refused | None:
        for session in attender.sessions:
            stands = await attendance_of(conn, district, session, attender.teacher)
            hours = attender.hours.get(session.id, Decimal(0))
            if (stands.hours if stands.state == "present" else Decimal(0)) != hours:
                return no.attendance_changed(attender.teacher)
            if hours:
                row = {"record": record.id, "session": session.id, "teacher": attender.teacher}
                await add(conn, attended_record, district=district, micro_hours=to_micro(hours), **row)
        return None

    return beside
