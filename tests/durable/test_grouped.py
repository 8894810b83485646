"""Commands that wait share a transaction: what comes of each is what would have come of it alone."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import Databases, grouped, once
from yanxiu_durable.grouped import FEW, MOST, Size
from yanxiu_durable.sqlite_databases import SqliteDatabases
from yanxiu_wire.deadline import Deadline

from tests.examples import with_service

from .conftest import LEDGER
from .grouping import Fault, command, send, stored, told, waiting, whats, write, written
from .test_once import REFUSED, Noted
from .writing import append, soon

COLOUR: ContextVar[str] = ContextVar("colour", default="none")


@pytest.fixture(autouse=True)
def no_group_ends_for_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine three commands take longer than a group may: it would be two where a test tells one."""
    monkeypatch.setattr(grouped, "SECONDS", 10.0)


async def test_those_who_wait_share_one_commit_in_the_order_of_their_coming(
    databases: Databases,
) -> None:
    async with waiting(databases, *(send(databases, f"k{n}", f"w{n}") for n in range(FEW))) as tasks:
        before = written()
    assert [await task for task in tasks] == [Noted(seq=n + 1) for n in range(FEW)]
    # The one that they waited for, and theirs.
    assert written() - before == 2
    assert await whats(databases) == [f"w{n}" for n in range(FEW)]


def test_a_transaction_takes_more_while_its_commit_costs_more_than_a_quarter_of_its_work() -> None:
    size = Size()
    taken = [size.most]
    for commands, committing in ((FEW, 0.3), (FEW, 0.3), (32, 0.3), (64, 0.3), (64, 0.2), (32, 0.2), (FEW, 0.2)):
        size.weigh(commands, working=1.0, committing=committing)
        taken.append(size.most)
    # The second was not full any more.
    assert taken == [FEW, 32, 32, MOST, MOST, 32, FEW, FEW]


async def test_a_group_is_bounded_and_another_writer_comes_in_between(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouped, "FEW", 3)
    monkeypatch.setattr(grouped, "_DEAR", 1e9)
    async with waiting(databases, *(send(databases, f"k{n}", f"w{n}") for n in range(7))) as tasks:
        other = asyncio.create_task(append(databases, "other"))
        await asyncio.sleep(0)
        before = written()
    await asyncio.gather(other, *tasks)
    assert written() - before == 5
    assert await whats(databases) == ["w0", "w1", "w2", "other", "w3", "w4", "w5", "w6"]


async def test_a_group_takes_nobody_any_more_when_its_time_is_over(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouped, "SECONDS", 0.0)
    async with waiting(databases, *(send(databases, f"k{n}", f"w{n}") for n in range(3))) as tasks:
        before = written()
    await asyncio.gather(*tasks)
    assert written() - before == 4


