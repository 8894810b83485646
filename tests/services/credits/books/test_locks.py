"""Locked periods: closed for registrations, corrections and reversals, and opened only from above, with a reason."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import date
from typing import Any

import pytest
from yanxiu_wire.books import LIST_LOCKS, REVERSE_RECOGNITION, ListLocks, PeriodLock, ReverseRecognition
from yanxiu_wire.message import Page

Check = Callable[[Any, str], Any]
TODAY = date(2025, 3, 14)


@pytest.fixture
async def day(clock: Any) -> AsyncIterator[Any]:
    """A clock that the test may move; it stands where it stood afterwards."""
    before = clock.day
    yield clock
    clock.day = before


async def test_nothing_in_a_locked_period_is_registered_corrected_or_reversed(house: Any, error_of: Check) -> None:
    made = await house.register(facts={"hours": "12"})
    put = await house.lock()
    assert isinstance(put, PeriodLock)
    assert (put.label, put.in_force, put.locked_by) == ("2024", True, "test-institute-officer")
    before = await house.counts()
    error = error_of(await house.register(facts={"hours": "3"}), "PERIOD_LOCKED")
    assert put.id in error.message_en
    assert "district-officer" in error.remedy_en
    assert "年度认定完毕" in error.message_zh
    error_of(await house.correct(made.record.id, {"hours": "3"}), "PERIOD_LOCKED")
    error_of(await house.reverse(made.record.id), "PERIOD_LOCKED")
    error_of(await house.void(made.record.id), "PERIOD_LOCKED")
    assert await house.counts() == before


async def test_another_school_and_another_period_stay_open(house: Any) -> None:
    await house.lock()
    assert (await house.register(on=date(2025, 1, 5), facts={"hours": "3"})).record.credits == 3
    await house.tell_school("school-2")
    await house.lock(school="school-2", on=date(2025, 1, 1))
    assert (await house.register(on=date(2025, 1, 6), facts={"hours": "3"})).record.credits == 3


async def test_a_correction_may_not_move_a_record_into_a_locked_period_nor_out_of_one(
    house: Any, error_of: Check
) -> None:
    inside = await house.register(facts={"hours": "12"})
    outside = await house.register(on=date(2025, 1, 5), facts={"hours": "3"})
    await house.lock()
    error_of(await house.correct(outside.record.id, {"hours": "3"}, on=date(2024, 5, 5)), "PERIOD_LOCKED")
    error_of(await house.correct(inside.record.id, {"hours": "12"}, on=date(2025, 2, 1)), "PERIOD_LOCKED")


async def test_a_lock_of_the_whole_district_closes_every_school(house: Any, error_of: Check) -> None:
    await house.lock(school=None)
    error_of(await house.register(facts={"hours": "3"}), "PERIOD_LOCKED")


async def test_a_higher_level_opens_it_with_a_reason_and_everything_stays_to_be_seen(
    house: Any, error_of: Check
) -> None:
    put = await house.lock()
    error_of(await house.unlock(put.id, caller=house.caller("institute-officer")), "LEVEL_TOO_LOW")
    leader = house.caller("school-leader", school=house.school)
    error_of(await house.unlock(put.id, caller=leader), "LEVEL_TOO_LOW")
    error_of(await house.unlock(put.id, reason=""), "REASON_MISSING")
    opened = await house.unlock(put.id, reason="补登漏报")
    assert (opened.in_force, opened.openings[0].reason, opened.openings[0].role) == (
        False,
        "补登漏报",
        "district-officer",
    )
    assert (await house.register(facts={"hours": "3"})).record.credits == 3
    error_of(await house.unlock(put.id), "LOCK_NOT_IN_FORCE")
    again = await house.lock()
    assert again.id != put.id
    error_of(await house.register(facts={"hours": "4"}), "PERIOD_LOCKED")
    page = await house.call(LIST_LOCKS, ListLocks(caller=house.officer))
    assert [(one.id, one.in_force, len(one.openings)) for one in page.items] == [
        (again.id, True, 0),
        (put.id, False, 1),
    ]
    assert (await house.call(LIST_LOCKS, ListLocks(caller=house.officer, in_force=True))).total == 1


async def test_at_the_top_another_person_opens_it(house: Any, error_of: Check) -> None:
    one = house.caller("district-officer")
    put = await house.lock(caller=one)
    assert put.may_open == ("district-officer",)
    error_of(await house.unlock(put.id, caller=one), "LEVEL_TOO_LOW")
    from_above = one.__class__(subject="another", role="district-officer", district=house.district)
    assert not (await house.unlock(put.id, caller=from_above)).in_force


async def test_an_opening_until_a_day_ends_by_itself(house: Any, error_of: Check, day: Any) -> None:
    put = await house.lock()
    error_of(await house.unlock(put.id, until=date(2025, 3, 13)), "DAY_IN_PAST")
    await house.unlock(put.id, until=date(2025, 3, 16))
    day.day = date(2025, 3, 16)
    assert (await house.register(facts={"hours": "3"})).record.credits == 3
    day.day = date(2025, 3, 17)
    error_of(await house.register(facts={"hours": "4"}), "PERIOD_LOCKED")


async def test_locking_again_ends_an_opening(house: Any, error_of: Check) -> None:
    put = await house.lock()
    error_of(await house.lock(), "ALREADY_LOCKED")
    await house.unlock(put.id, until=date(2025, 4, 1))
    await house.lock()
    error_of(await house.register(facts={"hours": "3"}), "PERIOD_LOCKED")


async def test_a_higher_level_adds_its_own_lock_and_both_must_be_opened(house: Any, error_of: Check) -> None:
    leader = house.caller("school-leader", school=house.school)
    low = await house.lock(caller=leader)
    high = await house.lock(caller=house.caller("institute-officer"))
    error = error_of(await house.register(facts={"hours": "3"}), "PERIOD_LOCKED")
    assert high.id in error.message_en
    await house.unlock(high.id)
    error_of(await house.register(facts={"hours": "3"}), "PERIOD_LOCKED")
    await house.unlock(low.id, caller=house.caller("institute-officer"))
    assert (await house.register(facts={"hours": "3"})).record.credits == 3


async def test_a_school_leader_locks_the_own_school_alone(house: Any, error_of: Check) -> None:
    leader = house.caller("school-leader", school=house.school)
    await house.tell_school("school-2")
    error_of(await house.lock(caller=leader, school="school-2"), "SCHOOL_UNKNOWN")
    error_of(await house.lock(caller=leader, school=None), "SCHOOL_UNKNOWN")
    error_of(await house.lock(school="no-such-school"), "SCHOOL_UNKNOWN")
    error_of(await house.lock(kind="cycle"), "PERIOD_UNKNOWN")
    error_of(await house.lock(reason=""), "REASON_MISSING")
    assert (await house.lock(caller=leader)).role == "school-leader"
    other = house.caller("school-leader", school="school-2")
    assert (await house.call(LIST_LOCKS, ListLocks(caller=other))).items == ()


async def test_a_recognition_of_a_locked_period_stands_until_it_is_opened(house: Any, error_of: Check) -> None:
    # Locked first: locking again would recognise anew what nobody judged.
    put = await house.lock()
    made = await house.recognise("t1", 10)

    async def take_back() -> Any:
        command = ReverseRecognition(caller=house.officer, key=house.key(), recognition=made, reason="更正")
        return await house.call(REVERSE_RECOGNITION, command)

    error_of(await take_back(), "PERIOD_LOCKED")
    await house.unlock(put.id)
    assert (await take_back()).entry.credits == -10


async def test_locks_come_in_pages_newest_first(house: Any) -> None:
    put = [await house.lock(on=date(year, 1, 1)) for year in (2021, 2022, 2023)]
    first = await house.call(LIST_LOCKS, ListLocks(caller=house.officer, page=Page(first=2)))
    assert [one.id for one in first.items] == [put[2].id, put[1].id]
    rest = await house.call(LIST_LOCKS, ListLocks(caller=house.officer, page=Page(first=2, after=first.cursors[-1])))
    assert ([one.id for one in rest.items], rest.has_next, rest.total) == ([put[0].id], False, 3)
