"""What the credits service asks: a teacher's standing in a calendar year, and in the five years of the plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import (
    CreditLine,
    CreditRules,
    Finding,
    Law,
    Period,
    Standing,
    StandingRule,
    Teacher,
    breached,
    measured,
)

from yanxiu_ouhai.by_column import CYCLE_COLUMNS, YEAR_COLUMNS
from yanxiu_ouhai.credits import (
    CLAUSE,
    ELASTIC,
    RecordQuestion,
    school_counted,
    share_findings,
    tell_crossed,
    verdict_of,
)
from yanxiu_ouhai.measures import BY_SOURCE, IN_ALL
from yanxiu_ouhai.occasions import attended_facts, move
from yanxiu_ouhai.plan import CLAUSE as PLAN


def attributes(question: RecordQuestion, _result: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a credit line must keep: where the training came from."""
    return {"source": question.record.source}


def year_of(day: date, _law: Law) -> Period:
    """Return the calendar year of a day (G-O02)."""
    return Period(kind="year", label=f"{day.year}年度", start=date(day.year, 1, 1), end=_last_day(day.year))


def cycle_of(day: date, law: Law) -> Period:
    """OUHAI-2-2: the five years of a day, counted from the first year of the plan."""
    length, first = int(law.cycle_years), int(law.cycle_start)
    start = first + (day.year - first) // length * length
    last = start + length - 1
    return Period(kind="cycle", label=f"{start}—{last}年周期", start=date(start, 1, 1), end=_last_day(last))


def _last_day(year: int) -> date:
    return date(year + 1, 1, 1) - timedelta(days=1)


def judge_year(period: Period, lines: tuple[CreditLine, ...], _teacher: Teacher, law: Law) -> Standing:
    """Return the credits of a year by source; the text asks nothing of a single year, so that nothing is failed."""
    figures = measured((*BY_SOURCE, *IN_ALL), lines, law)
    school, other = figures["school_credits"], figures["other_credits"]
    law.step(
        "credits",
        school + other,
        unit="学分",
        clauses=(CLAUSE,),
        zh="{label}校本研修{school}学分，其他研修{other}学分，合计{value}学分；文件没有规定年度下限。",
        en="{school} credits of school-based research and {other} of other training: {value}; no minimum for a year.",
        label=period.label,
        school=school,
        other=other,
    )
    return _standing(period, figures, school + other, (), {"school_credits": school, "other_credits": other}, law)


def judge_cycle(period: Period, lines: tuple[CreditLine, ...], _teacher: Teacher, law: Law) -> Standing:
    """Return the standing in five years: 360 credits, with the share of school-based ones that the district announced.

    `recognised_credits` are those that count after the greatest share.
    """
    figures = measured((*BY_SOURCE, *IN_ALL), lines, law)
    school, other = figures["school_credits"], figures["other_credits"]
    tell_crossed(law)
    counted = school_counted(school, None, law)
    findings = share_findings(school, counted + other, None, law)
    measures = {
        "school_credits": school,
        "other_credits": other,
        "school_counted": counted,
        "total_counted": counted + other,
    }
    return _standing(period, figures, counted + other, findings, measures, law)


def _standing(
    period: Period,
    figures: Mapping[str, Decimal],
    recognised: Decimal,
    findings: tuple[Finding, ...],
    measures: Mapping[str, Decimal],
    law: Law,
) -> Standing:
    failed = list(dict.fromkeys(breached(findings)))
    return Standing(
        period=period,
        verdict=verdict_of(met=not failed),
        hours=figures["hours"],
        credits=figures["credits"],
        recognised_hours=figures["hours"],
        recognised_credits=recognised,
        findings=findings,
        measures=measures,
        result={**measures, "failed": failed},
        steps=tuple(law.steps),
    )


CREDIT_RULES = CreditRules(
    record="record",
    attributes=attributes,
    project_facts=("source", "credits"),
    hours_unit="学时",
    credits_unit="学分",
    standings=(
        StandingRule(
            period="year",
            label_zh="年度",
            label_en="calendar year",
            clauses=(PLAN, CLAUSE),
            period_of=year_of,
            judge=judge_year,
            columns=YEAR_COLUMNS,
        ),
        StandingRule(
            period="cycle",
            label_zh="五年周期",
            label_en="five-year cycle",
            clauses=(PLAN, CLAUSE, ELASTIC),
            period_of=cycle_of,
            judge=judge_cycle,
            columns=CYCLE_COLUMNS,
        ),
    ),
    attended=attended_facts,
    attendance_per="session",
    transfer=move,
)
