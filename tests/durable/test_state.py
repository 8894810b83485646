"""The state of a district's data: another one after whatever was committed by whomever, and else the same."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from yanxiu_durable import Databases, open_file
from yanxiu_durable.driver import Connection
from yanxiu_durable.sqlite_databases import SqliteDatabases

from .conftest import LEDGER, METADATA
from .writing import append, count, soon

_ELSEWHERE = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as file:
    file.execute("INSERT INTO ledger SELECT 'puer', max(seq) + 1, 'elsewhere' FROM ledger")
"""


async def write_aside(files: SqliteDatabases, seq: int) -> None:
    async with files.write("puer", soon(), few_rows=True, aside=True) as connection:
        await connection.execute(sa.insert(LEDGER).values(district="puer", seq=seq, what="trail"))


async def test_it_is_the_same_while_nothing_is_written_but_the_trail(files: SqliteDatabases) -> None:
    await append(files)
    state = files.state("puer")
    assert state is not None
    assert await count(files) == 1
    await write_aside(files, 1_000)
    await write_aside(files, 1_001)
    assert files.state("puer") == state
    assert files.state("nowhere") is None


async def test_it_is_another_after_each_write_of_this_process_whoever_asked_or_did_not(files: SqliteDatabases) -> None:
    seen = [files.state("puer")]
    for number in range(3):
        await append(files)
        if number != 1:
            seen.append(files.state("puer"))
        await write_aside(files, 1_000 - number)
    assert None not in seen
    assert len(set(seen)) == 3


async def test_it_is_another_after_a_write_of_another_process_also_between_lines_of_the_trail(
    files: SqliteDatabases, data_dir: Path, migrations: Path
) -> None:
    await append(files)
    seen = [files.state("puer")]
    command = (sys.executable, "-c", _ELSEWHERE, str(files.path("puer")))
    await asyncio.to_thread(subprocess.run, command, check=True)
    # What it saw of others before it writes itself is no less seen by it.
    await write_aside(files, 1_000)
    seen.append(files.state("puer"))
    beside = SqliteDatabases("test", data_dir, METADATA, migrations)
    await beside.open_all()
    await write_aside(beside, 1_001)
    seen.append(files.state("puer"))
    await beside.close()
    assert None not in seen
    assert len(set(seen)) == 3


async def test_who_writes_the_trail_keeps_others_from_writing_so_it_is_known_until_he_commits(
    files: SqliteDatabases, data_dir: Path, migrations: Path
) -> None:
    await append(files)
    before = files.state("puer")
    beside = SqliteDatabases("test", data_dir, METADATA, migrations)
    await beside.open_all()
    await append(beside)
    async with files.write("puer", soon(), few_rows=True, aside=True) as connection:
        among = files.state("puer")
        assert among not in (None, before), "what others wrote until now"
        await connection.execute(sa.insert(LEDGER).values(district="puer", seq=1_000, what="trail"))
        assert files.state("puer") == among
        waiting = asyncio.create_task(append(beside))
    # From the end of the block on the other may write before this process knows of its own commit.
    assert files.state("puer") == among
    await waiting
    assert files.state("puer") not in (None, among)
    await beside.close()


async def test_who_waits_for_lines_that_are_being_written_is_told_when_they_are(
    files: SqliteDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    await append(files)
    before, standing = files.state("puer"), asyncio.Event()
    assert not await files.settled("puer"), "nobody writes"
    assert not await files.settled("nowhere")
    commit = Connection.commit

    async def slow(connection: Connection) -> None:
        await commit(connection)
        await standing.wait()

    monkeypatch.setattr(Connection, "commit", slow)
    writing = asyncio.create_task(write_aside(files, 1_000))
    while files.state("puer") is not None:  # noqa: ASYNC110 - it tells no event of it
        await asyncio.sleep(0)
    waiting = asyncio.create_task(files.settled("puer"))
    await asyncio.sleep(0)
    standing.set()
    assert await waiting
    await writing
    assert files.state("puer") == before
    standing.clear()
    monkeypatch.setattr(open_file, "SETTLE_SECONDS", 0.0)
    writing = asyncio.create_task(write_aside(files, 1_001))
    while files.state("puer") is not None:  # noqa: ASYNC110 - it tells no event of it
        await asyncio.sleep(0)
    assert not await files.settled("puer"), "not in time"
    standing.set()
    await writing
    others = asyncio.create_task(append(files))
    await asyncio.sleep(0)
    assert not await files.settled("puer"), "what is told to anybody is not waited for"
    await others


async def test_nobody_knows_it_while_somebody_here_writes(files: SqliteDatabases) -> None:
    before = files.state("puer")
    async with files.write("puer", soon()) as connection:
        await connection.execute(sa.insert(LEDGER).values(district="puer", seq=1, what="a"))
        assert files.state("puer") is None
    assert files.state("puer") not in (None, before)


@pytest.mark.parametrize("steps", range(0, 40, 3))
async def test_a_write_whose_writer_went_away_is_seen_as_soon_as_it_stands(files: SqliteDatabases, steps: int) -> None:
    before, had = files.state("puer"), await count(files)
    writing = asyncio.create_task(append(files))
    for _ in range(steps):
        await asyncio.sleep(0)
    writing.cancel()
    while not writing.done():
        assert await count(files) == had or files.state("puer") != before
        await asyncio.sleep(0)
    await asyncio.gather(writing, return_exceptions=True)
    assert await count(files) == had or files.state("puer") != before


async def test_nobody_knows_it_of_a_connection_that_is_closed_before_the_loop_hears_of_it(
    files: SqliteDatabases,
) -> None:
    """As after a writer who was cancelled: what is asked meanwhile is made anew, and is no fault."""
    await append(files)
    opened = files._open["puer"]
    assert opened._writing is not None
    opened._writing.plain.close()
    assert [opened.state(busy=busy) for busy in (False, True)] == [None, None]
    await opened.writer.dispose()


async def test_a_file_in_the_place_of_its_own_and_another_connection_are_another_state(files: SqliteDatabases) -> None:
    await append(files)
    before = files.state("puer")
    await files._open["puer"].writer.dispose()
    await write_aside(files, 1_000)
    assert files.state("puer") not in (None, before), "each connection counts for itself"
    path = files.path("puer")
    shutil.copy(path, path.with_suffix(".copy"))
    path.with_suffix(".copy").replace(path)
    assert files.state("puer") is None
    path.unlink()
    assert files.state("puer") is None


async def test_postgresql_tells_none(database: object, databases: Databases) -> None:
    del database
    await append(databases)
    assert (databases.state("puer") is None) is not isinstance(databases, SqliteDatabases)
