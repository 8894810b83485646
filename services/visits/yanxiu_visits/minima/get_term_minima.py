"""One researcher's term against the law's minima, while there is still time to act, and after."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.minima import GetTermMinima, TermMinima
from yanxiu_wire.refusal import Refused

from yanxiu_visits import refusals
from yanxiu_visits.minima.ground import read_ground
from yanxiu_visits.minima.judge_term import judge_term
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service


async def get_term_minima(
    service: Service, district: str, query: GetTermMinima, _deadline: Deadline
) -> TermMinima | Refused:
    """Return a term; his own, or anybody's for those who see the district. RESEARCHER_UNKNOWN, TERM_UNKNOWN."""
    if not scope_of(query.caller).covers(query.researcher, None):
        return refusals.researcher_unknown(query.researcher)
    async with service.databases.read(district) as conn:
        ground = await read_ground(service, conn, district, query.term, query.as_of, query.researcher)
    if isinstance(ground, Refused):
        return ground
    if ground.card(query.researcher) is None:
        return refusals.researcher_unknown(query.researcher)
    return judge_term(ground, query.researcher, whole=True)
