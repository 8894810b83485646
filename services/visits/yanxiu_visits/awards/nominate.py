"""Nominate a school, a group, a person, a course or a case for an award of the year."""

from __future__ import annotations

from datetime import date

import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.assess_statement import tells
from yanxiu_footing.registry_facts import read_people
from yanxiu_wire.awards import AwardQuota, Nominate, Nomination
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.research_group import ResearchGroup

from yanxiu_visits import refusals as general
from yanxiu_visits.awards import refusals
from yanxiu_visits.awards.award_store import barred_schools, category_of, of_recipient, put_nomination, read_year
from yanxiu_visits.awards.nominee import groups_on, known_of, open_school
from yanxiu_visits.planning.make_problem import INSTITUTIONS
from yanxiu_visits.scope import OFFICERS
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text

MOST_PEOPLE = 30


async def nominate(service: Service, district: str, command: Nominate, deadline: Deadline) -> Nomination | Refused:
    """Nominate once; SCHOOL_BARRED with its clauses where the school may not take part this year."""
    refused = assess_text("statement", command.statement) or assess_text("recipient", command.recipient, most=200)
    if refused is None and len(command.people) > MOST_PEOPLE:
        refused = refusals.number_malformed("people", len(command.people), 0, MOST_PEOPLE)
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
    return await _people(conn, district, command, category, today)


async def _people(
    conn: AsyncConnection, district: str, command: Nominate, category: AwardQuota, today: date
) -> tuple[str, ...] | Refused:
    """Return all people behind the nomination, or why the recipient does not fit."""
    school = await open_school(conn, district, command.school, today)
    if school is None:
        return general.school_unknown(command.school)
    kind = category.recipient
    unfit = refusals.recipient_unfit(command.recipient, kind, category.clauses)
    given = dict.fromkeys(command.people)
    # An institution of the register is no school: it is owed no visit either.
    if kind == "school" and (command.recipient != command.school or school.affiliation in INSTITUTIONS):
        return unfit
    groups = await groups_on(conn, district, today) if kind in ("group", "leader") else {}
    if kind == "group":
        card = groups.get(command.recipient)
        if card is None or card.school != command.school:
            return unfit
        given |= dict.fromkeys((card.leader, *card.members))
    if kind == "leader" and not any(_led(one, command) for one in groups.values()):
        return unfit
    if kind in ("person", "leader"):
        given[command.recipient] = None
    known = await read_people(conn, district, list(given))
    his = known.get(command.recipient)
    if kind in ("person", "leader") and (his is None or his.school_on(today) != command.school):
        return unfit
    stranger = next((one for one in given if one not in known), None)
    return tuple(given) if stranger is None else general.person_unknown(stranger, field="people")


def _led(group: ResearchGroup, command: Nominate) -> bool:
    """Say whether the recipient leads the group, of his school or of an area."""
    return group.leader == command.recipient and group.school in (None, command.school)


async def _told(
    conn: AsyncConnection, district: str, command: Nominate, people: tuple[str, ...], today: date
) -> Refused | None:
    """Return the refusal of a statement that says whose it is."""
    since = min(date(command.year, 1, 1), today)
    known = await known_of(conn, district, command.school, people, since=since, today=today)
    return refusals.statement_tells() if tells(command.statement, known.names, known.ids) else None
