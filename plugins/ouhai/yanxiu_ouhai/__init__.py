"""The rule pack of Ouhai (瓯海): 360 credits in five years, researchers resident at schools, supervision and awards."""

from __future__ import annotations

from yanxiu_rulekit import RulePack, hookimpl

from yanxiu_ouhai.activities import (
    activity_balance,
    activity_load,
    menu_selection,
    peer_review,
    research_days,
    result_openness,
)
from yanxiu_ouhai.awards import award_quota, award_quota_plan
from yanxiu_ouhai.competition import competition
from yanxiu_ouhai.credits import credits_360, record
from yanxiu_ouhai.guidance import guidance, supervision_form
from yanxiu_ouhai.money import district_fund, results_fed, reward_fund, school_budget, school_funding
from yanxiu_ouhai.openings import PERIODS, WINDOWS
from yanxiu_ouhai.organisation import area_group_filing, groups, leading_group, supervision_team, themes
from yanxiu_ouhai.people import (
    area_appointments,
    expert_groups,
    famous_teachers,
    group_leaders,
    school_areas,
    studios,
)
from yanxiu_ouhai.presentation import school_page
from yanxiu_ouhai.programmes import (
    annual_plan,
    curriculum_evaluation,
    gap_rectification,
    programme,
    school_documents,
    school_plans,
    topics,
)
from yanxiu_ouhai.residence import coverage, coverage_feasibility, coverage_windows, resident_visits, rotation
from yanxiu_ouhai.standings import CREDIT_RULES
from yanxiu_ouhai.supervision import supervision
from yanxiu_ouhai.visit_rules import VISIT_RULES

DECISIONS = (
    record,
    credits_360,
    themes,
    groups,
    area_group_filing,
    leading_group,
    school_documents,
    group_leaders,
    area_appointments,
    studios,
    school_areas,
    famous_teachers,
    expert_groups,
    guidance,
    supervision_team,
    supervision,
    supervision_form,
    annual_plan,
    school_plans,
    programme,
    curriculum_evaluation,
    topics,
    gap_rectification,
    activity_balance,
    activity_load,
    menu_selection,
    research_days,
    peer_review,
    result_openness,
    rotation,
    resident_visits,
    coverage,
    coverage_feasibility,
    coverage_windows,
    competition,
    award_quota,
    award_quota_plan,
    school_funding,
    district_fund,
    reward_fund,
    school_budget,
    results_fed,
    school_page,
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
            visits=VISIT_RULES,
            windows=WINDOWS,
            periods=PERIODS,
        )
    ]