async def test_nobody_is_answered_before_the_commit(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    answered: list[int] = []
    commit = AsyncConnection.commit

    async def looked_at(connection: AsyncConnection) -> None:
        answered.append(sum(task.done() for task in tasks))
        await commit(connection)

    ways = ("write", "refuse", "raise", "write")
    async with waiting(databases, *(send(databases, f"k{n}", f"w{n}", how=how) for n, how in enumerate(ways))) as tasks:
        monkeypatch.setattr(AsyncConnection, "commit", looked_at)
    assert [await told(task) for task in tasks] == [Noted(seq=1), REFUSED, "Fault", Noted(seq=2)]
    assert set(answered) == {0}


KEYS = st.integers(0, 5)
STEPS = st.lists(
    st.tuples(KEYS, st.integers(0, 4), st.sampled_from(("write", "write", "write", "refuse", "raise", "break", "end"))),
    min_size=1,
    max_size=12,
)


@pytest.mark.every_case_on_both
async def test_together_they_get_what_they_get_one_by_one(databases: Databases) -> None:
    """Keys twice, other bodies under a key, a business fact under two keys, refusals, faults: the same, and stored."""
    await databases.ensure("antu")
    scripts: list[list[tuple[int, int, str]]] = []

    @with_service(12)
    @given(STEPS)
    def play(steps: list[tuple[int, int, str]]) -> None:
        scripts.append(steps)

    play()
    for rounds, steps in enumerate(scripts):
        made = [(f"{rounds}-k{key}", f"{rounds}-w{what}", how) for key, what, how in steps]
        alone = [await told(send(databases, key, what, how=how, district="antu")) for key, what, how in made]
        sendings = (told(send(databases, key, what, how=how)) for key, what, how in made)
        async with waiting(databases, *sendings) as tasks:
            pass
        assert [await task for task in tasks] == alone, steps
        assert await stored(databases) == await stored(databases, "antu"), steps
    assert len(scripts) >= 10


def after_the_first(monkeypatch: pytest.MonkeyPatch, then: Callable[[AsyncConnection], Any]) -> None:
    """Have every COMMIT but the next one done by `then`."""
    commit, first = AsyncConnection.commit, iter((True,))

    async def committed(connection: AsyncConnection) -> None:
        await (commit(connection) if next(first, False) else then(connection))

    monkeypatch.setattr(AsyncConnection, "commit", committed)


async def test_a_failed_commit_is_a_fault_for_all_and_nothing_stands(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_connection: AsyncConnection) -> None:
        raise OperationalError("COMMIT", None, Exception("the disk is gone"))

    ways = ("write", "refuse", "write")
    async with waiting(databases, *(send(databases, f"k{n}", f"w{n}", how=how) for n, how in enumerate(ways))) as tasks:
        after_the_first(monkeypatch, fails)
    faults = {await told(task) for task in tasks}
    assert faults in ({"OperationalError"}, {"ServiceUnavailable"})
    monkeypatch.undo()
    assert await stored(databases) == ([], [], [])
    assert await send(databases, "k0", "w0") == Noted(seq=1)


@pytest.mark.every_case_on_both
@pytest.mark.parametrize("place", [0, 1, 2])
async def test_who_loses_the_transaction_loses_it_for_himself_alone(databases: Databases, place: int) -> None:
    calls: list[str] = []

    def noted(what: str, *, lose: bool) -> grouped.Work:
        async def work(connection: AsyncConnection) -> Any:
            calls.append(what)
            answer = await write(connection, what)
            if lose:
                await connection.exec_driver_sql("ROLLBACK")
                raise Fault
            return answer

        return work

    def sent(number: int) -> Any:
        work = noted(f"w{number}", lose=number == place)
        return once(databases, "puer", command(f"k{number}", "x"), Noted, soon(), work, few_rows=True)

    async with waiting(databases, *(sent(number) for number in range(3))) as tasks:
        pass
    answers = [await told(task) for task in tasks]
    assert answers.pop(place) == "Fault"
    assert answers == [Noted(seq=1), Noted(seq=2)]
    assert await whats(databases) == [f"w{number}" for number in range(3) if number != place]
    assert calls.count(f"w{place}") == 1


async def test_a_statement_that_failed_and_was_passed_over_fails_its_command_alone(databases: Databases) -> None:
    async def careless(connection: AsyncConnection) -> Any:
        answer = await write(connection, "careless")
        with contextlib.suppress(Exception):
            await connection.execute(sa.insert(LEDGER).values(district="puer", seq=1, what="again"))
        return answer

    async with waiting(
        databases,
        send(databases, "k0", "w0"),
        once(databases, "puer", command("k1", "x"), Noted, soon(), careless, few_rows=True),
        send(databases, "k2", "w2"),
    ) as tasks:
        pass
    first, second, third = [await told(task) for task in tasks]
    assert first == Noted(seq=1)
    # SQLite undoes the statement alone, PostgreSQL can commit nothing of the transaction any more.
    if isinstance(second, Noted):
        assert (second, third) == (Noted(seq=2), Noted(seq=3))
    else:
        assert (second, third) == ("InternalError", Noted(seq=2))
    assert await whats(databases) == ["w0", *(["careless"] if isinstance(second, Noted) else []), "w2"]


async def test_whose_time_runs_out_in_line_is_told_so_and_was_never_begun(databases: Databases) -> None:
    async with waiting(
        databases, send(databases, "k0", "w0", until=Deadline.after(0.05)), send(databases, "k1", "w1")
    ) as tasks:
        assert await told(tasks[0]) == "DeadlineExceeded"
    assert await told(tasks[1]) == Noted(seq=1)
    assert await whats(databases) == ["w1"]


class RunsOut(Deadline, frozen=True):
    """A time limit that passes when the list has a word in it."""

    passed: list[str]

    def remaining(self) -> float:
        return -1.0 if self.passed else super().remaining()


@pytest.mark.every_case_on_both
@pytest.mark.parametrize("when", ["at work", "before the commit"])
async def test_whose_time_runs_out_on_the_way_is_undone_and_the_others_stand(databases: Databases, when: str) -> None:
    passed: list[str] = []
    until = RunsOut(soon().at_ms, passed)

    def passing(what: str, *, now: bool) -> grouped.Work:
        async def work(connection: AsyncConnection) -> Any:
            answer = await write(connection, what)
            if now:
                passed.append(what)
            return answer

        return work

    def sent(number: int, *, now: bool, limit: Deadline) -> Any:
        work = passing(f"w{number}", now=now)
        return once(databases, "puer", command(f"k{number}", "x"), Noted, limit, work, few_rows=True)

    async with waiting(
        databases,
        sent(0, now=False, limit=soon()),
        sent(1, now=when == "at work", limit=until),
        sent(2, now=when != "at work", limit=soon()),
    ) as tasks:
        pass
    assert [await told(task) for task in tasks] == [Noted(seq=1), "DeadlineExceeded", Noted(seq=2)]
    assert await whats(databases) == ["w0", "w2"]
    assert [row.seq for row in (await stored(databases))[2]] == [1, 2]


@pytest.mark.every_case_on_both
async def test_who_is_too_late_when_his_turn_comes_takes_nothing_of_the_one_before(databases: Databases) -> None:
    passed: list[str] = []

    async def long(connection: AsyncConnection) -> Any:
        answer = await write(connection, "w0")
        passed.append("the time of the next, before anybody could tell him")
        return answer

    async with waiting(
        databases,
        once(databases, "puer", command("k0", "x"), Noted, soon(), long, few_rows=True),
        send(databases, "k1", "w1", until=RunsOut(soon().at_ms, passed)),
        send(databases, "k2", "w2"),
    ) as tasks:
        pass
    assert [await told(task) for task in tasks] == [Noted(seq=1), "DeadlineExceeded", Noted(seq=2)]
    assert await whats(databases) == ["w0", "w2"]


@pytest.mark.parametrize(("wrote", "times"), [(False, [1, 1, 1]), (True, [2, 2, 1])])
async def test_a_group_is_done_again_only_for_who_was_refused_after_he_wrote(
    databases: Databases, wrote: bool, times: list[int]
) -> None:
    done = {f"w{n}": 0 for n in range(3)}

    def counted(what: str, *, refused: bool) -> grouped.Work:
        async def work(connection: AsyncConnection) -> Any:
            done[what] += 1
            answer = await write(connection, what) if wrote or not refused else None
            return REFUSED if refused else answer

        return work

    works = [counted(f"w{n}", refused=n == 1) for n in range(3)]
    async with waiting(
        databases,
        *(
            once(databases, "puer", command(f"k{n}", "x"), Noted, soon(), work, few_rows=True)
            for n, work in enumerate(works)
        ),
    ) as tasks:
        pass
    assert [await told(task) for task in tasks] == [Noted(seq=1), REFUSED, Noted(seq=2)]
    assert await whats(databases) == ["w0", "w2"]
    # PostgreSQL has savepoints from the beginning.
    assert list(done.values()) == (times if isinstance(databases, SqliteDatabases) else [1, 1, 1])


async def test_when_all_have_run_out_nothing_stands(databases: Databases) -> None:
    passed: list[str] = []
    until = RunsOut(soon().at_ms, passed)

    async def paused(connection: AsyncConnection) -> Any:
        answer = await write(connection, "last")
        passed.append("the process was stopped for long")
        return answer

    async with waiting(
        databases,
        send(databases, "k0", "w0", until=until),
        once(databases, "puer", command("k1", "x"), Noted, until, paused, few_rows=True),
    ) as tasks:
        pass
    assert [await told(task) for task in tasks] == ["DeadlineExceeded"] * 2
    assert await stored(databases) == ([], [], [])


async def test_a_caller_who_is_cancelled_in_line_has_done_nothing(databases: Databases) -> None:
    async with waiting(databases, *(send(databases, f"k{n}", f"w{n}") for n in range(3))) as tasks:
        tasks[1].cancel()
    assert [await task for task in (tasks[0], tasks[2])] == [Noted(seq=1), Noted(seq=2)]
    assert await whats(databases) == ["w0", "w2"]


async def test_a_caller_who_is_cancelled_at_work_is_undone_and_harms_nobody(databases: Databases) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(connection: AsyncConnection) -> Any:
        answer = await write(connection, "slow")
        begun.set()
        await go_on.wait()
        await connection.execute(sa.select(LEDGER))
        return answer

    async with waiting(
        databases,
        send(databases, "k0", "w0"),
        once(databases, "puer", command("k1", "x"), Noted, soon(), slow, few_rows=True),
        send(databases, "k2", "w2"),
    ) as tasks:
        pass
    await begun.wait()
    tasks[1].cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks[1]
    go_on.set()
    assert [await tasks[0], await tasks[2]] == [Noted(seq=1), Noted(seq=2)]
    assert await whats(databases) == ["w0", "w2"]


async def test_each_works_in_the_context_that_it_came_with(databases: Databases) -> None:
    seen: dict[str, str] = {}

    def looking(what: str) -> grouped.Work:
        async def work(connection: AsyncConnection) -> Any:
            seen[what] = COLOUR.get()
            return await write(connection, what)

        return work

    async def coloured(number: int) -> Any:
        COLOUR.set(f"colour {number}")
        work = looking(f"w{number}")
        return await once(databases, "puer", command(f"k{number}", "x"), Noted, soon(), work, few_rows=True)

    async with waiting(databases, *(coloured(number) for number in range(3))) as tasks:
        pass
    await asyncio.gather(*tasks)
    assert seen == {f"w{number}": f"colour {number}" for number in range(3)}


async def test_where_the_district_is_unknown_all_who_wait_are_told(databases: Databases) -> None:
    answers = await asyncio.gather(
        *(told(send(databases, f"k{number}", "w", district="nowhere")) for number in range(3))
    )
    assert answers == ["DistrictUnknown"] * 3


async def test_two_processes_group_at_once_and_nothing_is_lost_or_doubled(
    databases: Databases, second: Databases
) -> None:
    began = time.monotonic()
    answers = await asyncio.gather(
        *(send((databases, second)[n % 2], f"k{n // 2 % 40}", f"w{n // 2 % 40}") for n in range(160))
    )
    assert time.monotonic() - began < 10
    assert sorted({answer.seq for answer in answers}) == list(range(1, 41))
    assert sum(not answer.replayed for answer in answers) == 40
    rows, remembered, events = await stored(databases)
    assert len(rows) == len(remembered) == len(events) == 40
