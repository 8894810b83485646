"""Where a service under test keeps its data: SQLite files or a PostgreSQL database, with the same questions to both."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError
from yanxiu_durable.district_pass import Passes
from yanxiu_durable.migrate import upgrade
from yanxiu_durable.settings import DatabaseSettings
from yanxiu_wire.access import NatsSettings

from tests.postgres_server import PASS_KEY, PostgresServer

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")


def never_changed() -> AbstractContextManager[object]:
    """The block ends in a refusal: of the right on PostgreSQL, where nobody may try it, else of the table's guard."""
    return pytest.raises(DBAPIError, match=r"append-only|keeps what it has|stays as it was|permission denied for table")


class Store:
    """One place for data, empty at first. `settings` is what a service reads, `variables` the same for a process."""

    def __init__(self, kind: Kind, settings: DatabaseSettings, server: PostgresServer | None, database: str) -> None:
        self.kind = kind
        self.settings = settings
        self.server = server
        self.database = database

    @property
    def folder(self) -> Path:
        """Where the database's files are, those of its log among them."""
        return self.settings.data if self.server is None else self.server.folder / "data"

    @property
    def fields(self) -> dict[str, Any]:
        """The settings by name, for a struct that has more."""
        names = set(DatabaseSettings.__struct_fields__) - set(NatsSettings.__struct_fields__)
        return {name: getattr(self.settings, name) for name in sorted(names)}

    @property
    def variables(self) -> dict[str, str]:
        """The settings as environment variables."""
        return {f"YANXIU_{name.upper()}": str(value) for name, value in self.fields.items() if value != ""}

    def edit(self, service: str, district: str, sql: str, *, force: bool = False) -> list[Any]:
        """Execute statements ("; " between them) on a district's tables as somebody with a shell could.

        Returns the rows of the last one. `force` takes the guards away meanwhile.
        """
        if self.server is None:
            return _edit_file(self.settings.data / service / f"{district}.db", sql.split("; "), force=force)
        # As the owner of the tables: row-level security leaves this district alone to see and to change.
        conninfo = f"host={self.server.folder} user=yanxiu_owner dbname={self.database}"
        with psycopg.connect(conninfo) as connection:
            return _edit_schema(connection, service, district, sql.split("; "), force=force)


def _edit_file(path: Path, statements: list[str], *, force: bool) -> list[Any]:
    with contextlib.closing(sqlite3.connect(path, timeout=60)) as file, file:  # a busy machine writes late
        triggers = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers if force else ():
            file.execute(f'DROP TRIGGER "{name}"')
        rows = [file.execute(statement).fetchall() for statement in statements][-1]
        for _, sql in triggers if force else ():
            file.execute(sql)
        return rows


def _edit_schema(
    connection: psycopg.Connection[Any], service: str, district: str, statements: list[str], *, force: bool
) -> list[Any]:
    connection.execute(f"SET search_path TO {service}".encode())
    its_pass = Passes(service, PASS_KEY).of(district, connection.info.backend_pid, time.time())
    connection.execute(f"SET yanxiu.district TO '{its_pass}'".encode())
    guarded = "SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE trigger_schema = %s"
    tables = connection.execute(guarded, [service]).fetchall() if force else []
    for (table,) in tables:
        connection.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER'.encode())
    rows: list[Any] = []
    for statement in statements:
        cursor = connection.execute(statement.encode())
        rows = cursor.fetchall() if cursor.description else []
    for (table,) in tables:
        connection.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER'.encode())
    return rows


class Templates:
    """Migrated files of SQLite to copy, one for each service: a district of a test is no reason to migrate again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[Path, Path] = {}
        self._one_at_a_time = threading.Lock()

    def upgrade(self, path: Path, migrations: Path) -> None:
        """Do what `yanxiu_durable.migrate.upgrade` does: a new file by a copy, where a service's migrations make it."""
        # Others' migrations are written by the tests of migrating, and change.
        if path.exists() or not migrations.parent.name.startswith("yanxiu_"):
            upgrade(path, migrations)
            return
        with self._one_at_a_time:
            if migrations not in self._made:
                template = self._folder / f"{migrations.parent.name}.db"
                upgrade(template, migrations)
                self._made[migrations] = template
        # Under its own name only when it is whole: another process may look for it.
        begun = path.with_suffix(".copy")
        shutil.copyfile(self._made[migrations], begun)
        begun.replace(path)


class Stores:
    """Makes stores; the PostgreSQL server starts when the first one asks for it."""

    def __init__(self, server: Callable[[], PostgresServer], folder: Callable[[], Path]) -> None:
        self._server = server
        self._folder = folder

    def new(self, kind: Kind, *services: tuple[str, Path]) -> Store:
        """An empty store, migrated for these services (name, folder of migrations) where that saves time."""
        folder = self._folder()
        if kind == "sqlite":
            return Store(kind, DatabaseSettings(data=folder), None, "")
        server = self._server()
        database = server.database(*services)
        return Store(kind, server.settings(database, folder), server, database)

    @contextlib.contextmanager
    def lent(self, kind: Kind, *services: tuple[str, Path]) -> Iterator[Store]:
        """A store as `new` makes it, for who leaves its tables as they are: emptied afterwards, another test has it."""
        store = self.new(kind, *services)
        try:
            yield store
        finally:
            if store.server is not None:
                store.server.take_back(store.database, *services)
