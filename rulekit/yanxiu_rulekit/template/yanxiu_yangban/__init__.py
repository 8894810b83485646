"""The rule pack of 样板县: credits, a school year's minimum, visits to schools."""

from __future__ import annotations

from yanxiu_rulekit import CreditRules, RulePack, hookimpl

from yanxiu_yangban.record import kept_of, record
from yanxiu_yangban.visits import VISIT_RULES, placement, school_visits
from yanxiu_yangban.year import SCHOOL_YEAR

CREDIT_RULES = CreditRules(
    record="record",
    attributes=kept_of,
    project_facts=("form",),
    hours_unit="学时",
    credits_unit="学分",
    standings=(SCHOOL_YEAR,),
)


@hookimpl
def rule_packs() -> list[RulePack]:
    """Return this district's pack."""
    return [
        RulePack.load(
            "yanxiu_yangban",
            name="yanxiu-yangban",
            decisions=[record, placement, school_visits],
            credit=CREDIT_RULES,
            visits=VISIT_RULES,
        )
    ]
