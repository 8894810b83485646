"""Competitions under the law of Ouhai: three rounds in order, led by principals, stages that take turns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_visits.competing.assess_leader import other_post
from yanxiu_visits.competing.assess_round import ranked
from yanxiu_wire import competition as wire
from yanxiu_wire.leading_group import LEADING_GROUP_CHANGED, LeadingGroup, LeadingGroupChanged, LeadingMember
from yanxiu_wire.refusal import Refused

ErrorOf = Callable[[Any, str], Any]
ON = date(2024, 10, 10)


def result(school: str, mark: int, category: str = "特色") -> wire.RoundResult:
    return wire.RoundResult(school=school, category=category, mark=mark)


@settings(max_examples=50)
@given(marks=st.lists(st.integers(0, 4), max_size=8))
def test_a_rank_is_one_more_than_how_many_are_better(marks: list[int]) -> None:
    found = ranked([result(f"s{place}", mark) for place, mark in enumerate(marks)])
    assert [one.rank for one in found] == sorted(one.rank for one in found)
    assert all(one.rank == 1 + sum(1 for mark in marks if mark > one.mark) for one in found)
    assert ranked([*(result("a", 3) for _ in "a"), result("a", 1, "创新")])[0].rank == 1


async def do(house: Any, endpoint: Any, message: Any, caller: Any = None, **given_: Any) -> Any:
    return await house.call(endpoint, message(caller=caller or house.officer, key=house.key(), **given_))


async def opened(house: Any, stage: str = "小学", term: str = "2024-2025-1") -> Any:
    asked = {"name": "校本研修大比拼", "term": term, "stage": stage, "categories": ("特色",)}
    return await do(house, wire.OPEN_COMPETITION, wire.OpenCompetition, **asked)


async def enter(house: Any, competition: str, **given_: Any) -> Any:
    asked = {"school": "s1", "leader": "t1", "leader_post": "校长", **given_}
    return await do(house, wire.ENTER_COMPETITION, wire.EnterCompetition, competition=competition, **asked)


async def hold(house: Any, competition: str, round_: str, *results: wire.RoundResult, on: date = ON) -> Any:
    asked = {"competition": competition, "round": round_, "held_on": on, "results": results}
    return await do(house, wire.RECORD_ROUND, wire.RecordRound, **asked)


async def test_a_turn_is_three_rounds_in_order_led_by_principals(ouhai_on_each: Any, error_of: ErrorOf) -> None:
    house = ouhai_on_each
    error_of(await opened(house, "高中"), "NOT_ONE_OF")
    made = await opened(house)
    assert error_of(await opened(house), "COMPETITION_EXISTS").value == made.id
    vice = error_of(await enter(house, made.id, leader_post="副校长"), "WRONG_LEADER")
    assert vice.clauses == ("OUHAI-6-7a",)
    await enter(house, made.id)
    error_of(await enter(house, made.id), "ENTERED_BEFORE")
    await enter(house, made.id, school="s2", leader="t3")
    error_of(await hold(house, made.id, made.rounds[1]), "ROUND_OUT_OF_ORDER")
    error_of(await hold(house, made.id, made.rounds[0], result("s3", 90)), "RESULTS_MALFORMED")
    outside = error_of(await hold(house, made.id, made.rounds[0], on=date(2024, 8, 30)), "DAY_OUTSIDE_TERM")
    assert outside.clauses == ("OUHAI-6-7a",)
    empty = error_of(await hold(house, made.id, made.rounds[0]), "RESULTS_MISSING")
    assert empty.clauses == ("OUHAI-6-7a",)
    before = await house.call(wire.GET_ROTATION, wire.GetRotation(caller=house.officer))
    assert (before.rulings[0].failed, before.rulings[0].warnings) == ((), ("OUHAI-6-7b",)), "begun is not broken"
    done: Any = None
    for day, round_ in enumerate(made.rounds, start=10):
        both = (result("s1", 88), result("s2", 91))
        done = await hold(house, made.id, round_, *both, on=date(2024, 10, day))
        assert not isinstance(done, Refused), done
        error_of(await hold(house, made.id, round_, *both, on=date(2024, 10, day)), "DAY_OUTSIDE_TERM")
    assert [(one.school, one.rank) for one in done.held[2].results] == [("s2", 1), ("s1", 2)]
    after = await house.call(wire.GET_ROTATION, wire.GetRotation(caller=house.officer))
    assert "OUHAI-6-7a" not in after.rulings[0].failed
    assert {one.stage: one.turns for one in after.stages}["小学"] == 1
    listed = await house.call(wire.LIST_COMPETITIONS, wire.ListCompetitions(caller=house.school("s3"), year=2024))
    assert listed.items == (done,)


async def test_the_same_stage_twice_running_breaks_the_rotation_once_it_is_over(ouhai: Any, clock: Any) -> None:
    await opened(ouhai, "中学")
    await opened(ouhai, "中学", "2024-2025-2")
    asked = wire.GetRotation(caller=ouhai.officer)
    early = (await ouhai.call(wire.GET_ROTATION, asked)).rulings[0]
    assert (early.failed, early.warnings) == ((), ("OUHAI-6-7b",))
    before, clock.day = clock.day, date(2025, 6, 28)
    try:
        found = await ouhai.call(wire.GET_ROTATION, asked)
    finally:
        clock.day = before
    assert set(found.rulings[0].failed) == {"OUHAI-6-7a", "OUHAI-6-7b"}
    assert any("2024-2025-2" in step.zh for step in found.rulings[0].steps)


async def test_nobody_enters_once_a_round_was_held(ouhai: Any, error_of: ErrorOf) -> None:
    made = await opened(ouhai)
    await enter(ouhai, made.id)
    await hold(ouhai, made.id, made.rounds[0], result("s1", 88))
    late = error_of(await enter(ouhai, made.id, school="s2", leader="t3"), "ENTRY_OVER")
    assert late.clauses == ("OUHAI-6-7a",)


def led_by(*members: tuple[str, str, str | None]) -> LeadingGroup:
    given_ = tuple(LeadingMember(part=part, post=post, teacher=teacher) for part, post, teacher in members)  # type: ignore[arg-type]
    return LeadingGroup(id="l1", kind="行动小组", school="s1", members=given_, begins_on=date(2023, 9, 1))


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ((("head", "校长", None),), None),
        ((("head", "书记、校长", "t1"), ("member", "教师", "t2")), None),
        ((("head", "园长", "t1"),), None),
        ((("head", "校长", "t2"),), ""),
        ((("head", "校长", None), ("in-charge", "副校长", "t1")), "副校长"),
        ((), None),
    ],
)
def test_the_register_says_who_is_the_head(members: tuple[tuple[str, str, str | None], ...], told: str | None) -> None:
    assert other_post([led_by(*members)], "t1", "校长") == told


async def test_a_teacher_whom_the_register_has_in_another_post_does_not_lead(ouhai: Any, error_of: ErrorOf) -> None:
    card = led_by(("head", "校长", "t1"), ("in-charge", "副校长", "t2"))
    body = LeadingGroupChanged(group="l1", version=1, history=((date(2023, 9, 1), card),))
    await ouhai.tell(LEADING_GROUP_CHANGED, body)
    await ouhai.until(lambda rows: len(rows) == 1, "leading_group_fact")
    made = await opened(ouhai)
    refused = error_of(await enter(ouhai, made.id, leader="t2"), "WRONG_LEADER")
    assert (refused.value, refused.clauses) == ("副校长", ("OUHAI-6-7a",))
    assert not isinstance(await enter(ouhai, made.id), Refused)
