"""Researchers at their schools (OUHAI-6-6): one school a term, another the next, three visits, all within two years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, decision, plain, rows_that_hold

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
    """Do researchers change their school from term to term? `researchers`, if stated, are those who must be placed."""

    terms: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    researchers: tuple[str, ...] = ()


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
    terms = sorted(set(_places(question, law)))
    assigned = _assigned(question, law)
    stays = _stays(question, terms, assigned)
    single = all(len(schools) == law.schools_a_term for one in stays.values() for schools in one.values())
    changed = not any(map(_stays_on, stays.values()))
    returned = any(map(_returns, stays.values()))
    failed = held(
        (
            ("OUHAI-6-6a", single, "有人某学期不是蹲点一所学校", "somebody is not at exactly one school in a term"),
            ("OUHAI-6-6c", changed, "有人连续两学期在同一所学校", "somebody stays at a school for two terms running"),
        ),
        law,
    )
    warnings = ["OUHAI-6-6c"] if returned else []
    years = [year_of_term(place, law) for place in (*terms, *assigned)]
    return {"failed": failed, "warnings": warnings + outside_plan(years, law)}


def _places(question: RotationQuestion | CoverageQuestion, law: Law) -> list[int]:
    return [place_of(f"terms[{index}]", name, law) for index, name in enumerate(question.terms)]


def _assigned(question: RotationQuestion | CoverageQuestion, law: Law) -> list[int]:
    return [place_of(f"assignments[{index}].term", one.term, law) for index, one in enumerate(question.assignments)]


def _stays(
    question: RotationQuestion, terms: Sequence[int], assigned: Sequence[int]
) -> Mapping[str, dict[int, list[str]]]:
    """Return each researcher's schools in every term asked about, in the order of time."""
    everybody = dict.fromkeys((*question.researchers, *(one.researcher for one in question.assignments)))
    stays: dict[str, dict[int, list[str]]] = {who: {place: [] for place in terms} for who in everybody}
    for place, one in zip(assigned, question.assignments, strict=True):
        stays[one.researcher].get(place, []).append(one.school)
    return stays


def _stays_on(stays: Mapping[int, Sequence[str]]) -> bool:
    """Return whether a school is the same as in the term before."""
    return any(set(schools) & set(stays.get(place - 1, ())) for place, schools in stays.items())


def _returns(stays: Mapping[int, Sequence[str]]) -> bool:
    """Return whether a school of an earlier term is come back to, after a term elsewhere or away."""
    earlier: set[str] = set()
    for place, schools in stays.items():
        if set(schools) & (earlier - set(stays.get(place - 1, ()))):
            return True
        earlier |= set(schools)
    return False


@decision("resident_visits", asks_zh="一学期三次蹲点视导是否齐全", facts=VisitsQuestion, clauses=("OUHAI-6-6b",))
def resident_visits(question: VisitsQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-6b: the visits at the start, middle and end of the term, each at the school assigned."""
    for index, visit in enumerate(question.visits):
        must_be_one_of(rows_that_hold(law.visit_phases), f"visits[{index}].phase", visit.phase)
    own = [one for one in question.visits if one.school == question.assigned_school]
    made = [one.phase for one in own]
    missing = [phase for phase in rows_that_hold(law.visit_phases) if made.count(phase) < law.visits_a_phase]
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


class WindowsQuestion(Facts, frozen=True, kw_only=True):
    """Is the roster covered window after window, from the term `first` on? Held are the windows ended by `through`."""

    roster: tuple[str, ...]
    first: str
    through: str
    assignments: tuple[Assignment, ...] = ()


@decision(
    "coverage_windows",
    asks_zh="两年之后是否继续逐轮全覆盖",
    facts=WindowsQuestion,
    clauses=("OUHAI-6-6d", "OUHAI-6-6e"),
)
def coverage_windows(question: WindowsQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-6-6d of the first window; 6-6e of those that follow it: fixed, one after the other, each covering all."""
    first, through = place_of("first", question.first, law), place_of("through", question.through, law)
    assigned = [place_of(f"assignments[{index}].term", one.term, law) for index, one in enumerate(question.assignments)]
    length = int(law.coverage_terms)
    windows = []
    for start in range(first, through + 1, length):
        reached = {
            one.school
            for place, one in zip(assigned, question.assignments, strict=True)
            if start <= place < start + length
        }
        windows.append(
            {
                "from": name_of(start, law),
                "to": name_of(start + length - 1, law),
                "ended": start + length - 1 <= through,
                "missing": [school for school in question.roster if school not in reached],
            }
        )
    short = [bool(window["ended"] and window["missing"]) for window in windows]
    failed = held(
        (
            ("OUHAI-6-6d", not any(short[:1]), "第一轮没有全覆盖", "the first window is not covered"),
            ("OUHAI-6-6e", not any(short[1:]), "以后各轮没有全覆盖", "a later window is not covered"),
        ),
        law,
    )
    return {"windows": windows, "failed": failed}
