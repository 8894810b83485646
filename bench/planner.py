"""`python -m bench planner`: rotation plans of made-up districts, beside a greedy planner and the solver's bound."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace
from rich.console import Console
from rich.table import Table
from yanxiu_visits.planning.solver.answer import Answer, Infeasible, Plan, Progress
from yanxiu_visits.planning.solver.check_plan import breaches, points_of
from yanxiu_visits.planning.solver.greedy import Greedy
from yanxiu_visits.planning.solver.places import Places, assignment_of
from yanxiu_visits.planning.solver.problem import Assignment, Problem, School, in_order
from yanxiu_visits.planning.solver.solve import plan

from bench.planner_data import TERMS, district

SECONDS = 30.0


class Measured(NamedTuple):
    """An answer, what it took, and when the first plan was there."""

    answer: Answer
    wall: float
    cpu: float
    first_ms: int | None


def measured(problem: Problem, seconds: float = SECONDS) -> Measured:
    """Plan and measure."""
    first: list[int] = []

    def tell(progress: Progress) -> None:
        if progress.found is not None and not first:
            first.append(progress.seconds_ms)

    wall, cpu = time.perf_counter(), time.process_time()
    answer = plan(problem, seconds=seconds, tell=tell)
    return Measured(answer, time.perf_counter() - wall, time.process_time() - cpu, first[0] if first else None)


def greedy(problem: Problem) -> tuple[int | None, float]:
    """The greedy planner's score, None where its plan breaks something; and its CPU seconds."""
    cpu = time.process_time()
    ordered = in_order(problem)
    made = sorted(assignment_of(spot) for spot in Greedy(ordered, Places(ordered)).plan())
    spent = time.process_time() - cpu
    return (None if any(True for _ in breaches(ordered, made)) else points_of(ordered, made)), spent


def planned_anew(problem: Problem) -> Problem:
    """The same district a term later: one researcher is away for two terms, and there is a new weak school."""
    made = plan(problem, seconds=SECONDS)
    assert isinstance(made, Plan)
    gone = problem.people[3].id
    held: tuple[Assignment, ...] = tuple(one for one in made.assignments if one.term == TERMS[0])
    return replace(
        problem,
        people=tuple(replace(p, absent=p.absent | set(TERMS[1:3])) if p.id == gone else p for p in problem.people),
        schools=(*problem.schools, School(id="new", stage="primary", teaches=frozenset({"primary"}), weak=True)),
        held=held,
        open_from=1,
        in_force=made.assignments,
    )


CASES: dict[str, Callable[[int], Problem]] = {
    "60 researchers, 120 schools, 4 terms": district,
    "the same, travel above an allowance weighed": lambda seed: district(seed, allowance=60),
    "the same, stage weighed and not required": lambda seed: replace(district(seed), stage_fit="weighted"),
    "planned anew: an absence and a new school": lambda seed: planned_anew(district(seed)),
    "25 researchers for 120 schools: none": lambda seed: district(seed, researchers=25),
}


def run(console: Console, seeds: int) -> None:
    """Print a line for each kind of problem: medians over the seeds."""
    table = Table(title=f"medians of {seeds} districts; time limit {SECONDS:.0f} s, one thread")
    for column in ("problem", "answer", "CPU s", "wall s", "first plan ms", "score", "bound", "greedy", "greedy CPU s"):
        table.add_column(column)
    for name, made in CASES.items():
        problems = [made(seed) for seed in range(1, seeds + 1)]
        found = [measured(one) for one in problems]
        plain = [greedy(one) for one in problems]
        table.add_row(name, *_cells(found, plain))
        console.print(f"  {name}: done")
    console.print(table)


def _cells(found: list[Measured], plain: list[tuple[int | None, float]]) -> list[str]:
    plans = [one.answer for one in found if isinstance(one.answer, Plan)]
    proven = sum(one.proven for one in plans)
    none = [one.answer for one in found if isinstance(one.answer, Infeasible)]
    scores = [score for score, _ in plain if score is not None]
    first = [one.first_ms for one in found if one.first_ms is not None]
    told = f"{proven} of {len(plans)} proven" if plans else f"none: {_least(none)}"
    return [
        told,
        f"{statistics.median(one.cpu for one in found):.1f}",
        f"{statistics.median(one.wall for one in found):.1f}",
        f"{statistics.median(first):.0f}" if first else "",
        f"{statistics.median(one.score for one in plans):.0f}" if plans else "",
        f"{statistics.median(one.bound for one in plans):.0f}" if plans else "",
        f"{statistics.median(scores):.0f} ({len(scores)} of {len(plain)} hold)" if scores else "0 hold",
        f"{statistics.median(spent for _, spent in plain):.2f}",
    ]


def _least(none: list[Infeasible]) -> str:
    more = [sum(c.count for c in one.least.changes) for one in none if one.least is not None and one.least.least]
    if not more:
        return "-"
    return f"{statistics.median(more):.0f} more researchers, proven least in {len(more)} of {len(none)}"


def main(arguments: list[str]) -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(prog="python -m bench planner", description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    run(Console(width=180), parser.parse_args(arguments).seeds)
