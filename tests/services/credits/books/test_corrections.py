"""Records are corrected and taken back: nothing is lost, nothing counts twice, and everyone sees why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.books import REVERSE_RECOGNITION, RecordReversed, ReverseRecognition, TrainingCorrected
from yanxiu_wire.credits import GET_RECORDS, LIST_ENTRIES, LIST_RECORDS, GetRecords, ListEntries, ListRecords
from yanxiu_wire.message import Page

Check = Callable[[Any, str], Any]


async def record_of(house: Any, record: str) -> Any:
    return (await house.call(GET_RECORDS, GetRecords(caller=house.officer, ids=(record,)))).items[0]


async def listed(house: Any, teacher: str = "t1") -> list[str]:
    pages = await house.call(LIST_RECORDS, ListRecords(caller=house.officer, teachers=(teacher,)))
    return [one.id for one in pages.pages[0].items]


async def kinds(house: Any) -> list[tuple[str, Decimal]]:
    page = await house.call(LIST_ENTRIES, ListEntries(caller=house.officer, page=Page(first=100)))
    return [(one.kind, one.credits) for one in page.items]


async def test_a_record_taken_back_counts_no_longer_and_says_why(house: Any) -> None:
    made = await house.register(facts={"hours": "12"})
    done = await house.reverse(made.record.id, "重复登记")
    assert isinstance(done, RecordReversed)
    assert (done.entry.kind, done.entry.credits, done.entry.reverses) == (
        "registration-reversal",
        Decimal(-12),
        (await house.rows("ledger"))[0]["entry_id"],
    )
    revoked = (await record_of(house, made.record.id)).reversal
    assert (revoked.why, revoked.reason, revoked.entry) == ("correction", "重复登记", done.entry.id)
    assert (revoked.role, revoked.reversed_by) == ("institute-officer", "test-institute-officer")
    total = await house.total()
    assert (total.hours, total.credits, total.records) == (0, 0, 0)
    assert (await house.verify()).first_bad is None


async def test_an_entry_is_taken_back_once(house: Any, error_of: Check) -> None:
    made = await house.register(facts={"hours": "12"})
    await house.reverse(made.record.id)
    error_of(await house.reverse(made.record.id), "ALREADY_REVERSED")
    error_of(await house.reverse(made.record.id, caller=house.caller("district-officer")), "ALREADY_REVERSED")
    assert len(await house.rows("ledger")) == 2


async def test_the_same_key_takes_back_once_and_answers_the_same(house: Any) -> None:
    made = await house.register(facts={"hours": "12"})
    first = await house.reverse(made.record.id, key="once")
    again = await house.reverse(made.record.id, key="once")
    assert again.replayed
    assert again.entry == first.entry
    assert len(await house.rows("ledger")) == 2


async def test_what_was_taken_back_may_be_registered_again(house: Any) -> None:
    made = await house.register(facts={"hours": "12"})
    await house.reverse(made.record.id)
    again = await house.register(facts={"hours": "12"})
    assert again.record.supersedes == made.record.id
    assert (await house.total()).credits == 12
    assert await listed(house) == [again.record.id]
    assert (await house.verify()).entries == 3


async def test_a_correction_reverses_and_enters_anew_in_one_step(house: Any) -> None:
    made = await house.register(facts={"hours": "12"})
    done = await house.correct(made.record.id, {"hours": "8"})
    assert isinstance(done, TrainingCorrected)
    assert (done.corrected, done.record.supersedes, done.record.credits) == (made.record.id, made.record.id, 8)
    assert done.record.explanation is not None
    assert await kinds(house) == [
        ("registration", 12),
        ("registration-reversal", -12),
        ("registration", 8),
    ]
    assert done.record.entry == 3
    assert (await house.total()).credits == 8
    old = await record_of(house, made.record.id)
    assert (old.superseded_by, old.reversal.reason) == (done.record.id, "学时填错")
    assert await listed(house) == [done.record.id]
    assert (await house.verify()).first_bad is None


async def test_a_correction_may_move_the_day(house: Any) -> None:
    made = await house.register(on=date(2024, 5, 20), facts={"hours": "12"})
    done = await house.correct(made.record.id, {"hours": "12"}, on=date(2024, 6, 3))
    assert (done.record.on, done.record.credits) == (date(2024, 6, 3), 12)


async def test_what_was_corrected_is_not_entered_a_second_time_by_either_set_of_facts(
    house: Any, error_of: Check
) -> None:
    made = await house.register(facts={"hours": "12"})
    done = await house.correct(made.record.id, {"hours": "8"})
    for hours in ("12", "8"):
        error = error_of(await house.register(facts={"hours": hours}), "ALREADY_REGISTERED")
        assert error.value == done.record.id
    assert (await house.total()).credits == 8


async def test_a_correction_may_be_corrected_back(house: Any) -> None:
    made = await house.register(facts={"hours": "12"})
    wrong = await house.correct(made.record.id, {"hours": "8"})
    right = await house.correct(wrong.record.id, {"hours": "12"}, reason="原来是对的")
    assert (right.record.supersedes, right.record.credits) == (wrong.record.id, 12)
    assert (await house.total()).credits == 12
    assert await listed(house) == [right.record.id]
    assert (await house.verify()).first_bad is None


async def test_a_correction_that_says_the_same_is_refused(house: Any, error_of: Check) -> None:
    made = await house.register(facts={"hours": "12"})
    error_of(await house.correct(made.record.id, {"hours": "12.0"}), "NOTHING_CHANGED")
    assert len(await house.rows("ledger")) == 1


async def test_a_correction_into_another_record_is_refused_and_takes_nothing_back(house: Any, error_of: Check) -> None:
    one = await house.register(facts={"hours": "12"})
    other = await house.register(facts={"hours": "8"})
    error = error_of(await house.correct(one.record.id, {"hours": "8"}), "ALREADY_REGISTERED")
    assert error.value == other.record.id
    assert await kinds(house) == [("registration", 12), ("registration", 8)]


async def test_a_correction_to_nothing_leaves_nothing_and_can_be_corrected_again(house: Any) -> None:
    made = await house.register(facts={"hours": "12"})
    none = await house.correct(made.record.id, {"hours": "12", "score": "10"})
    assert (none.record.status, none.record.entry, (await house.total()).credits) == ("ZERO", None, 0)
    right = await house.correct(none.record.id, {"hours": "9"})
    assert (right.entry, right.record.supersedes, (await house.total()).credits) == (None, none.record.id, 9)
    assert await listed(house) == [right.record.id]
    assert (await house.verify()).first_bad is None


async def test_a_correction_under_a_project_is_the_next_generation(house: Any) -> None:
    made = await house.course(facts={"hours": "12"})
    done = await house.correct(made.record.id, {"hours": "8"})
    assert done.record.project == made.record.project
    generations = sorted((row["generation"], row["micro_credits"]) for row in await house.rows("record"))
    assert generations == [(1, 12_000_000), (2, 8_000_000)]


async def test_what_the_law_refuses_leaves_the_record_as_it_was(house: Any, error_of: Check) -> None:
    made = await house.register(facts={"hours": "12"})
    error_of(await house.correct(made.record.id, {"hours": "8", "score": "101"}), "MARK_OUT_OF_RANGE")
    assert await kinds(house) == [("registration", 12)]
    assert (await record_of(house, made.record.id)).reversal is None


async def test_registering_other_facts_names_the_correction_as_the_remedy(house: Any, error_of: Check) -> None:
    made = await house.course(facts={"hours": "12"})
    refused = await house.register(project=made.record.project, facts={"hours": "9"})
    assert "correctTraining" in error_of(refused, "ALREADY_REGISTERED").remedy_zh


async def test_a_school_changes_its_own_records_and_no_other_school_does(house: Any, error_of: Check) -> None:
    made = await house.register(facts={"hours": "12"})
    own = house.caller("school-training-officer", school=house.school)
    other = house.caller("school-training-officer", school="school-2")
    error_of(await house.reverse(made.record.id, caller=other), "RECORD_UNKNOWN")
    error_of(await house.correct(made.record.id, {"hours": "8"}, caller=other), "RECORD_UNKNOWN")
    assert (await house.correct(made.record.id, {"hours": "8"}, caller=own)).record.credits == 8


async def test_the_school_of_the_day_keeps_the_records_of_a_teacher_who_has_left(house: Any, error_of: Check) -> None:
    await house.employ(
        "mover",
        wire_teacher.Employment(school="school-1", since=date(2021, 9, 1), until=date(2024, 8, 31)),
        wire_teacher.Employment(school="school-2", since=date(2024, 9, 1)),
        version=2,
    )
    made = await house.register("mover", facts={"hours": "12"})
    new = house.caller("school-training-officer", school="school-2")
    error_of(await house.reverse(made.record.id, caller=new), "RECORD_UNKNOWN")
    old = house.caller("school-training-officer", school="school-1")
    assert isinstance(await house.reverse(made.record.id, caller=old), RecordReversed)


async def test_a_teacher_takes_nothing_back(house: Any, error_of: Check) -> None:
    made = await house.register(facts={"hours": "12"})
    error_of(await house.reverse(made.record.id, caller=house.caller("teacher", teacher="t1")), "FORBIDDEN")
    error_of(await house.reverse("no-such-record"), "RECORD_UNKNOWN")
    error_of(await house.reverse(made.record.id, " "), "REASON_MISSING")
    assert len(await house.rows("ledger")) == 1


async def test_what_was_worth_nothing_has_nothing_to_take_back(house: Any, error_of: Check) -> None:
    made = await house.register(facts={"hours": "12", "score": "10"})
    error_of(await house.reverse(made.record.id), "NOT_COUNTED")


async def test_a_recognition_is_summed_apart_and_can_be_taken_back(house: Any, error_of: Check) -> None:
    await house.register(facts={"hours": "12"})
    made = await house.recognise("t1", 10)
    total = await house.total()
    assert (total.credits, total.recognised_credits, total.recognised_hours) == (12, 10, 10)
    command = ReverseRecognition(caller=house.officer, key=house.key(), recognition=made, reason="异议成立")
    done = await house.call(REVERSE_RECOGNITION, command)
    assert (done.entry.kind, done.entry.record, done.entry.credits) == ("recognition-reversal", made, -10)
    assert (await house.total()).recognised_credits == 0
    again = ReverseRecognition(caller=house.officer, key=house.key(), recognition=made, reason="再次")
    error_of(await house.call(REVERSE_RECOGNITION, again), "ALREADY_REVERSED")
    assert (await house.verify()).entries == 3


async def test_a_teacher_sees_the_entries_of_the_own_recognition(house: Any) -> None:
    await house.recognise("t1", 10)
    await house.recognise("t2", 20)
    mine = house.caller("teacher", teacher="t1")
    page = await house.call(LIST_ENTRIES, ListEntries(caller=mine))
    assert [(one.kind, one.teacher) for one in page.items] == [("recognition", "t1")]
    school = house.caller("school-leader", school=house.school)
    assert (await house.call(LIST_ENTRIES, ListEntries(caller=school))).total == 2
