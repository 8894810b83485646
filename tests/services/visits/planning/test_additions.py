"""What a district adds to the law: each thing once, of what there is, and of use to this kind of plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from yanxiu_footing.registry_facts import Person
from yanxiu_gateway.names import graphql_path
from yanxiu_gateway.schema.rotation_plan_commands import _NAMES
from yanxiu_visits.planning.make_problem import make_problem
from yanxiu_visits.planning.solver.problem import Problem, refuse_contradictions
from yanxiu_visits.planning.solver.refused import REASONS, ProblemRefused
from yanxiu_wire.rotation_plan import PlanAdditions, PlanHelper, PlanPairing, PlanWeights, SchoolNeed, TravelCost
from yanxiu_wire.teacher import TeacherChanged

from tests.services.visits.planning.laws import by_batch, by_terms
from tests.services.visits.planning.test_make_problem import TERMS, researcher, school
from tests.services.visits.planning.test_plans import draft, in_later_terms

MADE_AT = datetime(2024, 9, 1, tzinfo=UTC)
NOBODY = TravelCost(person="nobody", school="s1", units=5)
COST = TravelCost(person="r1", school="s1", units=5)
PAIR = PlanPairing(person="r1", school="s1")
HELPER = PlanHelper(person="t1", kind="area_staff")


def problem(additions: PlanAdditions, *, batch: bool = False, **facts: Any) -> Problem:
    people = [researcher("r1"), researcher("left", ends_on=date(2024, 6, 30)), researcher("r2", **facts)]
    return make_problem(
        placing=by_batch() if batch else by_terms(window=2),
        periods=TERMS[:1] if batch else TERMS,
        researchers={one.researcher: one for one in people},
        helpers={
            one: Person(TeacherChanged(teacher=one, version=1, history=(), recorded_at=MADE_AT))
            for one in ("t1", "r1", "left")
        },
        schools={one: school(one) for one in ("s1", "s2")} | {"shut": school("shut", closed_on=date(2024, 6, 30))},
        before=(),
        additions=additions,
        open_from=0,
        in_force=None,
    )


@pytest.mark.parametrize(
    ("given", "field", "why"),
    [
        ({"travel": (COST, NOBODY)}, "travel[1].person", "no_person"),
        ({"travel": (TravelCost(person="r1", school="s9", units=5),)}, "travel[0].school", "no_school"),
        ({"travel": (COST, TravelCost(person="r1", school="s1", units=9))}, "travel[1]", "twice"),
        ({"travel": (TravelCost(person="r1", school="s1", units=-1),)}, "travel[0].units", "negative"),
        ({"travel": (TravelCost(person="r1", school="s1", units=10**9),)}, "travel[0].units", "too_large"),
        ({"weights": PlanWeights(travel=-1)}, "weights.travel", "negative"),
        ({"weights": PlanWeights(travel=10**6)}, "weights.travel", "too_large"),
        ({"weights": PlanWeights(load=1)}, "weights.load", "by_terms"),
        ({"needs": (SchoolNeed(school="s9", subjects=("语文",)),)}, "needs[0].school", "no_school"),
        ({"fixed": (PlanPairing(person="r9", school="s1"),)}, "fixed[0].person", "no_person"),
        ({"forbidden": (PlanPairing(person="r1", school="s9"),)}, "forbidden[0].school", "no_school"),
        ({"excepted": (PlanPairing(person="r1", school="s1", term="9"),)}, "excepted[0].term", "no_term"),
        ({"forbidden": (PAIR, PAIR)}, "forbidden[1]", "twice"),
        ({"fixed": (PlanPairing(person="left", school="s1"),)}, "fixed", "not_there"),
        ({"fixed": (PlanPairing(person="r1", school="s1", role="collaborator"),)}, "fixed[0].role", "by_terms"),
        ({"base_schools": 2}, "base_schools", "by_terms"),
        ({"everyone": True}, "everyone", "by_terms"),
        ({"helpers": (HELPER,)}, "helpers", "by_terms"),
        ({"candidates": ("s1",)}, "candidates", "by_terms"),
    ],
)
def test_by_terms_an_addition_that_cannot_be_kept_to_is_refused_by_its_path(
    given: dict[str, Any], field: str, why: Any
) -> None:
    _refused(PlanAdditions(**given), field, why, batch=False)


@pytest.mark.parametrize(
    ("given", "field", "why"),
    [
        ({"helpers": (PlanHelper(person="t9", kind="area_staff"),)}, "helpers[0].person", "no_person"),
        ({"helpers": (PlanHelper(person="r1", kind="area_staff"),)}, "helpers[0].person", "researcher"),
        ({"helpers": (HELPER, HELPER)}, "helpers[1]", "twice"),
        ({"helpers": (PlanHelper(person="t1", kind="area_staff", most=-1),)}, "helpers[0].most", "negative"),
        ({"candidates": ("s1", "s9")}, "candidates[1]", "no_school"),
        ({"candidates": ("s1", "s1")}, "candidates[1]", "twice"),
        ({"most_a_term": 1}, "most_a_term", "by_batch"),
        ({"weights": PlanWeights(crowd=1)}, "weights.crowd", "by_batch"),
    ],
)
def test_of_a_batch_an_addition_that_cannot_be_kept_to_is_refused_by_its_path(
    given: dict[str, Any], field: str, why: Any
) -> None:
    _refused(PlanAdditions(**given), field, why, batch=True)


def _refused(additions: PlanAdditions, field: str, why: Any, *, batch: bool) -> None:
    with pytest.raises(ProblemRefused) as refused:
        refuse_contradictions(problem(additions, batch=batch))
    assert (refused.value.field, refused.value.reason) == (field, REASONS[why])


def test_what_is_added_of_somebody_who_has_left_hinders_no_plan_anew() -> None:
    gone = PlanPairing(person="left", school="s1")
    shut = PlanPairing(person="r1", school="shut")
    travel = (TravelCost(person="left", school="s1", units=5), TravelCost(person="r1", school="shut", units=5))
    made = problem(PlanAdditions(forbidden=(gone, shut, PAIR), excepted=(gone,), travel=travel))
    assert [(one.person, one.school) for one in made.forbidden] == [("r1", "shut"), ("r1", "s1")]
    assert made.excepted == ()
    helping = PlanHelper(person="left", kind="backbone_teacher")
    assert {one.id: one.kind for one in problem(PlanAdditions(helpers=(helping,)), batch=True).people} == {
        "left": "backbone_teacher",
        "r1": "researcher",
        "r2": "researcher",
    }


async def test_the_reason_stands_in_words_in_both_tongues(
    quick_house: Any, error_of: Callable[[Any, str], Any]
) -> None:
    await in_later_terms(quick_house)
    error = error_of(await draft(quick_house, PlanAdditions(travel=(COST, COST))), "PLAN_CONTRADICTS")
    assert (error.field, error.value) == ("additions.travel[1]", "r1 s1")
    assert error.message_zh == "方案的附加要求“r1 s1”不成立：同一项列了不止一次。"
    assert error.remedy_zh == "请只保留一项。"
    assert "more than once" in error.message_en
    negative = error_of(await draft(quick_house, PlanAdditions(weights=PlanWeights(travel=-1))), "PLAN_CONTRADICTS")
    assert negative.message_zh == "方案的附加要求“-1”不成立：不能是负数。"


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("additions.travel[1].person", "input.additions.travel[1].personId"),
        ("additions.candidates[0]", "input.additions.candidateIds[0]"),
        ("additions.most_a_term", "input.additions.mostATerm"),
        ("plan", "input.planId"),
    ],
)
def test_the_path_is_the_one_that_the_front_end_wrote(field: str, shown: str) -> None:
    assert graphql_path(field, _NAMES) == shown
