"""The connection to SQLite: long results whole and in order, one trip a statement, nothing left open."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from yanxiu_durable.driver import FIRST_ROWS, Connection
from yanxiu_durable.sqlite import BUSY_MS, open_writer
from yanxiu_durable.sqlite_databases import SqliteDatabases
from yanxiu_wire.deadline import Deadline

from .conftest import LEDGER

NUMBERS = sa.text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most) SELECT i FROM n")


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """A database of one table."""
    engine = open_writer(tmp_path / "d.db")
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE noted (what TEXT PRIMARY KEY)")
    yield engine
    await engine.dispose()


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[Connection]:
    """A connection without SQLAlchemy."""
    connection = await Connection(tmp_path / "bare.db")
    yield connection
    await connection.close()


@pytest.fixture
def trips(files: SqliteDatabases, writer: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every trip to a connection's thread from now on."""
    del files, writer  # opening them travels too
    seen: list[object] = []
    travel = Connection._counted

    def counted(self: Connection, call: object) -> object:
        seen.append(call)
        return travel(self, call)  # type: ignore[arg-type]

    monkeypatch.setattr(Connection, "_counted", counted)
    return seen


@pytest.mark.parametrize("rows", [1, FIRST_ROWS - 1, FIRST_ROWS, FIRST_ROWS + 1, 3 * FIRST_ROWS])
async def test_every_row_comes_once_and_in_order(writer: AsyncEngine, rows: int) -> None:
    wanted = list(range(1, rows + 1))
    async with writer.begin() as connection:
        assert list((await connection.execute(NUMBERS, {"most": rows})).scalars()) == wanted
        async with connection.stream(NUMBERS, {"most": rows}) as result:
            assert [row.i async for part in result.partitions(300) for row in part] == wanted


async def test_rows_may_be_asked_for_in_any_portions(bare: Connection) -> None:
    rows = FIRST_ROWS + 20
    cursor = await bare.cursor()
    await cursor.execute(NUMBERS.text.replace(":most", "?"), (rows,))
    found = [
        await cursor.fetchone(),
        *await cursor.fetchmany(FIRST_ROWS),
        *await cursor.fetchmany(),
        *await cursor.fetchall(),
    ]
    assert [row[0] for row in found if row] == list(range(1, rows + 1))
    assert await cursor.fetchone() is None
    assert list(await cursor.fetchall()) == []


async def test_a_transaction_of_two_statements_makes_three_trips(writer: AsyncEngine, trips: list[object]) -> None:
    async with writer.begin() as connection:
        await connection.exec_driver_sql("INSERT INTO noted VALUES ('one')")
        assert (await connection.exec_driver_sql("SELECT what FROM noted")).all() == [("one",)]
    assert len(trips) == 3  # INSERT, SELECT, COMMIT; a free lock is taken at once


async def test_who_finds_the_lock_taken_waits_for_it_in_the_thread(writer: AsyncEngine, tmp_path: Path) -> None:
    async def write() -> int:
        async with writer.begin() as connection:
            return (await connection.exec_driver_sql("PRAGMA busy_timeout")).scalar_one()

    with contextlib.closing(sqlite3.connect(tmp_path / "d.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(write())
        for _ in range(5):
            await asyncio.sleep(0)
        assert not writing.done()
        other.execute("COMMIT")
        # And it will wait as long as before for whatever comes.
        assert await writing == BUSY_MS


async def test_a_result_read_in_part_leaves_nothing_open(writer: AsyncEngine) -> None:
    async with writer.begin() as connection:
        await connection.exec_driver_sql("INSERT INTO noted VALUES ('one')")
        async with connection.stream(NUMBERS, {"most": 10 * FIRST_ROWS}) as result:
            assert (await result.first()).i == 1
    async with writer.begin() as connection:
        # SQLite refuses to drop a table while a statement on the connection still runs.
        await connection.exec_driver_sql("DROP TABLE noted")


async def test_who_is_cancelled_while_it_begins_leaves_no_transaction(bare: Connection) -> None:
    cursor = await bare.cursor()
    beginning = asyncio.create_task(cursor.execute("BEGIN IMMEDIATE"))
    await asyncio.sleep(0)
    beginning.cancel()
    await bare.rollback()
    assert beginning.cancelled() or beginning.done()
    assert not bare.in_transaction


async def test_a_transaction_in_place_travels_only_to_become_durable(
    files: SqliteDatabases, trips: list[object]
) -> None:
    async with files.write("puer", Deadline.after(5), few_rows=True) as connection:
        await connection.execute(sa.insert(LEDGER), {"district": "puer", "seq": 1, "what": "one"})
        assert (await connection.execute(sa.select(LEDGER.c.what))).scalars().all() == ["one"]
        assert not trips
    assert len(trips) == 1
    async with files.read("puer") as connection:
        assert (await connection.execute(sa.select(LEDGER.c.what))).scalars().all() == ["one"]
    assert len(trips) == 2
    async with files.write("puer", Deadline.after(5)) as connection:
        await connection.execute(sa.delete(LEDGER))
    assert len(trips) == 4


async def test_what_fails_in_place_is_undone(files: SqliteDatabases) -> None:
    one = {"district": "puer", "seq": 1, "what": "one"}

    async def enter_twice() -> None:
        async with files.write("puer", Deadline.after(5), few_rows=True) as connection:
            await connection.execute(sa.insert(LEDGER), one)
            await connection.execute(sa.insert(LEDGER), one)

    with pytest.raises(IntegrityError):
        await enter_twice()
    async with files.write("puer", Deadline.after(5)) as connection:
        assert (await connection.execute(sa.select(LEDGER))).all() == []
