"""No sequence of commands loses, doubles or alters an entry, and the sums agree at every point: a machine of commands.

Hypothesis chooses commands, keys that were used before, and what they are about; a plain model says what must be.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Coroutine
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from yanxiu_wire.books import LIST_LOCKS, ListLocks, PeriodLock, RecordReversed, RecordVoided, TrainingCorrected
from yanxiu_wire.credits import GET_STANDINGS, GetStandings, TrainingRegistered
from yanxiu_wire.refusal import Refused

from tests.services.credits.books.conftest import Books

DAYS = st.sampled_from([date(2023, 5, 1), date(2024, 5, 1), date(2025, 1, 2)])
HOURS = st.integers(1, 40)
TEACHERS = st.sampled_from(["t1", "t2"])
_runs = itertools.count()


class LedgerMachine(RuleBasedStateMachine):
    """Commands on one district, and beside them what each teacher must have."""

    records = Bundle("records")
    locks = Bundle("locks")

    house: Books
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.run = next(_runs)
        self.serial = itertools.count(1)
        # What the model knows: record -> (teacher, year, credits that count), entries posted, years that are locked.
        self.counted: dict[str, tuple[str, int, int]] = {}
        self.locked: dict[int, list[str]] = {}
        self.seen: list[str] = []
        self.before = self._wait(self._ledger())
        self.base = {teacher: self._wait(self.house.total(teacher)) for teacher in ("t1", "t2")}
        for put in self._wait(self._open_all()):
            assert not put.in_force

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    async def _open_all(self) -> list[PeriodLock]:
        """Every run begins with open periods."""
        query = ListLocks(caller=self.house.officer, in_force=True)
        page = await self.house.call(LIST_LOCKS, query)
        return [await self.house.unlock(one.id) for one in page.items]

    async def _ledger(self) -> list[dict[str, Any]]:
        return sorted((dict(row) for row in await self.house.rows("ledger")), key=lambda row: row["seq"])

    def _facts(self, hours: int) -> dict[str, str]:
        """Facts that no other record has: the mark is a serial number's own fraction."""
        return {"hours": str(hours), "score": str(Decimal(80) + Decimal(self.run * 1000 + next(self.serial)) / 10**6)}

    @rule(target=records, teacher=TEACHERS, on=DAYS, hours=HOURS)
    def register(self, teacher: str, on: date, hours: int) -> Any:
        given = {"on": on, "facts": self._facts(hours), "key": f"m{self.run}-{next(self.serial)}"}
        answer = self._wait(self.house.register(teacher, **given))
        if self.locked.get(on.year):
            return self._refused(answer, "PERIOD_LOCKED")
        assert isinstance(answer, TrainingRegistered), answer
        self.counted[answer.record.id] = (teacher, on.year, hours)
        # Sent again: the same answer; under another key: refused; another body under the key: refused.
        assert self._wait(self.house.register(teacher, **given)).replayed
        self._refused(
            self._wait(self.house.register(teacher, **{**given, "key": "other-" + given["key"]})), "ALREADY_REGISTERED"
        )
        self._refused(self._wait(self.house.register(teacher, **{**given, "facts": {"hours": "1"}})), "KEY_REUSED")
        return answer.record.id

    @rule(target=records, record=consumes(records), hours=HOURS)
    def correct(self, record: str, hours: int) -> Any:
        answer = self._wait(self.house.correct(record, self._facts(hours)))
        if record not in self.counted:
            return self._refused(answer, "ALREADY_REVERSED", "ALREADY_CORRECTED")
        teacher, year, _ = self.counted[record]
        if self.locked.get(year):
            self._refused(answer, "PERIOD_LOCKED")
            return record
        assert isinstance(answer, TrainingCorrected), answer
        del self.counted[record]
        self.counted[answer.record.id] = (teacher, year, hours)
        return answer.record.id

    @rule(record=records)
    def reverse(self, record: str) -> None:
        self._taken_back(record, self._wait(self.house.reverse(record)), RecordReversed)

    @rule(record=records)
    def void(self, record: str) -> None:
        self._taken_back(record, self._wait(self.house.void(record)), RecordVoided)

    def _taken_back(self, record: str, answer: Any, done: type) -> None:
        if record not in self.counted:
            self._refused(answer, "ALREADY_REVERSED", "ALREADY_CORRECTED")
        elif self.locked.get(self.counted[record][1]):
            self._refused(answer, "PERIOD_LOCKED")
        else:
            assert isinstance(answer, done), answer
            del self.counted[record]

    @rule(target=locks, on=DAYS)
    def lock(self, on: date) -> Any:
        answer = self._wait(self.house.lock(on=on))
        if self.locked.get(on.year):
            return self._refused(answer, "ALREADY_LOCKED")
        assert isinstance(answer, PeriodLock), answer
        self.locked[on.year] = [answer.id]
        return answer.id

    @rule(lock=consumes(locks))
    def unlock(self, lock: str) -> None:
        answer = self._wait(self.house.unlock(lock))
        year = next((year for year, held in self.locked.items() if lock in held), None)
        assert year is not None
        assert not answer.in_force
        self.locked[year].remove(lock)

    @rule(teacher=TEACHERS, hours=HOURS)
    def recognise(self, teacher: str, hours: int) -> None:
        """As a workflow posts it: sums of what is registered do not move."""
        self._wait(self.house.recognise(teacher, hours, label="2023"))

    @rule()
    def sign(self) -> None:
        answer = self._wait(self.house.sign())
        if self._wait(self._ledger()):
            assert not isinstance(answer, Refused), answer

    def _refused(self, answer: Any, *codes: str) -> Any:
        assert isinstance(answer, Refused), answer
        assert answer.errors[0].code in codes, answer
        return multiple()

    @invariant()
    def nothing_is_lost_doubled_or_altered(self) -> None:
        now = self._wait(self._ledger())
        assert now[: len(self.before)] == self.before
        assert [row["seq"] for row in now] == list(range(1, len(now) + 1))
        self.before = now

    @invariant()
    def sums_agree(self) -> None:
        """The model, the ledger, the totals and the standings say the same of every teacher."""
        for teacher in ("t1", "t2"):
            model = {}
            for owner, year, hours in self.counted.values():
                if owner == teacher:
                    model[year] = model.get(year, 0) + hours
            total = self._wait(self.house.total(teacher))
            base = self.base[teacher]
            assert total.credits - base.credits == sum(model.values())
            ledger = sum(
                row["micro_credits"]
                for row in self.before
                if row["teacher"] == teacher and row["kind"].startswith("registration")
            )
            assert Decimal(ledger) / 10**6 == total.credits
            judged = sum(self._standing(teacher, year) for year in (2023, 2024, 2025))
            assert judged == total.credits

    def _standing(self, teacher: str, year: int) -> Decimal:
        query = GetStandings(caller=self.house.officer, teachers=(teacher,), kind="year", on=date(year, 3, 1))
        return self._wait(self.house.call(GET_STANDINGS, query)).items[0].credits

    def teardown(self) -> None:
        found = self._wait(self.house.verify())
        assert found.first_bad is None, found


async def test_no_sequence_of_commands_loses_doubles_or_alters_an_entry(house: Books) -> None:
    loop = asyncio.get_running_loop()

    class Machine(LedgerMachine):
        pass

    Machine.house, Machine.loop = house, loop
    quiet = settings(
        max_examples=8,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        print_blob=True,
    )
    await asyncio.to_thread(run_state_machine_as_test, Machine, settings=quiet)
