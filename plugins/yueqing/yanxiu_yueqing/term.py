"""A researcher's term (YUEQING-6-3, 5-2, 5-3, 6-4): each minimum held by itself, none standing in for another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import (
    Facts,
    FactsRefused,
    Finding,
    Law,
    Requirement,
    breached,
    decision,
    hold,
    must_be_one_of,
    must_count,
    whole_below,
)

from yanxiu_yueqing.checks import listed, warned

WEEKLY, DAYS, LESSONS = "YUEQING-6-3a", "YUEQING-6-3b", "YUEQING-6-3c"
ACTIVITIES, SEMINARS = "YUEQING-6-3d", "YUEQING-6-3e"
MONTHLY, REPORT, EXCHANGE, PAPERS, OTHERS = (
    "YUEQING-5-2c",
    "YUEQING-5-2d",
    "YUEQING-5-3b",
    "YUEQING-6-4",
    "YUEQING-6-2",
)
WHOLE_DAYS = "whole days only, calendar day max 1"
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_WEEK = Decimal(timedelta(weeks=1).days)


class Activity(Facts, frozen=True, kw_only=True):
    """A collective preparation, a themed activity, or another; of the researcher's own subject unless it is said."""

    kind: str
    own_subject: bool = True


class TermQuestion(Facts, frozen=True, kw_only=True):
    """Does a researcher's term reach its minima? What is not stated is in order.

    Days stand by teaching week, in their order; of these the last `open_weeks` are not over. `days_outside_weeks` are
    days in base schools in weeks that are no teaching weeks. `schools` counts those linked, for reports by school.
    `term_months` are those that want a summary, such as `2021-03`.
    """

    visit_days_by_teaching_week: tuple[Decimal, ...] | None = None
    open_weeks: int = 0
    days_outside_weeks: Decimal = Decimal(0)
    lessons_observed: int | None = None
    lessons_observed_and_commented: int | None = None
    activities: tuple[Activity, ...] | None = None
    other_subject_activities: int | None = None
    seminar_scopes: tuple[str, ...] | None = None
    term_months: tuple[str, ...] = ()
    monthly_summaries: tuple[str, ...] | None = None
    term_reports: int | None = None
    schools: int = 1
    exchange_scopes: tuple[str, ...] | None = None
    documents: Mapping[str, bool] = {}


def _least(clause: str, measure: str, parameter: str, label: str, label_en: str, unit: str) -> Requirement:
    return Requirement(
        clause=clause,
        measure=measure,
        operator="at_least",
        parameter=parameter,
        label_zh=label,
        label_en=label_en,
        unit=unit,
    )


def _most(clause: str, measure: str, parameter: str, label: str, label_en: str, unit: str) -> Requirement:
    return Requirement(
        clause=clause,
        measure=measure,
        operator="at_most",
        parameter=parameter,
        label_zh=label,
        label_en=label_en,
        unit=unit,
    )


MINIMA = (
    _most(WEEKLY, "weeks_below_minimum", "weeks_below_allowed", "进校天数不足的周", "weeks below their days", "周"),
    _least(DAYS, "visit_days", "term_days", "到基地学校调研", "days in base schools", "天"),
    _least(LESSONS, "observed_and_commented", "term_lessons", "听评课", "lessons observed and commented on", "节"),
    _least(ACTIVITIES, "prep_and_theme", "prep_and_theme", "集体备课、主题教研", "preparations and themes", "次"),
    _least(ACTIVITIES, "fewest_of_each", "prep_and_theme", "各类活动中最少的", "the rarer of both kinds", "次"),
    _least(SEMINARS, "seminars", "seminars", "片区或全市主题研讨", "seminars of the area or city", "次"),
    _most(MONTHLY, "months_missing", "months_missing_allowed", "没有小结的月份", "months without a summary", "个月"),
    _least(REPORT, "reports_per_owed", "term_reports", "蹲点调研工作报告", "residency reports", "篇"),
    _least(EXCHANGE, "exchanges", "exchanges", "教学经验交流会", "exchange meetings", "次"),
)


