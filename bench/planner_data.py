"""A district to plan for: synthetic researchers and schools with places on a map, drawn from a seed; nobody is real."""

from __future__ import annotations

from random import Random

from yanxiu_rulekit.visits import Limit, TermPlacing
from yanxiu_visits.planning.solver.problem import Person, Problem, School, Weights

SUBJECTS = ("chinese", "maths", "english", "science", "history", "physics", "chemistry", "arts", "sports")
STAGES = ("primary", "junior", "senior", "kindergarten")
SIDE = 60
TERMS = ("1", "2", "3", "4")


def limit(*, value: int | bool | tuple[str, ...], binding: bool = True) -> Limit:
    return Limit(value=value, clauses=("bench",), zh="", en="", binding=binding)


PLACING = TermPlacing(
    schools_a_term=limit(value=1),
    changes=limit(value=True),
    no_return=limit(value=False, binding=False),
    window_terms=limit(value=4),
    covers=limit(value=True),
    stages=limit(value=STAGES),
)


def district(seed: int, researchers: int = 60, schools: int = 120, *, allowance: int | None = None) -> Problem:
    """Return a district: travel is the distance on the map, one school in seven is weak, one pair in 100 conflicts."""
    draw = Random(seed)  # noqa: S311 -- a district is drawn, no secret
    homes = [(draw.randrange(SIDE), draw.randrange(SIDE)) for _ in range(researchers)]
    places = [(draw.randrange(SIDE), draw.randrange(SIDE)) for _ in range(schools)]
    names = [f"s{at:03}" for at in range(schools)]
    people = [
        Person(
            id=f"r{at:03}",
            subjects=frozenset(draw.sample(SUBJECTS, 1)),
            stages=frozenset(draw.sample(STAGES, draw.choice((1, 2)))),
            conflicts=frozenset(name for name in names if draw.randrange(100) == 0),
            absent=frozenset({draw.choice(TERMS)}) if draw.randrange(20) == 0 else frozenset(),
        )
        for at in range(researchers)
    ]
    roster = [_school(draw, name) for name in names]
    travel = {
        person.id: {name: abs(home[0] - at[0]) + abs(home[1] - at[1]) for name, at in zip(names, places, strict=True)}
        for person, home in zip(people, homes, strict=True)
    }
    weights = Weights(overtravel=2 if allowance is not None else 0)
    return Problem(
        placing=PLACING,
        terms=TERMS,
        people=tuple(people),
        schools=tuple(roster),
        travel=travel,
        weights=weights,
        stage_fit="hard",
        far_from=SIDE * 2 // 3,
        allowance=allowance,
    )


def _school(draw: Random, name: str) -> School:
    stage = draw.choice((*STAGES, "primary"))
    return School(
        id=name,
        stage=stage,
        teaches=frozenset({stage}),
        location=draw.choice(("town", "rural")),
        weak=draw.randrange(7) == 0,
        needs=frozenset(draw.sample(SUBJECTS, draw.choice((0, 1, 2)))),
    )
