"""What the planner returns: a plan with its score explained, the proof that none exists, or neither."""

from __future__ import annotations

from typing import Literal

import msgspec

from yanxiu_visits.planning.solver.problem import Assignment

PartName = Literal[
    "travel", "overtravel", "subject", "stage", "late", "unchosen", "far", "weak", "crowd", "back", "load", "beyond"
]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """Units that one assignment, person or school brings to a part of the score."""

    units: int
    person: str | None = None
    school: str | None = None
    term: str | None = None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the score: units times weight are its points, and its items add up to its units."""

    name: PartName
    weight: int
    units: int
    points: int
    items: tuple[Item, ...] = ()


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence in Chinese and in English."""

    zh: str
    en: str


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What a new plan changes for one person in one period: the schools before and after, with roles, each sorted."""

    person: str
    term: str
    before: tuple[Assignment, ...]
    after: tuple[Assignment, ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True, tag="plan"):
    """A plan that was checked exactly.

    `score` is the sum of the parts' points; no plan scores below `bound`; `gap` is the difference, and `proven`
    says that it is 0. Of a plan that departs from one in force, `moved` says what changes, `distance` counts
    assignments taken away and added, and no plan has less than `distance_bound`.
    """

    assignments: tuple[Assignment, ...]
    score: int
    parts: tuple[Part, ...]
    bound: int
    gap: int
    proven: bool
    seconds_ms: int
    distance: int | None = None
    distance_bound: int | None = None
    moved: tuple[Moved, ...] = ()


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """One constraint that takes part in a contradiction; `clauses` are the law's, none where the district added it."""

    kind: str
    clauses: tuple[str, ...]
    people: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    said: Said


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """A proof by counting: only `people` can reach `schools`, and their `slots` places are `short` too few."""

    schools: tuple[str, ...]
    people: tuple[str, ...]
    slots: int
    short: int


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change of the problem, `count` times: a pairing lifted, a researcher more, a term more.

    `stage` and `subject` are those that another person must have (None: any). `lawful` is False where it departs from
    what the law sets.
    """

    kind: str
    count: int = 1
    person: str | None = None
    school: str | None = None
    term: str | None = None
    stage: str | None = None
    subject: str | None = None
    lawful: bool = True
    said: Said


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """Changes after which a plan exists (solved again with them), and whether fewer were shown not to do."""

    changes: tuple[Change, ...]
    least: bool


class Infeasible(msgspec.Struct, frozen=True, kw_only=True, tag="infeasible"):
    """Why there is no plan, and what would make one.

    `causes` cannot be met together; where `irreducible`, any one of them taken away, the rest can. `counted` is the
    count where counting alone proves it. `least` is the smallest change of all kinds together, `ways` the smallest of
    one kind each.
    """

    causes: tuple[Cause, ...]
    irreducible: bool
    counted: Counted | None
    said: Said
    least: Remedy | None
    ways: tuple[Remedy, ...]
    seconds_ms: int


class Undecided(msgspec.Struct, frozen=True, kw_only=True, tag="undecided"):
    """The time ran out, or somebody cancelled, before any plan or a proof was found; no plan scores below `bound`."""

    bound: int | None
    seconds_ms: int


Answer = Plan | Infeasible | Undecided


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the planner is: its step, the best so far and what no plan can be below, of that step's own measure.

    In `fewest_changes` the measure is the distance, in `best_score` the score. `found` is a plan just found, checked.
    """

    step: Literal["fewest_changes", "best_score", "why_none", "least_change"]
    seconds_ms: int
    best: int | None = None
    bound: int | None = None
    gap: int | None = None
    found: tuple[Assignment, ...] | None = None
