"""What the district does (PUTUO-6-4, 6-5): teams assessed, featured courses shared, schools visited, results spread."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from yanxiu_rulekit import (
    Facts,
    Law,
    Period,
    clauses_broken,
    clauses_to_watch,
    decision,
    must_be_one_of,
    must_count,
    rows_that_hold,
)

from yanxiu_putuo.school_year import school_year_named, second_term

TEAM, COURSE, VISITS, SPREAD = "PUTUO-6-4", "PUTUO-6-5a", "PUTUO-6-5b", "PUTUO-6-5c"
DAY = timedelta(days=1)


class TeamQuestion(Facts, frozen=True, kw_only=True):
    """What does the assessment of a moral-education team (“763”德育团队) look at?"""

    indicators: tuple[str, ...] = ()


class Stage(Facts, frozen=True, kw_only=True):
    """A stage of a featured course (申报, 指导, 认定, 共享) and its day."""

    stage: str
    on: dt.date


class CourseQuestion(Facts, frozen=True, kw_only=True):
    """How far is a featured course, and did its stages come in their order?"""

    stages: tuple[Stage, ...] = ()


class SchoolVisit(Facts, frozen=True, kw_only=True):
    """A visit of professionals to a school: its day and its kind (常规调研, 专项指导), where that is stated."""

    school: str
    on: dt.date
    kind: str | None = None


class VisitsQuestion(Facts, frozen=True, kw_only=True):
    """Was every school visited in the school year, such as 2024-2025?"""

    school_year: str
    schools: tuple[str, ...]
    visits: tuple[SchoolVisit, ...] = ()


class SpreadQuestion(Facts, frozen=True, kw_only=True):
    """How many awards and seminars on head teachers' research did the district hold in a school year?"""

    awards: int = 0
    seminars: int = 0


@decision("team_assessment", asks_zh="德育团队考核是否包括三项内容", facts=TeamQuestion, clauses=(TEAM,))
def team_assessment(question: TeamQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-6-4: courses developed, participation and effect are all in the assessment; others may be beside them."""
    missing = [one for one in rows_that_hold(law.team_indicators) if one not in question.indicators]
    told = ((TEAM, not missing, f"没有考核：{'、'.join(missing)}", f"not assessed: {', '.join(missing)}"),)
    return {"missing": missing, "failed": clauses_broken(told, law)}


@decision("featured_course", asks_zh="特色课程申报走到哪一步", facts=CourseQuestion, clauses=(COURSE,))
def featured_course(question: CourseQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-6-5a: applied for, guided, accepted, shared; a stage passed over or out of order is pointed out."""
    order = rows_that_hold(law.course_stages)
    for index, one in enumerate(question.stages):
        must_be_one_of(order, f"stages[{index}].stage", one.stage)
    days = {one.stage: one.on for one in question.stages}
    reached = next((stage for stage in reversed(order) if stage in days), None)
    due = order[: order.index(reached) + 1] if reached else ()
    missing = [stage for stage in due if stage not in days]
    kept = [days[stage] for stage in due if stage in days]
    told = (
        (COURSE, not missing, f"没有经过：{'、'.join(missing)}", f"passed over: {', '.join(missing)}"),
        (COURSE, kept == sorted(kept), "各步的日期颠倒", "the stages are out of order"),
    )
    shared = reached == order[-1]
    return {"reached": reached, "shared": shared, "missing": missing, "failed": [],
            "warnings": clauses_to_watch(told, law)}  # fmt: skip


@decision("professional_visits", asks_zh="专业人员是否定期到校调研指导", facts=VisitsQuestion, clauses=(VISITS,))
def professional_visits(question: VisitsQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-6-5b: every school is visited in each period of the school year; a school year or a term, as set."""
    for index, one in enumerate(question.visits):
        if one.kind is not None:
            must_be_one_of(rows_that_hold(law.visit_kinds), f"visits[{index}].kind", one.kind)
    year = school_year_named("school_year", question.school_year, law)
    spans = _spans(year, law)
    missing = [
        school
        for school in question.schools
        if not all(_visited(question, school, first, last) >= law.visits_a_period for first, last in spans)
    ]
    told = ((VISITS, not missing, f"没有到校：{'、'.join(missing)}", f"not visited: {', '.join(missing)}"),)
    return {"missing": missing, "failed": clauses_broken(told, law)}


@decision("district_promotion", asks_zh="区级是否组织评优和研讨活动", facts=SpreadQuestion, clauses=(SPREAD,))
def district_promotion(question: SpreadQuestion, law: Law) -> Mapping[str, Any]:
    """PUTUO-6-5c: awards and seminars; the text has no number, so that none at all is pointed out."""
    must_count("awards", question.awards)
    must_count("seminars", question.seminars)
    told = (
        (SPREAD, bool(question.awards), "没有评优活动", "no awards"),
        (SPREAD, bool(question.seminars), "没有研讨活动", "no seminars"),
    )
    return {"events": question.awards + question.seminars, "failed": [], "warnings": clauses_to_watch(told, law)}


def _spans(year: Period, law: Law) -> list[tuple[dt.date, dt.date]]:
    if law.visit_period == "school_year":
        return [(year.start, year.end)]
    second = second_term(year, law)
    return [(year.start, second - DAY), (second, year.end)]


def _visited(question: VisitsQuestion, school: str, first: dt.date, last: dt.date) -> int:
    return sum(1 for one in question.visits if one.school == school and first <= one.on <= last)
