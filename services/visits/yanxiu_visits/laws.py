"""Which law orders the visits of a day: the pack that the district is bound to, where it has rules of visits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yanxiu_footing import laws
from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_rulekit.law import Law
from yanxiu_rulekit.outcome import Period
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.visits import Answered, VisitRules
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District

from yanxiu_visits import refusals


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The law of a district on a day: the pack, its visit rules, the district's settings, and the day.

    `settings` are plain values as they can be stored: parameter -> `{"value": ..., "decided_by": ...}`.
    """

    pack: RulePack
    visits: VisitRules
    settings: Mapping[str, Any]
    on: date

    def law(self, *, today: date | None = None) -> Law:
        """Return the law of the day as lists, placing and minima read it; `today` is as of when a term is seen."""
        return self.pack.law(self.on, self.settings, today=today)

    def clauses(self, question: str) -> tuple[str, ...]:
        """Return the clause that a question of the visit rules answers for; empty where the law has no such rule."""
        asked = self.visits.questions().get(question)
        return () if asked is None else self.pack.decisions[asked.kinds[0]].clauses[:1]

    def school_year_of(self, day: date) -> Period | None:
        """Return the school year of a day as the law counts it; None where it leaves that to the calendar of terms."""
        if "school_year" not in self.pack.periods:
            return None
        try:
            return self.pack.period("school_year", day, self.settings)
        except RuleNotInForce:
            return None

    def answers(self, question: str, facts: Any, *, today: date | None = None) -> tuple[Answered, ...]:
        """Answer a question of the visit rules by its name; raises `DecisionUnknown` where the law has no such rule."""
        return self.pack.visit_answers(question, facts, on=self.on, settings=self.settings, today=today)


class Laws(laws.Laws):
    """The laws of this process, asked for their rules of visits."""

    def in_force(
        self, district: District | None, on: date, *, field: str = "on", field_work: bool = True
    ) -> InForce | Refused:
        """Return the law that orders the visits of `on`: LAW_NOT_IN_FORCE, LAW_UNUSABLE, or NO_VISIT_RULES.

        Without `field_work` a law will do that only says how schools are organised, supervised or awarded.
        """
        bound = self.bound(district, on, field=field)
        if isinstance(bound, Refused):
            return bound
        rules = bound.pack.visits
        if rules is None or (field_work and not rules.places_researchers):
            return refusals.no_visit_rules(bound.pack.jurisdiction, field=field, on=on)
        return InForce(pack=bound.pack, visits=rules, settings=bound.settings, on=on)
