"""From facts to what the planner is asked: absences, areas, schools that open or close, institutes, what is held."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from yanxiu_visits.planning.make_problem import is_away, make_problem
from yanxiu_visits.planning.problem_text import read, written
from yanxiu_visits.planning.solver.problem import Pairing, Problem
from yanxiu_visits.planning.solver.refused import ProblemRefused
from yanxiu_wire import registry
from yanxiu_wire.researcher import Absence, ConflictOfInterest, Researcher, ResearcherChanged
from yanxiu_wire.rotation_plan import PlanAdditions, PlanEntry, PlanWeights, SchoolNeed, TravelCost
from yanxiu_wire.term import Term

from tests.services.visits.planning.laws import by_batch, by_terms

TERMS = (
    Term(id="1", school_year="2024-2025", number=1, starts_on=date(2024, 9, 2), ends_on=date(2025, 1, 17)),
    Term(id="2", school_year="2024-2025", number=2, starts_on=date(2025, 2, 17), ends_on=date(2025, 6, 27)),
)
OPENED = date(2000, 9, 1)


def school(name: str, **facts: Any) -> registry.SchoolChanged:
    given = {"stage": "primary", "location": "town", "opened_on": OPENED, "name": f"合成{name}"} | facts
    card = registry.School(id=name, code=name, **given)
    return registry.SchoolChanged(school=name, version=1, history=((card.opened_on, card),))


def researcher(name: str, **facts: Any) -> ResearcherChanged:
    since = facts.pop("begins_on", date(2022, 9, 1))
    card = Researcher(id=name, subjects=("语文",), stages=("primary",), begins_on=since, **facts)
    return ResearcherChanged(researcher=name, version=1, history=((since, card),))


def problem(
    people: list[ResearcherChanged], schools: list[registry.SchoolChanged], additions: PlanAdditions, **given: Any
) -> Problem:
    asked = {"placing": by_terms(window=2), "periods": TERMS, "open_from": 0, "in_force": None} | given
    return make_problem(
        researchers={one.researcher: one for one in people},
        helpers={},
        schools={one.school: one for one in schools},
        before=(),
        additions=additions,
        **asked,
    )


def test_who_is_away_for_more_than_half_of_a_term_is_absent_in_it() -> None:
    term = TERMS[0]
    days = (term.ends_on - term.starts_on).days + 1
    until = date.fromordinal(term.starts_on.toordinal() + days // 2)
    day_before = date.fromordinal(until.toordinal() - 1)
    card = researcher("r1").history[0][1]
    for last, away in ((until, True), (day_before, False)):
        absent = Absence(since=term.starts_on, until=last, kind="产假")
        changed = researcher("r1", absences=(absent,)).history[0][1]
        assert is_away(changed, term.starts_on, term.ends_on) is away
    assert not is_away(card, term.starts_on, term.ends_on)
    begun = researcher("r1", begins_on=date(2025, 1, 1)).history[0][1]
    assert is_away(begun, term.starts_on, term.ends_on)


def test_of_a_plan_anew_only_the_days_that_are_left_count() -> None:
    leaving, back = date(2024, 12, 31), date(2024, 11, 30)
    people = [
        researcher("gone", ends_on=leaving),
        researcher("back", absences=(Absence(since=date(2024, 9, 1), until=back, kind="病假"),)),
    ]
    schools = [school("s1"), school("shut", closed_on=leaving)]
    for since, absent, shut in (
        (None, {"back": {"1"}, "gone": {"2"}}, {"2"}),
        (date(2024, 12, 30), {"back": set(), "gone": {"1", "2"}}, {"1", "2"}),
    ):
        made = problem(people, schools, PlanAdditions(), since=since)
        assert {one.id: set(one.absent) for one in made.people} == {k: v for k, v in absent.items() if len(v) < 2}
        assert made.school["shut"].closed == shut


def test_facts_of_the_register_become_people_and_schools() -> None:
    leave = Absence(since=date(2025, 2, 1), until=None, kind="挂职")
    avoided = ConflictOfInterest(school="s1", kind="亲属在校")
    people = [researcher("r1", absences=(leave,), conflicts=(avoided,), capacity=3), researcher("r2", areas=("east",))]
    gone = researcher("r3", ends_on=date(2024, 6, 30))
    schools = [
        school("s1", area="east", weak=True),
        school("s2", area="west", stage="nine-year"),
        school("s3", area="east", opened_on=date(2025, 2, 1)),
        school("institute", stage="complete", affiliation="county-institution"),
        school("closed", closed_on=date(2024, 7, 1)),
    ]
    made = problem([*people, gone], schools, PlanAdditions(needs=(SchoolNeed(school="s2", subjects=("数学",)),)))
    assert [(one.id, one.absent, one.conflicts, one.most) for one in made.people] == [
        ("r1", frozenset({"2"}), frozenset({"s1"}), 3),
        ("r2", frozenset(), frozenset(), 1),
    ]
    assert {one.id for one in made.roster} == {"s1", "s2", "s3"}
    assert made.school["s3"].closed == {"1"}
    assert made.school["s2"].teaches == {"primary", "junior"}
    assert made.school["s2"].needs == {"数学"}
    assert Pairing(person="r2", school="s2") in made.forbidden, "outside his areas nobody is placed"
    assert not {one.school for one in made.forbidden if one.person == "r1"}
    assert not {"s1", "s3"} & {one.school for one in made.forbidden}


def test_what_is_over_is_held_and_the_rest_is_the_plan_to_depart_from() -> None:
    placed = tuple(PlanEntry(person="r1", school=s, term=t, role="lead") for s, t in (("s1", "1"), ("s2", "2")))
    made = problem([researcher("r1")], [school("s1"), school("s2")], PlanAdditions(), open_from=1, in_force=placed)
    assert [one.school for one in made.held] == ["s1"]
    assert made.in_force is not None
    assert len(made.in_force) == 2


def test_only_a_batch_chooses_among_schools() -> None:
    chosen = PlanAdditions(candidates=("s1",))
    with pytest.raises(ProblemRefused, match="candidates"):
        problem([researcher("r1")], [school("s1"), school("s2")], chosen)
    batch = problem([researcher("r1")], [school("s1"), school("s2")], chosen, placing=by_batch(), periods=TERMS[:1])
    assert {one.id for one in batch.roster} == {"s1"}


@pytest.mark.parametrize("placing", [by_terms(window=2), by_batch()], ids=["terms", "batch"])
def test_a_problem_is_the_same_after_it_was_written_and_read(placing: Any) -> None:
    additions = PlanAdditions(
        travel=(TravelCost(person="r1", school="s1", units=7),), weights=PlanWeights(far=3), far_from=5
    )
    made = problem([researcher("r1")], [school("s1", weak=True)], additions, placing=placing, periods=TERMS[:1])
    again = read(written(made))
    assert written(again) == written(made)
    assert again.placing == placing
    assert (again.cost("r1", "s1"), again.weights.far, again.is_far("r1", "s1")) == (7, 3, True)
