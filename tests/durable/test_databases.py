"""What both kinds of databases promise: districts apart, fair writers, readers that wait for nobody, claims."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError
from yanxiu_durable import Databases, DistrictUnknown
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded

from .conftest import LEDGER
from .writing import append, count, soon


async def test_a_district_is_found_again_and_only_real_ones_count(databases: Databases, second: Databases) -> None:
    assert await databases.districts() == ("puer",)
    assert await databases.has("puer")
    assert not await databases.has("putuo")
    await second.ensure("putuo")
    assert await databases.has("putuo")
    await append(databases, district="putuo")
    assert await count(second, "putuo") == 1
    assert await databases.districts() == ("puer", "putuo")


@pytest.mark.parametrize("district", ["", "../puer", "Puer", "a/b", "普洱", "p", "x" * 40])
async def test_what_is_no_district_never_becomes_a_file(databases: Databases, district: str) -> None:
    assert not await databases.has(district)
    with pytest.raises(DistrictUnknown):
        await databases.ensure(district)
    with pytest.raises(DistrictUnknown):
        async with databases.read(district):
            pass
    assert await databases.districts() == ("puer",)


async def test_one_district_sees_nothing_of_another(databases: Databases) -> None:
    await databases.ensure("putuo")
    await append(databases)
    assert (await count(databases, "puer"), await count(databases, "putuo")) == (1, 0)


async def test_many_create_the_same_district_at_once_and_it_is_made_once(another: Callable[[], Databases]) -> None:
    several = [another() for _ in range(4)]
    await asyncio.gather(*(each.ensure("puer") for each in several for _ in range(3)))
    await asyncio.gather(*(append(each) for each in several))
    assert await count(several[0]) == 4
    for each in several:
        await each.close()


async def test_writers_of_two_processes_lose_no_update(databases: Databases, second: Databases) -> None:
    await asyncio.gather(*(append((databases, second)[number % 2]) for number in range(60)))
    assert await count(databases) == 60


async def test_writers_of_one_process_have_their_turn_in_order(databases: Databases) -> None:
    await asyncio.gather(*(append(databases, str(number)) for number in range(30)))
    async with databases.read("puer") as connection:
        found = (await connection.execute(sa.select(LEDGER.c.what).order_by(LEDGER.c.seq))).scalars().all()
    assert found == [str(number) for number in range(30)]


async def test_a_reader_waits_for_no_writer_and_sees_one_state(databases: Databases) -> None:
    await append(databases)
    async with databases.read("puer") as reader:
        query = sa.select(sa.func.count()).select_from(LEDGER)
        assert (await reader.execute(query)).scalar_one() == 1
        await append(databases)
        assert (await reader.execute(query)).scalar_one() == 1
    assert await count(databases) == 2
    async with databases.write("puer", soon()) as writer:
        await writer.execute(sa.insert(LEDGER).values(district="puer", seq=9, what="x"))
        assert await count(databases) == 2


async def test_a_reader_cannot_write(databases: Databases) -> None:
    with pytest.raises((OperationalError, InternalError), match=r"read-?only"):
        async with databases.read("puer") as connection:
            await connection.execute(sa.insert(LEDGER).values(district="puer", seq=1, what="x"))


async def test_what_raises_is_rolled_back(databases: Databases) -> None:
    async def twice() -> None:
        async with databases.write("puer", soon()) as connection:
            for _ in range(2):
                await connection.execute(sa.insert(LEDGER).values(district="puer", seq=1, what="x"))

    with pytest.raises(IntegrityError):
        await twice()
    assert await count(databases) == 0


async def test_the_time_passes_in_the_queue_too(databases: Databases) -> None:
    async with databases.write("puer", soon()):
        with pytest.raises(DeadlineExceeded):
            async with databases.write("puer", Deadline.after(0.02)):
                pass
    await append(databases)


async def test_a_claim_is_held_by_one_at_a_time(databases: Databases, second: Databases) -> None:
    async with (
        databases.claim("puer", "relay") as mine,
        second.claim("puer", "relay") as theirs,
        second.claim("puer", "other") as something_else,
    ):
        assert (mine, theirs, something_else) == (True, False, True)
    async with second.claim("puer", "relay") as theirs:
        assert theirs


async def test_a_deadline_weeks_ahead_is_as_good_as_any(databases: Databases) -> None:
    """Of more milliseconds than PostgreSQL's own limits can be set to."""
    await append(databases, deadline=Deadline.after(60 * 86_400))
    assert await count(databases) == 1
