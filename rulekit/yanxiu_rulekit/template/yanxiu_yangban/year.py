"""The school year (YANGBAN-3): credits against the minimum, for one teacher and for all at once."""

from __future__ import annotations

from datetime import date, timedelta

from yanxiu_rulekit import (
    CreditLine,
    Law,
    Measure,
    Period,
    Requirement,
    Standing,
    StandingRule,
    Teacher,
    breached,
    every_line,
    hold,
    measured,
)
from yanxiu_rulekit.columns import ColumnRule, Judged, Sheet, each, met_where

MEASURES = (
    Measure(name="hours", amount="hours", counts=every_line),
    Measure(name="credits", amount="credits", counts=every_line),
)
MINIMUM = Requirement(
    clause="YANGBAN-3",
    measure="credits",
    operator="at_least",
    parameter="year_credits",
    label_zh="学年学分",
    label_en="credits of the school year",
    unit="学分",
)


def school_year_of(day: date, law: Law) -> Period:
    """Return the school year that contains the day; the summer belongs to the year that ends."""
    month = int(law.school_year_start_month)
    first = day.year if day.month >= month else day.year - 1
    return Period(
        kind="school_year",
        label=f"{first}-{first + 1}学年",
        start=date(first, month, 1),
        end=date(first + 1, month, 1) - timedelta(days=1),
    )


def judge(period: Period, lines: tuple[CreditLine, ...], _teacher: Teacher, law: Law) -> Standing:
    """Judge one teacher's school year."""
    figures = measured(MEASURES, lines, law)
    findings = hold([MINIMUM], figures, law)
    for finding in findings:
        law.step(
            finding.measure,
            finding.earned,
            unit=finding.unit,
            clauses=(finding.clause,),
            readings=finding.readings,
            zh="{label}{value}学分，要求不少于{threshold}学分，尚缺{shortfall}学分。",
            en="Credits: {value}, at least {threshold} wanted, {shortfall} missing.",
            label=finding.label_zh,
            threshold=finding.threshold,
            shortfall=finding.shortfall,
        )
    return Standing(
        period=period,
        verdict=verdict(not breached(findings)),
        hours=figures["hours"],
        credits=figures["credits"],
        recognised_hours=figures["hours"],
        recognised_credits=figures["credits"],
        findings=findings,
        measures=figures,
        result={"failed": breached(findings)},
        steps=tuple(law.steps),
    )


def judge_all(_period: Period, sheet: Sheet, law: Law) -> Judged:
    """Judge the same of all teachers of a sheet, from the same measures and requirements."""
    figures = sheet.measured(MEASURES, law)
    findings = hold([MINIMUM], figures, law)
    return Judged(
        verdict=each(verdict, *map(met_where, findings)).verdict(str),
        hours=figures["hours"],
        credits=figures["credits"],
        recognised_hours=figures["hours"],
        recognised_credits=figures["credits"],
        findings=findings,
    )


def verdict(met: bool) -> str:
    """Return the verdict."""
    return "PASS" if met else "FAIL"


def as_it_is(line: CreditLine) -> CreditLine:
    """Return a line as the ledger holds it."""
    return line


SCHOOL_YEAR = StandingRule(
    period="school_year",
    label_zh="学年",
    label_en="school year",
    clauses=("YANGBAN-3",),
    period_of=school_year_of,
    judge=judge,
    columns=ColumnRule(read=as_it_is, amounts=("hours", "credits"), judge=judge_all),
)
