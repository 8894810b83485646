"""What an upheld objection changes, who settles one, and who sees by whom it was raised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_wire import books

from tests.services.credits.workflow.conftest import Town
from tests.services.credits.workflow.test_recognition import entries, raise_objection, settle, states

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
    settled = await settle(town, town.leader, objection.id, upheld=True)
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
    assert (await settle(town, town.leader, objection.id, upheld=True)).reversed_entry is None
    assert (await recognise(town, shown)).state == "recognised"
