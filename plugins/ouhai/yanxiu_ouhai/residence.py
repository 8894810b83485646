"""Researchers at their schools (OUHAI-6-6): one school a term, another the next, three visits, all within two years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, decision

from yanxiu_ouhai.organisation import held


class Assignment(Facts, frozen=True, kw_only=True):
    """One researcher at one school in one term."""

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
    """Was every school of the roster assigned within the window?"""

    roster: tuple[str, ...]
    assignments: tuple[Assignment, ...] = ()


class FeasibilityQuestion(Facts, frozen=True, kw_only=True):
    """Can so many researchers reach all schools? `terms` is the window where the district's does not apply."""

    schools: int
    researchers: int
    terms: int | None = None


@decision(
    "rotation", asks_zh="研训员是否每学期蹲点一所并更换", facts=RotationQuestion, clauses=("OUHAI-6-6a", "OUHAI-6-6c")
)
def rotation(question: RotationQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-6a: one school for each researcher and term; 6-6c: another than the term before; a later return warns."""
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
    return {"failed": failed, "warnings": ["OUHAI-6-6c"] if returned else []}


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
    own = [one for one in question.visits if one.school == question.assigned_school and one.phase in law.visit_phases]
    missing = [phase for phase in law.visit_phases if phase not in {one.phase for one in own}]
    failed = held(
        (("OUHAI-6-6b", not missing, f"缺{'、'.join(missing)}视导", f"no visit in {', '.join(missing)}"),), law
    )
    return {"missing_phases": missing, "counted": len(own), "failed": failed}


@decision("coverage", asks_zh="两年内是否覆盖全部学校", facts=CoverageQuestion, clauses=("OUHAI-6-6d",))
def coverage(question: CoverageQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-6d: every school of the roster is assigned within the window."""
    reached = {one.school for one in question.assignments}
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
    terms = int(law.coverage_terms) if question.terms is None else question.terms
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
