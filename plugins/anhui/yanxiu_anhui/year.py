"""The year (ANHUI-3, 4): 24 hours of school-based training for everyone in the audience, one by one and all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import (
    CreditLine,
    Facts,
    FactsRefused,
    Finding,
    Law,
    Measure,
    Period,
    Requirement,
    Standing,
    StandingRule,
    Teacher,
    breached,
    decision,
    every_line,
    hold,
    last_day_of_years,
    measured,
)
from yanxiu_rulekit.columns import ColumnRule, Judged, Sheet, each, met_where

AUDIENCE, HOURS = "ANHUI-3", "ANHUI-4"
# The text's own long names of two kinds of staff.
IN_FULL = {"教学辅助人员": "教辅", "管理人员": "管理"}
MEASURES = (
    Measure(name="hours", amount="hours", counts=every_line),
    Measure(name="credits", amount="credits", counts=every_line),
)
MINIMUM = Requirement(
    clause=HOURS,
    measure="hours",
    operator="at_least",
    parameter="year_hours",
    label_zh="校本培训学时",
    label_en="hours of school-based training",
    unit="学时",
)


class Person(Facts, frozen=True, kw_only=True):
    """A member of staff: 干部, 教师, 教辅, 管理 or another; a post or title that is not stated is in order."""

    kind: str = "教师"
    has_post: bool | None = None
    has_title: bool | None = None


class YearQuestion(Person, frozen=True, kw_only=True):
    """Did a person complete the hours of a year?"""

    hours: Decimal


@decision("scope", asks_zh="是否为校本培训的对象", facts=Person, clauses=(AUDIENCE,))
def scope(person: Person, law: Law) -> Mapping[str, Any]:
    """ANHUI-3: cadres and teachers; support and administrative staff with a post or a title; nobody else."""
    return {"in_scope": _in_scope(person, law)}


@decision("year_hours", asks_zh="一年的校本培训学时是否完成", facts=YearQuestion, clauses=(AUDIENCE, HOURS))
def year_hours(question: YearQuestion, law: Law) -> Mapping[str, Any]:
    """ANHUI-4: hours against the minimum; what is short is told also of who is not in the audience."""
    if question.hours < 0:
        raise FactsRefused(field="hours", value=question.hours, problem="below zero; give the hours attended")
    in_scope = _in_scope(question, law)
    findings = hold([MINIMUM], {"hours": question.hours}, law)
    _say(findings, law)
    return {"in_scope": in_scope, "ok": findings[0].met, "failed": breached(findings)}


def year_of(day: date, law: Law) -> Period:
    """Return the year that contains the day: a calendar year, or a school year where the district says so (G-A08)."""
    if law.year_kind == "calendar":
        return Period(kind="year", label=f"{day.year}年度", start=date(day.year, 1, 1), end=_last(date(day.year, 1, 1)))
    month = int(law.school_year_start_month)
    start = date(day.year if day.month >= month else day.year - 1, month, 1)
    return Period(kind="year", label=f"{start.year}-{start.year + 1}学年", start=start, end=_last(start))


def judge(period: Period, lines: tuple[CreditLine, ...], _teacher: Teacher, law: Law) -> Standing:
    """Judge one teacher's year; whoever is in the register of teachers is in the audience."""
    figures = measured(MEASURES, lines, law)
    findings = hold([MINIMUM], figures, law)
    _say(findings, law)
    return Standing(
        period=period,
        verdict=verdict(not breached(findings)),
        hours=figures["hours"],
        credits=figures["credits"],
        recognised_hours=figures["hours"],
        recognised_credits=figures["credits"],
        findings=findings,
        measures={"hours": figures["hours"]},
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


def _last(start: date) -> date:
    return last_day_of_years(start, 1)


def _in_scope(person: Person, law: Law) -> bool:
    qualified = person.has_post is not False or person.has_title is not False
    kind = IN_FULL.get(person.kind, person.kind)
    found = kind in law.audience and (qualified or not law.audience[kind])
    return law.step(
        "in_scope",
        found,
        clauses=(AUDIENCE,),
        zh="{kind}" + ("是培训对象。" if found else "不是培训对象。"),
        en="{kind}: " + ("in the audience." if found else "not in the audience."),
        kind=person.kind,
    )


def _say(findings: Sequence[Finding], law: Law) -> None:
    for finding in findings:
        law.step(
            finding.measure,
            finding.earned,
            unit=finding.unit,
            clauses=(finding.clause,),
            readings=finding.readings,
            zh="{label}{value}学时，要求{threshold}学时，尚缺{shortfall}学时。",
            en="Hours: {value}, {threshold} wanted, {shortfall} missing.",
            label=finding.label_zh,
            threshold=finding.threshold,
            shortfall=finding.shortfall,
        )


YEAR = StandingRule(
    period="year",
    label_zh="年度",
    label_en="year",
    clauses=(AUDIENCE, HOURS),
    period_of=year_of,
    judge=judge,
    columns=ColumnRule(read=as_it_is, amounts=("hours", "credits"), judge=judge_all),
)
