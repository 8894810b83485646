"""The school year (PUTUO-5-1a, 5-1b, 5-1c, 5-3c): forty class hours, credits by term, a person's standing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import (
    Amount,
    CreditLine,
    FactsRefused,
    Finding,
    Law,
    Period,
    Requirement,
    Standing,
    Teacher,
    breached,
    choose,
    decision,
    hold,
    measured,
)

from yanxiu_putuo.credits import posted_credits, unused_hours
from yanxiu_putuo.facts import ProvisionFacts, TermHours, YearFacts
from yanxiu_putuo.measures import BY_CLASS, BY_SLOT, CREDITS

_NAMED = re.compile(r"(?P<first>\d{4})-(?P<second>\d{4})", re.ASCII)

PERSON_HOURS = Requirement(
    clause="PUTUO-5-1b",
    measure="person_hours",
    operator="at_least",
    parameter="school_year_hours",
    label_zh="个人学年研修课时",
    label_en="class hours attended in the school year",
    unit="课时",
)
SCHOOL_HOURS = Requirement(
    clause="PUTUO-5-1b",
    measure="school_hours",
    operator="at_least",
    parameter="school_year_hours",
    label_zh="学校固定安排的学年课时",
    label_en="class hours of the school's fixed provision in the school year",
    unit="课时",
)


@decision(
    "year_credits",
    asks_zh="一名班主任一学年的课时学分",
    facts=YearFacts,
    clauses=("PUTUO-5-3a", "PUTUO-5-3b", "PUTUO-5-1b", "PUTUO-5-3c"),
    day=lambda facts: facts.date,
)
def year_credits(facts: YearFacts, law: Law) -> Mapping[str, Any]:
    """Return the credits of each term and of the school year, and whether the forty class hours are reached."""
    _check_terms(facts.terms, law)
    terms = () if law.refusals else facts.terms
    posted = posted_credits(terms, law)
    hours = sum((term.lecture + term.practice for term in terms), Decimal(0))
    findings = hold([PERSON_HOURS], {"person_hours": hours}, law)
    _say(findings, law)
    return {
        "term_credits": list(posted),
        "year_credits": sum(posted, Decimal(0)),
        "unused": unused_hours(terms, law),
        "year_hours": hours,
        "hours_ok": findings[0].met,
        "failed": breached(findings),
    }


@decision(
    "hours_40",
    asks_zh="学校安排和个人完成是否达到每学年课时数",
    facts=ProvisionFacts,
    clauses=("PUTUO-5-1a", "PUTUO-5-1b", "PUTUO-5-1c"),
    day=lambda facts: facts.date,
)
def hours_40(facts: ProvisionFacts, law: Law) -> Mapping[str, Any]:
    """Test the school's fixed provision and the person's attendance, each against the forty class hours."""
    _check_provision(facts, law)
    fixed = _given(facts.attended_fixed, facts.fixed_hours)
    flexible = _given(facts.attended_flexible, facts.flexible_hours)
    school = facts.fixed_hours + choose(
        (law.flexible_counts_for_school_fixed, facts.flexible_hours), otherwise=Decimal(0)
    )
    person = _given(facts.attended_hours, person_hours(fixed, flexible, law))
    findings = hold([SCHOOL_HOURS, PERSON_HOURS], {"school_hours": school, "person_hours": person}, law)
    _say(findings, law)
    return {
        "school_provision": school,
        "school_ok": findings[0].met,
        "person_hours": person,
        "person_ok": findings[1].met,
        "failed": list(dict.fromkeys(breached(findings))),
    }


def person_hours(fixed: Amount, flexible: Amount, law: Law) -> Amount:
    """Return the class hours that count for a person: fixed ones, and flexible ones where the district counts them."""
    return fixed + choose((law.flexible_counts_for_person, flexible), otherwise=Decimal(0))


def school_year_of(day: date, law: Law) -> Period:
    """Return the school year that contains the day; the summer holidays belong to the year that ends."""
    month = int(law.school_year_start_month)
    first = day.year if day.month >= month else day.year - 1
    return Period(
        kind="school_year",
        label=f"{first}-{first + 1}学年",
        start=date(first, month, 1),
        end=date(first + 1, month, 1) - timedelta(days=1),
    )


def school_year_named(field: str, name: str, law: Law) -> Period:
    """Return the school year of a name such as 2024-2025; refuses another form by the field."""
    found = _NAMED.fullmatch(name)
    if found is None or not int(found["first"]) or int(found["second"]) != int(found["first"]) + 1:
        raise FactsRefused(field=field, value=name, problem="write it like 2024-2025")
    return school_year_of(date(int(found["first"]), int(law.school_year_start_month), 1), law)


def judge_school_year(period: Period, lines: tuple[CreditLine, ...], teacher: Teacher, law: Law) -> Standing:
    """Judge one head teacher's school year: hours against the minimum, credits as they are posted term by term.

    `credits` are the exact credits of the sessions, `recognised_credits` those posted after the treatment of
    fractions. Who is no head teacher is not addressed (PUTUO-0-1) and is EXEMPT; what is short is told all the same.
    """
    figures = measured((*BY_SLOT, *BY_CLASS, *CREDITS), lines, law)
    fixed, flexible = figures["fixed_hours"], figures["flexible_hours"]
    hours = law.step(
        "person_hours",
        person_hours(fixed, flexible, law),
        unit="课时",
        clauses=("PUTUO-5-1b", "PUTUO-5-1c"),
        zh="本学年固定安排{fixed}课时，灵活安排{flexible}课时，计入{value}课时。",
        en="In this school year {fixed} class hours in fixed and {flexible} in flexible sessions: {value} count.",
        fixed=fixed,
        flexible=flexible,
    )
    terms = terms_of(period, lines, law)
    posted = posted_credits(terms, law)
    findings = hold([PERSON_HOURS], {"person_hours": hours}, law)
    _say(findings, law)
    return Standing(
        period=period,
        verdict=verdict_of(addressed=teacher.head_teacher, met=not breached(findings)),
        hours=fixed + flexible,
        credits=figures["credits"],
        recognised_hours=hours,
        recognised_credits=sum(posted, Decimal(0)),
        findings=findings,
        measures={
            "person_hours": hours,
            **{name: figure for name, figure in figures.items() if name != "credits"},
        },
        result={"term_credits": list(posted), "unused": unused_hours(terms, law), "failed": breached(findings)},
        steps=tuple(law.steps),
    )


def verdict_of(*, addressed: bool, met: bool) -> str:
    """PUTUO-0-1, 5-1b: only head teachers are addressed, and the class hours bind them."""
    return choose((not addressed, "EXEMPT"), (met, "PASS"), otherwise="FAIL")


def second_term(year: Period, law: Law) -> date:
    """Return the first day of the second term of a school year."""
    return date(year.end.year, int(law.second_term_start_month), 1)


def terms_of(period: Period, lines: Sequence[CreditLine], law: Law) -> tuple[TermHours, ...]:
    """Return the class hours of both terms of a school year, by class."""
    second = second_term(period, law)
    halves = ([line for line in lines if line.on < second], [line for line in lines if line.on >= second])
    return tuple(term_hours(number, measured(BY_CLASS, half, law)) for number, half in enumerate(halves, start=1))


def term_hours(number: int, figures: Mapping[str, Any]) -> TermHours:
    """Return the class hours of a term from its measures."""
    return TermHours(term=number, lecture=figures["lecture_hours"], practice=figures["practice_hours"])


def _given(stated: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if stated is None else stated


def _check_terms(terms: Sequence[TermHours], law: Law) -> None:
    seen: set[int] = set()
    for index, term in enumerate(terms):
        for name, hours in (("lecture", term.lecture), ("practice", term.practice)):
            if hours < 0:
                _refuse_hours(f"terms[{index}].{name}", hours, law)
        if seen and term.term <= max(seen):
            law.refuse(
                "TERM_ORDER",
                field=f"terms[{index}].term",
                value=term.term,
                clauses=("PUTUO-5-3c",),
                zh="学期须按先后各写一次，{value}重复或次序有误。",
                en="Terms come in order, each once; {value} is repeated or out of order.",
                remedy=("合并同一学期的课时，按先后排列。", "Add up the hours of one term and put the terms in order."),
            )
        seen.add(term.term)


def _check_provision(facts: ProvisionFacts, law: Law) -> None:
    for name in ("fixed_hours", "flexible_hours", "attended_fixed", "attended_flexible", "attended_hours"):
        hours = getattr(facts, name)
        if hours is not None and hours < 0:
            _refuse_hours(name, hours, law)


def _refuse_hours(field: str, hours: Decimal, law: Law) -> None:
    law.refuse(
        "HOURS_OUT_OF_RANGE",
        field=field,
        value=hours,
        clauses=("PUTUO-5-1b",),
        zh="课时不能小于0，现为{value}。",
        en="Class hours cannot be below 0; found {value}.",
        remedy=("改为实际课时。", "Give the hours that were held."),
    )


def _say(findings: Sequence[Finding], law: Law) -> None:
    for finding in findings:
        law.step(
            finding.measure,
            finding.earned,
            unit=finding.unit,
            clauses=(finding.clause,),
            readings=finding.readings,
            zh="{label_zh}{value}课时，要求不少于{threshold}课时，"
            + ("已达到。" if finding.met else "尚缺{shortfall}课时。"),
            en="{label_en}: {value}, at least {threshold} wanted; "
            + ("reached." if finding.met else "{shortfall} are missing."),
            label_zh=finding.label_zh,
            label_en=finding.label_en,
            threshold=finding.threshold,
            shortfall=finding.shortfall,
        )
