"""Record a piece of work, or put it right."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_term
from yanxiu_footing.registry_facts import works_at
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.field_records import Observation, Paper, RecordNoted, RecordWork, Report, TaskDone
from yanxiu_wire.refusal import Refused

from yanxiu_visits import refusals as general
from yanxiu_visits.laws import InForce
from yanxiu_visits.recording import refusals
from yanxiu_visits.recording.assess_form import assess_answers
from yanxiu_visits.recording.assess_record import SUBMITTED, kind_of
from yanxiu_visits.recording.assess_work import assess_month, assess_work
from yanxiu_visits.recording.form_store import read_forms
from yanxiu_visits.recording.note_record import note_record
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_own_id, visitor_of
from yanxiu_visits.visiting.check_visit import check_place
from yanxiu_visits.visiting.note_store import read_notes
from yanxiu_visits.visiting.notes import full_id


async def record_work(
    service: Service, district: str, command: RecordWork, deadline: Deadline
) -> RecordNoted | Refused:
    """Keep the record. The visit that it names may arrive later; its form, place, task and term must be known.

    A summary or report is submitted once under its id.
    """
    today = service.clock.today()
    refused = assess_work(command) or _visit_refused(command)
    if refused is None and command.on > today:
        refused = general.day_in_future(command.on, today)
    if refused is not None:
        return refused

    async def check(conn: AsyncConnection) -> Refused | None:
        author = str(visitor_of(command))
        law = await check_place(
            service, conn, district,
            author=author, school=command.school, term=command.term, days=[command.on],
        )  # fmt: skip
        if isinstance(law, Refused):
            return law
        term = await read_term(conn, district, command.term)
        wrong = assess_month(command.content, term) if term is not None else None
        wrong = wrong or await _content_refused(conn, district, command, law)
        return wrong or await _taken(conn, district, author, command)

    return await note_record(service, district, command, command.record, deadline, check)


async def _taken(conn: AsyncConnection, district: str, author: str, command: RecordWork) -> Refused | None:
    """Return the refusal of an id that a submission was accepted under, or of a submission under one that is in use.

    What was submitted is what came here first: by their own times a second one could always be dated before it.
    """
    notes = await read_notes(conn, district, "record", full_id(author, command.record))
    kinds = [kind_of(one.command.content) for one in notes if isinstance(one.command, RecordWork)]
    kind = kind_of(command.content)
    if not kinds or not {kind, *kinds} & {*SUBMITTED}:
        return None
    return refusals.submitted_already(kind) if kind in kinds else refusals.another_kind(kind, kinds[0])


def _visit_refused(command: RecordWork) -> Refused | None:
    author = visitor_of(command)
    if command.visit is None or isinstance(author, Refused):
        return None
    return assess_own_id("visit", command.visit, author)


async def _content_refused(conn: AsyncConnection, district: str, command: RecordWork, law: InForce) -> Refused | None:
    match command.content:
        case Observation() as seen:
            return await _observation_refused(conn, district, command, seen)
        case TaskDone(task=task):
            known = [one.name for one in law.visits.tasks(law.law())]
            return None if task in known else general.not_one_of("content.task", task, known)
        case Paper(paper=paper) | Report(paper=str(paper)):
            known = [one.name for one in law.visits.papers(law.law())]
            return None if paper in known else general.not_one_of("content.paper", paper, known)
    return None


async def _observation_refused(
    conn: AsyncConnection, district: str, command: RecordWork, seen: Observation
) -> Refused | None:
    if seen.teacher is not None and command.school is not None:
        there = works_at(district, sa.literal(seen.teacher), command.school, command.on)
        if not await conn.scalar(sa.select(there)):
            return general.person_unknown(seen.teacher, field="content.teacher")
    if seen.form is None:
        return refusals.form_unknown("") if seen.answers else None
    form = (await read_forms(conn, district, [seen.form])).get(seen.form)
    if form is None:
        return refusals.form_unknown(seen.form)
    wrong = assess_answers(form.fields, seen.answers)
    return Refused(errors=wrong) if wrong else None
