"""The ledger and the records in PostgreSQL: a partition for each district, made before it is listed, read alone."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
import yanxiu_credits
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_credits.all_tables import metadata
from yanxiu_credits.prefecture.read_columns import read_columns_in, read_lines_of
from yanxiu_credits.store.ledger import last_seq, page_entries, read_books, read_chain, read_hashes, sums_of
from yanxiu_credits.tables import decision, ledger, record
from yanxiu_durable import Databases, open_databases
from yanxiu_durable.looking import LookThrough
from yanxiu_durable.postgres_catalogue import flaws
from yanxiu_durable.postgres_schema import prepare, schema_engine
from yanxiu_wire.deadline import Deadline

from tests.stores import Store, Stores

MIGRATIONS = Path(str(yanxiu_credits.__file__)).parent / "migrations"
PARTITIONED = (record, decision, ledger)


def entry(district: str, seq: int, on: date, activity: str = "") -> dict[str, Any]:
    """A row of the ledger; what it holds matters to nobody here."""
    return {
        "district": district, "seq": seq, "entry_id": f"e{seq}", "teacher": "t1", "record": f"r{seq}",
        "activity": activity or f"a{seq}", "kind": "registration", "generation": 1, "on": on,
        "micro_hours": 1, "micro_credits": 1, "hours_unit": "h", "credits_unit": "c", "pack": "puer", "version": "1",
        "evidence": "e", "recorded_us": seq, "previous": "p", "hash": "h",
    }  # fmt: skip


@pytest.fixture
def database(stores: Stores) -> Store:
    """The credits service's schema."""
    return stores.new("postgresql", ("credits", MIGRATIONS))


@pytest.fixture
async def databases(database: Store) -> AsyncIterator[Databases]:
    """Two districts, each with an entry of two years."""
    opened = open_databases("credits", database.settings, metadata, MIGRATIONS)
    await opened.open_all()
    for district in ("puer", "ou-hai"):
        await opened.ensure(district)
        async with opened.write(district, Deadline.after(5)) as connection:
            rows = [entry(district, 1, date(2025, 12, 31)), entry(district, 2, date(2026, 1, 1))]
            await connection.execute(sa.insert(ledger), rows)
    yield opened
    await opened.close()


def partitions(store: Store, table: str) -> dict[str, int]:
    """The partitions of a table and their rows, as somebody sees whom no policy holds."""
    assert store.server is not None
    found = store.server.execute(
        f"SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'credits.{table}'::regclass ORDER BY 1",  # noqa: S608
        database=store.database,
    )
    return {
        name: store.server.execute(f"SELECT count(*) FROM {name}", database=store.database)[0][0]  # noqa: S608
        for (name,) in found
    }


async def test_a_district_that_is_listed_has_its_partitions(databases: Databases, database: Store) -> None:
    for table in PARTITIONED:
        rows = 2 if table is ledger else 0
        # A database that another test had before keeps the empty partitions of its districts.
        found = partitions(database, table.name)
        own = {f'credits."{table.name}@ou-hai"': rows, f'credits."{table.name}@puer"': rows}
        assert {name: count for name, count in found.items() if name in own or count} == own
    await databases.ensure("puer")  # nothing to do


async def test_a_key_holds_over_all_years_of_a_district(databases: Databases) -> None:
    """A partition for each year could promise it only for its own year."""
    again = entry("puer", 3, date(2026, 5, 1), activity="a1")
    for spoilt in (again, {**again, "activity": "new", "seq": 1}, {**again, "activity": "new", "entry_id": "e1"}):
        with pytest.raises(IntegrityError, match="duplicate key"):
            async with databases.write("puer", Deadline.after(5)) as connection:
                await connection.execute(sa.insert(ledger), [spoilt])


