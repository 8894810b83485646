"""The same constraints with a price on giving way: what is the least that must change for a plan to exist?

Every addition of the district can be lifted, people can be added; fewer changes come before milder ones, and what the
law itself sets gives way only when nothing else will do.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import NamedTuple, get_args

import msgspec
from yanxiu_rulekit.visitfacts import CollaboratorKind
from yanxiu_rulekit.visits import BatchPlacing

from yanxiu_visits.planning.solver.model import Model, Row
from yanxiu_visits.planning.solver.places import Places, Tag, every_spot
from yanxiu_visits.planning.solver.problem import Person, Problem
from yanxiu_visits.planning.solver.rules import rules_of

# A change costs this, and its rank more: a thousand ranks do not add up to one change.
ONE_CHANGE = 10_000
AGAINST_THE_LAW = 10_000_000
# What is lifted first among as few changes; what has no rank here departs from the law.
RANK: Mapping[str, int] = {
    "fixed": 0,
    "forbidden": 1,
    "fit": 2,
    "capacity": 4,
    "most": 5,
    "everyone": 5,
    "count": 6,
    "base": 6,
    "absent": 7,
    "collaborator": 8,
    "researcher": 9,
    "conflict": 9,
}
FOR_ALL = frozenset({"capacity", "everyone", "repeat", "count", "pairing"})
UNLAWFUL = frozenset({"present", "repeat", "pairing", "both_locations"})
EVERYTHING = frozenset(RANK) | UNLAWFUL
# Who is added is named so, and no id of the registry begins with a plus.
ADDED = "+"


class Profile(NamedTuple):
    """What another person must bring: a stage, a subject (None: any)."""

    stage: str | None
    subject: str | None


class Elastic(NamedTuple):
    """The model, the problem with the people that could be added, and each added person's possible profiles."""

    model: Model
    problem: Problem
    profiles: tuple[Profile, ...]


def lift(tag: Tag) -> Hashable:
    """The column that counts how often a constraint gives way."""
    return ("lift", tag)


def given_as(tag: Tag) -> Tag:
    """Return what gives way for a constraint: one exception for a pair that fits by neither subject nor stage.

    The law's own readings, and the limits that hold for all alike, give way for all alike.
    """
    if tag.kind in ("subject", "stage"):
        return Tag("fit", tag.person, tag.school)
    return Tag(tag.kind) if tag.kind in FOR_ALL else tag


def chosen(person: str, profile: Profile) -> Hashable:
    """The column that says that a person is added, with a profile."""
    return ("added", person, profile)


def elastic(problem: Problem, kinds: Collection[str], more: int) -> Elastic:
    """Return the model in which constraints of some kinds give way, with at most `more` people added of each kind."""
    wider = _with_people(problem, kinds, more)
    spots = list(every_spot(wider))
    lifted = {bar for _, bars in spots for bar in bars if given_as(bar).kind in kinds}
    places = Places(wider, lifted, spots)
    rules = rules_of(wider, places)
    model, profiles = Model(), profiles_of(problem)
    for tag in rules.tags():
        if tag.kind == "everyone" and tag.person.startswith(ADDED):
            continue
        for row in rules.rows(tag):
            model.row(_giving_way(model, wider, tag, row, kinds))
    for spot, bars in spots:
        if spot in places.barred:
            continue
        for given in dict.fromkeys(map(given_as, bars)):
            _charge(model, given, 1)
            model.row(Row(None, 0, {spot: 1, lift(given): -1}))
    for person in wider.people:
        if person.id.startswith(ADDED):
            leads = person.kind == "researcher"
            _add_person(model, wider, places, person, profiles if leads else _without_subjects(profiles))
    return Elastic(model, wider, profiles)


def _with_people(problem: Problem, kinds: Collection[str], more: int) -> Problem:
    """Add people who can do anything; which profile each of them really needs is for the model to choose."""
    added: list[Person] = []
    if "researcher" in kinds:
        most = most_of(problem, "researcher")
        added += [Person(id=f"{ADDED}r{at:03}", subjects=every_subject(problem), most=most) for at in range(more)]
    helper = helper_kind(problem)
    if "collaborator" in kinds and helper is not None:
        most = most_of(problem, helper)
        added += [Person(id=f"{ADDED}c{at:03}", kind=helper, most=most) for at in range(more)]
    return msgspec.structs.replace(problem, people=(*problem.people, *added))


def every_subject(problem: Problem) -> frozenset[str]:
    """Return the subjects that any school asks for."""
    return frozenset(subject for school in problem.schools for subject in school.needs)


