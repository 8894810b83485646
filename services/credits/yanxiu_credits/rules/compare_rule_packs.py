"""Two laws side by side, or one law on two days."""

from __future__ import annotations

from collections.abc import Iterable

from yanxiu_rulekit import packcompare as kit
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rules import ComparedRow, CompareRulePacks, RulePacksCompared, Told

from yanxiu_credits.rules.chosen import choose, own_district
from yanxiu_credits.rules.pack_views import pack_view
from yanxiu_credits.service import Service


async def compare_rule_packs(
    service: Service, district: str, query: CompareRulePacks, _deadline: Deadline
) -> RulePacksCompared | Refused:
    """Return both laws row by row, as the regulations have it: what a district sets is no part of it.

    Refuses with RULE_PACK_UNKNOWN, LAW_NOT_IN_FORCE or LAW_UNUSABLE, naming the side.
    """
    known, today = await own_district(service, district), service.clock.today()
    first = choose(service.laws, known, query.first, today, name="first")
    second = choose(service.laws, known, query.second, today, name="second")
    if isinstance(first, Refused) or isinstance(second, Refused):
        return first if isinstance(first, Refused) else second  # type: ignore[return-value]  # one of them is
    found = kit.compare_packs(kit.PackOn(first.pack, first.on), kit.PackOn(second.pack, second.on))
    return RulePacksCompared(
        first=pack_view(first),
        second=pack_view(second),
        source=_rows(found.source),
        duties=_rows(found.duties),
        parameters=_rows(found.parameters),
        questions=_rows(found.questions),
    )


def _rows(rows: Iterable[kit.Row]) -> tuple[ComparedRow, ...]:
    return tuple(
        ComparedRow(
            name=one.name, label=one.label, first=_told(one.first), second=_told(one.second), differs=one.differs
        )
        for one in rows
    )


def _told(one: kit.Told | None) -> Told | None:
    return Told(text=one.text, clause=one.clause, since=one.since) if one is not None else None
