"""What the planner is asked, from facts and a district's additions. Pure.

Whoever is away for more than half of a period's days counts as absent in it; a school that is not open on more than
half of them is not there. Of a plan that replaces another only the days that are left count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

import msgspec
from yanxiu_footing.registry_facts import Person as Teacher
from yanxiu_footing.registry_facts import school_on
from yanxiu_rulekit.visits import Placing
from yanxiu_wire import registry
from yanxiu_wire.registry import SchoolChanged, taught_in
from yanxiu_wire.researcher import Researcher, ResearcherChanged
from yanxiu_wire.residency import Residency
from yanxiu_wire.rotation_plan import PlanAdditions, PlanEntry, PlanHelper, PlanPairing
from yanxiu_wire.term import Term

from yanxiu_visits.planning.assess_additions import assess_additions
from yanxiu_visits.planning.solver.problem import (
    Assignment,
    Pairing,
    Person,
    Problem,
    School,
    Weights,
)

DAY = timedelta(days=1)
# The previous batch, or term, is one period of its own; its id is never that of one of the plan's.
BEFORE = "before"
# An institute of the register employs people; it is no school that anybody is placed at.
INSTITUTIONS = frozenset({"municipal-institution", "county-institution"})
# What the planner takes from the additions as it stands.
AS_GIVEN = ("subject_fit", "stage_fit", "far_from", "allowance", "most_a_term", "base_schools", "everyone")


def make_problem(
    *,
    placing: Placing,
    periods: Sequence[Term],
    researchers: Mapping[str, ResearcherChanged],
    helpers: Mapping[str, Teacher],
    schools: Mapping[str, SchoolChanged],
    before: Iterable[Residency],
    additions: PlanAdditions,
    open_from: int,
    in_force: Sequence[PlanEntry] | None,
    since: date | None = None,
) -> Problem:
    """Return the problem, in which the days before `since` do not count: whoever has left by then is not there.

    Raises `ProblemRefused` for somebody or something in the additions that there is not.
    """
    periods = (*periods[:open_from], *(_left_of(one, since) for one in periods[open_from:]))
    active = _looked_at(placing, additions, periods, open_from, researchers, helpers, schools)
    placed, over = [_assigned(one, one.term) for one in in_force or ()], {one.id for one in periods[:open_from]}
    there = _people(periods[open_from:], active, additions.helpers)
    roster = _schools(periods, schools, additions, {one.school for one in placed if one.term in over})
    ids = {one.id for one in there}, {one.id for one in roster}
    outside = _outside_areas(periods, researchers, roster, schools, there)
    return Problem(
        placing=placing,
        terms=tuple(one.id for one in periods),
        people=there,
        schools=roster,
        travel=_travel(additions),
        weights=msgspec.convert(msgspec.to_builtins(additions.weights), Weights),
        **{name: getattr(additions, name) for name in AS_GIVEN},
        fixed=_pairings(additions.fixed),
        forbidden=(*_pairings(additions.forbidden, ids), *outside),
        excepted=_pairings(additions.excepted, ids),
        before=tuple(_assigned(one, BEFORE) for one in before),
        held=tuple(one for one in placed if one.term in over),
        open_from=open_from,
        in_force=None if in_force is None else tuple(placed),
    )


def _looked_at(
    placing: Placing,
    additions: PlanAdditions,
    periods: Sequence[Term],
    open_from: int,
    researchers: Mapping[str, ResearcherChanged],
    helpers: Mapping[str, Teacher],
    schools: Mapping[str, SchoolChanged],
) -> Mapping[str, ResearcherChanged]:
    """Look through the additions, and return those who are researchers in the periods to plan."""
    active = {id_: one for id_, one in researchers.items() if _is_one(one, periods[open_from:])}
    assess_additions(
        placing,
        additions,
        terms=[one.id for one in periods],
        researchers=researchers.keys(),
        active=active.keys(),
        teachers=helpers.keys(),
        schools=schools.keys(),
    )
    return active


def _left_of(period: Term, since: date | None) -> Term:
    """Return a period without its days before one; of a period that was over by then its last day."""
    if since is None or since <= period.starts_on:
        return period
    return msgspec.structs.replace(period, starts_on=min(since, period.ends_on))


def _assigned(one: PlanEntry | Residency, term: str) -> Assignment:
    return Assignment(term=term, person=one.person, school=one.school, role=one.role)


def _pairings(
    given: Iterable[PlanPairing], there: tuple[Collection[str], Collection[str]] | None = None
) -> tuple[Pairing, ...]:
    """Return pairings, where `there` is given only those of people and schools that are: of others they hold anyway."""
    return tuple(
        Pairing(person=one.person, school=one.school, term=one.term, role=one.role)
        for one in given
        if there is None or (one.person in there[0] and one.school in there[1])
    )


def _travel(additions: PlanAdditions) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for one in additions.travel:
        found.setdefault(one.person, {})[one.school] = one.units
    return found


# ---- people ------------------------------------------------------------------------------------------------------


def _people(
    periods: Sequence[Term], researchers: Mapping[str, ResearcherChanged], helpers: Iterable[PlanHelper]
) -> tuple[Person, ...]:
    found = [Person(id=one.person, kind=one.kind, most=one.most) for one in helpers]
    for changed in researchers.values():
        card = card_of(changed, periods[-1].ends_on)
        away = frozenset(one.id for one in periods if card is None or is_away(card, one.starts_on, one.ends_on))
        if card is not None and len(away) < len(periods):
            found.append(
                Person(
                    id=card.id,
                    subjects=frozenset(card.subjects),
                    stages=frozenset(card.stages),
                    absent=away,
                    conflicts=frozenset(one.school for one in card.conflicts),
                    most=card.capacity,
                )
            )
    return tuple(found)


def _is_one(changed: ResearcherChanged, periods: Sequence[Term]) -> bool:
    """Return whether somebody is a researcher, at work or away, on any day of the periods."""
    card = card_of(changed, periods[-1].ends_on)
    return card is not None and (card.ends_on is None or card.ends_on >= periods[0].starts_on)


def card_of(changed: ResearcherChanged, until: date) -> Researcher | None:
    """Return the newest entry that begins by a day, with what is on file of absences and conflicts."""
    begun = [entry for since, entry in changed.history if since <= until]
    return begun[-1] if begun else None


def is_away(card: Researcher, start: date, end: date) -> bool:
    """Return whether somebody is no researcher, or absent, on more than half of the days of a period."""
    gone = [(date.min, card.begins_on - DAY), *((one.since, one.until or date.max) for one in card.absences)]
    gone += [(card.ends_on + DAY, date.max)] if card.ends_on is not None else []
    days = set()
    for since, until in gone:
        first, last = max(since, start), min(until, end)
        days |= {first.toordinal() + more for more in range(max(0, (last - first).days + 1))}
    return 2 * len(days) > (end - start).days + 1


# ---- schools -----------------------------------------------------------------------------------------------------


def _schools(
    periods: Sequence[Term], schools: Mapping[str, SchoolChanged], additions: PlanAdditions, held: set[str]
) -> tuple[School, ...]:
    """Return the schools to choose from, each as it is when the first period that has it begins."""
    wanted = set(additions.candidates) or set(schools)
    needs = {one.school: frozenset(one.subjects) for one in additions.needs}
    found = []
    for id_, changed in schools.items():
        closed = frozenset(one.id for one in periods if not _is_there(changed, one))
        as_of = next((one.starts_on for one in periods if one.id not in closed), periods[0].starts_on)
        card = school_on(changed, as_of) or school_on(changed, periods[-1].ends_on)
        if card is None or card.affiliation in INSTITUTIONS or id_ not in wanted | held:
            continue
        found.append(_school(card, needs.get(id_, frozenset()), closed))
    return tuple(found)


def _school(card: registry.School, needs: frozenset[str], closed: frozenset[str]) -> School:
    return School(
        id=card.id,
        name=card.name,
        stage=card.stage,
        teaches=frozenset(taught_in(card.stage)),
        location=card.location,
        weak=card.weak,
        needs=needs,
        closed=closed,
    )


def _is_there(changed: SchoolChanged, period: Term) -> bool:
    """Return whether the school is open on at least half of the period's days."""
    card = school_on(changed, period.ends_on)
    if card is None:
        return False
    first = max(card.opened_on, period.starts_on)
    last = min(card.closed_on or date.max, period.ends_on)
    return 2 * ((last - first).days + 1) >= (period.ends_on - period.starts_on).days + 1


def _outside_areas(
    periods: Sequence[Term],
    researchers: Mapping[str, ResearcherChanged],
    roster: Iterable[School],
    schools: Mapping[str, SchoolChanged],
    people: Iterable[Person],
) -> tuple[Pairing, ...]:
    """Return the pairs that a researcher's areas leave out; who has none works in the whole district."""
    area = {one.id: _area(schools[one.id], periods[-1].ends_on) for one in roster}
    found = []
    for person in people:
        changed = researchers.get(person.id)
        card = card_of(changed, periods[-1].ends_on) if changed is not None else None
        areas = card.areas if card is not None else ()
        if areas:
            found += [Pairing(person=person.id, school=s) for s, its in area.items() if its not in areas]
    return tuple(found)


def _area(changed: SchoolChanged, on: date) -> str | None:
    card = school_on(changed, on)
    return card.area if card is not None else None
