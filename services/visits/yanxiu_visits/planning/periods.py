"""The periods of a plan: the law's window of terms from one on, or a batch from a day on."""

from __future__ import annotations

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_every_term, read_term
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.visits import BatchPlacing, Placing, TermPlacing, last_day_of_years
from yanxiu_wire.refusal import Refused
from yanxiu_wire.term import Term

from yanxiu_visits import refusals as general
from yanxiu_visits.laws import InForce
from yanxiu_visits.planning import refusals
from yanxiu_visits.planning.solver.problem import count_of
from yanxiu_visits.service import Service

Periods = tuple[Placing, tuple[Term, ...]]


async def read_periods(
    service: Service, conn: AsyncConnection, district: str, first_term: str | None, starts_on: date | None
) -> Periods | Refused:
    """Return the law's placing and the periods, a batch as one whose id is its first day.

    TERM_UNKNOWN, TERMS_MISSING, PERIOD_WANTED, or what `Laws.in_force` refuses.
    """
    first = await read_term(conn, district, first_term) if first_term is not None else None
    if first_term is not None and first is None:
        return general.term_unknown(first_term, field="first_term")
    on = first.starts_on if first is not None else starts_on or service.clock.today()
    law = service.laws.in_force(await read_district(conn, district), on)
    if isinstance(law, Refused):
        return law
    placing = _placing(law)
    if isinstance(placing, BatchPlacing):
        return refusals.period_wanted(by_terms=False) if starts_on is None else (placing, (_batch(placing, starts_on),))
    if first is None:
        return refusals.period_wanted(by_terms=True)
    return await _window(conn, district, placing, first)


def _placing(law: InForce) -> Placing:
    return law.visits.placing(law.law())


def _batch(placing: BatchPlacing, starts_on: date) -> Term:
    last = last_day_of_years(starts_on, count_of(placing.years))
    return Term(id=starts_on.isoformat(), school_year=f"{starts_on.year}", number=1, starts_on=starts_on, ends_on=last)


async def _window(conn: AsyncConnection, district: str, placing: TermPlacing, first: Term) -> Periods | Refused:
    every = [one for one in await read_every_term(conn, district) if one.starts_on >= first.starts_on]
    wanted = count_of(placing.window_terms)
    window = tuple(every[:wanted])
    if len(window) < wanted:
        return refusals.terms_missing(first.id, wanted, (one.id for one in window), placing.window_terms.clauses)
    return placing, window
