"""The migrations of every service, run on PostgreSQL: the same tables as the code's, guarded and sealed by district."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from yanxiu_durable.migrate import differences_on
from yanxiu_durable.postgres_catalogue import flaws
from yanxiu_durable.postgres_rights import clearable_columns
from yanxiu_durable.postgres_schema import schema_engine
from yanxiu_durable.postgres_seal import NO_DISTRICTS_ROWS

from tests.stores import Store, Stores

SERVICES = {
    "registry": ("yanxiu_registry.tables", "METADATA"),
    "credits": ("yanxiu_credits.all_tables", "metadata"),
    "visits": ("yanxiu_visits.all_tables", "metadata"),
}


def metadata_of(service: str) -> sa.MetaData:
    module, name = SERVICES[service]
    return getattr(import_module(module), name)


@pytest.fixture(params=SERVICES)
def migrated(request: pytest.FixtureRequest, stores: Stores) -> tuple[str, Store]:
    """A service and its schema as its migrations leave it."""
    package = import_module(f"yanxiu_{request.param}")
    assert package.__file__
    return request.param, stores.new("postgresql", (request.param, Path(package.__file__).parent / "migrations"))


def test_the_migrations_make_the_same_tables(migrated: tuple[str, Store]) -> None:
    service, store = migrated
    assert store.server is not None
    with schema_engine(store.server.url(store.database, "yanxiu_owner"), service) as engine:
        assert differences_on(engine, metadata_of(service)) == []


def test_nothing_in_the_schema_is_seen_by_another_district(migrated: tuple[str, Store]) -> None:
    """The check of every start, on what the migrations leave; `tests/durable/test_catalogue.py` shows that it sees."""
    service, store = migrated
    assert store.server is not None
    with schema_engine(store.server.url(store.database, "yanxiu_owner"), service) as engine, engine.connect() as owner:
        assert flaws(owner, service, "yanxiu_app") == ()
        there = {name for name in sa.inspect(owner).get_table_names() if name not in NO_DISTRICTS_ROWS}
    # A database that another test had before keeps the partitions of its districts.
    assert {name for name in there if "@" not in name} == set(metadata_of(service).tables)


def test_what_is_append_only_is_granted_to_be_read_and_added_to_alone(migrated: tuple[str, Store]) -> None:
    service, store = migrated
    assert store.server is not None
    found = store.server.execute(
        "SELECT c.relname, array_agg(a.privilege_type) FROM pg_class c, aclexplode(c.relacl) a "  # noqa: S608
        f"WHERE c.relnamespace = '{service}'::regnamespace AND a.grantee = 'yanxiu_app'::regrole "
        "AND EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgname = c.relname || '_refuses_truncate') "
        "GROUP BY 1",
        database=store.database,
    )
    assert found
    more = {name: set(rights) - {"INSERT", "SELECT"} for name, rights in found}
    # Reads leave the trail when their time has passed; the table's guard sees to it that none does before.
    assert {name: rights for name, rights in more.items() if rights} == {"audit_record": {"DELETE"}}
    # Texts are changed while a person is erased: those columns alone, in which the guard holds it to that transaction.
    with store.server.connect(store.database) as connection:
        cleared, given = _clearable(connection, service), _of_columns(connection, service)
    assert cleared
    assert given == cleared


def test_what_an_append_only_table_refuses_on_sqlite_it_refuses_here(
    stores: Stores, migrated: tuple[str, Store], tmp_path: Path
) -> None:
    """Guards are written for each kind of database: none may be forgotten on one of them."""
    from yanxiu_durable.migrate import upgrade

    service, store = migrated
    path = tmp_path / "guards.db"
    upgrade(path, Path(str(import_module(f"yanxiu_{service}").__file__)).parent / "migrations")
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as file:
        triggers = file.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
    engine.dispose()
    assert store.server is not None
    with store.server.connect(store.database) as connection:
        here = _triggers(connection, service)
    wanted = {name for name in triggers if not name.endswith("_refuses_replace")}
    assert wanted <= here, wanted - here


def _clearable(connection: psycopg.Connection[Any], service: str) -> dict[str, set[str]]:
    """Of each table the columns whose texts the guard on UPDATE lets be changed while somebody is erased."""
    found = connection.execute(
        "SELECT DISTINCT c.relname, t.tgargs FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = 'yanxiu_refuses_but_erasing' "
        "AND NOT c.relispartition AND c.relnamespace = CAST(%s AS regnamespace)",
        [service],
    )
    return {name: set(clearable_columns(arguments)) for name, arguments in found}


def _of_columns(connection: psycopg.Connection[Any], service: str) -> dict[str, set[str]]:
    """Of each table the columns that the services' role may update though not the whole row."""
    found = connection.execute(
        "SELECT c.relname, array_agg(t.attname::text) FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, "
        "aclexplode(t.attacl) a WHERE a.grantee = 'yanxiu_app'::regrole AND a.privilege_type = 'UPDATE' "
        "AND c.relnamespace = CAST(%s AS regnamespace) GROUP BY 1",
        [service],
    )
    return {name: set(columns) for name, columns in found}


def _triggers(connection: psycopg.Connection[tuple[str]], service: str) -> set[str]:
    found = connection.execute(
        "SELECT tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid "
        "WHERE NOT tgisinternal AND c.relnamespace = CAST(%s AS regnamespace)",
        [service],
    )
    return {name for (name,) in found}
