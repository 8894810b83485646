"""Rule packs with some of their parts: clauses, parameters over time, questions, the district's own settings."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rules import GetRulePacks, RulePack, RulePacks

from yanxiu_credits import refusals
from yanxiu_credits.rules.chosen import choose, own_district
from yanxiu_credits.rules.pack_views import pack_view
from yanxiu_credits.service import Service

MOST_PACKS = 50
_UNKNOWN = frozenset({"RULE_PACK_UNKNOWN"})


async def get_rule_packs(
    service: Service, district: str, query: GetRulePacks, _deadline: Deadline
) -> RulePacks | Refused:
    """Return the packs in the order asked for, None for a jurisdiction without one.

    Settings are those of the caller's own district, and only where the pack governs it on the day. Refuses with
    OUT_OF_BOUNDS, or with LAW_NOT_IN_FORCE or LAW_UNUSABLE where the district's own law is asked for and there is none.
    """
    if len(query.asked) > MOST_PACKS:
        return refusals.out_of_bounds("asked", len(query.asked), 0, MOST_PACKS)
    known, today = await own_district(service, district), service.clock.today()
    items: list[RulePack | None] = []
    for asked in query.asked:
        chosen = choose(service.laws, known, asked, today)
        if not isinstance(chosen, Refused):
            items.append(pack_view(chosen, query.parts))
        elif chosen.errors[0].code in _UNKNOWN:
            items.append(None)
        else:
            return chosen
    return RulePacks(items=tuple(items))
