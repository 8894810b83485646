"""Appoint reviewers and declare conflicts of interest, until the ranking; each change keeps who made it, and why."""

from __future__ import annotations

from typing import Literal

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.registry_facts import read_people, read_schools
from yanxiu_wire import awards as wire
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits import refusals as general
from yanxiu_visits.awards import refusals
from yanxiu_visits.awards.award_store import all_of, category_of, read_year
from yanxiu_visits.awards.review_numbers import deal_numbers
from yanxiu_visits.awards.review_store import put_reviewer, read_interests, read_reviewer
from yanxiu_visits.scope import OFFICERS
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text, person_of

MOST_REASON = 1000
Given = wire.AppointReviewer | wire.DeclareConflict


async def appoint_reviewer(
    service: Service, district: str, command: wire.AppointReviewer, deadline: Deadline
) -> wire.AwardReviewer | Refused:
    """Appoint, or change the categories; what he declared stays, a category taken from him needs its reason.

    His marks in a category that he judges no more count for nobody; a nomination left with too few waits for others.
    """

    async def work(conn: AsyncConnection) -> wire.AwardReviewer | Refused:
        year = await _judged(conn, district, command.year)
        if isinstance(year, Refused):
            return year
        stranger = next((one for one in command.categories if category_of(year, one) is None), None)
        if stranger is not None:
            return general.not_one_of("categories", stranger, [one.name for one in year.categories])
        if command.reviewer not in await read_people(conn, district, [command.reviewer]):
            return general.person_unknown(command.reviewer, field="reviewer")
        before = await read_reviewer(conn, district, command.year, command.reviewer)
        fewer = before is not None and set(before.categories) - set(command.categories)
        wrong = assess_text("reason", command.reason, most=MOST_REASON, empty=not fewer)
        if wrong is not None:
            return wrong
        made = msgspec.structs.replace(
            before or wire.AwardReviewer(id=command.reviewer, year=command.year, categories=()),
            categories=tuple(dict.fromkeys(command.categories)),
        )
        made = _kept(service, made, command, "appointed", categories=made.categories)
        await put_reviewer(conn, district, made)
        if year.state == "scoring":
            await deal_to(service, conn, district, made)
        return made

    return await once(service.databases, district, command, wire.AwardReviewer, deadline, work)


async def declare_conflict(
    service: Service, district: str, command: wire.DeclareConflict, deadline: Deadline
) -> wire.AwardReviewer | Refused:
    """Add to a reviewer's conflicts schools and people that the registry knows; an officer says why he does it.

    His marks of such a nomination do not count. Declared before the scoring, it is not on his list; later it stays
    there, for a number that vanished would tell whose it was. Once ranked, an objection is the way.
    """
    own = person_of(command.caller)
    reviewer = command.reviewer or own if command.caller.role in OFFICERS else own
    wrong = assess_text("reason", command.reason, most=MOST_REASON, empty=reviewer == own)
    if wrong is not None:
        return wrong

    async def work(conn: AsyncConnection) -> wire.AwardReviewer | Refused:
        year = await _judged(conn, district, command.year)
        if isinstance(year, Refused):
            return year
        before = await read_reviewer(conn, district, command.year, reviewer)
        if before is None:
            return refusals.not_a_reviewer(reviewer)
        stranger = await _stranger(conn, district, command)
        if stranger is not None:
            return stranger
        made = msgspec.structs.replace(
            before,
            declared_schools=tuple(dict.fromkeys((*before.declared_schools, *command.schools))),
            declared_people=tuple(dict.fromkeys((*before.declared_people, *command.people))),
        )
        made = _kept(service, made, command, "conflict", schools=command.schools, people=command.people)
        await put_reviewer(conn, district, made)
        return made

    return await once(service.databases, district, command, wire.AwardReviewer, deadline, work)


async def deal_to(service: Service, conn: AsyncConnection, district: str, reviewer: wire.AwardReviewer) -> None:
    """Number for a reviewer what he may judge of the year's nominations."""
    everyone = [one for one in await all_of(conn, district, reviewer.year) if one.state == "nominated"]
    interests = await read_interests(conn, district, reviewer, service.clock.today())
    await deal_numbers(conn, district, reviewer, interests, everyone)


async def _judged(conn: AsyncConnection, district: str, number: int) -> wire.AwardYear | Refused:
    """Return a year that is not ranked yet; afterwards no change of a reviewer would change the ranks."""
    found = await read_year(conn, district, number)
    if found is None:
        return refusals.award_year_unknown(number)
    return found[0] if found[0].state in ("nominating", "scoring") else refusals.reviewing_over(found[0].state)


def _kept(
    service: Service,
    made: wire.AwardReviewer,
    command: Given,
    what: Literal["appointed", "conflict"],
    **changed: tuple[str, ...],
) -> wire.AwardReviewer:
    """Return the reviewer with one more line of what was changed, by whom, when and why."""
    caller = command.caller
    step = wire.ReviewerStep(
        what=what,
        reason=command.reason.strip(),
        by=caller.subject,
        role=caller.role,
        at=service.clock.now(),
        **changed,
    )
    return msgspec.structs.replace(made, history=(*made.history, step))


async def _stranger(conn: AsyncConnection, district: str, command: wire.DeclareConflict) -> Refused | None:
    """Return the refusal of a school or person that nobody knows: that would keep the reviewer from nothing."""
    schools, people = await read_schools(conn, district), await read_people(conn, district, command.people)
    school = next((one for one in command.schools if one not in schools), None)
    person = next((one for one in command.people if one not in people), None)
    if school is not None:
        return general.school_unknown(school, field="schools")
    return None if person is None else general.person_unknown(person, field="people")
