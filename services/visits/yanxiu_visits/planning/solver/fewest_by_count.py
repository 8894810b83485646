"""The least change, for placing by terms, when counting shows schools out of reach: terms are not told apart.

Every plan after some changes gives each school not yet visited a place among those of a researcher who may go there, or
of one who is added. The least change of this smaller model is therefore never more than the least change; when a plan
exists after it, it is the least.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from yanxiu_rulekit.visits import TermPlacing

from yanxiu_visits.planning.solver.elastic import ONE_CHANGE, RANK, Profile, fits, given_as, lift, profiles_of
from yanxiu_visits.planning.solver.model import Model, Row
from yanxiu_visits.planning.solver.places import Spot, Tag, every_spot
from yanxiu_visits.planning.solver.problem import Problem, count_of


class Reach(NamedTuple):
    """A person may come to a school, in some term that is open to both."""

    person: str
    school: str


def added(profile: Profile) -> tuple[str, Profile]:
    """The column that counts the researchers added with a profile."""
    return ("researchers", profile)


def serves(profile: Profile, school: str) -> tuple[str, Profile, str]:
    """The column that says that an added researcher comes to a school."""
    return ("serves", profile, school)


def fewest_by_count(problem: Problem, kinds: Collection[str]) -> Model:
    """Return the model; it gives way by lifting the kinds named, and by adding researchers if that is one of them."""
    law = problem.placing
    if not isinstance(law, TermPlacing):
        raise TypeError("counting is for placing by terms")
    model, number = Model(), count_of(law.schools_a_term)
    held = {one.school for one in problem.held}
    wanted = [school.id for school in problem.roster if school.id not in held]
    visits: dict[str, dict[object, int]] = {school: {} for school in wanted}
    for reach, ways in _ways(problem, visits, kinds).items():
        visits[reach.school][reach] = 1
        _add_reach(model, reach, ways)
    if "researcher" in kinds:
        _add_researchers(model, problem, visits, number)
    for terms in visits.values():
        model.row(Row(1, None, terms))
    _add_places(model, problem, kinds, [reach for terms in visits.values() for reach in terms], number)
    return model


def _ways(problem: Problem, wanted: Collection[str], kinds: Collection[str]) -> Mapping[Reach, list[tuple[Tag, ...]]]:
    """Return for each reach what must be lifted for it, in each of the terms; an absence is lifted with the places."""
    found: dict[Reach, list[tuple[Tag, ...]]] = defaultdict(list)
    for spot, bars in every_spot(problem):
        lifted = tuple(bar for bar in bars if bar.kind != "absent" or "absent" not in kinds)
        if spot.school in wanted and all(given_as(bar).kind in kinds for bar in lifted):
            found[_reach(spot)].append(tuple(map(given_as, lifted)))
    return found


def _reach(spot: Spot) -> Reach:
    return Reach(spot.person, spot.school)


def _add_reach(model: Model, reach: Reach, ways: list[tuple[Tag, ...]]) -> None:
    """A reach needs the bars lifted that stand in its way in every term."""
    in_every = set(ways[0]).intersection(*ways[1:])
    for bar in sorted(in_every):
        _charge(model, bar)
        model.row(Row(None, 0, {reach: 1, lift(bar): -1}))


def _add_researchers(model: Model, problem: Problem, visits: Mapping[str, dict[object, int]], number: int) -> None:
    for profile in profiles_of(problem):
        model.column(added(profile), cost=ONE_CHANGE + RANK["researcher"], upper=None)
        fitting = [school for school in visits if fits(problem, school, profile)]
        for school in fitting:
            visits[school][serves(profile, school)] = 1
        places = dict.fromkeys((serves(profile, school) for school in fitting), 1)
        model.row(Row(None, 0, {**places, added(profile): -number * len(problem.open_terms)}))


def _add_places(model: Model, problem: Problem, kinds: Collection[str], reaches: Iterable[object], number: int) -> None:
    """A researcher has a place in each term; one fixed to a school is no place for another, unless that is lifted."""
    own: dict[str, list[Reach]] = defaultdict(list)
    for reach in reaches:
        if isinstance(reach, Reach):
            own[reach.person].append(reach)
    for person, mine in own.items():
        absent = problem.person[person].absent & set(problem.open_terms)
        pins = [
            (at, one) for at, one in enumerate(problem.fixed) if one.person == person and one.term in problem.open_terms
        ]
        elsewhere = {one.school for _, one in pins}
        places = number * (len(problem.open_terms) - len(absent)) - len(pins)
        terms: dict[object, int] = {reach: 1 for reach in mine if reach.school not in elsewhere}
        given = [Tag("absent", person, term=term) for term in sorted(absent) if "absent" in kinds]
        pinned = [Tag("fixed", person, one.school, str(at)) for at, one in pins if "fixed" in kinds]
        for tag in (*given, *pinned):
            _charge(model, tag)
            terms[lift(tag)] = -number if tag.kind == "absent" else -1
        model.row(Row(None, places, terms))


def _charge(model: Model, tag: Tag) -> None:
    if lift(tag) not in model.index:
        model.column(lift(tag), cost=ONE_CHANGE + RANK[tag.kind])
