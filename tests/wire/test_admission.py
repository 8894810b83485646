"""Who is answered first when more is asked than can be: told by a clock that the test moves."""

from __future__ import annotations

from typing import Any

import pytest
from yanxiu_wire.admission import Admission, Asked, Room, Urgency, urgency_of
from yanxiu_wire.contracts import endpoints_of
from yanxiu_wire.endpoint import Endpoint

READ, WRITE, LIST, BATCH = Urgency.READ, Urgency.WRITE, Urgency.LIST, Urgency.BATCH
NARROW = {
    one: Room(100, 3, 1.0, newest_first=one in (READ, LIST), again_ms=1000 * (1 + one)) for one in Urgency
}  # three wait in each queue, a second long


class Door:
    """An admission with a clock of its own, and what became of each request by its name."""

    def __init__(self, slots: int, **more: Any) -> None:
        self.time = 100.0
        self.admission = Admission(slots, now=lambda: self.time, **more)
        self.gone: list[str] = []
        self.away: dict[str, int] = {}

    def ask(self, name: str, urgency: Urgency = READ, district: str = "puer") -> None:
        self.admission.enter(
            Asked(urgency, district, lambda: self.gone.append(name), lambda ms: self.away.__setitem__(name, ms))
        )

    def leave(self, urgency: Urgency = READ, district: str = "puer") -> None:
        self.admission.leave(urgency, district)


def test_what_can_begin_begins_and_the_rest_waits_in_order() -> None:
    door = Door(1)
    for name in "abc":
        door.ask(name)
    assert door.gone == ["a"]
    door.leave()
    door.leave()
    assert door.gone == ["a", "b", "c"]
    door.leave()
    assert door.admission.idle


def test_commands_go_before_reads_before_lists_before_long_work() -> None:
    door = Door(1)
    door.ask("first")
    for name, urgency in (("batch", BATCH), ("list", LIST), ("read", READ), ("write", WRITE)):
        door.ask(name, urgency)
    for urgency in (READ, WRITE, READ, LIST):
        door.leave(urgency)
    assert door.gone == ["first", "write", "read", "list", "batch"]


def test_less_urgent_requests_never_hold_every_slot() -> None:
    door = Door(20, of_one=20)
    for number in range(20):
        for district in ("puer", "antu", "putuo"):
            door.ask(f"{district}{number}", BATCH, district)
    assert door.admission.in_hand(BATCH) == 5
    for number in range(20):
        for district in ("puer", "antu", "putuo"):
            door.ask(f"{district}{number}", READ, district)
    assert (door.admission.in_hand(READ), door.admission.running) == (12, 17), "85 of 100 with the batches"
    door.ask("command", WRITE, "ouhai")
    assert door.gone[-1] == "command"


def test_under_overload_the_newest_read_goes_first_and_the_oldest_command() -> None:
    door = Door(1)
    door.ask("begun")
    for urgency in (READ, WRITE):
        for number in (1, 2, 3):
            door.ask(f"{urgency.name}{number}", urgency)
    door.time += 0.5
    door.leave()
    door.leave(WRITE)
    door.leave(WRITE)
    door.leave(WRITE)
    assert door.gone == ["begun", "WRITE1", "WRITE2", "WRITE3", "READ3"]


@pytest.mark.parametrize(("urgency", "loser"), [(READ, "1"), (WRITE, "4")])
def test_a_full_queue_turns_one_away_at_once_with_the_time_to_ask_again(urgency: Urgency, loser: str) -> None:
    door = Door(1, rooms=NARROW)
    door.ask("begun")
    for name in "1234":
        door.ask(name, urgency)
    assert door.away == {loser: 1000 * (1 + urgency)}
    assert door.admission.waiting(urgency) == 3
    assert door.admission.turned_away[urgency] == 1


def test_a_full_queue_takes_from_the_district_that_has_most_in_it() -> None:
    door = Door(1, rooms=NARROW)
    door.ask("begun")
    for name in ("a", "b", "c"):
        door.ask(name, district="crowd")
    door.ask("alone", district="quiet")
    assert door.away == {"a": 2000}


def test_who_waited_too_long_is_turned_away_and_never_begun() -> None:
    door = Door(1, rooms=NARROW)
    for name in ("begun", "old"):
        door.ask(name)
    door.time += 1.2
    door.ask("new")
    assert door.away == {"old": 2000}
    door.leave()
    assert door.gone == ["begun", "new"]


def test_one_district_has_no_more_than_forty_of_a_hundred_slots_while_others_wait() -> None:
    door = Door(10)
    for number in range(30):
        door.ask(f"crowd{number}", WRITE, "crowd")
    assert door.admission.running == 8, "alone it may have eighty: the last are for others"
    for number in range(12):
        door.ask(f"a{number}", WRITE, "a")
    assert door.gone[8:] == ["a0", "a1"], "another finds room at once"
    for _ in range(4):
        door.leave(WRITE, "crowd")
    assert door.gone[8:] == ["a0", "a1", "a2", "a3"], "nothing more for who is beyond his share"
    assert door.admission.running == 8, "the last two are for a third"
    door.ask("third", WRITE, "b")
    assert door.gone[-1] == "third"
    for turn in range(16):
        district = ("crowd", "a")[turn % 2]
        door.leave(WRITE, district)
        assert door.admission.of(district) <= 4
    assert sum(name.startswith("crowd") for name in door.gone) == 16


def test_districts_take_turns() -> None:
    door = Door(1)
    door.ask("begun", district="z")
    for number in range(2):
        for district in "abc":
            door.ask(f"{district}{number}", district=district)
    leaving = ["z", "a", "b", "c", "a", "b"]
    for district in leaving:
        door.leave(district=district)
    assert door.gone == ["begun", "a0", "b0", "c0", "a1", "b1", "c1"]


def test_of_one_bounds_a_district_that_is_alone() -> None:
    door = Door(100, of_one=2)
    for number in range(5):
        door.ask(str(number))
    assert door.gone == ["0", "1"]


def test_no_slot_at_all_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="at least one slot"):
        Admission(0)


def test_the_urgency_follows_from_the_contract() -> None:
    def of(verb: str, **more: Any) -> Urgency:
        return urgency_of(Endpoint("credits", verb, object, object, **more))

    assert of("register-training", writes=True) == WRITE
    assert of("get-records") == READ
    assert of("list-records") == LIST
    assert of("verify-ledger", seconds=60.0) == BATCH
    assert of("import-roster", writes=True, seconds=60.0) == BATCH
    found = {urgency_of(one) for one in endpoints_of("credits")}
    assert found == set(Urgency), "every queue is used"
