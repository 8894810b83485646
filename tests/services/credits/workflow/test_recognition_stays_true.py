"""What was recognised stays what is judged: closed wherever the records are, and recognised anew on locking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from yanxiu_wire import books, registry
from yanxiu_wire.process import Process

from tests.services.credits.workflow.conftest import Town
from tests.services.credits.workflow.test_taken_back import unlock

Error = Callable[[Any, str], Any]
MOVED = (
    registry.Employment(school="school-2", since=date(2021, 9, 1), until=date(2024, 6, 30)),
    registry.Employment(school="school-1", since=date(2024, 7, 1)),
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
    before = registry.Employment(school="school-1", since=date(2021, 9, 1), until=date(2024, 6, 30))
    await town.employ("t1", before, registry.Employment(school="school-2", since=date(2024, 7, 1)), version=2)
    late = await town.register("t1", on=date(2024, 8, 1), facts={"hours": "30"}, caller=town.other_leader)
    error_of(late, "PERIOD_LOCKED")
