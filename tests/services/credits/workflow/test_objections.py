"""What an upheld objection changes, who settles one, and who sees by whom it was raised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_wire import books
from yanxiu_wire import workflow as wire

from tests.services.credits.workflow.conftest import IN_YEAR, Town
from tests.services.credits.workflow.test_recognition import entries, raise_objection, settle, states
from tests.services.credits.workflow.test_recognition_stays_true import MOVED

Error = Callable[[Any, str], Any]


async def correct(town: Town, record: str, hours: str) -> Any:
    given = {"record": record, "facts": {"hours": hours}, "reason": "学时填错"}
    return await town.call(books.CORRECT_TRAINING, books.CorrectTraining(caller=town.leader, key=town.key(), **given))


async def recognise(town: Town, shown: Any) -> Any:
    """Submit what is public and recognise it."""
    town.clock.day = date(2025, 3, 11)
    submitted = await town.take(town.leader, shown, "submit")
    return await town.take(town.institute, submitted, "recognise")


async def test_an_upheld_objection_excuses_nothing_but_what_it_took_back(town: Town, error_of: Error) -> None:
    forged = (await town.register("t1", on=date(2024, 6, 7), facts={"hours": "5"})).record.id
    shown = await town.publicised()
    await town.register("t1", on=date(2024, 9, 1), facts={"hours": "60"})
    for about in ({"teacher": "t1"}, {"record": forged}):
        objection = await raise_objection(town, town.teacher_2, shown, **about)
        assert (await settle(town, town.leader, objection.id, upheld=True)).state == "upheld"
    assert error_of(await recognise(town, shown), "RESULT_CHANGED").value == "t1"
    assert await entries(town, "recognition") == []


async def test_an_objection_of_an_earlier_list_excuses_no_change_after_the_next(town: Town, error_of: Error) -> None:
    forged = (await town.register("t1", on=date(2024, 6, 7), facts={"hours": "5"})).record.id
    shown = await town.publicised()
    objection = await raise_objection(town, town.teacher_2, shown, record=forged)
    await settle(town, town.leader, objection.id, upheld=True)
    review = await town.take(town.leader, await town.send_back(town.leader, shown), "review")
    shown = await town.take(town.leader, review, "publicise")
    await town.register("t1", on=date(2024, 9, 1), facts={"hours": "5"})
    error_of(await recognise(town, shown), "RESULT_CHANGED")


async def test_an_objection_to_a_record_that_was_corrected_meanwhile_takes_the_correction_back(town: Town) -> None:
    record = (await town.register("t2", on=date(2024, 6, 7), facts={"hours": "5"})).record.id
    shown = await town.publicised()
    objection = await raise_objection(town, town.teacher, shown, record=record)
    corrected = (await correct(town, record, "3")).record.id
    settled = await settle(town, town.training_officer, objection.id, upheld=True)
    assert (settled.state, settled.reversed_entry is not None) == ("upheld", True)
    assert await states(town, corrected) == ["revoked"]
    assert (await recognise(town, shown)).state == "recognised"
    assert ("t2", "year:2024", Decimal(80)) in await entries(town, "recognition")


async def test_an_objection_to_what_the_school_took_back_itself_can_be_upheld(town: Town) -> None:
    record = (await town.register("t2", on=date(2024, 6, 7), facts={"hours": "5"})).record.id
    shown = await town.publicised()
    objection = await raise_objection(town, town.teacher, shown, record=record)
    command = books.ReverseRecord(caller=town.leader, key=town.key(), record=record, reason="录错")
    await town.call(books.REVERSE_RECORD, command)
    asked = wire.ListProcesses(caller=town.leader, objections=(objection.id,))
    (told,) = (await town.call(wire.LIST_PROCESSES, asked)).items
    assert told.objections == (await town.show(shown.id, town.leader)).objections
    assert [one.id for one in told.objections] == [objection.id], "asked for by its objection, it comes with it"
    assert (await settle(town, town.leader, objection.id, upheld=True)).reversed_entry is None
    assert (await recognise(town, shown)).state == "recognised"


# ---- lost to an objection ------------------------------------------------------------------------------------------


async def test_what_was_lost_to_an_objection_only_an_officer_enters_again(town: Town, error_of: Error) -> None:
    given = {"on": date(2024, 6, 7), "facts": {"hours": "5"}}
    record = (await town.register("t2", **given)).record.id
    shown = await town.publicised()
    objection = await raise_objection(town, town.teacher, shown, record=record)
    await settle(town, town.leader, objection.id, upheld=True)
    for school in (town.leader, town.training_officer):
        error = error_of(await town.register("t2", **given, caller=school), "LOST_TO_OBJECTION")
        assert (error.value, objection.id in error.message_zh) == (objection.id, True)
    assert (await town.register("t2", **given, caller=town.institute)).record.credits == 5


# ---- who settles ---------------------------------------------------------------------------------------------------


async def test_nobody_settles_an_objection_to_his_own_registration_or_to_himself(town: Town, error_of: Error) -> None:
    boss = town.person("boss-1", "school-leader", school="school-1", teacher="t2")
    own = (await town.register("t1", on=date(2024, 6, 7), facts={"hours": "5"}, caller=boss)).record.id
    shown = await town.publicised()
    of_record = await raise_objection(town, town.teacher_2, shown, record=own)
    of_teacher = await raise_objection(town, town.teacher, shown, teacher="t2")
    for objection in (of_record, of_teacher):
        error = error_of(await settle(town, boss, objection.id, upheld=False), "OBJECTION_NOT_YOURS")
        assert "另一人" in error.remedy_zh
        assert (await settle(town, town.training_officer, objection.id, upheld=False)).state == "dismissed"
    # Where everybody at the school has a part in it, an officer settles what is said of a record.
    again = await raise_objection(town, town.teacher_2, shown, record=own)
    assert (await settle(town, town.institute, again.id, upheld=False)).state == "dismissed"


async def test_who_entered_the_first_wording_settles_no_objection_to_a_later_one(town: Town, error_of: Error) -> None:
    boss, given = town.person("boss-1", "school-leader", school="school-1"), {"on": date(2024, 6, 7)}
    first = (await town.register("t1", **given, facts={"hours": "5"}, caller=boss)).record.id
    shown = await town.publicised()
    command = {"record": first, "facts": {"hours": "4"}, "reason": "核减"}
    second = await town.call(
        books.CORRECT_TRAINING, books.CorrectTraining(caller=town.institute, key=town.key(), **command)
    )
    objection = await raise_objection(town, town.teacher_2, shown, record=second.record.id)
    for registrar in (boss, town.institute):
        error_of(await settle(town, registrar, objection.id, upheld=False), "OBJECTION_NOT_YOURS")
    assert (await settle(town, town.training_officer, objection.id, upheld=False)).state == "dismissed"


async def test_an_objection_to_another_schools_record_is_an_officers_to_settle(town: Town, error_of: Error) -> None:
    await town.employ("t5", *MOVED)
    old = await town.register("t5", on=date(2024, 5, 5), facts={"hours": "40"}, caller=town.other_leader)
    shown = await town.publicised()
    objection = await raise_objection(town, town.teacher_2, shown, record=old.record.id)
    error = error_of(await settle(town, town.leader, objection.id, upheld=True), "OBJECTION_NOT_YOURS")
    assert "institute-officer" in error.remedy_en
    lock = books.LockPeriod(
        caller=town.other_leader, key=town.key(), kind="year", on=IN_YEAR, reason="办结", school="school-2"
    )
    put = await town.call(books.LOCK_PERIOD, lock)
    error = error_of(await settle(town, town.institute, objection.id, upheld=True), "PERIOD_LOCKED")
    assert put.id in error.remedy_en
    await town.call(
        books.UNLOCK_PERIOD, books.UnlockPeriod(caller=town.institute, key=town.key(), lock=put.id, reason="异议")
    )
    assert (await settle(town, town.institute, objection.id, upheld=True)).state == "upheld"
    assert await states(town, old.record.id) == ["revoked"]


# ---- who sees one --------------------------------------------------------------------------------------------------


async def test_an_objection_is_seen_as_the_public_list_is_and_what_it_says_by_those_who_settle_it(town: Town) -> None:
    await town.employ("t3")
    colleague, researcher = town.person("teacher-3", "teacher", teacher="t3"), town.person("visitor", "researcher")
    shown = await town.publicised()
    objection = await raise_objection(town, town.teacher_2, shown, teacher="t1")
    for caller in (town.teacher_2, town.leader, town.training_officer, town.institute, town.department):
        (seen,) = (await town.show(shown.id, caller)).objections
        assert (seen.raised_by, seen.text) == ("teacher-2", "学时有误")
    await settle(town, town.leader, objection.id, upheld=False)
    (seen,) = (await town.show(shown.id, colleague)).objections
    told = (seen.teacher, seen.state, seen.text, seen.raised_by, seen.reason, seen.settled_by)
    assert told == ("t1", "dismissed", None, None, None, None)
    town.clock.day = date(2025, 3, 11)
    await town.take(town.leader, await town.show(shown.id), "submit")
    for caller in (town.teacher, town.person("auditor", "auditor"), town.person("inspector", "supervisor")):
        (seen,) = (await town.show(shown.id, caller)).objections
        told = (seen.raised_by, seen.text, seen.teacher, seen.state, seen.reason)
        assert told == (None, None, "t1", "dismissed", "经核实")
    (own,) = (await town.show(shown.id, town.teacher_2)).objections
    assert (own.text, own.reason) == ("学时有误", "经核实")
    for caller in (colleague, researcher):
        assert (await town.show(shown.id, caller)).objections == ()
