"""Researchers at schools (YANGBAN-5): one school a term, then another, every school in two years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from yanxiu_rulekit import (
    Asked,
    Facts,
    Finding,
    Law,
    Limit,
    Requirement,
    TermPlacing,
    TermPlan,
    TermWork,
    VisitQuestion,
    VisitRules,
    breached,
    decision,
    hold,
    limit,
)

CLAUSE = "YANGBAN-5"
# The platform's names of stages in this regulation's words.
STAGES = {"primary": "小学", "junior": "初中"}
VISITS = Requirement(
    clause=CLAUSE,
    measure="visits",
    operator="at_least",
    parameter="visits_a_term",
    label_zh="到校次数",
    label_en="visits to the school",
    unit="次",
)


class Assigned(Facts, frozen=True, kw_only=True):
    """One researcher at one school in one term, named as `2025-2026-1`."""

    researcher: str
    term: str
    school: str


class PlacementFacts(Facts, frozen=True, kw_only=True):
    """Who is placed where, in terms given in order? `roster` are the schools to be covered in them."""

    terms: tuple[str, ...]
    assigned: tuple[Assigned, ...]
    roster: tuple[str, ...] = ()


class VisitsFacts(Facts, frozen=True, kw_only=True):
    """How often was the school visited in the term?"""

    visits: Decimal


@decision("placement", asks_zh="研训员联系学校的安排是否合规", facts=PlacementFacts, clauses=(CLAUSE,))
def placement(facts: PlacementFacts, law: Law) -> Mapping[str, Any]:
    """YANGBAN-5: so many schools a term, no two terms running at one, every school within the window."""
    by_term: dict[tuple[str, str], list[str]] = {}
    for one in facts.assigned:
        by_term.setdefault((one.researcher, one.term), []).append(one.school)
    crowded = [who for (who, _), schools in by_term.items() if len(schools) > law.schools_a_term]
    repeated = [
        who
        for before, after in pairwise(facts.terms)
        for (who, term), schools in by_term.items()
        if term == after and set(schools) & set(by_term.get((who, before), ()))
    ]
    whole = len(facts.terms) >= law.coverage_terms
    missing = [school for school in facts.roster if school not in {one.school for one in facts.assigned}]
    failed = bool(crowded or repeated or (whole and missing))
    law.step(
        "placement",
        len(missing),
        unit="所",
        clauses=(CLAUSE,),
        zh="{crowded}人同一学期联系的学校过多，{repeated}人连续两学期在同一所学校，未安排{value}所。",
        en="Too many schools in one term: {crowded}; the same school twice running: {repeated}; not placed: {value}.",
        crowded=len(set(crowded)),
        repeated=len(set(repeated)),
    )
    return {"missing": missing, "failed": [CLAUSE] if failed else []}


@decision("school_visits", asks_zh="一学期到校次数是否达到", facts=VisitsFacts, clauses=(CLAUSE,))
def school_visits(facts: VisitsFacts, law: Law) -> Mapping[str, Any]:
    """YANGBAN-5: visits of a term against the minimum."""
    (finding,) = hold([VISITS], {"visits": facts.visits}, law)
    law.step(
        "visits",
        facts.visits,
        unit="次",
        clauses=(CLAUSE,),
        readings=finding.readings,
        zh="到校{value}次，要求不少于{threshold}次，尚缺{shortfall}次。",
        en="{value} visits, at least {threshold} wanted, {shortfall} missing.",
        threshold=finding.threshold,
        shortfall=finding.shortfall,
    )
    return {"shortfall": finding.shortfall, "failed": breached([finding])}


def placing(law: Law) -> TermPlacing:
    """Return what a plan keeps to, each number with its clause."""
    return TermPlacing(
        schools_a_term=limit(law, "schools_a_term", zh="每人每学期联系{value}所学校。", en="{value} school a term."),
        changes=Limit(
            value=True, clauses=(CLAUSE,), zh="下一学期更换学校。", en="Nobody is at one school for two terms running."
        ),
        no_return=Limit(
            value=False, clauses=(CLAUSE,), zh="隔学期可以重回原校。", en="Coming back later is allowed.", binding=False
        ),
        window_terms=limit(law, "coverage_terms", zh="{value}个学期内走遍。", en="All within {value} terms."),
        covers=Limit(value=True, clauses=(CLAUSE,), zh="名册内的学校全部走遍。", en="Every school is covered."),
        stages=limit(law, "visited_stages", zh="走遍{value}。", en="The roster: {value}.", names=STAGES),
    )


def asked_of_plan(plan: TermPlan, law: Law) -> Iterator[Asked]:
    """Ask for a whole plan."""
    covered = placing(law.quiet()).stages.value
    yield Asked(
        kind="placement",
        given={
            "terms": [term.name for term in plan.terms],
            "assigned": [
                {"researcher": one.researcher, "term": one.term.name, "school": one.school} for one in plan.placed
            ],
            "roster": [one.id for one in plan.roster if isinstance(covered, tuple) and one.stage in covered],
        },
    )


def asked_of_term(work: TermWork, _law: Law) -> Iterator[Asked]:
    """Ask for the visits at each school where the researcher is placed."""
    for school in work.schools:
        yield Asked(kind="school_visits", given={"visits": _made(work, school.id)}, of=school.id)


def minima(work: TermWork, law: Law) -> tuple[Finding, ...]:
    """Hold the visits at the school where the researcher is placed; of several, at the one with fewest."""
    return hold([VISITS], {"visits": min((_made(work, one.id) for one in work.schools), default=Decimal(0))}, law)


def _made(work: TermWork, school: str) -> Decimal:
    days = {day.on for day in work.days if day.school == school and work.term.start <= day.on <= work.term.end}
    return Decimal(len(days))


VISIT_RULES = VisitRules(
    placing=placing,
    plan=VisitQuestion(kinds=("placement",), asks=asked_of_plan),
    term=VisitQuestion(kinds=("school_visits",), asks=asked_of_term),
    minima=minima,
)
