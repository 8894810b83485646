"""A file for each district: safe settings, closed to others, a lock that is not waited for without end."""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import DatabaseBusy, DatabaseUnsafe, sqlite_databases
from yanxiu_durable import sqlite as opening
from yanxiu_durable.migrate import upgrade
from yanxiu_durable.sqlite_databases import SqliteDatabases
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import ServiceUnavailable, StorageFull

from .conftest import LEDGER, METADATA
from .writing import append, count, soon


@pytest.mark.parametrize("engine", [opening.open_writer, opening.open_readers])
async def test_every_connection_keeps_what_it_commits(files: SqliteDatabases, engine: Any) -> None:
    opened = engine(files.path("puer"))
    async with opened.connect() as connection:
        found = {
            setting: (await connection.exec_driver_sql(f"PRAGMA {setting}")).scalar_one()
            for setting in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    await opened.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def temporary_files() -> list[str]:
    """Files of SQLite's own that this process has open; they have no name any more."""
    found: list[str] = []
    for one in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(str(one.readlink()))
    return [one for one in found if "etilqs_" in one]


async def test_what_a_savepoint_goes_back_to_is_in_memory(tmp_path: Path) -> None:
    engine = opening.open_writer(tmp_path / "d.db")
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE TABLE page (what TEXT)")
        await connection.exec_driver_sql("INSERT INTO page VALUES (?)", [("a" * 4000,)] * 100)
    async with engine.begin() as connection:
        for statement in ("SAVEPOINT one", "UPDATE page SET what = upper(what)"):
            await connection.exec_driver_sql(statement)
        # SQLite puts what is more than 64 KB into a file, page by page.
        assert temporary_files() == []
        await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT one")
        assert (await connection.exec_driver_sql("SELECT DISTINCT substr(what, 1, 1) FROM page")).all() == [("a",)]
    await engine.dispose()


async def test_a_file_is_written_anew_beside_itself_and_not_in_memory(files: SqliteDatabases) -> None:
    await append(files)
    said: list[str] = []
    async with files.write("puer", soon()) as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.set_trace_callback(said.append)
    await files.sweep_freed("puer")
    assert [one for one in said if "temp_store" in one or one == "VACUUM"] == [
        f"PRAGMA temp_store = {opening.IN_FILES}", "VACUUM", f"PRAGMA temp_store = {opening.IN_MEMORY}"
    ]  # fmt: skip


async def test_a_database_that_refuses_a_setting_is_not_opened(
    data_dir: Path, migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_FULL", 3)
    databases = SqliteDatabases("test", data_dir, METADATA, migrations)
    with pytest.raises(DatabaseUnsafe) as raised:
        await databases.ensure("puer")
    assert raised.value.setting == "synchronous"


@pytest.mark.parametrize("begins", ["BEGIN DEFERRED", "locks for everybody"])
async def test_a_folder_whose_files_two_may_write_at_a_time_is_refused(
    data_dir: Path, migrations: Path, monkeypatch: pytest.MonkeyPatch, begins: str
) -> None:
    if begins == "BEGIN DEFERRED":
        monkeypatch.setattr(opening, "_BEGINS_TO_WRITE", begins)
    else:
        # As on a share that grants every lock to everybody.
        monkeypatch.setattr(opening, "_is_shut_to_others", lambda _path: False)
    databases = SqliteDatabases("test", data_dir, METADATA, migrations)
    with pytest.raises(DatabaseUnsafe, match=r"必须为.*BEGIN IMMEDIATE") as raised:
        await databases.open_all()
    assert raised.value.setting == "locking"
    assert list((data_dir / "test").iterdir()) == []


async def test_files_are_for_the_owner_alone(files: SqliteDatabases) -> None:
    assert stat.S_IMODE(files.folder.stat().st_mode) == 0o700


async def test_a_lock_that_another_process_keeps_is_told_as_unavailable(
    files: SqliteDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    await files.close()
    monkeypatch.setattr(opening, "BUSY_MS", 20)
    other = sqlite3.connect(files.path("puer"), isolation_level=None)
    await files.ensure("puer")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ServiceUnavailable) as raised:
        async with files.write("puer", Deadline.after(4)):
            pytest.fail("two hold the lock")
    assert raised.value.service == "test"
    other.execute("ROLLBACK")
    other.close()
    await append(files)
    assert await count(files) == 1


async def test_whose_deadline_leaves_room_asks_again_until_the_lock_is_free(
    files: SqliteDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    await files.close()
    monkeypatch.setattr(opening, "BUSY_MS", 20)
    other = sqlite3.connect(files.path("puer"), isolation_level=None)
    await files.ensure("puer")
    other.execute("BEGIN IMMEDIATE")
    asked = 0

    def free_it(error: OperationalError) -> bool:
        nonlocal asked
        asked += 1
        if asked == 3:
            other.execute("ROLLBACK")
        return is_locked(error)

    is_locked = opening.is_locked
    monkeypatch.setattr(sqlite_databases, "is_locked", free_it)
    await append(files)
    other.close()
    assert (asked, await count(files)) == (3, 1)


async def test_a_process_that_starts_beside_a_writer_looks_at_the_file_without_waiting_for_it(
    files: SqliteDatabases, data_dir: Path, migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MIGRATION_BUSY_MS", 20)
    async with files.write("puer", soon()):
        second = SqliteDatabases("test", data_dir, METADATA, migrations)
        await second.open_all()
        assert await count(second) == 0
        await second.close()


def test_a_migration_that_gets_no_turn_says_which_file_and_what_to_do(
    tmp_path: Path, migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MIGRATION_BUSY_MS", 20)
    path = tmp_path / "puer.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy) as raised:
        upgrade(path, migrations)
    assert raised.value.path == path
    assert str(path) in str(raised.value)
    other.execute("ROLLBACK")
    other.close()
    upgrade(path, migrations)


async def test_what_one_district_had_compiled_serves_the_others_and_their_readers(files: SqliteDatabases) -> None:
    await append(files)
    assert await count(files) == 1
    made = len(opening.STATEMENTS)
    await files.ensure("ouhai")
    await append(files, district="ouhai")
    assert (await count(files, "ouhai"), len(opening.STATEMENTS)) == (1, made)
    assert made, "and it is kept there"


async def test_a_file_that_is_no_district_is_left_alone(files: SqliteDatabases) -> None:
    (files.folder / "Not-A-District.db").touch()
    assert await files.districts() == ("puer",)


@pytest.mark.parametrize("few_rows", [False, True], ids=["alone", "together"])
async def test_a_full_disk_is_told_as_such_and_leaves_nothing_behind(files: SqliteDatabases, *, few_rows: bool) -> None:
    async def fill(connection: AsyncConnection) -> None:
        pages = await connection.scalar(sa.text("PRAGMA page_count"))
        await connection.execute(sa.text(f"PRAGMA max_page_count = {pages}"))
        try:
            for seq in range(200):
                await connection.execute(sa.insert(LEDGER).values(district="puer", seq=seq, what="x" * 4000))
        finally:
            await connection.execute(sa.text("PRAGMA max_page_count = 1073741823"))

    with pytest.raises(StorageFull) as told:
        await files.do("puer", fill, soon(), few_rows=few_rows)
    assert (told.value.code, told.value.service) == ("STORAGE_FULL", "test")
    assert await count(files) == 0, "reading goes on"
    await append(files)
    assert await count(files) == 1, "with room again nothing needs repair"


@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY, sqlite3.SQLITE_BUSY_TIMEOUT])
def test_a_lock_that_was_waited_for_is_one_whatever_it_was_for(code: int) -> None:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = code
    assert opening.is_locked(OperationalError("", None, error))
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    assert not opening.is_locked(OperationalError("", None, error))
