"""Equal reads share an answer that was begun after all of them came; commands and other callers never do."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from yanxiu_gateway.equal_reads import EqualReads
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable

CALLER = Caller(subject="synthetic", role="auditor", district="puer")
OTHER = Caller(subject="other", role="auditor", district="puer")
TEACHER = Caller(subject="synthetic", role="teacher", district="puer")
ASKED = registry.GetDistrict(caller=CALLER)


class Slow:
    """Answers when it is told to: with the number of the request, counted when it came."""

    def __init__(self) -> None:
        self.begun: list[Any] = []
        self.came = asyncio.Event()
        self.turns: list[asyncio.Future[Any]] = []

    async def __call__(self, endpoint: Any, request: Any, *, district: str, deadline: Deadline | None = None) -> Any:
        self.begun.append((endpoint, district, request))
        del deadline
        self.came.set()
        number, turn = len(self.begun), asyncio.get_running_loop().create_future()
        self.turns.append(turn)
        await turn
        return number

    async def until(self, begun: int) -> None:
        async with asyncio.timeout(5):
            while len(self.begun) < begun:
                self.came.clear()
                await self.came.wait()


def ask(reads: EqualReads, request: Any = ASKED, endpoint: Any = registry.GET_DISTRICT, seconds: float = 5) -> Any:
    return asyncio.ensure_future(reads(endpoint, request, district="puer", deadline=Deadline.after(seconds)))


async def test_those_who_come_meanwhile_share_the_next_answer_and_never_an_older_one() -> None:
    slow = Slow()
    reads = EqualReads(slow)
    first = ask(reads)
    await slow.until(1)
    second, third = ask(reads), ask(reads)
    await asyncio.sleep(0)
    assert len(slow.begun) == 1
    slow.turns[0].set_result(None)
    await slow.until(2)
    late = ask(reads)
    slow.turns[1].set_result(None)
    assert (await first, await second, await third) == (1, 2, 2)
    await slow.until(3)
    slow.turns[2].set_result(None)
    assert (await late, len(slow.begun), reads.turns.shared) == (3, 3, 1)
    again = ask(reads)
    await slow.until(4)
    slow.turns[3].set_result(None)
    assert await again == 4


@pytest.mark.parametrize(
    ("endpoint", "one", "other"),
    [
        (registry.GET_DISTRICT, ASKED, msgspec.structs.replace(ASKED, caller=OTHER)),
        (registry.GET_DISTRICT, ASKED, msgspec.structs.replace(ASKED, caller=TEACHER)),
        (
            registry.BIND_RULE_PACK,
            made := registry.BindRulePack(caller=CALLER, key="k", pack="puer", since="2024-01-01"),  # type: ignore[arg-type]
            made,
        ),
        (
            wire_teacher.GET_TEACHERS,
            seen := wire_teacher.GetTeachers(caller=CALLER, ids=("t",), reveal=True, reason="r"),
            seen,
        ),
    ],
)
async def test_nothing_is_shared_with_another_caller_nor_commands_nor_what_is_on_record(
    endpoint: Any, one: Any, other: Any
) -> None:
    slow = Slow()
    reads = EqualReads(slow)
    both = [ask(reads, one, endpoint), ask(reads, other, endpoint)]
    await slow.until(2)
    for turn in slow.turns:
        turn.set_result(None)
    assert await asyncio.gather(*both) == [1, 2]


async def test_a_failure_is_everybodys_and_who_leaves_or_is_late_takes_nothing_from_the_others() -> None:
    slow = Slow()
    reads = EqualReads(slow)
    first = ask(reads)
    await slow.until(1)
    left, hasty, patient = ask(reads), ask(reads, seconds=0.05), ask(reads)
    await asyncio.sleep(0)
    left.cancel()
    with pytest.raises(DeadlineExceeded):
        await hasty
    slow.turns[0].set_exception(ServiceUnavailable("registry"))
    with pytest.raises(ServiceUnavailable):
        await first
    await slow.until(2)
    slow.turns[1].set_result(None)
    assert await patient == 2
    assert reads.turns.idle
