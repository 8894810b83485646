"""Sums of the ledger per teacher."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from yanxiu_durable.looking import Look
from yanxiu_footing.paging import few_enough
from yanxiu_footing.registry_facts import known_of, people_of
from yanxiu_rulekit.numbers import from_micro
from yanxiu_wire.credits import GetTotals, Total, Totals
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.standings.instants import known_until, past
from yanxiu_credits.store.ledger import Sums, sums_of

# Whom the main process sums itself, while every other district waits: with 300 entries each (five years of thirty
# trainings, registered and recognised) 3 to 5 ms. How many entries there are is not known before they are read.
FEW = 20
# Balances that are kept are one row of a teacher, however long the history.
FEW_KEPT = 100
# In the district's own process nobody else waits; more than these are summed beside its event loop.
FEW_AT_HOME = 200


@lru_cache(maxsize=4_096)
def _amount(micro: int) -> Decimal:
    return from_micro(micro)


def few_totals(query: GetTotals) -> bool:
    """Whether so few are asked for that nobody else waits for them."""
    kept = query.since is None and query.until is None and query.as_known_at is None
    return len(query.teachers) <= (FEW_KEPT if kept else FEW)


async def get_totals(service: Service, district: str, query: GetTotals, _deadline: Deadline) -> Totals | Refused:
    """Return each teacher's sum between two days: zero without entries, None for a teacher out of scope.

    What was registered and what was recognised are summed apart, from whichever school: totals follow the teacher.
    """
    refused = few_enough("teachers", query.teachers) or past(service.clock, query.as_known_at)
    if refused is not None:
        return refused
    scope, today = scope_of(query.caller), service.clock.today()
    until_us = known_until(query.as_known_at)

    def found(look: Look) -> tuple[set[str], dict[str, Sums]]:
        if scope.kind == "district":
            seen = known_of(look, district, query.teachers)
        else:
            people = people_of(look, district, query.teachers)
            days = (today, min(query.until or today, today))
            seen = {one.id for one in people.values() if scope.covers(one.id, *map(one.school_on, days))}
        return seen, sums_of(look, district, sorted(seen), query.since, query.until, known_us=until_us) if seen else {}

    seen, sums = await service.databases.look(district, found, few_rows=len(query.teachers) <= FEW_AT_HOME)

    def total(teacher: str) -> Total | None:
        if teacher not in seen:
            return None
        its = sums.get(teacher, Sums())
        return Total(
            teacher=teacher,
            hours=_amount(its.micro_hours),
            credits=_amount(its.micro_credits),
            records=its.records,
            recognised_hours=_amount(its.recognised_micro_hours),
            recognised_credits=_amount(its.recognised_micro_credits),
        )

    return Totals(items=tuple(total(teacher) for teacher in query.teachers))
