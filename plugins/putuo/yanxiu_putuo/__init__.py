"""The rule pack of Putuo (普陀): school-based training of head teachers, from its plan to its credits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yanxiu_rulekit import CreditRules, Law, RulePack, hookimpl

from yanxiu_putuo.activities import activity_report, communities
from yanxiu_putuo.archive import archive, credit_export, result_uses
from yanxiu_putuo.district import district_promotion, featured_course, professional_visits, team_assessment
from yanxiu_putuo.evaluation import feedback, outcome_evaluation, process_evaluation
from yanxiu_putuo.facts import SessionFacts
from yanxiu_putuo.occasions import attended_facts, move
from yanxiu_putuo.openings import WINDOWS
from yanxiu_putuo.planning import fixed_slot, needs_survey, school_plan
from yanxiu_putuo.posting import posting
from yanxiu_putuo.school import annual_meeting, leading_group, module_coverage
from yanxiu_putuo.school_year import hours_40, year_credits
from yanxiu_putuo.scope import scope
from yanxiu_putuo.session import class_of, form_class, record
from yanxiu_putuo.standings import SCHOOL_YEAR, TERM
from yanxiu_putuo.tiers import career_paths, course_layers, mentoring, tier_sessions
from yanxiu_putuo.visit_rules import VISIT_RULES


def line_attributes(facts: SessionFacts, result: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a credit line must keep of a session: its class, its slot and its form."""
    return {"class": result["class"], "slot": facts.record.slot, "form": facts.record.form}


def told_apart_by(facts: SessionFacts, law: Law) -> Mapping[str, Any]:
    """Return what tells one session from another of the same day; a class that its form says is none of it."""
    session = facts.record
    return {
        "form": session.form,
        "class": class_of(session, law),
        "slot": session.slot,
        "class_hours": session.class_hours,
        "attended_hours": session.class_hours if session.attended_hours is None else session.attended_hours,
    }


CREDIT_RULES = CreditRules(
    record="record",
    attributes=line_attributes,
    project_facts=("form", "class", "slot"),
    hours_unit="课时",
    credits_unit="学分",
    standings=(SCHOOL_YEAR, TERM),
    attended=attended_facts,
    told_apart_by=told_apart_by,
    transfer=move,
)


DECISIONS = (
    scope,
    record,
    form_class,
    year_credits,
    hours_40,
    posting,
    needs_survey,
    fixed_slot,
    school_plan,
    module_coverage,
    tier_sessions,
    course_layers,
    career_paths,
    mentoring,
    activity_report,
    communities,
    process_evaluation,
    outcome_evaluation,
    feedback,
    leading_group,
    annual_meeting,
    archive,
    credit_export,
    result_uses,
    team_assessment,
    featured_course,
    professional_visits,
    district_promotion,
)


@hookimpl
def rule_packs() -> list[RulePack]:
    """Return Putuo's pack."""
    return [
        RulePack.load(
            "yanxiu_putuo",
            name="yanxiu-putuo",
            decisions=DECISIONS,
            credit=CREDIT_RULES,
            visits=VISIT_RULES,
            windows=WINDOWS,
        )
    ]
