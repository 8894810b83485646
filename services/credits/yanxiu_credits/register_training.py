"""Register one training of one teacher: gather, assess, record, reply."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.registry_facts import Person, read_people
from yanxiu_wire.credits import Project, Record, RegisterTraining, TrainingRegistered
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.teacher import Teacher

from yanxiu_credits import refusals
from yanxiu_credits.assess import Assessed, assess
from yanxiu_credits.attendance.attendance_waits import attendance_waits
from yanxiu_credits.attendance.counted_once import Entering, counted_otherwise
from yanxiu_credits.books.lineage import taken
from yanxiu_credits.books.refusals import period_locked
from yanxiu_credits.books.touched import lock_of
from yanxiu_credits.explain_records import explained, with_explanation
from yanxiu_credits.fact_refusals import project_of_other_school
from yanxiu_credits.laws import InForce
from yanxiu_credits.record_training import Training, record_training
from yanxiu_credits.scope import OFFICERS, scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.store.registering import DayOfWork, Place, read_known, read_place

# Another process may fill the same copy of the registry's facts and cannot wake this one.
_LOOK_AGAIN = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the decision needs to know, as of the day of the training."""

    teacher: Teacher
    school: str | None
    law: InForce
    project: Project | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a record is made of, where the service knows it: a session that was attended.

    `activity` stands in the natural key in place of the project; `beside` writes what belongs to the record in the
    same transaction, or says why the record may not be made after all.
    """

    activity: str | None
    beside: Callable[[AsyncConnection, Record], Awaitable[Refused | None]]


async def register_training(
    service: Service,
    district: str,
    command: RegisterTraining,
    deadline: Deadline,
    *,
    occasion: Occasion | None = None,
) -> TrainingRegistered | Refused:
    """Register a training once per key and once per business fact; the answer explains what it earned.

    Refuses with DAY_IN_FUTURE, TEACHER_UNKNOWN, TEACHER_NOT_EMPLOYED, LAW_NOT_IN_FORCE, LAW_UNUSABLE, LEDGER_BROKEN,
    PROJECT_UNKNOWN, PROJECT_OF_OTHER_SCHOOL, PROJECT_REQUIRED, DAY_BEFORE_PROJECT, FACT_MALFORMED,
    FACT_FIXED_BY_PROJECT, FACT_FIXED_BY_COMMAND, AMOUNT_NOT_EXACT, PERIOD_LOCKED, ALREADY_REGISTERED, ATTENDANCE_WAITS,
    VOIDED_FOR_FRAUD, LOST_TO_OBJECTION, KEY_REUSED, or what the district's law refuses, with its clauses. A refusal
    writes nothing and is not remembered.
    """
    answer = await _once(service, district, command, deadline, occasion)
    if _is_unknown(answer) and await _arrives(service, district, command, deadline):
        answer = await _once(service, district, command, deadline, occasion)
    return answer


async def _once(
    service: Service, district: str, command: RegisterTraining, deadline: Deadline, occasion: Occasion | None
) -> TrainingRegistered | Refused:
    decided: dict[str, Any] = {}

    async def work(conn: AsyncConnection) -> TrainingRegistered | Refused:
        training = await prepare(service, conn, district, command, occasion=occasion)
        if isinstance(training, Refused):
            return training
        record, stored = await record_training(conn, training)
        refused = await occasion.beside(conn, record) if occasion is not None else None
        if refused is not None:
            return refused
        decided.update(stored)
        return TrainingRegistered(record=record)

    answer = await once(service.databases, district, command, TrainingRegistered, deadline, work, few_rows=True)
    if isinstance(answer, Refused) or not command.explain:
        return answer
    # The answer is remembered without its explanation, which is kept once, with the decision, and told from there.
    if decided.get("record") == answer.record.id:
        record = with_explanation(service.laws, answer.record, decided)
    else:
        async with service.databases.read(district) as conn:
            (record,) = await explained(conn, service.laws, district, [answer.record])
    return msgspec.structs.replace(answer, record=record)


async def prepare(
    service: Service,
    conn: AsyncConnection,
    district: str,
    command: RegisterTraining,
    *,
    corrects: str | None = None,
    occasion: Occasion | None = None,
) -> Training | Refused:
    """Gather and judge: what will go into the books, or why not; `corrects` is the record whose place it takes."""
    gathered = await gather(service, conn, district, command)
    if isinstance(gathered, Refused):
        return gathered
    assessed = assess(command.facts, command.on, gathered.project, gathered.law)
    if isinstance(assessed, Refused):
        return assessed
    if occasion is not None and occasion.activity is not None:
        assessed = dataclasses.replace(assessed, activity=occasion.activity)
    day = DayOfWork(district=district, school=gathered.school, on=command.on, today=service.clock.today())
    place = await read_place(conn, day, command.teacher, assessed.activity, gathered.law.credit.record)
    refused = await _closed(conn, day, command.teacher, place, assessed) or await taken(
        conn, district, place.standing, assessed, teacher=command.teacher, by=command.caller, corrects=corrects
    )
    entering = _entering(command, gathered.law, assessed, attended=occasion is not None)
    refused = refused or await counted_otherwise(conn, district, entering, corrects)
    refused = refused or await attendance_waits(conn, district, entering, corrects)
    if refused is not None:
        return refused
    return Training(
        district=district,
        command=command,
        school=gathered.school,
        teacher=gathered.teacher,
        law=gathered.law,
        assessed=assessed,
        head=(place.seq, place.hash),
        replaced=place.standing,
        recorded_at=service.clock.now(),
        corrects=corrects,
    )


def _entering(command: RegisterTraining, law: InForce, assessed: Assessed, *, attended: bool) -> Entering:
    return Entering(
        teacher=command.teacher,
        law=law,
        on=command.on,
        project=command.project,
        facts=assessed.facts,
        by=command.caller,
        attended=attended,
    )


async def _closed(
    conn: AsyncConnection, day: DayOfWork, teacher: str, place: Place, assessed: Assessed
) -> Refused | None:
    """Return PERIOD_LOCKED with the lock's name where the day is locked, or another year that the record changes."""
    days = (day.on,) if place.locked else assessed.days_beside
    lock = await lock_of(conn, day.district, days, teacher=teacher, school=day.school, today=day.today)
    return period_locked(lock, value=day.on) if lock is not None else None


