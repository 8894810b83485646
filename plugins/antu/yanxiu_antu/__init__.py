"""The rule pack of Antu (安图): a plan appraised before it runs, four stages, an inspection at the end of the year."""

from __future__ import annotations

from yanxiu_rulekit import RulePack, hookimpl

from yanxiu_antu.activities import activity_report
from yanxiu_antu.checks import (
    compulsory_content,
    evaluation,
    project_stages,
    weekly_session,
    year_end_inspection,
    yearly_events,
)
from yanxiu_antu.county import county_group, credit_standard, result_uses, scope
from yanxiu_antu.openings import PERIODS, WINDOWS
from yanxiu_antu.programme import programme_duration
from yanxiu_antu.school import (
    annual_plan,
    participation,
    plan_appraisal,
    research_groups,
    research_teams,
    school_contests,
    school_duties,
    school_group,
)
from yanxiu_antu.teachers import (
    attendance_entries,
    growth_bags,
    personal_plans,
    teacher_credits,
    writings,
)
from yanxiu_antu.visit_rules import VISIT_RULES

DECISIONS = (
    scope,
    annual_plan,
    compulsory_content,
    programme_duration,
    activity_report,
    participation,
    project_stages,
    county_group,
    plan_appraisal,
    credit_standard,
    school_group,
    school_duties,
    growth_bags,
    personal_plans,
    teacher_credits,
    weekly_session,
    attendance_entries,
    evaluation,
    result_uses,
    yearly_events,
    year_end_inspection,
    writings,
    research_groups,
    research_teams,
    school_contests,
)


@hookimpl
def rule_packs() -> list[RulePack]:
    """Return Antu's pack: it gives no number of credits (ANTU-6-2b), so that it judges no record."""
    return [
        RulePack.load(
            "yanxiu_antu",
            name="yanxiu-antu",
            decisions=DECISIONS,
            visits=VISIT_RULES,
            windows=WINDOWS,
            periods=PERIODS,
        )
    ]