def helper_kind(problem: Problem) -> CollaboratorKind | None:
    """Return the kind of a collaborator to add: the first that the law names and that does not lead."""
    if not isinstance(problem.placing, BatchPlacing):
        return None
    kinds = problem.placing.collaborator_kinds.value
    named = kinds if isinstance(kinds, tuple) else ()
    return next((kind for kind in get_args(CollaboratorKind) if kind in named and kind != "researcher"), None)


def most_of(problem: Problem, kind: str) -> int | None:
    """Return how many schools another person of a kind takes: as many as anybody of that kind does."""
    limits = [one.most for one in problem.people if one.kind == kind]
    known = [limit for limit in limits if limit is not None]
    return max(known) if known and len(known) == len(limits) else None


def profiles_of(problem: Problem) -> tuple[Profile, ...]:
    """Return every profile that makes a difference: stages and subjects count only where they must fit."""
    stages = sorted({stage for school in problem.roster for stage in school.teaches})
    subjects = sorted({subject for school in problem.roster for subject in school.needs})
    by_stage: list[str | None] = [*stages] if problem.stage_fit == "hard" and stages else [None]
    by_subject: list[str | None] = [*subjects] if problem.subject_fit == "hard" and subjects else [None]
    return tuple(Profile(stage, subject) for stage in by_stage for subject in by_subject)


def _without_subjects(profiles: tuple[Profile, ...]) -> tuple[Profile, ...]:
    """Who only helps is asked for no subject."""
    return tuple(dict.fromkeys(Profile(one.stage, None) for one in profiles))


def _giving_way(model: Model, problem: Problem, tag: Tag, row: Row, kinds: Collection[str]) -> Row:
    """Return a row with the column that lets it give way, if its kind may."""
    if tag.kind == "present":
        return _presence(model, problem, tag, row, kinds)
    if tag.kind not in kinds or tag.person.startswith(ADDED):
        return row
    given = given_as(tag)
    many = tag.kind in ("capacity", "most", "count")
    _charge(model, given, None if many else 1)
    sign = 1 if row.low else -1
    return row._replace(terms={**row.terms, lift(given): sign})


def _presence(model: Model, problem: Problem, tag: Tag, row: Row, kinds: Collection[str]) -> Row:
    """Who is added is there when added; who was absent, when the absence is lifted; others may only be excused."""
    exactly = row.low or 0
    absence = Tag("absent", tag.person, term=tag.term)
    if tag.person.startswith(ADDED):
        return Row(0, 0, {**row.terms, ("used", tag.person): -exactly})
    if tag.term in problem.person[tag.person].absent:
        _charge(model, absence, 1)
        return Row(0, 0, {**row.terms, lift(absence): -exactly})
    if "present" not in kinds:
        return row
    _charge(model, tag, 1)
    return row._replace(terms={**row.terms, lift(tag): exactly})


def _charge(model: Model, tag: Tag, upper: int | None) -> None:
    if lift(tag) not in model.index:
        price = AGAINST_THE_LAW if tag.kind in UNLAWFUL else ONE_CHANGE + RANK[tag.kind]
        model.column(lift(tag), cost=price, upper=upper)


def _add_person(model: Model, problem: Problem, places: Places, person: Person, profiles: tuple[Profile, ...]) -> None:
    """A person is added with one profile, and may go only where it fits; those before are added first."""
    kind = "researcher" if person.kind == "researcher" else "collaborator"
    used = ("used", person.id)
    model.column(used, cost=ONE_CHANGE + RANK[kind])
    kinds = {chosen(person.id, profile): 1 for profile in profiles}
    model.row(Row(0, 0, {**kinds, used: -1}))
    number = int(person.id[2:])
    if number:
        model.row(Row(0, None, {("used", f"{person.id[:2]}{number - 1:03}"): 1, used: -1}))
    for spot in places.by_person.get(person.id, ()):
        fitting = {
            chosen(person.id, one): 1 for one in profiles if fits(problem, spot.school, one, lead=spot.role == "lead")
        }
        model.row(Row(None, 0, {spot: 1, **dict.fromkeys(fitting, -1)}))


def fits(problem: Problem, school: str, profile: Profile, *, lead: bool = True) -> bool:
    """Return whether somebody with a profile may go to a school; only of who leads it asks for subjects."""
    there = problem.school[school]
    stage = profile.stage is None or profile.stage in there.teaches
    subject = profile.subject is None or not lead or not there.needs or profile.subject in there.needs
    return stage and subject
