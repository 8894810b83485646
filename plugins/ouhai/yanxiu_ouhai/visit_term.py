"""What the visits service asks of researchers: where a plan places them, and the three visits of a term."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from yanxiu_rulekit import (
    Asked,
    Finding,
    Law,
    Limit,
    Requirement,
    TermPlacing,
    TermPlan,
    TermWork,
    hold,
    limit,
    rows_that_hold,
)

from yanxiu_ouhai.words import STAGES

RESIDENT, PHASES, CHANGED = "OUHAI-6-6a", "OUHAI-6-6b", "OUHAI-6-6c"
COVERED, LASTING = "OUHAI-6-6d", "OUHAI-6-6e"


def placing(law: Law) -> TermPlacing:
    """Return what a plan of a window of terms keeps to, each number with its clause."""
    return TermPlacing(
        schools_a_term=limit(
            law, "schools_a_term", zh="每人每学期蹲点{value}所学校。", en="{value} school for each researcher and term."
        ),
        changes=Limit(
            value=True,
            clauses=(CHANGED,),
            zh="每人每学期更换学校，不连续两学期在同一所。",
            en="Nobody is at one school for two terms running.",
        ),
        no_return=Limit(
            value=True,
            clauses=(CHANGED,),
            zh="隔学期重回原校会挤占全覆盖的名额，只作提示。",
            en="Coming back to a school later wastes a place; it is only warned of.",
            binding=False,
        ),
        window_terms=limit(
            law,
            "coverage_terms",
            zh="{value}个学期内全覆盖。",
            en="All schools are covered within {value} terms.",
            clauses=(LASTING,),
        ),
        covers=Limit(
            value=True, clauses=(COVERED,), zh="名册内的学校全部覆盖。", en="Every school of the roster is covered."
        ),
        stages=limit(law, "coverage_roster", zh="名册包括{value}。", en="The roster: {value}.", names=STAGES),
    )


def asked_of_plan(plan: TermPlan, law: Law) -> Iterator[Asked]:
    """Ask whether each researcher rotates through the terms in which he serves, and whether all schools are covered."""
    serving = {one.researcher: one.terms for one in plan.serving}
    everybody = dict.fromkeys((*serving, *(one.researcher for one in plan.placed)))
    assigned = [{"researcher": one.researcher, "term": one.term.name, "school": one.school} for one in plan.placed]
    for who in everybody:
        own = [one for one in assigned if one["researcher"] == who]
        names = [term.name for term in serving.get(who, plan.terms)]
        yield Asked(kind="rotation", given={"terms": names, "assignments": own, "researchers": [who]}, of=who)
    window = [term.name for term in plan.terms]
    roster = [school.id for school in plan.roster if _is_due(school.stage, law)]
    yield Asked(kind="coverage", given={"roster": roster, "terms": window, "assignments": assigned})


def _is_due(stage: str, law: Law) -> bool:
    """OUHAI-6-6d: schools of a stage that the plan has no word for are schools, and due."""
    named = STAGES.get(stage, stage)
    return named not in law.coverage_roster or bool(law.coverage_roster[named])


def asked_of_term(work: TermWork, law: Law) -> Iterator[Asked]:
    """Ask for the three visits at each school where the researcher is placed."""
    for school in work.schools:
        visits = [
            {"school": day.school, "phase": day.phase} for day in work.days if _counts(work, day.on, day.phase, law)
        ]
        yield Asked(kind="resident_visits", given={"assigned_school": school.id, "visits": visits}, of=school.id)


def term_minima(work: TermWork, law: Law) -> tuple[Finding, ...]:
    """Hold each phase's visits at the school where the researcher is placed; of several, at the one with fewest."""
    phases = rows_that_hold(law.visit_phases)
    made = {phase: _fewest(work, phase, law) for phase in phases}
    return hold([_phase(phase) for phase in phases], made, law)


def _fewest(work: TermWork, phase: str, law: Law) -> Decimal:
    own = [day.school for day in work.days if day.phase == phase and _counts(work, day.on, phase, law)]
    return Decimal(min((own.count(school.id) for school in work.schools), default=0))


def _counts(work: TermWork, on: date, phase: str | None, law: Law) -> bool:
    """A visit counts within its term; a day at a school that is of no phase is no visit of the plan."""
    return phase in rows_that_hold(law.visit_phases) and work.term.start <= on <= work.term.end


def _phase(phase: str) -> Requirement:
    return Requirement(
        clause=PHASES,
        measure=phase,
        operator="at_least",
        parameter="visits_a_phase",
        label_zh=f"{phase}视导",
        label_en=f"visit of the phase {phase}",
        unit="次",
    )
