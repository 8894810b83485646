"""What a plan is made from: the law's placing, the periods, everybody and every school, and who was there before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import Person, read_people, read_schools
from yanxiu_rulekit.visits import Placing
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import SchoolChanged
from yanxiu_wire.researcher import ResearcherChanged
from yanxiu_wire.residency import Residency
from yanxiu_wire.rotation_plan import PlanAdditions, PlanContents, RotationPlan
from yanxiu_wire.term import Term

from yanxiu_visits.planning import refusals
from yanxiu_visits.planning.make_problem import make_problem
from yanxiu_visits.planning.periods import read_periods
from yanxiu_visits.planning.plan_store import read_contents
from yanxiu_visits.planning.residency_store import residencies_on
from yanxiu_visits.planning.solver.problem import Problem, refuse_contradictions
from yanxiu_visits.planning.solver.refused import ProblemRefused
from yanxiu_visits.service import Service
from yanxiu_visits.store.facts import read_researchers


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Everything on file that a plan is made from; `before` are the residencies on the day before the first period.

    `since` is the day from which a plan that replaces another counts; None: all days count.
    """

    placing: Placing
    periods: tuple[Term, ...]
    researchers: Mapping[str, ResearcherChanged]
    helpers: Mapping[str, Person]
    schools: Mapping[str, SchoolChanged]
    before: tuple[Residency, ...]
    since: date | None


async def problem_of(
    service: Service, conn: AsyncConnection, district: str, plan: RotationPlan, additions: PlanAdditions
) -> Problem | Refused:
    """Return what the planner is asked, from the facts as they are now; PLAN_CONTRADICTS, or what periods refuse."""
    by_terms = plan.kind == "terms"
    found = await read_periods(
        service, conn, district, plan.terms[0] if by_terms else None, None if by_terms else plan.starts_on
    )
    if isinstance(found, Refused):
        return found
    placing, periods = found
    in_force: PlanContents | None = None
    if plan.replaces is not None:
        in_force = await read_contents(conn, district, plan.replaces)
    ground = Ground(
        placing=placing,
        periods=periods,
        researchers=await read_researchers(conn, district),
        helpers=await read_people(conn, district, [one.person for one in additions.helpers]),
        schools=await read_schools(conn, district),
        before=await _before(conn, district, periods),
        since=None if plan.replaces is None else service.clock.today(),
    )
    return checked(ground, additions, open_from=plan.open_from, in_force=in_force)


async def _before(conn: AsyncConnection, district: str, periods: tuple[Term, ...]) -> tuple[Residency, ...]:
    """Return who was where in the term, or batch, that ended last before the first period."""
    return tuple(await residencies_on(conn, district, before=periods[0].starts_on))


def checked(
    ground: Ground, additions: PlanAdditions, *, open_from: int, in_force: PlanContents | None
) -> Problem | Refused:
    """Return the problem, or PLAN_CONTRADICTS."""
    try:
        problem = make_problem(
            placing=ground.placing,
            periods=ground.periods,
            researchers=ground.researchers,
            helpers=ground.helpers,
            schools=ground.schools,
            before=ground.before,
            additions=additions,
            open_from=open_from,
            in_force=None if in_force is None else in_force.placed,
            since=ground.since,
        )
        refuse_contradictions(problem)
    except ProblemRefused as refused:
        return refusals.plan_contradicts(refused.field, refused.value, refused.reason)
    return problem
