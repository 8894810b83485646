"""The constraints of a problem, by the pattern that its law has."""

from __future__ import annotations

from yanxiu_visits.planning.solver.by_batch import ByBatch
from yanxiu_visits.planning.solver.by_terms import ByTerms
from yanxiu_visits.planning.solver.model import Rules
from yanxiu_visits.planning.solver.places import Places
from yanxiu_visits.planning.solver.problem import Problem, is_by_terms


def rules_of(problem: Problem, places: Places) -> Rules:
    """Return the constraints over the open spots of some places."""
    return ByTerms(problem, places) if is_by_terms(problem) else ByBatch(problem, places)