@decision(
    "researcher_term",
    asks_zh="研训员一学期的蹲点工作是否达到要求",
    facts=TermQuestion,
    clauses=(WEEKLY, DAYS, LESSONS, ACTIVITIES, SEMINARS, MONTHLY, REPORT, EXCHANGE, PAPERS, OTHERS),
)
def researcher_term(question: TermQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-6-3a to e, 5-2c, 5-2d, 5-3b, 6-4: each is held by itself; 6-2 only warns."""
    _check(question, law)
    measures = measured_term(question, law)
    missing = _months_missing(question)
    findings = hold_term(measures, law)
    for finding in findings:
        _tell(finding, missing, law)
    failed = [*dict.fromkeys(breached(findings)), *_papers_missing(question, law)]
    return {
        "metrics": {
            "visit_days": measures["visit_days"],
            "observed_and_commented": measures["observed_and_commented"],
            "prep_and_theme": measures["prep_and_theme"],
            "seminars": measures["seminars"],
            "months_missing": missing,
            "exchanges": measures["exchanges"],
            "weeks_below_minimum": measures["weeks_below_minimum"],
        },
        "failed": failed,
        "warnings": _other_subjects(question, law),
        "verdict": "FAIL" if failed else "PASS",
    }


def hold_term(measures: Mapping[str, Any], law: Law) -> tuple[Finding, ...]:
    """Hold the minima of which something is stated; the two readings of YUEQING-6-3d exclude each other (G-Y04)."""
    left_out = "fewest_of_each" if law.combined_prep_theme else "prep_and_theme"
    law.take_readings()
    wanted = [one for one in MINIMA if one.measure != left_out and measures[one.measure] is not None]
    return hold(wanted, {one.measure: Decimal(measures[one.measure]) for one in wanted}, law)


def measured_term(question: TermQuestion, law: Law) -> dict[str, Any]:
    """Return every figure of a term, None for what is not stated."""
    kinds = _by_kind(question, law)
    seminars = _counted(question.seminar_scopes, law.seminar_scopes)
    exchanges = _counted(question.exchange_scopes, law.exchange_levels)
    if law.seminar_and_exchange_double_count and seminars is not None and exchanges is not None:
        seminars = exchanges = seminars + exchanges
    return {
        **_days(question, law),
        "observed_and_commented": _lessons(question),
        "prep_and_theme": sum(kinds.values()) if kinds is not None else None,
        "fewest_of_each": min(kinds.values()) if kinds is not None else None,
        "seminars": seminars,
        "months_missing": None if question.monthly_summaries is None else len(_months_missing(question)),
        "reports_per_owed": _reports(question, law),
        "exchanges": exchanges,
    }


def _days(question: TermQuestion, law: Law) -> dict[str, Any]:
    """YUEQING-6-3a, 6-3b: days of the term, and the weeks over that stay below (G-Y02)."""
    given = question.visit_days_by_teaching_week
    if given is None:
        return {"visit_days": None, "weeks_below_minimum": None}
    whole_only = law.day_unit == WHOLE_DAYS
    days = [whole_below(one) if whole_only else one for one in given]
    outside = whole_below(question.days_outside_weeks) if whole_only else question.days_outside_weeks
    over = days[: len(days) - question.open_weeks]
    return {
        "visit_days": sum(days, outside),
        "weeks_below_minimum": sum(1 for one in over if one < law.weekly_min_days),
    }


def _lessons(question: TermQuestion) -> int | None:
    """YUEQING-6-3c: those commented on (G-Y03); where comments are not stated, they are in order."""
    commented = question.lessons_observed_and_commented
    return question.lessons_observed if commented is None else commented


def _by_kind(question: TermQuestion, law: Law) -> dict[str, int] | None:
    if question.activities is None:
        return None
    own = [one.kind for one in question.activities if one.own_subject]
    return {kind: own.count(kind) for kind in law.prep_kinds if law.prep_kinds[kind]}


def _counted(scopes: Sequence[str] | None, among: Mapping[str, Any]) -> int | None:
    return None if scopes is None else sum(1 for one in scopes if among.get(one))


def _reports(question: TermQuestion, law: Law) -> Decimal | int | None:
    """YUEQING-5-2d: reports for each one that is owed: of the researcher, or of each school (G-Y11)."""
    if question.term_reports is None or law.report_per == "researcher":
        return question.term_reports
    return question.term_reports // question.schools


def _months_missing(question: TermQuestion) -> list[str]:
    if question.monthly_summaries is None:
        return []
    return [month for month in question.term_months if month not in question.monthly_summaries]


def _papers_missing(question: TermQuestion, law: Law) -> list[str]:
    """YUEQING-6-4: the plan, the schedule and the summary."""
    missing = [name for name, present in question.documents.items() if not present]
    law.step(
        "documents",
        len(missing),
        unit="份",
        clauses=(PAPERS,),
        zh=f"缺{{value}}份文件：{listed(missing)}。" if missing else "总体工作计划、学期工作安排、总结没有缺少的。",
        en=f"{{value}} documents missing: {', '.join(missing)}." if missing else "No document is missing.",
    )
    return [PAPERS] if missing else []


def _other_subjects(question: TermQuestion, law: Law) -> list[str]:
    """YUEQING-6-2: other subjects too; the text gives no number, so that fewer only warns."""
    stated = question.other_subject_activities
    if stated is None:
        return []
    among = sum(1 for one in question.activities or () if not one.own_subject)
    enough = stated + among >= law.other_subject_activities
    return warned(((OTHERS, enough, "没有参与其他学科的校本研训活动", "no activity of another subject"),), law)


def _tell(finding: Finding, missing: Sequence[str], law: Law) -> None:
    named = f"（{listed(missing)}）" if finding.measure == "months_missing" and missing else ""
    least = finding.operator == "at_least"
    law.step(
        finding.measure,
        finding.earned,
        unit=finding.unit,
        clauses=(finding.clause,),
        readings=finding.readings,
        zh="{label}{value}{of}" + named + ("，不少于" if least else "，不多于") + "{threshold}{of}"
        + ("，已达到。" if finding.met else "，差{shortfall}{of}。" if least else "，多{shortfall}{of}。"),
        en="{label_en}: {value}, " + ("at least" if least else "at most") + " {threshold}"
        + ("; met." if finding.met else "; {shortfall} short." if least else "; {shortfall} too many."),
        of=finding.unit,
        label=finding.label_zh,
        label_en=finding.label_en,
        threshold=finding.threshold,
        shortfall=finding.shortfall,
    )  # fmt: skip


def _check(question: TermQuestion, law: Law) -> None:
    weeks = question.visit_days_by_teaching_week or ()
    must_count("open_weeks", question.open_weeks, len(weeks))
    for index, days in enumerate(weeks):
        _days_hold(f"visit_days_by_teaching_week[{index}]", days, law)
        if days > _WEEK:
            problem = "more days than a week has; a calendar day counts once at most"
            raise FactsRefused(field=f"visit_days_by_teaching_week[{index}]", value=days, problem=problem)
    _days_hold("days_outside_weeks", question.days_outside_weeks, law)
    must_count("lessons_observed", question.lessons_observed)
    must_count("lessons_observed_and_commented", question.lessons_observed_and_commented, question.lessons_observed)
    must_count("other_subject_activities", question.other_subject_activities)
    must_count("term_reports", question.term_reports)
    if question.schools < 1:
        raise FactsRefused(field="schools", value=question.schools, problem="a researcher links one school at least")
    for name in question.documents:
        must_be_one_of(tuple(law.documents), f"documents.{name}", name)
    for field in ("term_months", "monthly_summaries"):
        for index, month in enumerate(getattr(question, field) or ()):
            if not _MONTH.fullmatch(month):
                raise FactsRefused(field=f"{field}[{index}]", value=month, problem="no month; write it as 2021-03")


def _days_hold(field: str, days: Decimal, law: Law) -> None:
    if days < 0 or days % law.half_day:
        raise FactsRefused(field=field, value=days, problem="count whole and half days: 1, 0.5")
