"""Nominate a school, a group, a person, a course or a case for an award of the year."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.registry_facts import read_people, read_school
from yanxiu_wire.awards import Nominate, Nomination, RecipientKind
from yanxiu_wire.codec import decode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.research_group import ResearchGroup, ResearchGroupChanged

from yanxiu_visits import refusals as general
from yanxiu_visits.awards import refusals
from yanxiu_visits.awards.award_store import barred_schools, category_of, of_recipient, put_nomination, read_year
from yanxiu_visits.scope import OFFICERS
from yanxiu_visits.service import Service
from yanxiu_visits.tables import research_group_fact
from yanxiu_visits.visiting.assess_note import assess_text

MOST_PEOPLE = 30


async def nominate(service: Service, district: str, command: Nominate, deadline: Deadline) -> Nomination | Refused:
    """Nominate once; SCHOOL_BARRED with its clauses where the school may not take part this year."""
    refused = assess_text("statement", command.statement) or assess_text("recipient", command.recipient, most=200)
    if refused is None and len(command.people) > MOST_PEOPLE:
        refused = general.out_of_bounds("people", len(command.people), 0, MOST_PEOPLE)
    if refused is not None:
        return refused
    if command.caller.role not in OFFICERS and command.caller.school != command.school:
        return general.school_unknown(command.school)

    async def work(conn: AsyncConnection) -> Nomination | Refused:
        today = service.clock.today()
        people = await _eligible(conn, district, command, today)
        wrong = people if isinstance(people, Refused) else await _told(conn, district, command, people, today)
        if wrong is not None:
            return wrong
        made = Nomination(
            id=str(uuid_utils.uuid7()),
            year=command.year,
            category=command.category,
            recipient=command.recipient.strip(),
            school=command.school,
            people=() if isinstance(people, Refused) else people,
            statement=command.statement.strip(),
            state="nominated",
            nominated_by=command.caller.subject,
            nominated_at=service.clock.now(),
        )
        before = await of_recipient(conn, district, made)
        if before is not None:
            return refusals.nominated_before(before.id)
        await put_nomination(conn, district, made)
        return made

    return await once(service.databases, district, command, Nomination, deadline, work)


async def _eligible(conn: AsyncConnection, district: str, command: Nominate, today: date) -> tuple[str, ...] | Refused:
    """Return the people behind a nomination that may be made now, or why it may not."""
    found = await read_year(conn, district, command.year)
    if found is None:
        return refusals.award_year_unknown(command.year)
    year, _ = found
    category = category_of(year, command.category)
    if category is None:
        return general.not_one_of("category", command.category, [one.name for one in year.categories])
    if year.state != "nominating":
        return refusals.year_not_so(year.state, ["nominating"])
    barred = await barred_schools(conn, district, command.year)
    if command.school in barred:
        return refusals.school_barred(command.school, barred[command.school])
    return await _people(conn, district, command, category.recipient, today)


async def _people(
    conn: AsyncConnection, district: str, command: Nominate, kind: RecipientKind, today: date
) -> tuple[str, ...] | Refused:
    """Return all people behind the nomination, or why the recipient does not fit."""
    if await read_school(conn, district, command.school, today) is None:
        return general.school_unknown(command.school)
    given = dict.fromkeys(command.people)
    if kind == "school" and command.recipient != command.school:
        return refusals.recipient_unfit(command.recipient, kind)
    if kind == "group":
        card = await _group(conn, district, command.recipient, today)
        if card is None or card.school != command.school:
            return refusals.recipient_unfit(command.recipient, kind)
        given |= dict.fromkeys((card.leader, *card.members))
    if kind == "person":
        given[command.recipient] = None
    known = await read_people(conn, district, list(given))
    if kind == "person" and (
        command.recipient not in known or known[command.recipient].school_on(today) != command.school
    ):
        return refusals.recipient_unfit(command.recipient, kind)
    stranger = next((one for one in given if one not in known), None)
    return tuple(given) if stranger is None else general.person_unknown(stranger, field="people")


async def _told(
    conn: AsyncConnection, district: str, command: Nominate, people: tuple[str, ...], today: date
) -> Refused | None:
    """Return the refusal of a statement that says whose it is."""
    school = await read_school(conn, district, command.school, today)
    cards = [one.on(today) for one in (await read_people(conn, district, people)).values()]
    names = [school.name if school else "", *(card.name for card in cards if card is not None)]
    ids = (command.school, *people, *(card.staff_number for card in cards if card is not None and card.staff_number))
    # A name that is part of ordinary words would refuse them too: of ids and staff numbers only long ones are sought.
    sought = [*names, *(one for one in ids if len(one) >= 6)]
    return refusals.statement_tells() if any(one and one in command.statement for one in sought) else None


async def _group(conn: AsyncConnection, district: str, group: str, today: date) -> ResearchGroup | None:
    its = research_group_fact.c
    body = await conn.scalar(sa.select(its.body).where(its.district == district, its.research_group == group))
    history = decode(ResearchGroupChanged, body.encode()).history if body is not None else ()
    begun = [card for since, card in history if since <= today]
    if not begun or (begun[-1].dissolved_on is not None and begun[-1].dissolved_on < today):
        return None
    return begun[-1]
