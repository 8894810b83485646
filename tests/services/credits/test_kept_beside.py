"""What one process keeps of a district's records is what stands in the file, whatever another one writes meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_wire.books import CORRECT_TRAINING, REVERSE_RECORD, CorrectTraining, ReverseRecord
from yanxiu_wire.credits import TrainingRegistered

from tests.examples import with_service
from tests.services.credits.kept_beside import Beside, reading_beside

TEACHERS = ("t1", "t2", "nobody")
WORTH = {"none": {"hours": "1", "score": "10"}, "some": {"hours": "10", "score": "85"}}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("register", "again", "correct", "reverse")),
        st.sampled_from(TEACHERS[:2]),
        st.sampled_from(sorted(WORTH)),
    ),
    min_size=2,
    max_size=6,
)


class Entering:
    """Enters what was drawn, and knows what can be corrected or taken back."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.standing: list[str] = []
        self.project = ""

    async def step(self, what: str, teacher: str, worth: str) -> None:
        house, facts = self.house, WORTH[worth]
        if what in ("correct", "reverse") and self.standing:
            given = {"caller": house.officer, "key": house.key(), "record": self.standing.pop(0), "reason": "误登"}
            if what == "reverse":
                await house.call(REVERSE_RECORD, ReverseRecord(**given))
                return
            made = await house.call(CORRECT_TRAINING, CorrectTraining(**given, facts={**facts, "hours": "8"}))
        else:
            # What was worth nothing is superseded where the same is registered again.
            self.project = self.project or (await house.project()).id
            same = {"project": self.project} if what == "again" else {}
            made = await house.register(teacher, on=date(2024, 3, 1), facts=facts, **same)
        if isinstance(made, TrainingRegistered) and made.record.status == "COUNTED":
            self.standing.append(made.record.id)


@pytest.fixture
async def beside(house: Any, database: Any) -> AsyncIterator[Beside]:
    """A process that reads the house's file."""
    await house.register("t1", on=date(2024, 3, 1), facts=WORTH["some"])
    file = database.settings.data / "credits" / f"{house.district}.db"
    with reading_beside(file, house.district, TEACHERS) as found:
        yield found


# On PostgreSQL rows have no places, and nothing is kept.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@with_service(5)
@given(steps=STEPS)
async def test_a_process_that_keeps_pages_tells_what_another_has_entered(
    house: Any, beside: Beside, steps: list[tuple[str, str, str]]
) -> None:
    """It reads while each step is entered, then once more when all are."""
    entering = Entering(house)
    for one in steps:
        beside.begin()
        await entering.step(*one)
        await asyncio.to_thread(beside.ended)
    beside.alone()
    seen = await asyncio.to_thread(beside.ended)
    records, reversals = await house.rows("record"), await house.rows("reversal")
    gone = {row["replaces"] for row in records} | {row["record"] for row in reversals}
    assert seen == len({row["id"] for row in records} - gone)
