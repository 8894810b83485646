"""What the programme strives for (YUEQING-3): targets that are reported and never failed; who is young enough."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import (
    Facts,
    FactsRefused,
    Finding,
    Law,
    Requirement,
    age_on,
    breached,
    decision,
    hold,
    must_count,
    share,
)

BASES, BRAND, ADVANCED, FAMOUS, YOUNG = "YUEQING-3-1a", "YUEQING-3-1b", "YUEQING-3-1c", "YUEQING-3-2a", "YUEQING-3-2b"


class TargetsQuestion(Facts, frozen=True, kw_only=True):
    """Does the programme reach its targets? Counts of schools and teachers by the target day.

    A count that is not stated is in order. Demonstration bases count over the whole programme, all else among the
    `base_schools`.
    """

    base_schools: int
    demo_bases_by_2022_06_30: int | None = None
    schools_with_brand: int | None = None
    schools_with_advanced_group: int | None = None
    schools_with_famous_teacher: int | None = None
    young_teachers: int | None = None
    young_participants: int | None = None
    young_winners: int | None = None


class AgeQuestion(Facts, frozen=True, kw_only=True):
    """Is a teacher young enough for the quality-lesson contest, on its day?"""

    birth: date
    reference_date: date | None = None


def _target(clause: str, measure: str, parameter: str, label: str, en: str, unit: str, of: str | None) -> Requirement:
    return Requirement(
        clause=clause,
        measure=measure,
        operator="at_least",
        parameter=parameter,
        label_zh=label,
        label_en=en,
        unit=unit,
        of=of,
        binding=False,
    )


TARGETS = (
    _target(BASES, "demo_bases", "demo_bases", "学科研训“示范”基地", "demonstration bases", "所", None),
    _target(BRAND, "with_brand", "brand_share", "有品牌项目的基地学校", "with a brand project", "所", "base_schools"),
    _target(
        ADVANCED,
        "with_advanced",
        "advanced_share",
        "有先进教研组的基地学校",
        "with an advanced group",
        "所",
        "base_schools",
    ),
    _target(
        FAMOUS, "with_famous", "famous_share", "有名优教师的基地学校", "with a famous teacher", "所", "base_schools"
    ),
    _target(YOUNG, "participants", "young_share", "参与优质课评比的青年教师", "in the contest", "人", "young_teachers"),
)


@decision(
    "programme_targets",
    asks_zh="研训基地的工作目标（力争）是否达到",
    facts=TargetsQuestion,
    clauses=(BASES, BRAND, ADVANCED, FAMOUS, YOUNG),
)
def programme_targets(question: TargetsQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-3-1a to 3-2b: exact fractions, bounds included (G-Y06); a missed target is no failure (G-Y07)."""
    _check(question)
    findings = hold_targets(question, law)
    missed = breached(findings)
    for finding in findings:
        _tell(finding, law)
    percent = {
        "brand_pct": _percent(question.schools_with_brand, question.base_schools, law),
        "advanced_pct": _percent(question.schools_with_advanced_group, question.base_schools, law),
        "participation_pct": _percent(question.young_participants, question.young_teachers, law),
        "award_pct": _percent(question.young_winners, question.young_teachers, law),
    }
    return {**percent, "missed_targets": missed, "all_targets_met": not missed, "failed": []}


def hold_targets(question: TargetsQuestion, law: Law) -> tuple[Finding, ...]:
    """Hold each target of which something is stated."""
    measures: dict[str, Any] = {
        "demo_bases": question.demo_bases_by_2022_06_30,
        "base_schools": question.base_schools,
        "with_brand": question.schools_with_brand,
        "with_advanced": question.schools_with_advanced_group,
        "with_famous": question.schools_with_famous_teacher,
        "young_teachers": question.young_teachers,
        "participants": question.young_participants,
    }
    stated = {name: Decimal(count) for name, count in measures.items() if count is not None}
    return hold([one for one in TARGETS if one.measure in stated and (one.of or one.measure) in stated], stated, law)


def _percent(part: int | None, whole: int | None, law: Law) -> Decimal | None:
    """Return part of whole in the hundred, for display; None where there is nothing to divide."""
    if part is None or not whole:
        return None
    return share(Decimal(part) * law.percent, Decimal(whole), int(law.percent_places))


def _tell(finding: Finding, law: Law) -> None:
    law.step(
        finding.measure,
        finding.earned,
        unit=finding.unit,
        clauses=(finding.clause,),
        readings=finding.readings,
        zh="力争目标：{label}{value}{of}，目标{threshold}{of}"
        + ("，已达到。" if finding.met else "，尚差{missing}{of}。"),
        en="Target: {label_en}: {value} of the {threshold} aimed at; "
        + ("reached." if finding.met else "{missing} to go."),
        of=finding.unit,
        label=finding.label_zh,
        label_en=finding.label_en,
        threshold=finding.threshold,
        missing=finding.shortfall,
    )


def _check(question: TargetsQuestion) -> None:
    schools, young = question.base_schools, question.young_teachers
    must_count("base_schools", schools)
    must_count("demo_bases_by_2022_06_30", question.demo_bases_by_2022_06_30)
    for field in ("schools_with_brand", "schools_with_advanced_group", "schools_with_famous_teacher"):
        must_count(field, getattr(question, field), schools)
    must_count("young_teachers", young)
    must_count("young_participants", question.young_participants, young)
    must_count("young_winners", question.young_winners, question.young_participants)


@decision("age", asks_zh="教师是否在35周岁以下（含）", facts=AgeQuestion, clauses=(YOUNG,))
def age(question: AgeQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-3-2b: whole years on the day of reference, the bound included (G-Y08); reached on the birthday."""
    day = reference_day(question.reference_date, law)
    if day is None:
        raise FactsRefused(field="reference_date", value=None, problem="missing; give the day of the contest")
    if question.birth > day:
        raise FactsRefused(field="birth", value=question.birth, problem=f"after the day of reference, {day}")
    years = law.step(
        "age",
        age_on(question.birth, day),
        unit="周岁",
        clauses=(YOUNG,),
        zh="{day}为{value}周岁。",
        en="{value} years old on {day}.",
        day=day,
    )
    eligible = years <= law.young_age
    law.step(
        "eligible",
        eligible,
        clauses=(YOUNG,),
        zh="在规定的年龄之内（含本数）。" if eligible else "已超过规定的年龄。",
        en="Young enough." if eligible else "Too old.",
    )
    return {"age": years, "eligible": eligible}


def reference_day(contest: date | None, law: Law) -> date | None:
    """Return the day on which the age is taken: the contest's, or the day by which the targets are due."""
    return contest if law.age_reference == "contest_date" else date.fromisoformat(law.targets_due)
