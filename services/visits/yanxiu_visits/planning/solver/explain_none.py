"""Why there is no plan: the contradiction as causes with their clauses, in words, and the least change to help."""

from __future__ import annotations

from collections.abc import Callable

from yanxiu_visits.planning.solver.answer import Answer, Counted, Infeasible, Progress
from yanxiu_visits.planning.solver.contradiction import contradiction
from yanxiu_visits.planning.solver.highs import Clock
from yanxiu_visits.planning.solver.problem import Problem
from yanxiu_visits.planning.solver.remedy import remedies
from yanxiu_visits.planning.solver.say_none import causes_of, counted_causes, say_counted, say_together

# Of the time left, so much may go into finding the contradiction; the rest is for the least change.
CONTRADICTION_SHARE = 0.5


def explain_none(problem: Problem, counted: Counted | None, clock: Clock, tell: Callable[[Progress], None]) -> Answer:
    """Return the proof: by counting where that suffices, else by a smallest contradiction; then what would help."""
    tell(Progress(step="why_none", seconds_ms=clock.spent_ms))
    if counted is not None:
        causes, irreducible = counted_causes(problem, counted), False
        said = say_counted(problem, counted)
    else:
        found = contradiction(problem, clock.share(CONTRADICTION_SHARE))
        causes, irreducible = causes_of(problem, found), found.irreducible
        said = say_together(causes, irreducible)
    tell(Progress(step="least_change", seconds_ms=clock.spent_ms))
    least, ways = remedies(problem, clock, counted=counted is not None)
    return Infeasible(
        causes=causes,
        irreducible=irreducible,
        counted=counted,
        said=said,
        least=least,
        ways=ways,
        seconds_ms=clock.spent_ms,
    )