async def test_what_is_read_of_a_district_touches_no_partition_of_another(databases: Databases) -> None:
    """By the plans of the statements that the service sends: verifying, reading packed, sums, pages."""
    async with databases.read("puer") as connection:
        sent = _noting(connection)
        await read_chain(connection, "puer", after=0, most=10)
        await read_books(connection, "puer", after="", most=10)
        await read_hashes(connection, "puer", after=0, most=10)
        await last_seq(connection, "puer")
        await page_entries(connection, [ledger.c.district == "puer"], after=0, first=10)
        days = (date(2026, 1, 1), date(2026, 12, 31))
        await read_columns_in(connection, "puer", *days)
        await read_lines_of(connection, "puer", *days, ["t1"])
        await connection.run_sync(
            lambda plain: sums_of(LookThrough(plain), "puer", ["t1"], since=days[0], until=days[1])
        )
        plans = [await _plan(connection, *one) for one in list(sent)]
    about = [plan for plan in plans if "@puer" in plan]
    assert len(about) >= 8
    assert not any("ou-hai" in plan for plan in plans)


def _noting(connection: AsyncConnection) -> list[tuple[str, Any]]:
    sent: list[tuple[str, Any]] = []
    assert connection.sync_connection is not None

    @event.listens_for(connection.sync_connection, "before_cursor_execute")
    def _note(_connection: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        if not statement.startswith("EXPLAIN"):
            sent.append((statement, given))

    return sent


async def _plan(connection: AsyncConnection, statement: str, given: Any) -> str:
    found = await connection.exec_driver_sql(f"EXPLAIN {statement}", given)
    return "\n".join(found.scalars())


@pytest.mark.parametrize("how", ["a row changed", "a row deleted", "all rows gone"])
async def test_a_partition_is_guarded_as_its_table(databases: Databases, database: Store, how: str) -> None:
    statement = {
        "a row changed": "UPDATE {} SET micro_credits = 9",
        "a row deleted": "DELETE FROM {}",
        "all rows gone": "TRUNCATE {}",
    }[how]
    for name in ("ledger", '"ledger@puer"'):
        with pytest.raises(psycopg.IntegrityError, match="append-only"):
            database.edit("credits", "puer", statement.format(name))
    assert database.edit("credits", "puer", "SELECT count(*) FROM ledger") == [(2,)]
    assert database.edit("credits", "puer", 'SELECT count(*) FROM "ledger@ou-hai"') == [(0,)]


async def test_rows_that_were_there_move_into_their_districts_partitions(stores: Stores, tmp_path: Path) -> None:
    before = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, before, ignore=shutil.ignore_patterns("__pycache__"))
    for file in (before / "versions").iterdir():
        if file.name >= "0018":
            file.unlink()
    store = stores.new("postgresql")
    prepare("credits", store.settings, before)
    assert store.server is not None
    rows = [entry(district, seq, date(2024 + seq, 3, 1)) for district in ("puer", "ou-hai") for seq in (1, 2, 3)]
    engine = sa.create_engine(store.server.url(store.database, "postgres"), poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL search_path TO credits")
        connection.execute(sa.insert(ledger), rows)
        # Listed, with nothing in the ledger yet.
        connection.exec_driver_sql("INSERT INTO yanxiu_district VALUES ('putuo'), ('puer')")
    for _ in range(2):
        prepare("credits", store.settings, MIGRATIONS)
    names = ("ou-hai", "puer", "putuo")
    assert list(partitions(store, "ledger").values()) == [3, 3, 0]
    for table in PARTITIONED:
        assert list(partitions(store, table.name)) == [f'credits."{table.name}@{name}"' for name in names]
    with schema_engine(store.settings.database_owner_url, "credits") as owner, owner.connect() as connection:
        assert flaws(connection, "credits", "yanxiu_app") == ()
    for statement in ("DELETE FROM ledger", 'TRUNCATE "ledger@puer"', "TRUNCATE ledger"):
        with pytest.raises(psycopg.IntegrityError, match="append-only"):
            store.edit("credits", "puer", statement)
    with pytest.raises(psycopg.IntegrityError, match="duplicate key"):
        store.edit("credits", "puer", "INSERT INTO ledger SELECT * FROM ledger")
    engine.dispose()
