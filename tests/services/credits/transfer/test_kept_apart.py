"""What may be done to a transferred record, and who sees a transfer."""

from __future__ import annotations

from datetime import date
from typing import Any

from yanxiu_wire import books, registry

from tests.services.credits.transfer.conftest import Place
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
        registry.Employment(school="school-2", since=date(2015, 9, 1), until=date(2016, 8, 31)),
        registry.Employment(school="school-1", since=date(2021, 9, 1)),
        version=2,
        hired_on=date(2015, 9, 1),
    )
    received = (await entered.receive(await left.transcript())).transfer.id
    assert await entered.fetch(received, entered.caller("school-leader", school="school-2")) is None
    assert (await entered.fetch(received, entered.caller("school-leader", school="school-1"))).id == received