async def gather(
    service: Service, conn: AsyncConnection, district: str, command: RegisterTraining
) -> Gathered | Refused:
    """Read what the decision needs from the district's own copy of the facts; no other service is asked."""
    on, today = command.on, service.clock.today()
    if on > today:
        return refusals.day_in_future(on, today)
    known = await read_known(conn, district, command.teacher, command.project)
    if known.closed:
        return refusals.ledger_broken(district)
    person, project = known.person, known.project
    if person is None or not _in_reach(person, command, service):
        return refusals.teacher_unknown(command.teacher)
    teacher = person.on(on)
    if teacher is None or not person.at_work(on):
        newest = person.on(today)
        return refusals.not_employed(command.teacher, on, newest.hired_on if newest else None)
    law = service.laws.in_force(known.district, on)
    if isinstance(law, Refused):
        return law
    if command.project is not None and project is None:
        return refusals.project_unknown(command.project)
    if project is not None and project.starts_on is not None and on < project.starts_on:
        return refusals.day_before_project(on, project.starts_on)
    if project is not None and not _of_its_school(project, person, command):
        return project_of_other_school(project.id)
    return Gathered(teacher=teacher, school=person.school_on(on), law=law, project=project)


def _of_its_school(project: Project, person: Person, command: RegisterTraining) -> bool:
    """A school's own project is for those who were its teachers on the day; an officer may enter an exception."""
    return project.school in (None, person.school_on(command.on)) or command.caller.role in OFFICERS


def _in_reach(person: Person, command: RegisterTraining, service: Service) -> bool:
    """A school registers for those who were its teachers on the day, or are now."""
    scope = scope_of(command.caller)
    return scope.covers(person.id, person.school_on(command.on), person.school_on(service.clock.today()))


def _is_unknown(answer: TrainingRegistered | Refused) -> bool:
    return isinstance(answer, Refused) and answer.errors[0].code == "TEACHER_UNKNOWN"


async def _arrives(service: Service, district: str, command: RegisterTraining, deadline: Deadline) -> bool:
    """Wait a bounded part of the deadline for the registry's word of a teacher; False when none came.

    A teacher out of the caller's reach is waited for as long as one who does not exist: the time tells nothing.
    """
    arrivals = service.arrivals
    if arrivals.places.locked():
        return False
    async with arrivals.places:
        give_up = time.monotonic() + min(arrivals.seconds, deadline.remaining() / 2)
        while (left := give_up - time.monotonic()) > 0:
            await arrivals.next(min(_LOOK_AGAIN, left))
            async with service.databases.read(district) as conn:
                person = (await read_people(conn, district, [command.teacher])).get(command.teacher)
            if person is not None and _in_reach(person, command, service):
                return True
    return False
