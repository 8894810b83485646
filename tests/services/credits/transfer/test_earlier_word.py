"""What an earlier transcript left here is not overrun by the next: corrections there, reversals and refusals here."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from yanxiu_wire import books
from yanxiu_wire.refusal import Refused

from tests.services.credits.transfer.conftest import Opening, Place
from tests.services.credits.transfer.test_receive_transfer import total


async def correct(place: Place, record: str, hours: str) -> None:
    command = books.CorrectTraining(
        caller=place.officer, key=place.key(), record=record, facts={"hours": hours, "score": "85"}, reason="核对签到"
    )
    answer = await place.call(books.CORRECT_TRAINING, command)
    assert not isinstance(answer, Refused), answer


async def reverse(place: Place, record: str) -> None:
    command = books.ReverseRecord(caller=place.officer, key=place.key(), record=record, reason="核对后冲销")
    assert not isinstance(await place.call(books.REVERSE_RECORD, command), Refused)


def told(items: Any) -> list[tuple[str, list[str]]]:
    return [(one.outcome, [doubt.code for doubt in one.doubts]) for one in items]


async def test_a_correction_at_the_origin_is_no_second_record_here(left: Place, entered: Place, error_of: Any) -> None:
    earned = await left.earn(facts={"hours": "10", "score": "85"})
    (first,) = (await entered.receive(await left.transcript())).transfer.items
    await correct(left, earned.id, "9")
    moved = (await entered.receive(await left.transcript())).transfer
    assert told(moved.items) == [("review", ["REVERSED_AT_ORIGIN"]), ("review", ["OTHER_WORDING_STANDS"])]
    assert await total(entered) == (10, 10)
    assert error_of(await entered.decide(moved.id, 2), "OTHER_WORDING_STANDS").value == first.record
    await reverse(entered, first.record)
    assert not isinstance(await entered.decide(moved.id, 2), Refused)
    assert await total(entered) == (9, 9)


async def test_a_correction_to_another_year_is_one_training_though_the_transcripts_come_by_years(
    left: Place, entered: Place
) -> None:
    earned = (await left.register(on=date(2024, 6, 6), facts={"hours": "10", "score": "85"})).record
    await entered.receive(await left.transcript(until=date(2024, 12, 31)))
    moved_on = books.CorrectTraining(
        caller=left.officer, key=left.key(), record=earned.id, on=date(2023, 12, 29),
        facts={"hours": "10", "score": "85"}, reason="结业在上一年",
    )  # fmt: skip
    assert not isinstance(await left.call(books.CORRECT_TRAINING, moved_on), Refused)
    earlier = (await entered.receive(await left.transcript(until=date(2023, 12, 31)))).transfer
    assert told(earlier.items) == [("review", ["OTHER_WORDING_STANDS"])]
    assert await total(entered) == (10, 10)


async def test_an_older_transcript_does_not_bring_the_wording_that_was_corrected_since(
    left: Place, entered: Place, error_of: Any
) -> None:
    earned = await left.earn(facts={"hours": "10", "score": "85"})
    older = await left.transcript()
    await correct(left, earned.id, "9")
    await entered.receive(await left.transcript())
    assert await total(entered) == (9, 9)
    moved = (await entered.receive(older)).transfer
    assert told(moved.items) == [("review", ["OTHER_WORDING_STANDS"])]
    error_of(await entered.decide(moved.id, 1), "OTHER_WORDING_STANDS")
    assert await total(entered) == (9, 9)


@pytest.mark.parametrize("why", ["fraud", "reversed"])
async def test_what_was_taken_back_here_does_not_come_back_with_the_next_transcript(
    left: Place, entered: Place, why: str
) -> None:
    await left.earn(facts={"hours": "10", "score": "85"})
    (first,) = (await entered.receive(await left.transcript())).transfer.items
    if why == "fraud":
        void = books.VoidForFraud(
            caller=entered.officer, key=entered.key(), record=first.record, reason="伪造", proof="卷宗"
        )
        assert not isinstance(await entered.call(books.VOID_FOR_FRAUD, void), Refused)
    else:
        await reverse(entered, first.record)
    await left.earn(on=date(2024, 6, 6), facts={"hours": "1", "score": "85"})
    moved = (await entered.receive(await left.transcript())).transfer
    assert told(moved.items) == [("review", ["TAKEN_BACK_HERE"]), ("recognised", [])]
    assert ("弄虚作假" in moved.items[0].doubts[0].message_zh) == (why == "fraud")
    assert await total(entered) == (1, 1)


async def test_what_an_official_declined_is_not_recognised_by_the_next_transcript(left: Place, entered: Place) -> None:
    await left.earn(facts={"hours": "10", "score": "85"})
    waiting = (await entered.receive(await left.transcript(), within_city=False)).transfer
    await entered.decide(waiting.id, 1, recognise=False, reason="证书与记录不符")
    await left.earn(on=date(2024, 6, 6), facts={"hours": "1", "score": "85"})
    moved = (await entered.receive(await left.transcript(), within_city=True)).transfer
    assert told(moved.items) == [("review", ["DECLINED_HERE"]), ("recognised", [])]
    assert "证书与记录不符" in moved.items[0].doubts[0].message_zh
    assert await total(entered) == (1, 1)


@pytest.mark.parametrize("why", ["reversed", "declined"])
async def test_what_fell_here_does_not_come_back_in_another_wording(left: Place, entered: Place, why: str) -> None:
    earned = await left.earn(facts={"hours": "10", "score": "85"})
    first = (await entered.receive(await left.transcript(), within_city=why == "reversed")).transfer
    if why == "reversed":
        await reverse(entered, first.items[0].record)
    else:
        await entered.decide(first.id, 1, recognise=False)
    await correct(left, earned.id, "9")
    moved = (await entered.receive(await left.transcript())).transfer
    code = "TAKEN_BACK_HERE" if why == "reversed" else "DECLINED_HERE"
    assert told(moved.items) == [("not-recognised", ["REVERSED_AT_ORIGIN"]), ("review", [code])]
    assert await total(entered) == (0, 0)


async def test_one_training_counts_once_whatever_districts_its_wordings_came_through(open_place: Opening) -> None:
    home, between, last = [await open_place("made") for _ in range(3)]
    earned = await home.earn(facts={"hours": "10", "score": "85"})
    await last.receive(await home.transcript())
    await correct(home, earned.id, "9")
    await between.receive(await home.transcript())
    moved = (await last.receive(await between.transcript())).transfer
    assert told(moved.items) == [("review", ["OTHER_WORDING_STANDS"])]
    assert (await total(between), await total(last)) == ((9, 9), (10, 10))
