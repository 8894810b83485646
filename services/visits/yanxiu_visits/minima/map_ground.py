"""What the map of coverage is made of: the window's terms, the roster, who is placed where, and every visit made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_every_term
from yanxiu_footing.registry_facts import read_district, read_schools, school_on
from yanxiu_rulekit.visits import TermPlacing
from yanxiu_wire.codec import decode
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import School, SchoolChanged, taught_in
from yanxiu_wire.residency import Residency
from yanxiu_wire.rotation_plan import PlanContents, RotationPlan
from yanxiu_wire.term import Term
from yanxiu_wire.visiting import Visit

from yanxiu_visits import refusals
from yanxiu_visits.laws import InForce
from yanxiu_visits.minima.assess_coverage import Came, Placing, RosterSchool
from yanxiu_visits.planning.make_problem import INSTITUTIONS
from yanxiu_visits.planning.residency_store import live_of_plan
from yanxiu_visits.planning.solver.problem import count_of
from yanxiu_visits.planning.tables import rotation_plan
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.tables import visit

MOST_TERMS = 12
# Where a law plans by batches no window of terms is set: the two school years of a batch.
TERMS_OF_A_BATCH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class MapGround:
    """Everything on file that the map shows, as of a day."""

    law: InForce
    terms: tuple[Term, ...]
    as_of: date
    roster: tuple[RosterSchool, ...]
    cards: Mapping[str, School]
    placed: tuple[Placing, ...]
    came: tuple[Came, ...]


async def read_map(
    service: Service, conn: AsyncConnection, district: str, terms: tuple[str, ...], as_of: date | None
) -> MapGround | Refused:
    """Return the ground; TERM_UNKNOWN, OUT_OF_BOUNDS, or what `Laws.in_force` refuses of the window's first day."""
    today = as_of or service.clock.today()
    plan = await _adopted(conn, district, today)
    window = await _window(service, conn, district, terms, today, plan)
    if isinstance(window, Refused):
        return window
    law = service.laws.in_force(await read_district(conn, district), window[0].starts_on, field="terms")
    if isinstance(law, Refused):
        return law
    live = await live_of_plan(conn, district, window[0].starts_on, window[-1].ends_on)
    costs = await _costs(conn, district, plan)
    cards = open_schools(await read_schools(conn, district), min(max(today, window[0].starts_on), window[-1].ends_on))
    placed = tuple(_placings(live, window))
    return MapGround(
        law=law,
        terms=window,
        as_of=today,
        roster=_roster(law, cards, costs, {one.school for one in placed}),
        cards=cards,
        placed=placed,
        came=await _visits_made(conn, district, window, today),
    )


async def _adopted(conn: AsyncConnection, district: str, on: date) -> RotationPlan | None:
    its = rotation_plan.c
    body = await conn.scalar(
        sa.select(its.body)
        .where(its.district == district, its.state == "adopted", its.first_on <= on)
        .order_by(its.first_on.desc())
        .limit(1)
    )
    return decode(RotationPlan, body.encode()) if body is not None else None


async def _window(
    service: Service,
    conn: AsyncConnection,
    district: str,
    asked: tuple[str, ...],
    on: date,
    plan: RotationPlan | None,
) -> tuple[Term, ...] | Refused:
    every = await read_every_term(conn, district)
    if len(asked) > MOST_TERMS:
        return refusals.out_of_bounds("terms", len(asked), 0, MOST_TERMS)
    known = {one.id for one in every}
    unknown = next((one for one in asked if one not in known), None)
    if unknown is not None:
        return refusals.term_unknown(unknown, field="terms")
    wanted = set(asked)
    if not wanted and plan is not None and on <= plan.ends_on:
        wanted = {one.id for one in every if one.starts_on <= plan.ends_on and one.ends_on >= plan.starts_on}
    if not wanted:
        count = await _law_window(service, conn, district, on)
        wanted = {one.id for one in [one for one in every if one.starts_on <= on][-count:]}
    window = tuple(one for one in every if one.id in wanted)
    return window or refusals.term_unknown("", field="terms")


async def _law_window(service: Service, conn: AsyncConnection, district: str, on: date) -> int:
    law = service.laws.in_force(await read_district(conn, district), on)
    placing = None if isinstance(law, Refused) else law.visits.placing(law.law())
    return count_of(placing.window_terms) if isinstance(placing, TermPlacing) else TERMS_OF_A_BATCH


async def _costs(conn: AsyncConnection, district: str, plan: RotationPlan | None) -> dict[str, int]:
    """The least that anybody's way to a school costs, by the additions of the plan in force."""
    if plan is None:
        return {}
    its = rotation_plan.c
    body = await conn.scalar(sa.select(its.contents).where(its.district == district, its.id == plan.id))
    found: dict[str, int] = {}
    for one in decode(PlanContents, body.encode()).additions.travel if body is not None else ():
        found[one.school] = min(one.units, found.get(one.school, one.units))
    return found


def open_schools(schools: Mapping[str, SchoolChanged], on: date) -> dict[str, School]:
    """Return the schools open on the day, in order; an institution of the register is none."""
    cards = {id_: school_on(changed, on) for id_, changed in sorted(schools.items())}
    return {
        id_: card
        for id_, card in cards.items()
        if card is not None
        and card.affiliation not in INSTITUTIONS
        and card.opened_on <= on
        and (card.closed_on is None or on <= card.closed_on)
    }


def _roster(
    law: InForce, cards: Mapping[str, School], costs: Mapping[str, int], placed: set[str]
) -> tuple[RosterSchool, ...]:
    """Due are the schools of the law's stages; where it plans by batches, the base schools."""
    placing = law.visits.placing(law.law())
    stages = placing.stages.value if isinstance(placing.stages.value, tuple) else ()
    by_terms = isinstance(placing, TermPlacing)
    return tuple(
        RosterSchool(
            id=one.id,
            stage=one.stage,
            due=bool({one.stage, *taught_in(one.stage)} & set(stages)) if by_terms else one.id in placed,
            travel=costs.get(one.id),
        )
        for one in cards.values()
    )


def _placings(live: list[Residency], window: tuple[Term, ...]) -> list[Placing]:
    """A residency of a batch is one in every term that it has days of."""
    return [
        Placing(one.school, term.id, one.person)
        for one in live
        for term in window
        if (one.term == term.id if one.term else one.starts_on <= term.ends_on and one.ends_on >= term.starts_on)
    ]


async def _visits_made(conn: AsyncConnection, district: str, window: tuple[Term, ...], until: date) -> tuple[Came, ...]:
    """Visits count in the term of their days, up to the day; those planned or called off do not."""
    its = visit.c
    found = await conn.execute(
        sa.select(its.body).where(
            its.district == district,
            its.state.in_(["under-way", "done"]),
            its.first_on <= window[-1].ends_on,
            its.last_on >= window[0].starts_on,
        )
    )
    came = []
    for one in (decode(Visit, body.encode()) for body in found.scalars()):
        for term in window:
            days = [day for day in one.days if term.starts_on <= day.on <= min(term.ends_on, until)]
            if one.school is not None and any(day.half_days for day in days):
                came.append(Came(one.school, term.id, one.researcher, one.id, sum(day.half_days for day in days)))
    return tuple(came)
