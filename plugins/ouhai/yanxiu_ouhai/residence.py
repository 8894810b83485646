"""Researchers at their schools (OUHAI-6-6): one school a term, another the next, three visits, all within two years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, decision, plain

from yanxiu_ouhai.organisation import held
from yanxiu_ouhai.plan import CLAUSE as PLAN
from yanxiu_ouhai.plan import outside_plan
from yanxiu_ouhai.spellings import must_be_one_of
from yanxiu_ouhai.terms import name_of, place_of, year_of_term


class Assignment(Facts, frozen=True, kw_only=True):
    """One researcher at one school in one term, named as `2024-2025-1`."""

    researcher: str
    term: str
    school: str


class RotationQuestion(Facts, frozen=True, kw_only=True):
    """Do researchers change their school from term to term? `terms` in their order."""

    terms: tuple[str, ...]
    assignments: tuple[Assignment, ...]


class Visit(Facts, frozen=True, kw_only=True):
    """One visit: where, and in which phase of the term (期初, 期中, 期末)."""

    school: str
    phase: str


class VisitsQuestion(Facts, frozen=True, kw_only=True):
    """Did a researcher make the three visits of a term?"""

    assigned_school: str
    visits: tuple[Visit, ...] = ()


class CoverageQuestion(Facts, frozen=True, kw_only=True):
    """Was every school of the roster assigned in two years from the first of `terms`, else of those assigned?"""

    roster: tuple[str, ...]
    terms: tuple[str, ...] = ()
    assignments: tuple[Assignment, ...] = ()


class FeasibilityQuestion(Facts, frozen=True, kw_only=True):
    """Can so many researchers reach all schools? `terms` is the window; where it is not stated, the district's."""

    schools: int
    researchers: int
    terms: int | None = None


