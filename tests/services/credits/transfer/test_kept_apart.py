"""What may be done to a transferred record, and who sees a transfer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from yanxiu_wire import books, registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.refusal import Refused

from tests.services.credits.transfer.conftest import Opening, Place
from tests.services.credits.transfer.test_receive_transfer import total


async def test_a_transferred_record_is_not_corrected_and_a_newer_transcript_does_not_bring_it_twice(
    left: Place, entered: Place, error_of: Any
) -> None:
    await left.earn(facts={"hours": "10", "score": "85"})
    first = await entered.receive(await left.transcript())
    command = books.CorrectTraining(
        caller=entered.officer,
        key=entered.key(),
        record=first.transfer.items[0].record,
        facts={"hours": "9", "score": "85"},
        reason="核对",
    )
    refused = error_of(await entered.call(books.CORRECT_TRAINING, command), "RECORD_TRANSFERRED")
    assert "reverseRecord" in refused.remedy_en
    await left.earn(on=date(2024, 6, 6), facts={"hours": "1", "score": "85"})
    second = await entered.receive(await left.transcript())
    assert [one.outcome for one in second.transfer.items] == ["not-recognised", "recognised"]
    assert await total(entered) == (11, 11)


async def test_a_school_that_the_teacher_has_left_does_not_see_his_transfer(left: Place, entered: Place) -> None:
    await left.earn(facts={"hours": "10", "score": "85"})
    await entered.employ(
        "t1",
        wire_teacher.Employment(school="school-2", since=date(2015, 9, 1), until=date(2016, 8, 31)),
        wire_teacher.Employment(school="school-1", since=date(2021, 9, 1)),
        version=2,
        hired_on=date(2015, 9, 1),
    )
    received = (await entered.receive(await left.transcript())).transfer.id
    assert await entered.fetch(received, entered.caller("school-leader", school="school-2")) is None
    assert (await entered.fetch(received, entered.caller("school-leader", school="school-1"))).id == received


async def test_a_lock_of_the_school_of_its_day_closes_a_transferred_record_too(
    left: Place, entered: Place, error_of: Any
) -> None:
    await left.earn(facts={"hours": "10", "score": "85"})
    received = await entered.receive(await left.transcript())
    await entered.tell(registry.SCHOOL_CHANGED, registry.SchoolChanged(school="school-1", version=1, history=()))
    await entered.until(bool, "school_fact")
    lock = books.LockPeriod(
        caller=entered.caller("district-officer"),
        key=entered.key(),
        kind="year",
        on=date(2024, 5, 20),
        reason="已认定",
        school="school-1",
    )
    await entered.call(books.LOCK_PERIOD, lock)
    command = books.ReverseRecord(
        caller=entered.officer, key=entered.key(), record=received.transfer.items[0].record, reason="核对"
    )
    error_of(await entered.call(books.REVERSE_RECORD, command), "PERIOD_LOCKED")
    assert await total(entered) == (10, 10)


async def test_a_decision_names_the_fact_that_the_law_misses(open_place: Opening, left: Place, error_of: Any) -> None:
    there = await open_place("ouhai")
    await left.earn(facts={"hours": "10", "score": "85"})
    received = await there.receive(await left.transcript())
    answer = await there.decide(
        received.transfer.id, 1, hours=Decimal(8), credits=Decimal(8), facts={"hours": "8", "source": "school"}
    )
    refused = error_of(answer, "FACTS_UNREADABLE")
    assert refused.field.startswith("facts.")
    assert refused.field in refused.message_zh
    assert refused.field in refused.message_en


async def test_what_the_origin_took_back_stays_open_until_an_officer_has_reversed_it_here(
    left: Place, entered: Place, error_of: Any
) -> None:
    earned = await left.earn(facts={"hours": "10", "score": "85"})
    first = (await entered.receive(await left.transcript())).transfer
    fraud = books.VoidForFraud(caller=left.officer, key=left.key(), record=earned.id, reason="伪造", proof="卷宗")
    assert not isinstance(await left.call(books.VOID_FOR_FRAUD, fraud), Refused)
    second = (await entered.receive(await left.transcript())).transfer
    assert [(one.outcome, one.doubts[0].code) for one in second.items] == [("review", "REVERSED_AT_ORIGIN")]
    assert await total(entered) == (10, 10)
    for recognise in (True, False):
        answer = await entered.decide(second.id, 1, recognise=recognise)
        assert error_of(answer, "REVERSED_AT_ORIGIN").value == first.items[0].record
    command = books.ReverseRecord(
        caller=entered.officer, key=entered.key(), record=first.items[0].record, reason="原区县已冲销"
    )
    await entered.call(books.REVERSE_RECORD, command)
    error_of(await entered.decide(second.id, 1), "REVERSED_AT_ORIGIN")
    declined = await entered.decide(second.id, 1, recognise=False)
    assert declined.transfer.review == 0
    assert await total(entered) == (0, 0)


async def test_a_transcript_older_than_thirty_days_is_refused(
    left: Place, entered: Place, clock: Any, error_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await left.earn(facts={"hours": "10", "score": "85"})
    document = await left.transcript()
    with monkeypatch.context() as later:
        later.setattr(clock, "day", clock.day + timedelta(days=31))
        refused = error_of(await entered.receive(document), "TRANSCRIPT_TOO_OLD")
        assert "30" in refused.message_zh
    monkeypatch.setattr(clock, "day", clock.day + timedelta(days=29))
    assert (await entered.receive(document)).transfer.recognised == 1
