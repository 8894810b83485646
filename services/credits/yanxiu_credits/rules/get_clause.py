"""Clauses of any installed pack; one of them with everything that rests on it."""

from __future__ import annotations

from collections.abc import Iterable

from yanxiu_footing.paging import few_enough
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rules import ClauseFound, Clauses, GetClause, GetClauses, PackAsked, RuleClause

from yanxiu_credits.rules import refusals
from yanxiu_credits.rules.chosen import choose, own_district
from yanxiu_credits.rules.examples import about
from yanxiu_credits.rules.pack_views import (
    answering,
    clause_view,
    decision_views,
    pack_view,
    parameter_views,
    resting_on,
)
from yanxiu_credits.service import Service

# A clause is shown by a few cases; the rest are in the list of examples.
MOST_EXAMPLES = 50


async def get_clause(service: Service, district: str, query: GetClause, _deadline: Deadline) -> ClauseFound | Refused:
    """Return the clause; an id that names a part of one finds the whole. Refuses with CLAUSE_UNKNOWN."""
    clauses: list[str] = []
    for jurisdiction in _among(query, service.laws.jurisdictions()):
        pack = service.laws.pack_of(jurisdiction)
        found = pack.source.clause(query.id) if pack is not None else None
        clauses += pack.source.clauses if pack is not None else ()
        if pack is None or found is None:
            continue
        known = await own_district(service, district)
        asked = PackAsked(jurisdiction=jurisdiction, on=query.on)
        chosen = choose(service.laws, known, asked, service.clock.today())
        if isinstance(chosen, Refused):
            return chosen
        kinds, workflows = answering(pack, found.id)
        return ClauseFound(
            clause=clause_view(pack, found),
            pack=pack_view(chosen),
            parameters=parameter_views(resting_on(pack, found.id), chosen.on),
            decisions=decision_views(pack, kinds),
            workflows=workflows,
            examples=about(pack, found.id)[:MOST_EXAMPLES],
        )
    return refusals.clause_unknown(query.id, clauses)


async def get_clauses(service: Service, _district: str, query: GetClauses, _deadline: Deadline) -> Clauses | Refused:
    """Return the clauses of those ids, None where no pack has one."""
    refused = few_enough("ids", query.ids)
    return refused or Clauses(items=tuple(_view(service, one) for one in query.ids))


def _view(service: Service, clause: str) -> RuleClause | None:
    for jurisdiction in likely_first(clause, service.laws.jurisdictions()):
        pack = service.laws.pack_of(jurisdiction)
        found = pack.source.clause(clause) if pack is not None else None
        if pack is not None and found is not None and found.id == clause:
            return clause_view(pack, found)
    return None


def _among(query: GetClause, jurisdictions: Iterable[str]) -> list[str]:
    return likely_first(query.id, jurisdictions if query.jurisdiction is None else [query.jurisdiction])


def likely_first(clause: str, jurisdictions: Iterable[str]) -> list[str]:
    """Return the jurisdictions to look in: clauses are mostly named after theirs, and no other pack is loaded then."""
    return sorted(jurisdictions, key=lambda one: (not named_after(clause, one), one))


def named_after(clause: str, jurisdiction: str) -> bool:
    """Say whether a clause has the name of the jurisdiction in front."""
    return clause.lower().startswith(jurisdiction)
