"""In whose role somebody acts, and which processes that role reaches."""

from __future__ import annotations

from datetime import date

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import read_people
from yanxiu_wire.caller import Caller
from yanxiu_wire.refusal import Refused

from yanxiu_credits.scope import EVERYWHERE, SCHOOL_ROLES
from yanxiu_credits.workflow import refusals_of_people as no
from yanxiu_credits.workflow.assess_step import Actor
from yanxiu_credits.workflow.store import Mandate, Row, read_delegations
from yanxiu_credits.workflow.tables import delegation, process

# Whole-district roles; a researcher sees the district's processes, and no personal results.
DISTRICT_ROLES = EVERYWHERE | {"researcher"}


async def actor_of(
    conn: AsyncConnection, district: str, caller: Caller, delegation_id: str | None, today: date
) -> Actor | Refused:
    """Return the role in which the caller acts, under the delegation he names; never more than its giver had.

    Refuses with DELEGATION_UNKNOWN (none, or not given to him) or DELEGATION_NOT_IN_FORCE.
    """
    if delegation_id is None:
        return await himself(conn, district, caller, today)
    its = delegation.c
    found = await read_delegations(conn, its.district == district, its.id == delegation_id)
    if not found or found[0].to_subject != caller.subject:
        return no.delegation_unknown(delegation_id)
    mandate = found[0]
    if not mandate.holds(today):
        return no.delegation_not_in_force(mandate, today)
    return _for(mandate, caller)


def _for(mandate: Mandate, caller: Caller) -> Actor:
    return Actor(
        subject=caller.subject,
        role=mandate.role,
        school=mandate.school,
        behalf=mandate.from_subject,
        delegation=mandate.id,
        workflows=mandate.workflows,
    )


async def himself(conn: AsyncConnection, district: str, caller: Caller, today: date) -> Actor:
    """Return the caller in his own role; a teacher's school is the one where he works today."""
    school = caller.school
    if caller.role == "teacher":
        people = await read_people(conn, district, [caller.teacher]) if caller.teacher else {}
        person = people.get(caller.teacher or "")
        school = person.school_on(today) if person is not None else None
    return Actor(subject=caller.subject, role=caller.role, school=school)


async def everyone_he_acts_for(conn: AsyncConnection, district: str, caller: Caller, today: date) -> list[Actor]:
    """Return the caller himself, then each one who delegated to him and whose delegation is in force."""
    its = delegation.c
    given = await read_delegations(
        conn,
        its.district == district,
        its.to_subject == caller.subject,
        its.ended_on.is_(None),
        its.since <= today,
        its.until >= today,
    )
    return [await himself(conn, district, caller, today), *(_for(one, caller) for one in given)]


def as_caller(actor: Actor, caller: Caller) -> Caller:
    """Return the caller with the role and school in which he acts, for what is written down of him."""
    return msgspec.structs.replace(caller, role=actor.role, school=actor.school)


def reaches(actor: Actor, row: Row) -> bool:
    """Say whether a process lies in the actor's scope: the district, or his school and what the district runs."""
    if actor.role in DISTRICT_ROLES:
        return True
    at_school = actor.role in SCHOOL_ROLES or actor.role == "teacher"
    return at_school and bool(actor.school) and row.school in ("", actor.school)


def seen_by(district: str, actors: list[Actor]) -> sa.ColumnElement[bool]:
    """Return the condition on `process` for what any of these may see."""
    mine = process.c.district == district
    if any(one.role in DISTRICT_ROLES for one in actors):
        return mine
    schools = {one.school for one in actors if one.school and (one.role in SCHOOL_ROLES or one.role == "teacher")}
    return sa.and_(mine, process.c.school.in_(["", *sorted(schools)])) if schools else sa.and_(mine, sa.false())
