"""No sequence of all commands that touch the books loses, doubles or alters an entry; the sums agree at every point."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.examples import with_service
from tests.services.credits.every_command.conftest import Districts
from tests.services.credits.every_command.moving_machine import EveryCommandOfAll
from tests.stores import Store

# In PostgreSQL the machine runs in short form.
RUNS = {"sqlite": 6, "postgresql": 3}
MAY, AUGUST, BEFORE = date(2024, 5, 1), date(2024, 8, 1), date(2023, 5, 1)
COMMANDS = (
    "register", "send again", "enter twice", "correct", "RecordReversed", "RecordVoided", "lock", "unlock",
    "review", "publicise", "submit", "recognise", "feed_back", "send back", "recognise anew", "take back all",
    "take back one", "object", "upheld", "dismissed", "attend", "counted once", "transfer recognised",
    "transfer review", "transfer not-recognised", "decide", "decided again", "move", "sign",
)  # fmt: skip
# Records are picked from the newest (0) back.
WALK: list[tuple[str, dict[str, Any]]] = [
    ("begin", {"years": [10, 25, 40], "school": "school-1", "steps": 2}),
    ("send_again", {"pick": 0}),
    ("enter_twice", {"pick": 1}),
    ("object_to", {"pick": 1, "place": 0}),
    ("settle_objection", {"pick": 0, "upheld": True}),
    ("object_to", {"pick": 2, "place": 0}),
    ("settle_objection", {"pick": 0, "upheld": False}),
    ("advance", {"school": "school-1", "steps": 3}),
    ("register", {"teacher": "t1", "on": MAY, "credits_": 10, "score": 85}),
    ("unlock", {"pick": 0}),
    ("register", {"teacher": "t1", "on": MAY, "credits_": 25, "score": 85}),
    ("lock_again", {"pick": 0, "role": "school-leader"}),
    ("lock_again", {"pick": 0, "role": "institute-officer"}),
    ("void_for_fraud", {"pick": 0}),
    ("take_back_all", {"school": "school-1"}),
    ("void_for_fraud", {"pick": 0}),
    ("register", {"teacher": "t1", "on": AUGUST, "credits_": 40, "score": 85}),
    ("advance", {"school": "school-1", "steps": 6}),
    ("take_back_one", {"pick": 0}),
    ("unlock", {"pick": 0}),
    ("take_back_one", {"pick": 0}),
    ("correct", {"pick": 2, "credits_": 40, "score": 65}),
    ("receive", {"teacher": "t2", "on": AUGUST, "credits_": 10, "within": True}),
    ("receive", {"teacher": "t2", "on": AUGUST, "credits_": 25, "within": False}),
    ("decide", {"pick": 0, "recognise": True}),
    ("move_school", {"teacher": "t2", "since": date(2024, 7, 1)}),
    ("attend", {"teacher": "t1", "hours": 3, "by_hand": "before"}),
    ("attend", {"teacher": "t3", "hours": 2, "by_hand": "after"}),
    ("lock", {"school": None, "year": 2023, "role": "institute-officer"}),
    ("register", {"teacher": "t3", "on": BEFORE, "credits_": 10, "score": 85}),
    ("sign", {}),
    ("adopt", {"mark": 75}),
    ("reverse", {"pick": 1}),
    ("sign", {}),
    ("advance", {"school": "school-2", "steps": 5}),
]

# Sequences that once went wrong, or came near it.
MOVED = ("move_school", {"teacher": "t1", "since": date(2024, 7, 1)})
DIRECT: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "a teacher left, and his old school recognises anew": [
        ("begin", {"years": [10, 25, 40], "school": "school-1", "steps": 5}),
        ("unlock", {"pick": 0}),
        ("register", {"teacher": "t1", "on": MAY, "credits_": 10, "score": 85}),
        MOVED,
        ("take_back_one", {"pick": 1}),
        ("advance", {"school": "school-1", "steps": 6}),
    ],
    "a change of law beside a recognition at the old school": [
        ("begin", {"years": [10, 25, 40], "school": "school-1", "steps": 5}),
        MOVED,
        ("unlock", {"pick": 0}),
        ("register", {"teacher": "t1", "on": AUGUST, "credits_": 10, "score": 65}),
        ("lock", {"school": "school-1", "year": 2024, "role": "institute-officer"}),
        ("adopt", {"mark": 75}),
    ],
    "two schools recognise one after the other": [
        ("begin", {"years": [10, 25, 40], "school": "school-1", "steps": 5}),
        MOVED,
        ("advance", {"school": "school-2", "steps": 5}),
        ("take_back_all", {"school": "school-1"}),
        ("register", {"teacher": "t1", "on": MAY, "credits_": 10, "score": 65}),
        ("register", {"teacher": "t1", "on": AUGUST, "credits_": 10, "score": 65}),
        ("advance", {"school": "school-1", "steps": 6}),
    ],
}


def machine(districts: Districts) -> type[EveryCommandOfAll]:
    """Return the machine on this service and loop, with a count of its own."""

    class Machine(EveryCommandOfAll):
        pass

    Machine.districts, Machine.loop = districts, asyncio.get_running_loop()
    Machine.obeyed = Counter()
    return Machine


async def test_no_sequence_of_all_commands_loses_doubles_or_alters_an_entry(
    districts: Districts, database: Store
) -> None:
    chosen = settings(with_service(RUNS[database.kind]), stateful_step_count=15)
    await asyncio.to_thread(run_state_machine_as_test, machine(districts), settings=chosen)


async def test_every_command_is_obeyed_and_counted_by_the_model(
    districts: Districts,
) -> None:
    """A machine that is refused everything would prove nothing: each command in a sequence that lets it through."""
    kind = machine(districts)
    await asyncio.to_thread(walk, kind, WALK)
    assert {command for command in COMMANDS if not kind.obeyed[command]} == set()


@pytest.mark.parametrize("told", DIRECT)
async def test_what_once_went_wrong_holds(districts: Districts, told: str) -> None:
    await asyncio.to_thread(walk, machine(districts), DIRECT[told])


def walk(kind: type[EveryCommandOfAll], commands: list[tuple[str, dict[str, Any]]]) -> None:
    one = kind()
    for name, given in commands:
        getattr(one, name)(**given)
        one.everything_holds()
    one.teardown()
