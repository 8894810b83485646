"""Every rule pack that is installed, as it stands on a day."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rules import ListRulePacks, PackAsked, PackBroken, RulePacks

from yanxiu_credits.rules.chosen import choose, own_district
from yanxiu_credits.rules.pack_views import pack_view
from yanxiu_credits.service import Service


async def list_rule_packs(service: Service, district: str, query: ListRulePacks, _deadline: Deadline) -> RulePacks:
    """Return the packs in the order of their jurisdictions; one that is broken is named beside them."""
    known, today = await own_district(service, district), service.clock.today()
    found = {
        one: choose(service.laws, known, PackAsked(jurisdiction=one, on=query.on), today)
        for one in service.laws.jurisdictions()
    }
    return RulePacks(
        items=tuple(pack_view(one) for one in found.values() if not isinstance(one, Refused)),
        broken=tuple(
            PackBroken(jurisdiction=name, problem="refused") for name, one in found.items() if isinstance(one, Refused)
        ),
    )
