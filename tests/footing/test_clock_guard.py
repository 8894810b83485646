"""Clocks that were turned back, that jumped, or that nobody agrees with: nothing is written by them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from yanxiu_footing.clock_guard import ClockGuard, guarded
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.events import ensure_stream
from yanxiu_wire.registry import GET_SCHOOLS
from yanxiu_wire.rpc import Bus
from yanxiu_wire.server_clock import server_time
from yanxiu_wire.term import SET_TERM

HOUR, DAY = 3600.0, 86_400.0
NOON = 1_763_800_000.0


class Recorded:
    """Databases of which only the newest announcement's time is asked."""

    service = "credits"

    def __init__(self, at: float) -> None:
        self.at = at
        self.looks = 0

    async def has(self, district: str) -> bool:
        return district == "puer"

    @contextlib.asynccontextmanager
    async def read(self, _district: str) -> AsyncIterator[Recorded]:
        yield self

    async def scalar(self, _query: Any) -> int:
        self.looks += 1
        return int(self.at * 1000)


class Host:
    """A host whose clocks the test turns; the server's clock goes on by itself."""

    def __init__(self, *, recorded: float = NOON - DAY) -> None:
        self.wall = NOON
        self.steady = 50.0
        self.server: float | None = NOON
        self.recorded = Recorded(recorded)
        self.while_asked: Callable[[], None] = lambda: None
        self.guard = ClockGuard(
            self.recorded,  # type: ignore[arg-type]  # what the guard asks of them
            self._reference,
            wall=lambda: self.wall,
            steady=lambda: self.steady,
        )

    async def _reference(self) -> float | None:
        # Others come meanwhile.
        await asyncio.sleep(0)
        self.while_asked()
        return self.server

    def passes(self, seconds: float) -> None:
        """Time goes on everywhere."""
        self.wall += seconds
        self.steady += seconds
        self.server = self.server + seconds if self.server is not None else None

    def sleeps(self, seconds: float) -> None:
        """The machine slept: its steady clock stood still."""
        self.wall += seconds
        self.server = self.server + seconds if self.server is not None else None

    async def problem(self, district: str = "puer") -> str | None:
        refused = await self.guard.refuses(district)
        return None if refused is None else refused.errors[0].value


async def test_a_clock_that_goes_on_is_believed_and_the_record_is_seldom_looked_up() -> None:
    host = Host()
    for _ in range(100):
        assert await host.problem() is None
        host.passes(1)
    assert host.recorded.looks == 2
    assert await host.problem("not-yet-opened") is None


@pytest.mark.parametrize(("behind", "problem"), [(30.0, None), (59.0, None), (61.0, "behind"), (2 * HOUR, "behind")])
async def test_a_service_that_starts_behind_the_record_writes_nothing(behind: float, problem: str | None) -> None:
    host = Host(recorded=NOON + behind)
    assert await host.problem() == problem
    host.passes(behind)
    assert await host.problem() is None, "until it is past it"


async def test_a_clock_that_is_turned_back_two_hours_writes_nothing_until_it_is_right_again() -> None:
    host = Host()
    assert await host.problem() is None
    host.wall -= 2 * HOUR
    assert await host.problem() == "disagrees"
    host.wall += 2 * HOUR
    assert await host.problem() is None


async def test_turned_back_on_every_host_it_is_noticed_too() -> None:
    host = Host()
    assert await host.problem() is None
    host.wall -= 2 * HOUR
    host.server = host.wall
    assert await host.problem() == "behind"


@pytest.mark.parametrize("server", [NOON, None], ids=["the server disagrees", "nobody can be asked"])
async def test_a_clock_that_jumps_ahead_writes_nothing(server: float | None) -> None:
    host = Host()
    assert await host.problem() is None
    host.server = server
    host.wall += 400 * DAY
    assert await host.problem() == ("disagrees" if server else "jumped")
    host.wall -= 400 * DAY
    assert await host.problem() is None, "and has dated nothing meanwhile"


async def test_a_machine_that_slept_is_believed_when_the_server_agrees_but_not_after_days() -> None:
    host = Host()
    host.sleeps(5 * HOUR)
    assert await host.problem() is None
    host.sleeps(4 * DAY)
    assert await host.problem() == "jumped"


async def test_commands_that_come_together_take_one_jump_into_account_once() -> None:
    host = Host()
    assert await host.problem() is None
    host.sleeps(2 * HOUR)
    assert await asyncio.gather(*(host.problem() for _ in range(31))) == [None] * 31
    for _ in range(3):
        host.passes(1)
        assert await host.problem() is None, "or it would be refused until a restart"


async def test_a_clock_that_is_set_right_while_the_server_is_asked_leaves_no_wrong_time_behind() -> None:
    host = Host()
    assert await host.problem() is None
    host.wall += 400 * DAY

    def set_right() -> None:
        host.wall, host.while_asked = NOON, lambda: None

    host.while_asked = set_right
    assert await host.problem() is None
    host.passes(1)
    assert await host.problem() is None, "or it would be taken for one that was turned back"


async def test_a_service_that_starts_with_another_time_than_the_server_writes_nothing() -> None:
    host = Host()
    host.server = NOON - 400 * DAY
    assert await host.problem() == "disagrees"


async def test_commands_are_refused_in_both_languages_and_reads_are_answered() -> None:
    host = Host(recorded=NOON + DAY)

    async def answer(_district: str, _request: Any, _deadline: Deadline) -> str:
        return "done"

    handlers = guarded({SET_TERM: answer, GET_SCHOOLS: answer}, host.guard)
    refused = await handlers[SET_TERM]("puer", None, Deadline.after(1))
    (item,) = refused.errors
    assert (item.code, item.value) == ("CLOCK_NOT_BELIEVED", "behind")
    assert "时钟落后于本区已有的记录" in item.message_zh
    assert "idempotencyKey" in item.remedy_en
    assert await handlers[GET_SCHOOLS]("puer", None, Deadline.after(1)) == "done"


async def test_the_server_of_the_bus_tells_its_time(own_bus: Bus) -> None:
    await ensure_stream(own_bus, "sample")
    told = await server_time(own_bus, "sample")()
    assert told is not None
    assert told == pytest.approx(Deadline.after(0).at_ms / 1000, abs=2)
    assert await server_time(own_bus, "no-such-service")() is None
