"""A file for each district: safe settings, fair writers, readers that wait for nobody, files made once."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError
from yanxiu_durable import Databases, DatabaseUnsafe, DistrictUnknown
from yanxiu_durable import sqlite as opening
from yanxiu_durable.migrate import differences, draft, upgrade
from yanxiu_durable.sqlite_databases import SqliteDatabases
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable

from .conftest import ENV, LEDGER, METADATA


def soon() -> Deadline:
    return Deadline.after(10)


async def append(databases: Databases, what: str = "a", district: str = "puer") -> None:
    async with databases.write(district, soon()) as connection:
        last = (await connection.execute(sa.select(sa.func.coalesce(sa.func.max(LEDGER.c.seq), 0)))).scalar_one()
        await connection.execute(sa.insert(LEDGER).values(district=district, seq=last + 1, what=what))


async def count(databases: Databases, district: str = "puer") -> int:
    async with databases.read(district) as connection:
        return (await connection.execute(sa.select(sa.func.count()).select_from(LEDGER))).scalar_one()


@pytest.mark.parametrize("engine", [opening.open_writer, opening.open_readers])
async def test_every_connection_keeps_what_it_commits(databases: Databases, engine: Any) -> None:
    opened = engine(databases.path("puer"))
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


async def test_files_are_for_the_owner_alone(databases: Databases) -> None:
    assert stat.S_IMODE(databases.folder.stat().st_mode) == 0o700


async def test_a_district_is_found_again_and_only_real_ones_count(
    databases: Databases, second: Databases, data_dir: Path
) -> None:
    assert await databases.districts() == ("puer",)
    (data_dir / "test" / "Not-A-District.db").touch()
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


async def test_many_create_the_same_district_at_once_and_it_is_made_once(data_dir: Path, migrations: Path) -> None:
    several = [SqliteDatabases("test", data_dir, METADATA, migrations) for _ in range(4)]
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
    with pytest.raises(OperationalError, match="readonly"):
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


async def test_a_lock_that_another_process_keeps_is_told_as_unavailable(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    await databases.close()
    monkeypatch.setattr(opening, "BUSY_MS", 20)
    other = sqlite3.connect(databases.path("puer"), isolation_level=None)
    await databases.ensure("puer")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ServiceUnavailable) as raised:
        await append(databases)
    assert raised.value.service == "test"
    other.execute("ROLLBACK")
    other.close()
    await append(databases)
    assert await count(databases) == 1


async def test_a_claim_is_held_by_one_at_a_time(databases: Databases, second: Databases) -> None:
    async with (
        databases.claim("puer", "relay") as mine,
        second.claim("puer", "relay") as theirs,
        second.claim("puer", "other") as something_else,
    ):
        assert (mine, theirs, something_else) == (True, False, True)
    async with second.claim("puer", "relay") as theirs:
        assert theirs


def test_the_migrations_make_the_tables(migrations: Path) -> None:
    assert differences(METADATA, migrations) == []


def test_a_forgotten_migration_is_noticed(migrations: Path) -> None:
    changed = sa.MetaData(naming_convention=METADATA.naming_convention)
    for table in METADATA.sorted_tables:
        table.to_metadata(changed)
    changed.tables["ledger"].append_column(sa.Column("forgotten", sa.Text))
    assert "forgotten" in str(differences(changed, migrations))


def test_a_migration_happens_whole_or_not_at_all(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "env.py").write_text(ENV, encoding="utf-8")
    draft(METADATA, tmp_path, "first tables")
    path = tmp_path / "district.db"
    upgrade(path, tmp_path)
    broken = tmp_path / "versions" / "0002_broken.py"
    broken.write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        'revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None\n'
        "def upgrade():\n"
        '    op.create_table("half", sa.Column("district", sa.Text))\n'
        '    op.execute("INSERT INTO nowhere VALUES (1)")\n',
        encoding="utf-8",
    )
    for _ in range(2):
        with pytest.raises(OperationalError, match="nowhere"):
            upgrade(path, tmp_path)
    database = sqlite3.connect(path)
    names = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
    assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]
    database.close()
    assert "half" not in names
    assert "ledger" in names
    assert capfd.readouterr() == ("", "")


def test_a_second_draft_holds_only_the_difference(tmp_path: Path) -> None:
    (tmp_path / "env.py").write_text(ENV, encoding="utf-8")
    draft(METADATA, tmp_path, "first tables")
    more = sa.MetaData(naming_convention=METADATA.naming_convention)
    for table in METADATA.sorted_tables:
        table.to_metadata(more)
    more.tables["ledger"].append_column(sa.Column("remark", sa.Text))
    second = draft(more, tmp_path, "a remark").read_text(encoding="utf-8")
    assert 'down_revision = "0001"' in second
    assert "remark" in second
    assert "create_table" not in second
    assert differences(more, tmp_path) == []
