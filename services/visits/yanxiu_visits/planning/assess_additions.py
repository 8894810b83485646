"""Whether what a district adds to the law names what there is, once, and what this kind of plan uses. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

import msgspec
from yanxiu_rulekit.visits import Placing, TermPlacing
from yanxiu_wire.rotation_plan import PlanAdditions, PlanWeights

from yanxiu_visits.planning.solver.refused import ProblemRefused, Why

PAIRINGS = ("fixed", "forbidden", "excepted")
UNUSED: Mapping[Why, tuple[str, ...]] = {
    "by_terms": ("candidates", "base_schools", "everyone", "helpers"),
    "by_batch": ("most_a_term",),
}
UNUSED_WEIGHTS: Mapping[Why, tuple[str, ...]] = {
    "by_terms": ("unchosen", "load", "beyond"),
    "by_batch": ("late", "crowd", "back"),
}
# The solver counts in floats: up to these the score of any plan stays far below what they hold exactly.
MOST_POINTS = 1_000
MOST_UNITS = 10_000
MOST_COUNT = 1_000_000

_NONE_GIVEN = PlanAdditions()


def assess_additions(
    placing: Placing,
    additions: PlanAdditions,
    *,
    terms: Sequence[str],
    researchers: Set[str],
    active: Set[str],
    teachers: Set[str],
    schools: Set[str],
) -> None:
    """Raise `ProblemRefused` with the path of the first addition that cannot be kept to.

    `researchers` is whoever is or was one, `active` who still is one in the plan's days, `teachers` whom of the
    helpers the register knows.
    """
    _refuse_unused("by_terms" if isinstance(placing, TermPlacing) else "by_batch", additions)
    _refuse_numbers(additions)
    people = researchers | {one.person for one in additions.helpers}
    for at, one in enumerate(additions.helpers):
        field = f"helpers[{at}].person"
        _refuse_unless(one.person in teachers, field, one.person, "no_person")
        _refuse_unless(one.person not in active, field, one.person, "researcher")
    for field, given in _named(additions, "person"):
        _refuse_unless(given in people, field, given, "no_person")
    for field, given in _named(additions, "school"):
        _refuse_unless(given in schools, field, given, "no_school")
    for at, given in enumerate(additions.candidates):
        _refuse_unless(given in schools, f"candidates[{at}]", given, "no_school")
    for field, given in _named(additions, "term"):
        _refuse_unless(given is None or given in terms, field, given or "", "no_term")
    _refuse_repeats(additions)


def _refuse_unless(holds: bool, field: str, value: Any, why: Why) -> None:
    if not holds:
        raise ProblemRefused(field, str(value), why)


def _named(additions: PlanAdditions, what: str) -> Iterator[tuple[str, Any]]:
    """Yield a part of every listed addition that has it, with its path."""
    for field in ("travel", "needs", *PAIRINGS):
        for at, one in enumerate(getattr(additions, field)):
            if hasattr(one, what):
                yield f"{field}[{at}].{what}", getattr(one, what)


def _refuse_unused(kind: Why, additions: PlanAdditions) -> None:
    for field in UNUSED[kind]:
        given = getattr(additions, field)
        _refuse_unless(given == getattr(_NONE_GIVEN, field), field, _told(given), kind)
    for name in UNUSED_WEIGHTS[kind]:
        given = getattr(additions.weights, name)
        _refuse_unless(given == getattr(PlanWeights(), name), f"weights.{name}", given, kind)
    if kind == "by_terms":
        for field, role in _named(additions, "role"):
            _refuse_unless(role in (None, "lead"), field, role, kind)


def _told(given: Any) -> str:
    return "、".join(getattr(one, "person", one) for one in given) if isinstance(given, tuple) else str(given)


def _refuse_numbers(additions: PlanAdditions) -> None:
    numbers: list[tuple[str, int | None, int]] = [
        (f"weights.{name}", given, MOST_POINTS) for name, given in msgspec.structs.asdict(additions.weights).items()
    ]
    for name in ("far_from", "allowance", "most_a_term", "base_schools"):
        numbers.append((name, getattr(additions, name), MOST_COUNT))
    numbers += [(f"travel[{at}].units", one.units, MOST_UNITS) for at, one in enumerate(additions.travel)]
    numbers += [(f"helpers[{at}].most", one.most, MOST_COUNT) for at, one in enumerate(additions.helpers)]
    for field, number, most in numbers:
        if number is not None:
            _refuse_unless(number >= 0, field, number, "negative")
            _refuse_unless(number <= most, field, number, "too_large")


def _refuse_repeats(additions: PlanAdditions) -> None:
    _once("travel", ((one.person, one.school) for one in additions.travel))
    _once("needs", ((one.school,) for one in additions.needs))
    _once("helpers", ((one.person,) for one in additions.helpers))
    _once("candidates", ((one,) for one in additions.candidates))
    for field in PAIRINGS:
        _once(field, ((one.person, one.school, one.term, one.role) for one in getattr(additions, field)))


def _once(field: str, keys: Iterable[tuple[str | None, ...]]) -> None:
    seen: set[tuple[str | None, ...]] = set()
    for at, key in enumerate(keys):
        _refuse_unless(key not in seen, f"{field}[{at}]", " ".join(part for part in key if part), "twice")
        seen.add(key)
