"""What the registry and the law say of a visit's place and days: never what other notes say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_term
from yanxiu_footing.registry_facts import read_district, read_school
from yanxiu_wire.refusal import Refused
from yanxiu_wire.term import Term
from yanxiu_wire.visiting import PlanVisit

from yanxiu_visits import refusals as general
from yanxiu_visits.laws import InForce
from yanxiu_visits.planning.residency_store import read_residencies
from yanxiu_visits.planning.tables import residency
from yanxiu_visits.service import Service
from yanxiu_visits.store.facts import read_researcher
from yanxiu_visits.visiting import refusals


async def check_place(
    service: Service,
    conn: AsyncConnection,
    district: str,
    *,
    author: str,
    school: str | None,
    term: str,
    days: Sequence[date],
) -> InForce | Refused:
    """Return the law of the first day, or the refusal of a researcher, school, term or day that the registry denies.

    RESEARCHER_UNKNOWN, SCHOOL_UNKNOWN, TERM_UNKNOWN, OUTSIDE_TERM, or what `Laws.in_force` refuses.
    """
    on = min(days)
    if await read_researcher(conn, district, author, on) is None:
        return general.researcher_unknown(author)
    if school is not None and await read_school(conn, district, school, on) is None:
        return general.school_unknown(school)
    found = await read_term(conn, district, term)
    if found is None:
        return general.term_unknown(term)
    outside = next((day for day in days if not _holds(found, day)), None)
    if outside is not None:
        return refusals.outside_term("on", outside, term, found.starts_on, found.ends_on)
    return service.laws.in_force(await read_district(conn, district), on)


def check_phase(law: InForce, phase: str | None) -> Refused | None:
    """Return the refusal of a phase that the law does not name; none need be named."""
    if phase is None:
        return None
    known = [one.name for one in law.visits.phases(law.law())]
    return None if phase in known else general.not_one_of("phase", phase, known)


async def check_residency(conn: AsyncConnection, district: str, plan: PlanVisit, author: str) -> Refused | None:
    """Return RESIDENCY_UNKNOWN where a plan claims a residency that is not its author's there and then.

    None need be claimed: no law forbids a visit beside one's residencies. Asked is what never changes of a residency,
    so that a plan sent late is answered as in time: one that was withdrawn or cut short since was his when he planned.
    """
    if plan.residency is None:
        return None
    its = residency.c
    (found, *_) = await read_residencies(conn, [its.district == district, its.id == plan.residency]) or [None]
    fits = (
        found is not None
        and (found.person, found.school) == (author, plan.school)
        and found.term in (None, plan.term)
        and all(day.on >= found.starts_on for day in plan.days)
    )
    return None if fits else refusals.residency_unknown(plan.residency)


def _holds(term: Term, day: date) -> bool:
    return term.starts_on <= day <= term.ends_on
