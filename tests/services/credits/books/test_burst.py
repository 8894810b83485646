"""Two hundred identical commands at once make one entry, whichever command it is."""

from __future__ import annotations

import asyncio
from typing import Any

from yanxiu_wire.books import RecordReversed, TrainingCorrected
from yanxiu_wire.credits import TrainingRegistered

MANY = 200


async def test_200_identical_registrations_make_one_entry(house: Any) -> None:
    command = {"facts": {"hours": "12"}, "key": "burst-of-200"}
    answers = await asyncio.gather(*(house.register(**command) for _ in range(MANY)))
    assert all(isinstance(one, TrainingRegistered) for one in answers)
    assert len({one.record.id for one in answers}) == 1
    assert sum(not one.replayed for one in answers) == 1
    assert len(await house.rows("ledger")) == len(await house.rows("record")) == 1


async def test_200_identical_trainings_under_keys_of_their_own_make_one_entry(house: Any) -> None:
    answers = await asyncio.gather(*(house.register(facts={"hours": "12"}) for _ in range(MANY)))
    done = [one for one in answers if isinstance(one, TrainingRegistered)]
    assert len(done) == 1
    assert {one.errors[0].code for one in answers if one is not done[0]} == {"ALREADY_REGISTERED"}
    assert len(await house.rows("ledger")) == 1


async def test_200_corrections_and_reversals_of_one_record_take_it_back_once(house: Any) -> None:
    made = await house.register(facts={"hours": "12"})
    calls = [house.reverse(made.record.id) for _ in range(MANY // 2)]
    calls += [house.correct(made.record.id, {"hours": "8"}) for _ in range(MANY // 2)]
    answers = await asyncio.gather(*calls)
    done = [one for one in answers if isinstance(one, RecordReversed | TrainingCorrected)]
    assert len(done) == 1
    assert {one.errors[0].code for one in answers if one is not done[0]} <= {"ALREADY_REVERSED", "ALREADY_CORRECTED"}
    entries = await house.rows("ledger")
    assert len(entries) == (2 if isinstance(done[0], RecordReversed) else 3)
    assert (await house.total()).credits == (0 if isinstance(done[0], RecordReversed) else 8)
    assert (await house.verify()).first_bad is None
