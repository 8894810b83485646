"""Ranking with ties, who is in line for a quota, and conflicts of interest: pure rules of the awards."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_visits.awards.assess_conflict import Interests, conflict
from yanxiu_visits.awards.assess_quota import free_place, in_line, within
from yanxiu_visits.awards.assess_ranking import rank
from yanxiu_wire.awards import Nomination, NominationState

MARKS = st.fixed_dictionaries({"方案": st.integers(0, 3), "成效": st.integers(0, 3)})
REVIEWS = st.dictionaries(st.integers(1, 9), st.lists(MARKS, min_size=1, max_size=3), min_size=1, max_size=8)


def nomination(rank_: int | None, state: NominationState = "nominated", school: str = "s1") -> Nomination:
    return Nomination(
        id=f"n{rank_}", year=2024, category="优质学校", recipient=f"s{rank_}", school=school, people=(), statement="x",
        state=state, nominated_by="o", nominated_at=datetime(2024, 1, 1, tzinfo=UTC), rank=rank_,
    )  # fmt: skip


def test_a_tie_is_parted_by_the_criterion_named_first_and_then_by_lot() -> None:
    reviews = {
        1: [{"方案": 8, "成效": 2}],
        2: [{"方案": 5, "成效": 5}, {"方案": 5, "成效": 5}],
        3: [{"方案": 5, "成效": 5}],
        4: [{"方案": 9, "成效": 9}],
    }
    found = rank(reviews, ["成效"], [3, 1, 2, 4])
    assert [(one.number, one.parted_by) for one in found] == [(4, None), (3, None), (2, "lot"), (1, "成效")]
    assert [one.mean for one in found] == [18, 10, 10, 10]


def test_means_are_exact_and_not_told_apart_by_rounding() -> None:
    thirds = {1: [{"方案": 1}, {"方案": 0}, {"方案": 0}], 2: [{"方案": 2}, *[{"方案": 0}] * 5]}
    found = rank(thirds, [], [2, 1])
    assert {one.mean for one in found} == {Fraction(1, 3)}
    assert [(one.number, one.parted_by) for one in found] == [(2, None), (1, "lot")]


@settings(max_examples=80)
@given(reviews=REVIEWS, data=st.data())
def test_ranks_are_whole_and_nobody_stands_above_one_with_more(
    reviews: Mapping[int, Sequence[Mapping[str, int]]], data: st.DataObject
) -> None:
    lots = data.draw(st.permutations(sorted(reviews)))
    found = rank(reviews, ["成效"], lots)
    assert [one.rank for one in found] == list(range(1, len(reviews) + 1))
    assert {one.number for one in found} == set(reviews)
    for above, below in itertools.pairwise(found):
        assert above.mean >= below.mean
        assert (below.parted_by is None) == (above.mean > below.mean)
        if below.parted_by == "lot":
            assert lots.index(above.number) < lots.index(below.number)
    mixed = dict(data.draw(st.permutations(sorted(reviews.items()))))
    assert rank(mixed, ["成效"], lots) == found


@settings(max_examples=60)
@given(
    states=st.lists(st.tuples(st.sampled_from(get_args(NominationState)), st.booleans()), max_size=10),
    quota=st.integers(0, 6),
)
def test_in_line_are_exactly_the_best_who_have_an_award_or_can_have_one(
    states: list[tuple[NominationState, bool]], quota: int
) -> None:
    everyone = [
        nomination(place + 1, state, "barred" if barred else "s1") for place, (state, barred) in enumerate(states)
    ]
    line = in_line(reversed(everyone), {"barred"})
    states_held = {"confirmed": {"barred", "s1"}, "nominated": {"s1"}}
    fit = [one for one in everyone if one.school in states_held.get(one.state, ())]
    assert line == fit
    inside = [one.id for one in everyone if within(line, one.id, quota)]
    assert inside == [one.id for one in fit[:quota]]
    assert len(inside) <= quota


@settings(max_examples=60)
@given(quota=st.integers(0, 12), taken=st.sets(st.integers(1, 12)))
def test_a_free_place_is_the_lowest_within_the_quota(quota: int, taken: set[int]) -> None:
    place = free_place(taken, quota)
    free = [one for one in range(1, quota + 1) if one not in taken]
    assert place == (min(free) if free else None)


@pytest.mark.parametrize(
    ("school", "people", "why"),
    [
        ("home", ("x",), "own-school"),
        ("elsewhere", ("x", "me"), "himself"),
        ("resided", (), "guided"),
        ("kin", (), "registered"),
        ("told", (), "declared"),
        ("elsewhere", ("friend",), "declared"),
        ("elsewhere", ("x",), None),
    ],
)
def test_nobody_judges_his_own_school_himself_or_whom_he_has_a_conflict_with(
    school: str, people: tuple[str, ...], why: str | None
) -> None:
    mine = Interests(
        person="me", schools=frozenset({"home"}), guided=frozenset({"resided"}),
        registered=frozenset({"kin"}), declared_schools=frozenset({"told"}),
        declared_people=frozenset({"friend"}),
    )  # fmt: skip
    assert conflict(mine, school, people) == why
