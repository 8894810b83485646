"""A command happens once: one effect, one answer, nothing half-written, whoever asks how often."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import Databases, DistrictUnknown, announce, command_hash, once
from yanxiu_durable.tables import INBOX, OUTBOX
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Event
from yanxiu_wire.faults import DeadlineExceeded
from yanxiu_wire.message import Command
from yanxiu_wire.refusal import RefusalItem, Refused

from .conftest import LEDGER


class Note(Command, frozen=True, kw_only=True):
    what: str


class Scribble(Command, frozen=True, kw_only=True):
    what: str


class Noted(msgspec.Struct, frozen=True, kw_only=True, tag="noted"):
    seq: int
    replayed: bool = False


class Plain(msgspec.Struct, frozen=True, kw_only=True, tag="plain"):
    seq: int


class Written(msgspec.Struct, frozen=True, kw_only=True):
    seq: int


WRITTEN = Event("test", "written", Written)
REFUSED = Refused(
    errors=(RefusalItem(code="NO", message_zh="不行", message_en="no", remedy_zh="更正", remedy_en="correct it"),)
)


def caller(subject: str = "synthetic") -> Caller:
    return Caller(subject=subject, role="institute-officer", district="puer")


def note(key: str = "k1", what: str = "a", subject: str = "synthetic") -> Note:
    return Note(caller=caller(subject), key=key, what=what)


def soon() -> Deadline:
    return Deadline.after(10)


async def append(connection: AsyncConnection, what: str = "a") -> int:
    last = (await connection.execute(sa.select(sa.func.coalesce(sa.func.max(LEDGER.c.seq), 0)))).scalar_one()
    await connection.execute(sa.insert(LEDGER).values(district="puer", seq=last + 1, what=what))
    await announce(connection, WRITTEN, "puer", Written(seq=last + 1))
    return last + 1


async def work(connection: AsyncConnection) -> Noted:
    return Noted(seq=await append(connection))


async def rows(databases: Databases) -> dict[str, int]:
    """How many rows each table has."""
    async with databases.read("puer") as connection:
        return {
            table.name: (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
            for table in (LEDGER, INBOX, OUTBOX)
        }


NOTHING = {"ledger": 0, "inbox": 0, "outbox": 0}
ONE = {"ledger": 1, "inbox": 1, "outbox": 1}


async def test_the_same_command_again_gets_the_same_answer_marked_as_replayed(databases: Databases) -> None:
    first = await once(databases, "puer", note(), Noted, soon(), work)
    again = await once(databases, "puer", note(), Noted, soon(), work)
    assert first == Noted(seq=1)
    assert again == Noted(seq=1, replayed=True)
    assert await rows(databases) == ONE


async def test_an_answer_type_without_a_mark_is_repeated_as_it_was(databases: Databases) -> None:
    async def plain(connection: AsyncConnection) -> Plain:
        return Plain(seq=await append(connection))

    answers = [await once(databases, "puer", note(), Plain | Refused, soon(), plain) for _ in range(2)]
    assert answers == [Plain(seq=1), Plain(seq=1)]


async def test_fifty_at_once_in_two_processes_have_one_effect(databases: Databases, second: Databases) -> None:
    answers = await asyncio.gather(
        *(once((databases, second)[number % 2], "puer", note(), Noted, soon(), work) for number in range(50))
    )
    assert {answer.seq for answer in answers} == {1}
    assert sum(not answer.replayed for answer in answers) == 1
    assert await rows(databases) == ONE


async def test_different_keys_are_different_commands(databases: Databases, second: Databases) -> None:
    answers = await asyncio.gather(
        *(once((databases, second)[n % 2], "puer", note(f"k{n}"), Noted, soon(), work) for n in range(40))
    )
    assert sorted(answer.seq for answer in answers) == list(range(1, 41))
    assert await rows(databases) == {"ledger": 40, "inbox": 40, "outbox": 40}


async def test_other_content_under_the_same_key_is_refused(databases: Databases) -> None:
    await once(databases, "puer", note(what="a"), Noted, soon(), work)
    refused = await once(databases, "puer", note(what="b"), Noted, soon(), work)
    assert isinstance(refused, Refused)
    assert (refused.errors[0].code, refused.errors[0].field, refused.errors[0].value) == ("KEY_REUSED", "key", "k1")
    assert refused.errors[0].remedy_zh
    assert await rows(databases) == ONE


async def test_another_command_under_the_same_key_is_refused(databases: Databases) -> None:
    await once(databases, "puer", note(), Noted, soon(), work)
    other = Scribble(caller=caller(), key="k1", what="a")
    refused = await once(databases, "puer", other, Noted, soon(), work)
    assert isinstance(refused, Refused)


async def test_a_renewed_token_is_the_same_command(databases: Databases) -> None:
    await once(databases, "puer", note(subject="session-1"), Noted, soon(), work)
    assert (await once(databases, "puer", note(subject="session-2"), Noted, soon(), work)).replayed


async def test_an_answer_is_not_repeated_to_another_scope(databases: Databases) -> None:
    one = note()
    await once(databases, "puer", one, Noted, soon(), work)
    elsewhere = msgspec.structs.replace(one, caller=msgspec.structs.replace(one.caller, school="another-school"))
    refused = await once(databases, "puer", elsewhere, Noted, soon(), work)
    assert refused.errors[0].code == "KEY_REUSED"


def test_the_hash_does_not_depend_on_the_order_of_facts() -> None:
    class Facts(Command, frozen=True, kw_only=True):
        facts: dict[str, Any]

    one = Facts(caller=caller(), key="k", facts={"a": 1, "b": {"c": 2, "d": 3}})
    two = Facts(caller=caller("other"), key="k", facts={"b": {"d": 3, "c": 2}, "a": 1})
    three = Facts(caller=caller(), key="k", facts={"a": 1, "b": {"c": 2, "d": 4}})
    assert command_hash(one) == command_hash(two) != command_hash(three)


async def test_the_same_key_in_another_district_is_another_command(databases: Databases) -> None:
    await databases.ensure("putuo")
    await once(databases, "puer", note(), Noted, soon(), work)

    async def elsewhere(connection: AsyncConnection) -> Noted:
        await connection.execute(sa.insert(LEDGER).values(district="putuo", seq=7, what="b"))
        return Noted(seq=7)

    assert await once(databases, "putuo", note(), Noted, soon(), elsewhere) == Noted(seq=7)


async def test_a_refusal_undoes_everything_and_is_not_remembered(databases: Databases) -> None:
    async def refuse(connection: AsyncConnection) -> Refused:
        await append(connection)
        return REFUSED

    assert await once(databases, "puer", note(), Noted, soon(), refuse) == REFUSED
    assert await rows(databases) == NOTHING
    assert await once(databases, "puer", note(), Noted, soon(), work) == Noted(seq=1)


async def test_a_failure_between_the_writes_and_the_commit_leaves_nothing(databases: Databases) -> None:
    async def fail(connection: AsyncConnection) -> Noted:
        await append(connection)
        raise RuntimeError("the process ends here")

    with pytest.raises(RuntimeError):
        await once(databases, "puer", note(), Noted, soon(), fail)
    assert await rows(databases) == NOTHING
    assert await once(databases, "puer", note(), Noted, soon(), work) == Noted(seq=1)


async def test_a_cancelled_command_leaves_nothing_and_frees_the_way(databases: Databases) -> None:
    started = asyncio.Event()

    async def hang(connection: AsyncConnection) -> Noted:
        await append(connection)
        started.set()
        await asyncio.Event().wait()
        return Noted(seq=0)

    task = asyncio.create_task(once(databases, "puer", note(), Noted, soon(), hang))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await rows(databases) == NOTHING
    assert await once(databases, "puer", note(), Noted, soon(), work) == Noted(seq=1)


async def test_nothing_is_started_for_a_caller_who_left(databases: Databases) -> None:
    called = False

    async def never(_connection: AsyncConnection) -> Noted:
        nonlocal called
        called = True
        return Noted(seq=0)

    with pytest.raises(DeadlineExceeded):
        await once(databases, "puer", note(), Noted, Deadline.after(-1), never)
    assert not called


async def test_nothing_is_committed_for_a_caller_who_left_meanwhile(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadline = soon()

    async def late(connection: AsyncConnection) -> Noted:
        answer = await work(connection)
        monkeypatch.setattr("time.time", lambda: deadline.at_ms / 1000 + 0.001)
        return answer

    with pytest.raises(DeadlineExceeded):
        await once(databases, "puer", note(), Noted, deadline, late)
    monkeypatch.undo()
    assert await rows(databases) == NOTHING


async def test_a_district_without_a_database_is_unknown(databases: Databases) -> None:
    with pytest.raises(DistrictUnknown):
        await once(databases, "nowhere", note(), Noted, soon(), work)


@pytest.mark.parametrize("few_rows", [False, True])
async def test_what_a_clock_dates_that_was_turned_back_meanwhile_is_not_written(
    databases: Databases, *, few_rows: bool
) -> None:
    """The command came with a deadline of seconds, which lies two hours ahead once the clock is set back by them."""

    async def work(connection: AsyncConnection) -> Noted:
        await connection.execute(sa.insert(LEDGER).values(district="puer", seq=1, what="dated wrongly"))
        return Noted(seq=1)

    with pytest.raises(DeadlineExceeded):
        await once(databases, "puer", note(), Noted, Deadline.after(7200), work, few_rows=few_rows)
    async with databases.read("puer") as connection:
        assert (await connection.execute(sa.select(LEDGER))).all() == []
        assert (await connection.execute(sa.select(INBOX))).all() == []