@decision(
    "rotation",
    asks_zh="研训员是否每学期蹲点一所并更换",
    facts=RotationQuestion,
    clauses=("OUHAI-6-6a", "OUHAI-6-6c", PLAN),
)
def rotation(question: RotationQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-6a: one school for each researcher and term; 6-6c: another than the term before; a later return warns."""
    years = [year_of_term(place, law) for place in (*_places(question, law), *_assigned(question, law))]
    single, changed, returned = True, True, False
    for researcher in dict.fromkeys(one.researcher for one in question.assignments):
        stays = [_schools(question.assignments, researcher, term) for term in question.terms]
        single = single and all(len(schools) == 1 for schools in stays)
        pairs = list(pairwise(stays))
        changed = changed and not any(set(before) & set(after) for before, after in pairs)
        returned = returned or _returns(stays)
    failed = held(
        (
            ("OUHAI-6-6a", single, "有人某学期不是蹲点一所学校", "somebody is not at exactly one school in a term"),
            ("OUHAI-6-6c", changed, "有人连续两学期在同一所学校", "somebody stays at a school for two terms running"),
        ),
        law,
    )
    warnings = ["OUHAI-6-6c"] if returned else []
    return {"failed": failed, "warnings": warnings + outside_plan(years, law)}


def _places(question: RotationQuestion | CoverageQuestion, law: Law) -> list[int]:
    return [place_of(f"terms[{index}]", name, law) for index, name in enumerate(question.terms)]


def _assigned(question: RotationQuestion | CoverageQuestion, law: Law) -> list[int]:
    return [place_of(f"assignments[{index}].term", one.term, law) for index, one in enumerate(question.assignments)]


def _schools(assignments: Sequence[Assignment], researcher: str, term: str) -> list[str]:
    return [one.school for one in assignments if one.researcher == researcher and one.term == term]


def _returns(stays: Sequence[Sequence[str]]) -> bool:
    """Return whether a school is come back to after a term elsewhere."""
    earlier: set[str] = set()
    before: set[str] = set()
    for schools in map(set, stays):
        if schools & (earlier - before):
            return True
        earlier |= before
        before = schools
    return False


@decision("resident_visits", asks_zh="一学期三次蹲点视导是否齐全", facts=VisitsQuestion, clauses=("OUHAI-6-6b",))
def resident_visits(question: VisitsQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-6b: the visits at the start, middle and end of the term, each at the school assigned."""
    for index, visit in enumerate(question.visits):
        must_be_one_of(tuple(law.visit_phases), f"visits[{index}].phase", visit.phase)
    own = [one for one in question.visits if one.school == question.assigned_school]
    missing = [phase for phase in law.visit_phases if phase not in {one.phase for one in own}]
    failed = held(
        (("OUHAI-6-6b", not missing, f"缺{'、'.join(missing)}视导", f"no visit in {', '.join(missing)}"),), law
    )
    return {"missing_phases": missing, "counted": len(own), "failed": failed}


@decision("coverage", asks_zh="两年内是否覆盖全部学校", facts=CoverageQuestion, clauses=("OUHAI-6-6d",))
def coverage(question: CoverageQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-6d: every school of the roster is assigned within the window; what lies outside it does not count."""
    assigned = _assigned(question, law)
    first = min(_places(question, law) or assigned, default=None)
    reached: set[str] = set()
    if first is not None:
        after = first + int(law.coverage_terms)
        within = [first <= place < after for place in assigned]
        reached = {one.school for one, counts in zip(question.assignments, within, strict=True) if counts}
        law.step(
            "window",
            sum(within),
            unit="次",
            clauses=("OUHAI-6-6d",),
            zh="{from_term}至{to_term}共{terms}学期内蹲点{value}次，另有{outside}次不在其内，不计。",
            en="From {from_term} to {to_term}, {terms} terms: {value} assignments count; {outside} outside do not.",
            from_term=name_of(first, law),
            to_term=name_of(after - 1, law),
            terms=after - first,
            outside=len(within) - sum(within),
        )
    missing = [school for school in question.roster if school not in reached]
    failed = held(
        (("OUHAI-6-6d", not missing, f"未覆盖{len(missing)}所", f"{len(missing)} schools were not reached"),), law
    )
    covered = len(question.roster) - len(missing)
    return {"covered": covered, "total": len(question.roster), "missing": missing, "failed": failed}


@decision(
    "coverage_feasibility", asks_zh="现有研训员能否两年覆盖全部学校", facts=FeasibilityQuestion, clauses=("OUHAI-6-6d",)
)
def coverage_feasibility(question: FeasibilityQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-6d: one school for each researcher and term; the fewest researchers that reach every school."""
    terms = _window(question.terms, law)
    for field, number in (("schools", question.schools), ("researchers", question.researchers), ("terms", terms)):
        if number < 0 or (field == "terms" and not number):
            raise FactsRefused(
                field=field, value=number, problem="count them; no less than none, and at least one term"
            )
    slots = question.researchers * terms
    feasible = slots >= question.schools
    law.step(
        "slots",
        slots,
        clauses=("OUHAI-6-6d",),
        zh=f"{question.researchers}人、{terms}学期共{{value}}个蹲点名额，{question.schools}所学校"
        + ("可以覆盖。" if feasible else "不能覆盖。"),
        en=f"{question.researchers} researchers in {terms} terms make {{value}} places for {question.schools} schools: "
        + ("enough." if feasible else "too few."),
    )
    return {"slots": slots, "feasible": feasible, "min_researchers": -(-question.schools // terms)}


def _window(stated: int | None, law: Law) -> int:
    """Return the terms of the window: those stated, else the district's; refuses two that contradict each other.

    The two years of the text bind nobody who asks what another number would do; what the district itself set does.
    """
    quiet = law.quiet()
    set_by_district = quiet.coverage_terms
    decided = any(one.decided_by for one in quiet.take_readings())
    if stated is None:
        return int(law.coverage_terms)
    own = law.coverage_years * law.terms_a_year
    if stated != set_by_district and (decided or set_by_district != own):
        problem = f"the district set {plain(set_by_district)} terms (coverage_terms, OUHAI-6-6d): leave terms out"
        raise FactsRefused(field="terms", value=stated, problem=problem)
    return stated
