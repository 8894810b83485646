"""The rule pack of a district of Anhui (安徽某区): 24 hours of school-based training a year."""

from __future__ import annotations

from yanxiu_rulekit import CreditRules, RulePack, hookimpl

from yanxiu_anhui.guidance import certificate, content_report, profile_period, topic_year
from yanxiu_anhui.record import attended_facts, kept_of, record
from yanxiu_anhui.year import YEAR, scope, year_hours

CREDIT_RULES = CreditRules(
    record="record",
    attributes=kept_of,
    project_facts=("content",),
    hours_unit="学时",
    credits_unit="学分",
    standings=(YEAR,),
    attended=attended_facts,
)


@hookimpl
def rule_packs() -> list[RulePack]:
    """Return this district's pack."""
    return [
        RulePack.load(
            "yanxiu_anhui",
            name="yanxiu-anhui",
            decisions=[record, scope, year_hours, profile_period, certificate, content_report, topic_year],
            credit=CREDIT_RULES,
        )
    ]
