"""What was recognised stays what is judged: closed wherever the records are, and recognised anew on locking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_wire import books
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.credits import GET_STANDINGS, GET_TOTALS, GetStandings, GetTotals
from yanxiu_wire.process import Process
from yanxiu_wire.workflow import LIST_NOTICES, LIST_TASKS, ListNotices, ListTasks

from tests.services.credits.workflow.conftest import IN_YEAR, Town
from tests.services.credits.workflow.test_recognition import entries
from tests.services.credits.workflow.test_taken_back import holds, take_back_one, unlock

Error = Callable[[Any, str], Any]
MOVED = (
    wire_teacher.Employment(school="school-2", since=date(2021, 9, 1), until=date(2024, 6, 30)),
    wire_teacher.Employment(school="school-1", since=date(2024, 7, 1)),
)


async def recognised(town: Town) -> Process:
    return await town.take(town.institute, await town.submitted(), "recognise")


async def test_a_former_school_changes_nothing_in_a_period_that_was_recognised(town: Town, error_of: Error) -> None:
    await town.employ("t5", *MOVED)
    old = await town.register("t5", on=date(2024, 5, 5), facts={"hours": "40"}, caller=town.other_leader)
    await recognised(town)
    given = {"key": town.key(), "caller": town.other_leader, "record": old.record.id, "reason": "录错"}
    late = await town.register("t5", on=date(2024, 5, 6), facts={"hours": "50"}, caller=town.other_leader)
    error = error_of(late, "PERIOD_LOCKED")
    assert "认定" in error.message_zh
    assert "district-officer" in error.remedy_en
    error_of(await town.call(books.REVERSE_RECORD, books.ReverseRecord(**given)), "PERIOD_LOCKED")
    correction = books.CorrectTraining(**{**given, "key": town.key()}, facts={"hours": "4"})
    error_of(await town.call(books.CORRECT_TRAINING, correction), "PERIOD_LOCKED")
    # A colleague of that school, who was not recognised, is not held up; opened, the teacher's record is taken.
    assert (await town.register("t9", on=date(2024, 5, 6), facts={"hours": "5"})).record.credits == 5
    await unlock(town)
    assert (await town.register("t5", on=date(2024, 5, 6), facts={"hours": "50"})).record.credits == 50


async def test_a_new_school_changes_nothing_that_the_former_one_had_recognised(town: Town, error_of: Error) -> None:
    await recognised(town)
    before = wire_teacher.Employment(school="school-1", since=date(2021, 9, 1), until=date(2024, 6, 30))
    await town.employ("t1", before, wire_teacher.Employment(school="school-2", since=date(2024, 7, 1)), version=2)
    late = await town.register("t1", on=date(2024, 8, 1), facts={"hours": "30"}, caller=town.other_leader)
    error_of(late, "PERIOD_LOCKED")


# ---- an opened period, locked again --------------------------------------------------------------------------------


async def lock_again(town: Town, caller: Any = None) -> Any:
    given = {"kind": "year", "on": IN_YEAR, "school": "school-1", "reason": "更正完毕"}
    return await town.call(
        books.LOCK_PERIOD, books.LockPeriod(caller=caller or town.institute, key=town.key(), **given)
    )


async def totals(town: Town, *teachers: str) -> list[Decimal]:
    page = await town.call(GET_TOTALS, GetTotals(caller=town.department, teachers=teachers))
    return [one.recognised_credits for one in page.items]


async def stale(town: Town, *teachers: str) -> list[bool]:
    """Say of each teacher whether the recognition of the year is not what is judged."""
    query = GetStandings(caller=town.department, teachers=teachers, kind="year", on=IN_YEAR)
    found = (await town.call(GET_STANDINGS, query)).items
    return [one.recognition_stale for one in found]


async def test_locked_again_what_changed_is_recognised_anew_and_told_again(town: Town, error_of: Error) -> None:
    done = await recognised(town)
    await town.take(town.leader, done, "feed_back")
    await unlock(town)
    await town.register("t1", on=date(2024, 7, 1), facts={"hours": "60"})
    assert await totals(town, "t1", "t2") == [Decimal(20), Decimal(80)]
    assert await stale(town, "t1", "t2", "t9") == [True, False, False]
    # To lock it recognises anew: the school, which never recognised, does not.
    error = error_of(await lock_again(town, town.leader), "LEVEL_TOO_LOW")
    assert "institute-officer" in error.remedy_en
    assert await entries(town, "recognition-reversal") == []
    assert (await lock_again(town)).in_force
    assert await totals(town, "t1", "t2") == [Decimal(80), Decimal(80)]
    assert await stale(town, "t1", "t2") == [False, False]
    rows = [(row["teacher"], row["generation"], row["process"]) for row in await town.rows("recognition")]
    assert sorted(rows) == [("t1", 1, done.id), ("t1", 2, done.id), ("t2", 1, done.id)]
    notices = await town.call(LIST_NOTICES, ListNotices(caller=town.teacher, teacher="t1"))
    assert [(one.verdict, one.recognised_credits) for one in notices.items] == [
        ("PASS", Decimal(80)), ("FAIL", Decimal(20)),
    ]  # fmt: skip
    assert [one.revoked_on for one in notices.items] == [None, date(2025, 3, 10)]
    error_of(await town.register("t1", on=date(2024, 7, 2), facts={"hours": "1"}), "PERIOD_LOCKED")
    await holds(town)


async def test_who_locks_the_whole_district_recognises_nothing_anew_that_a_higher_level_had_locked(
    town: Town, error_of: Error
) -> None:
    await recognised(town)
    await unlock(town)
    assert (await lock_again(town, town.department)).in_force
    (above,) = (await town.call(books.LIST_LOCKS, books.ListLocks(caller=town.department, in_force=True))).items
    other = town.person("department-2", "district-officer")
    await town.call(books.UNLOCK_PERIOD, books.UnlockPeriod(caller=other, key=town.key(), lock=above.id, reason="补登"))
    await town.register("t1", on=date(2024, 7, 1), facts={"hours": "60"})
    whole = {"kind": "year", "on": IN_YEAR, "school": None, "reason": "全区封账"}
    refused = await town.call(books.LOCK_PERIOD, books.LockPeriod(caller=town.institute, key=town.key(), **whole))
    assert "district-officer" in error_of(refused, "LEVEL_TOO_LOW").remedy_en
    assert await totals(town, "t1") == [Decimal(20)]
    locked = await town.call(books.LOCK_PERIOD, books.LockPeriod(caller=town.department, key=town.key(), **whole))
    assert locked.in_force
    assert await totals(town, "t1") == [Decimal(80)]


async def test_fraud_found_in_an_opened_period_takes_the_recognised_credits_with_it(
    town: Town, error_of: Error
) -> None:
    forged = (await town.register("t2", on=date(2024, 6, 7), facts={"hours": "5"})).record.id
    await recognised(town)
    (lock,) = (await town.call(books.LIST_LOCKS, books.ListLocks(caller=town.department))).items
    today = town.clock.day
    opening = books.UnlockPeriod(caller=town.department, key=town.key(), lock=lock.id, reason="造假", until=today)
    await town.call(books.UNLOCK_PERIOD, opening)
    given = {"record": forged, "reason": "证书系伪造", "proof": "卷宗"}
    void = books.VoidForFraud(caller=town.institute, key=town.key(), **given)
    assert isinstance(await town.call(books.VOID_FOR_FRAUD, void), books.RecordVoided)
    # The opening runs out by itself; whoever locks then settles what was left behind, once.
    town.clock.day = date(2025, 3, 13)
    assert (await lock_again(town)).id == lock.id
    assert await totals(town, "t2") == [Decimal(80)]
    error_of(await lock_again(town), "ALREADY_LOCKED")
    await holds(town)


async def unsettled(town: Town, caller: Any) -> list[tuple[str | None, str, date, int]]:
    found = (await town.call(LIST_TASKS, ListTasks(caller=caller))).unsettled
    return [(one.school, one.period.label, one.opened_until, one.teachers) for one in found]


async def test_an_opening_that_ran_out_is_closed_by_itself_and_stands_in_the_recognisers_work_list_till_it_is_settled(
    town: Town, error_of: Error
) -> None:
    await recognised(town)
    await town.call(books.SIGN_HEAD, books.SignHead(caller=town.department, key=town.key()))
    (lock,) = (await town.call(books.LIST_LOCKS, books.ListLocks(caller=town.department))).items
    town.clock.day = date(2025, 3, 12)
    given = {"lock": lock.id, "reason": "更正", "until": date(2025, 3, 13)}
    opening = books.UnlockPeriod(caller=town.department, key=town.key(), **given)
    assert not (await town.call(books.UNLOCK_PERIOD, opening)).in_force
    await town.register("t1", on=date(2024, 7, 1), facts={"hours": "60"})
    # Entered and taken back again: nothing is to be recognised anew of it.
    mistake = await town.register("t2", on=date(2024, 7, 1), facts={"hours": "6"})
    undone = {"record": mistake.record.id, "reason": "录错"}
    await town.call(books.REVERSE_RECORD, books.ReverseRecord(caller=town.leader, key=town.key(), **undone))
    town.clock.day = date(2025, 3, 13)
    assert await unsettled(town, town.institute) == [], "the last day has not passed"
    town.clock.day = date(2025, 3, 14)
    error_of(await town.register("t1", on=date(2024, 7, 2), facts={"hours": "1"}), "PERIOD_LOCKED")
    await town.call(books.SIGN_HEAD, books.SignHead(caller=town.department, key=town.key()))
    await town.register("t9", facts={"hours": "1"})
    for caller in (town.institute, town.department):
        assert await unsettled(town, caller) == [("school-1", "2024", date(2025, 3, 13), 1)]
    for caller in (town.leader, town.other_leader, town.teacher):
        assert await unsettled(town, caller) == [], "the institute recognised: no school settles it"
    assert (await lock_again(town)).id == lock.id
    assert await totals(town, "t1", "t2") == [Decimal(80), Decimal(80)]
    assert await unsettled(town, town.institute) == []
    await holds(town)


async def test_recognised_anew_after_one_was_taken_back_every_teacher_is_judged_again(
    town: Town, error_of: Error
) -> None:
    done = await recognised(town)
    await unlock(town)
    (row,) = [row for row in await town.rows("recognition") if row["teacher"] == "t1"]
    await take_back_one(town, town.department, row["id"])
    await town.register("t2", on=date(2024, 8, 1), facts={"hours": "7"})
    back = await town.show(done.id)
    error_of(await town.take(town.institute, back, "recognise"), "RESULT_CHANGED")
    review = await town.take(town.leader, await town.send_back(town.institute, back), "review")
    shown = await town.take(town.leader, review, "publicise")
    town.clock.day = date(2025, 3, 20)
    await town.take(town.institute, await town.take(town.leader, shown, "submit"), "recognise")
    assert await totals(town, "t1", "t2") == [Decimal(20), Decimal(87)]
    await holds(town)
