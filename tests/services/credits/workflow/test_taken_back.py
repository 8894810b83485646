"""A recognition is taken back by a higher level: reversed, the period open, the same process recognises anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_credits.standings.ratio_store import add_announced
from yanxiu_credits.workflow.assess_step import Actor
from yanxiu_credits.workflow.taken_back import roles_above, stands_above
from yanxiu_wire import books
from yanxiu_wire import credits as wire_credits
from yanxiu_wire import workflow as wire
from yanxiu_wire.announced_ratios import LIST_ANNOUNCED_RATIOS, AnnouncedRatio, ListAnnouncedRatios
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.explanation import Explanation
from yanxiu_wire.process import Process

from tests.services.credits.workflow.conftest import Town
from tests.services.credits.workflow.test_assess_step import signed
from tests.services.credits.workflow.test_recognition import entries, states

Error = Callable[[Any, str], Any]


async def take_back(town: Town, caller: Caller, process: Process, **given: Any) -> Any:
    given = {"version": process.version, "reason": "系数用错", **given}
    answer = await town.call(
        wire.TAKE_BACK_RECOGNITION,
        wire.TakeBackRecognition(caller=caller, key=town.key(), process=process.id, **given),
    )
    return getattr(answer, "process", answer)


async def take_back_one(town: Town, caller: Caller, recognition: str) -> Any:
    command = books.ReverseRecognition(caller=caller, key=town.key(), recognition=recognition, reason="成绩录错")
    return await town.call(books.REVERSE_RECOGNITION, command)


@pytest.fixture
async def recognised(town: Town) -> Process:
    return await town.take(town.institute, await town.submitted(), "recognise")


async def unlock(town: Town) -> None:
    (lock,) = (await town.call(books.LIST_LOCKS, books.ListLocks(caller=town.department))).items
    command = books.UnlockPeriod(caller=town.department, key=town.key(), lock=lock.id, reason="更正")
    assert isinstance(await town.call(books.UNLOCK_PERIOD, command), books.PeriodLock)


async def holds(town: Town) -> None:
    ledger = await town.call(wire_credits.VERIFY_LEDGER, wire_credits.VerifyLedger(caller=town.department))
    signatures = await town.call(wire.VERIFY_SIGNATURES, wire.VerifySignatures(caller=town.department))
    assert (ledger.first_bad, signatures.first_bad) == (None, None)


async def test_the_same_process_recognises_anew_after_all_was_taken_back(town: Town, recognised: Process) -> None:
    record = (await town.rows("record"))[0]["id"]
    assert await states(town, record) == ["recognised"]
    back = await take_back(town, town.department, recognised)
    assert (back.state, back.phase, back.ended) == ("submitted", "submitted", False)
    signed = back.signatures[-1]
    assert (signed.step, signed.label_zh, signed.reason, signed.subject) == (
        "reversal", "撤销认定", "系数用错", "department",
    )  # fmt: skip
    assert await states(town, record) == ["submitted"]
    assert await entries(town, "recognition-reversal") == [
        ("t1", "year:2024", Decimal(-20)),
        ("t2", "year:2024", Decimal(-80)),
    ]
    # The period is open: what was missing is entered, the list is made public again, and the result is another.
    assert (await town.register("t1", facts={"hours": "50"})).record.credits == 50
    reviewed = await town.take(town.leader, await town.send_back(town.institute, back), "review")
    shown = await town.take(town.leader, reviewed, "publicise")
    town.clock.day = date(2025, 3, 20)
    again = await town.take(town.institute, await town.take(town.leader, shown, "submit"), "recognise")
    assert (again.state, await states(town, record)) == ("recognised", ["recognised"])
    stands = {(row["teacher"], row["generation"]) for row in await town.rows("recognition")}
    assert stands == {("t1", 1), ("t2", 1), ("t1", 2), ("t2", 2)}
    total = await town.call(wire_credits.GET_TOTALS, wire_credits.GetTotals(caller=town.department, teachers=("t1",)))
    assert total.items[0].recognised_credits == 70
    await holds(town)


async def test_it_is_recognised_anew_at_once_where_nothing_has_changed(town: Town, recognised: Process) -> None:
    told = await town.take(town.leader, recognised, "feed_back")
    assert told.ended
    back = await take_back(town, town.department, told)
    assert (back.ended, back.state) == (False, "submitted")
    again = await town.take(town.institute, back, "recognise")
    assert (await town.take(town.leader, again, "feed_back")).ended
    notices = await town.call(wire.LIST_NOTICES, wire.ListNotices(caller=town.teacher, teacher="t1"))
    assert [one.recognised_credits for one in notices.items] == [Decimal(20), Decimal(20)]
    locks = await town.call(books.LIST_LOCKS, books.ListLocks(caller=town.department))
    assert [one.in_force for one in locks.items] == [True, False]
    await holds(town)


def test_what_the_highest_level_recognised_another_person_of_it_takes_back() -> None:
    made = signed("recognise", "first", "submitted", "recognised", role="district-officer", on_behalf_of="chief")
    same, behalf = Actor(subject="first", role="district-officer"), Actor(subject="chief", role="district-officer")
    other = Actor(subject="second", role="district-officer")
    assert [stands_above(one, made) for one in (same, behalf, other)] == [False, False, True]
    assert not stands_above(Actor(subject="third", role="institute-officer"), made)
    assert roles_above("district-officer") == ("district-officer",)
    assert roles_above("supervisor") == ("institute-officer", "district-officer")


async def test_only_a_higher_level_takes_it_back(town: Town, recognised: Process, error_of: Error) -> None:
    for caller in (town.leader, town.training_officer, town.institute, town.person("second", "institute-officer")):
        error_of(await take_back(town, caller, recognised), "LEVEL_TOO_LOW")
    for caller in (town.teacher, town.person("inspector", "supervisor")):
        error_of(await take_back(town, caller, recognised), "LEVEL_TOO_LOW")
    for caller in (town.stranger, town.other_leader, town.person("far", "teacher", teacher="none")):
        error_of(await take_back(town, caller, recognised), "PROCESS_UNKNOWN")
    error_of(await take_back(town, town.person("auditor", "auditor"), recognised), "FORBIDDEN")
    assert await entries(town, "recognition-reversal") == []
    assert (await town.show(recognised.id)).state == "recognised"


async def test_what_is_not_recognised_is_not_taken_back(town: Town, error_of: Error) -> None:
    submitted = await town.submitted()
    error_of(await take_back(town, town.department, submitted), "NOTHING_RECOGNISED")
    made = await town.take(town.institute, submitted, "recognise")
    error_of(await take_back(town, town.department, made, version=1), "PROCESS_CHANGED")
    error_of(await take_back(town, town.department, made, reason=" "), "REASON_MISSING")
    back = await take_back(town, town.department, made)
    error_of(await take_back(town, town.department, back), "NOTHING_RECOGNISED")


async def test_a_lock_of_the_whole_district_is_not_opened_for_one_school(
    town: Town, recognised: Process, error_of: Error
) -> None:
    command = books.LockPeriod(
        caller=town.institute, key=town.key(), kind="year", on=date(2024, 6, 1), reason="全区办结"
    )
    assert isinstance(await town.call(books.LOCK_PERIOD, command), books.PeriodLock)
    error_of(await take_back(town, town.department, recognised), "PERIOD_LOCKED")
    assert await entries(town, "recognition-reversal") == []
    locks = await town.call(books.LIST_LOCKS, books.ListLocks(caller=town.department))
    assert [one.in_force for one in locks.items] == [True, True]


async def test_one_teachers_result_is_taken_back_and_recognised_anew_alone(
    town: Town, recognised: Process, error_of: Error
) -> None:
    rows = {row["teacher"]: row["id"] for row in await town.rows("recognition")}
    records = {row["teacher"]: row["id"] for row in await town.rows("record")}
    error_of(await take_back_one(town, town.department, rows["t1"]), "PERIOD_LOCKED")
    await unlock(town)
    error_of(await take_back_one(town, town.institute, rows["t1"]), "LEVEL_TOO_LOW")
    done = await take_back_one(town, town.department, rows["t1"])
    assert done.entry.credits == -20
    assert await states(town, records["t1"], records["t2"]) == ["submitted", "recognised"]
    back = await town.show(recognised.id)
    assert (back.state, back.signatures[-1].step) == ("submitted", "reversal")
    again = await town.take(town.institute, back, "recognise")
    assert again.state == "recognised"
    assert await states(town, records["t1"], records["t2"]) == ["recognised", "recognised"]
    stands = sorted((row["teacher"], row["generation"]) for row in await town.rows("recognition"))
    assert stands == [("t1", 1), ("t1", 2), ("t2", 1)]
    await holds(town)


async def test_a_second_teachers_result_is_taken_back_where_the_process_stands_before_it(
    town: Town, recognised: Process
) -> None:
    await unlock(town)
    for row in sorted(await town.rows("recognition"), key=lambda one: one["teacher"]):
        await take_back_one(town, town.department, row["id"])
    back = await town.show(recognised.id)
    assert (back.state, back.phase) == ("submitted", "submitted")
    assert [one.step for one in back.signatures[-2:]] == ["reversal", "reversal"]
    await holds(town)


async def test_what_was_announced_of_its_school_is_withdrawn_with_it(town: Town, recognised: Process) -> None:
    law = Explanation(pack="made-up", version="1", on=date(2024, 12, 31), source="试行办法", steps=(), clauses=())
    made = [
        AnnouncedRatio(
            school=school, label="2024", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31), version=1,
            state="announced", barred=True, roster=2, not_completed=1, share=Decimal("0.5"), clauses=("MADE-4",),
            explanation=law, announced_by="institute", announced_at=town.clock.now(),
        )
        for school in ("school-1", "school-2")
    ]  # fmt: skip
    async with town.service.databases.write(town.district, Deadline.after(10)) as conn:
        await add_announced(conn, town.district, made)
    await take_back(town, town.department, recognised)
    query = ListAnnouncedRatios(caller=town.department)
    stands = (await town.call(LIST_ANNOUNCED_RATIOS, query)).items
    assert [(one.school, one.version, one.state, one.barred, one.announced_by) for one in stands] == [
        ("school-1", 2, "withdrawn", False, "department"),
        ("school-2", 1, "announced", True, "institute"),
    ]
