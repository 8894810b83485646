"""The rule pack of Ouhai (瓯海): 360 credits in five years with an elastic share of school-based research."""

from __future__ import annotations

from yanxiu_rulekit import RulePack, hookimpl

from yanxiu_ouhai.awards import award_quota, award_quota_plan
from yanxiu_ouhai.competition import competition
from yanxiu_ouhai.credits import credits_360, record
from yanxiu_ouhai.money import district_fund, school_funding
from yanxiu_ouhai.openings import PERIODS, WINDOWS
from yanxiu_ouhai.organisation import groups, leading_group, supervision_team, themes
from yanxiu_ouhai.residence import coverage, coverage_feasibility, resident_visits, rotation
from yanxiu_ouhai.standings import CREDIT_RULES
from yanxiu_ouhai.supervision import supervision

DECISIONS = (
    record,
    credits_360,
    themes,
    groups,
    leading_group,
    supervision_team,
    supervision,
    rotation,
    resident_visits,
    coverage,
    coverage_feasibility,
    competition,
    award_quota,
    award_quota_plan,
    school_funding,
    district_fund,
)


@hookimpl
def rule_packs() -> list[RulePack]:
    """Return Ouhai's pack."""
    return [
        RulePack.load(
            "yanxiu_ouhai",
            name="yanxiu-ouhai",
            decisions=DECISIONS,
            credit=CREDIT_RULES,
            windows=WINDOWS,
            periods=PERIODS,
        )
    ]
