"""What each service holds on a person: every table is declared, and every row of his, and none of another, is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from yanxiu_credits import personal as credits_held
from yanxiu_credits import personal_texts as credits_texts
from yanxiu_credits.all_tables import metadata as credits_tables
from yanxiu_durable import open_databases
from yanxiu_footing.persons.held import Whose
from yanxiu_footing.persons.read_person import read_person
from yanxiu_registry import personal as registry_held
from yanxiu_registry import personal_texts as registry_texts
from yanxiu_registry.all_tables import METADATA as REGISTRY_TABLES
from yanxiu_registry.tables import Instant
from yanxiu_visits import personal as visits_held
from yanxiu_visits import personal_texts as visits_texts
from yanxiu_visits.all_tables import metadata as visits_tables

from tests.stores import Stores

HELD: dict[str, tuple[sa.MetaData, Any]] = {
    "registry": (REGISTRY_TABLES, registry_held),
    "credits": (credits_tables, credits_held),
    "visits": (visits_tables, visits_held),
}
TEXTS = {"registry": registry_texts, "credits": credits_texts, "visits": visits_texts}
# Columns that hold JSON, in which an id stands between quotes.
JSON = {"body", "members", "reply", "contents", "problem"}
PERSON, OTHER = "0198c0de-0000-7000-8000-000000000001", "0198c0de-0000-7000-8000-000000000002"


@pytest.mark.parametrize("service", list(HELD))
def test_every_table_is_personal_or_says_why_not(service: str) -> None:
    metadata, held = HELD[service]
    assert {*held.PERSONAL, *held.NOT_PERSONAL} == set(metadata.tables)
    assert not set(held.PERSONAL) & set(held.NOT_PERSONAL)
    assert all(reason.strip() for reason in held.NOT_PERSONAL.values())


@pytest.mark.parametrize("service", list(HELD))
def test_every_column_of_text_is_searched_for_names_or_says_why_not(service: str) -> None:
    """Of what is named in neither list an erasure would know nothing; a column's own line goes before its name's."""
    metadata, _ = HELD[service]
    held = TEXTS[service]
    searched = {f"{table}.{column}" for table, columns in held.TEXTS.items() for column in columns}
    columns = [
        (f"{table.name}.{column.name}", column.name)
        for table in metadata.tables.values()
        for column in table.c
        if column.name != "district" and isinstance(column.type, sa.String | sa.LargeBinary)
    ]
    excused = {place for place, name in columns if place in held.NO_TEXTS or name in held.NO_TEXTS}
    assert {place for place, _ in columns} - searched - excused == set()
    assert searched <= {place for place, _ in columns}
    assert not searched & set(held.NO_TEXTS)
    names = {name for place, name in columns if place not in searched} | {place for place, _ in columns}
    assert set(held.NO_TEXTS) <= names, "a reason for a column that is not there"


@pytest.mark.parametrize("service", list(HELD))
async def test_each_row_of_a_person_is_told_and_no_row_of_another(service: str, tmp_path: Path) -> None:
    metadata, held = HELD[service]
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'rows.db'}")
    async with engine.begin() as connection:
        await connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        await connection.run_sync(metadata.create_all)
        for number, person in enumerate((PERSON, OTHER), start=1):
            for name in held.PERSONAL:
                table = metadata.tables[name]
                await connection.execute(sa.insert(table).values(row_of(table, number, person)))
        part = await read_person(connection, Whose("puer", PERSON, (PERSON,)), held.PERSONAL, "")
    await engine.dispose()
    told = {one.table: one.rows for one in part.tables}
    assert {name: len(rows) for name, rows in told.items()} == dict.fromkeys(held.PERSONAL, 1)
    assert OTHER not in repr(told)


async def test_what_is_veiled_is_told_in_the_rows_alone_that_are_his(tmp_path: Path) -> None:
    """A finding that only names him, an inspection that another held, a contest's list of a whole staff: no content."""
    rows: dict[str, list[tuple[dict[str, Any], bool]]] = {
        "finding": [({"finder": PERSON}, True), ({"owner": PERSON}, True), ({}, False)],
        "inspection": [({"id": "held"}, True), ({"id": "other"}, False)],
        "programme_entry": [({"kind": "honour"}, True), ({"kind": "contest"}, False)],
    }
    rows["finding"].append(({"body": f'{{"checked_by":"{PERSON}"}}'}, True))
    tables = [visits_tables.tables[name] for name in (*rows, "inspection_supervisor")]
    held = {name: visits_held.PERSONAL[name] for name in rows}
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'veils.db'}")
    async with engine.begin() as connection:
        await connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        await connection.run_sync(visits_tables.create_all, tables=tables)
        for name, written in rows.items():
            table = visits_tables.tables[name]
            for number, (given, _) in enumerate(written, start=1):
                # Of another; the body names him.
                made = {**row_of(table, number, f"{OTHER}-{number}"), "body": f'["{PERSON}"]', **given}
                if "id" in table.c and "id" not in given:
                    made["id"] = f"{number}"
                await connection.execute(sa.insert(table).values(made))
        supervisor = {**row_of(tables[-1], 1, PERSON), "inspection": "held"}
        await connection.execute(sa.insert(tables[-1]).values(supervisor))
        part = await read_person(connection, Whose("puer", PERSON), held, "")
    await engine.dispose()
    told = {one.table: sorted(row["body"] is not None for row in one.rows) for one in part.tables}
    assert told == {name: sorted(shown for _, shown in written) for name, written in rows.items()}


def row_of(table: sa.Table, number: int, person: str) -> dict[str, Any]:
    """A row in which every text is the person's id."""
    return {column.name: value_of(column, number, person) for column in table.c}


def value_of(column: sa.Column[Any], number: int, person: str) -> Any:
    quoted = f'["{person}"]'
    if column.name == "district":
        return "puer"
    if isinstance(column.type, sa.LargeBinary):
        return quoted.encode()
    if isinstance(column.type, sa.Boolean):
        return False
    if isinstance(column.type, sa.Date):
        return date(2026, 1, number)
    if isinstance(column.type, Instant):
        return datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    if isinstance(column.type, sa.Integer):
        return number
    return quoted if column.name in JSON else person


@pytest.fixture(params=list(HELD))
async def databases(request: pytest.FixtureRequest, stores: Stores) -> AsyncIterator[tuple[str, Any]]:
    """A service's empty district in PostgreSQL."""
    service = request.param
    migrations = Path(str(import_module(f"yanxiu_{service}").__file__)).parent / "migrations"
    with stores.lent("postgresql", (service, migrations)) as store:
        opened = open_databases(service, store.settings, HELD[service][0], migrations)
        await opened.open_all()
        await opened.ensure("puer")
        yield service, opened
        await opened.close()


async def test_postgresql_understands_every_condition(databases: tuple[str, Any]) -> None:
    service, opened = databases
    held = HELD[service][1]
    async with opened.read("puer") as connection:
        part = await read_person(connection, Whose("puer", PERSON, (PERSON,)), held.PERSONAL, "")
    assert {one.table: one.rows for one in part.tables} == dict.fromkeys(held.PERSONAL, ())
