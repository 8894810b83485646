"""A school year of the programme (YUEQING-5-2a, 5-3a, 6-5): plans, feedback put right, what the assessment rests on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, clauses_broken, decision

from yanxiu_yueqing.checks import listed, warned

PLAN, FEEDBACK, CONDUCT, SHEET, GRADE = (
    "YUEQING-5-2a",
    "YUEQING-5-3a",
    "YUEQING-6-5a",
    "YUEQING-6-5b",
    "YUEQING-6-5c",
)


class SchoolYearPlan(Facts, frozen=True, kw_only=True):
    """A whole work plan of one base school for one school year, named as `2020-2021`."""

    school: str
    school_year: str


class PlansQuestion(Facts, frozen=True, kw_only=True):
    """Has every base school its plan of the school year?"""

    school_year: str
    base_schools: tuple[str, ...]
    plans: tuple[SchoolYearPlan, ...] = ()


class FeedbackItem(Facts, frozen=True, kw_only=True):
    """A suggestion to a school: until when it is to be put right (None: no day was set), and when it was."""

    suggestion: str
    due: date | None = None
    closed_on: date | None = None


class FeedbackQuestion(Facts, frozen=True, kw_only=True):
    """Which suggestions are open past their day?"""

    as_of: date
    items: tuple[FeedbackItem, ...]


class TermResult(Facts, frozen=True, kw_only=True):
    """One term of a researcher as it was judged: the clauses that it failed."""

    term: str
    failed: tuple[str, ...] = ()


class AssessmentQuestion(Facts, frozen=True, kw_only=True):
    """What does a researcher's yearly assessment rest on? `grade` is the institute's, where it was given."""

    terms: tuple[TermResult, ...]
    open_incidents: int = 0
    grade: str | None = None


@decision("school_year_plans", asks_zh="各基地学校学年整体工作方案是否制订", facts=PlansQuestion, clauses=(PLAN,))
def school_year_plans(question: PlansQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-5-2a: one whole plan for each base school and school year; of another year it does not count."""
    own = [one.school for one in question.plans if one.school_year == question.school_year]
    missing = [school for school in question.base_schools if own.count(school) < law.school_year_plans]
    several = [school for school in question.base_schools if own.count(school) > law.school_year_plans]
    failed = clauses_broken(
        ((PLAN, not missing, f"没有方案：{listed(missing)}", f"no plan: {', '.join(missing)}"),), law
    )
    said = (PLAN, not several, f"不止一份方案：{listed(several)}", f"more than one plan: {', '.join(several)}")
    return {"missing": missing, "failed": failed, "warnings": warned((said,), law)}


@decision(
    "feedback",
    asks_zh="反馈的建议是否按期整改",
    facts=FeedbackQuestion,
    clauses=(FEEDBACK,),
)
def feedback(question: FeedbackQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-5-3a: what is open past its day is flagged; the text sets no day, so that only a day set can pass."""
    open_ones = [one for one in question.items if one.closed_on is None or one.closed_on > question.as_of]
    overdue = [one.suggestion for one in open_ones if one.due is not None and one.due < question.as_of]
    law.step(
        "open",
        len(open_ones),
        unit="条",
        clauses=(FEEDBACK,),
        zh="{value}条建议尚未整改。",
        en="{value} suggestions are open.",
    )
    said = (FEEDBACK, not overdue, f"过期未改：{listed(overdue)}", f"overdue: {', '.join(overdue)}")
    return {"open": len(open_ones), "overdue": overdue, "failed": [], "warnings": warned((said,), law)}


@decision(
    "yearly_assessment",
    asks_zh="研训员年度考核的依据",
    facts=AssessmentQuestion,
    clauses=(CONDUCT, SHEET, GRADE),
)
def yearly_assessment(question: AssessmentQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-6-5: the year's terms as judged, conduct, and what follows from the institute's grade (G-Y12).

    The official sheet is not published: this gives what it can be filled in from, and no columns of its own.
    """
    if question.open_incidents < 0:
        raise FactsRefused(field="open_incidents", value=question.open_incidents, problem="count: no less than none")
    breaches: dict[str, int] = {}
    for clause in (clause for term in question.terms for clause in term.failed):
        breaches[clause] = breaches.get(clause, 0) + 1
    passed = law.step(
        "terms_passed",
        sum(1 for term in question.terms if not term.failed),
        unit="学期",
        clauses=(SHEET,),
        zh="{terms}个学期中{value}个达到要求。",
        en="{value} of {terms} terms reached their minima.",
        terms=len(question.terms),
    )
    none_open = question.open_incidents < 1
    said = (CONDUCT, none_open, "有未了结的违反工作纪律的情况", "incidents of conduct are open")
    return {
        "terms": len(question.terms),
        "terms_passed": passed,
        "breaches": breaches,
        "consequence": _consequence(question.grade, law),
        "failed": clauses_broken((said,), law),
    }


def _consequence(grade: str | None, law: Law) -> str | None:
    """YUEQING-6-5c: what the text attaches to a grade; nothing to others."""
    if grade is None or grade not in law.grade_consequences:
        return None
    return law.step(
        "consequence",
        law.grade_consequences[grade],
        clauses=(GRADE,),
        zh="考核为“{grade}”的{value}。",
        en="What follows from the grade: {value}.",
        grade=grade,
    )
