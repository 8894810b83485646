"""A file for each district: safe settings, closed to others, a lock that is not waited for without end."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
from yanxiu_durable import DatabaseUnsafe
from yanxiu_durable import sqlite as opening
from yanxiu_durable.sqlite_databases import SqliteDatabases
from yanxiu_wire.faults import ServiceUnavailable

from .conftest import METADATA
from .writing import append, count


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


async def test_a_database_that_refuses_a_setting_is_not_opened(
    data_dir: Path, migrations: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_FULL", 3)
    databases = SqliteDatabases("test", data_dir, METADATA, migrations)
    with pytest.raises(DatabaseUnsafe) as raised:
        await databases.ensure("puer")
    assert raised.value.setting == "synchronous"


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
        await append(files)
    assert raised.value.service == "test"
    other.execute("ROLLBACK")
    other.close()
    await append(files)
    assert await count(files) == 1


async def test_a_file_that_is_no_district_is_left_alone(files: SqliteDatabases) -> None:
    (files.folder / "Not-A-District.db").touch()
    assert await files.districts() == ("puer",)
