"""Where the services under faults keep their data: files, or a PostgreSQL that can be killed and stopped."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from psycopg import sql
from yanxiu_durable.postgres import lock_number
from yanxiu_wire.contracts import AREAS

from tests.chaos.disks import Disk
from tests.postgres_server import PostgresServer

DATA_MEGABYTES = 4096

Rows = Mapping[str, list[tuple[Any, ...]]]


class Database(Protocol):
    """What a campaign asks of either."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Return what a service's process is told."""
        ...

    def rows(self, service: str, district: str, tables: Sequence[str]) -> Rows:
        """Return all rows of a district's tables, in an order of their own."""
        ...

    def writing(self, service: str, district: str) -> Any:
        """Hold the district's write lock while the block runs, as a slow process would."""
        ...

    def stop(self) -> None:
        """Remove what was started."""
        ...


class Files:
    """SQLite, a file for each service and district below a folder."""

    environment: Mapping[str, str] = {}

    def __init__(self, data: Path) -> None:
        self._data = data

    def rows(self, service: str, district: str, tables: Sequence[str]) -> Rows:
        """As `Database.rows`."""
        file = self._data / service / f"{district}.db"
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return {name: sorted(connection.execute(f"SELECT * FROM {name}")) for name in tables}  # noqa: S608 - our names

    @contextmanager
    def writing(self, service: str, district: str) -> Iterator[None]:
        """As `Database.writing`."""
        with ExitStack() as held:
            file = self._data / service / f"{district}.db"
            connection = held.enter_context(closing(sqlite3.connect(file, isolation_level=None, timeout=10)))
            connection.execute("BEGIN IMMEDIATE")
            yield

    def empty_log(self, service: str, district: str) -> None:
        """Put what was written into its place, so that the next transaction needs room on the disk."""
        file = self._data / service / f"{district}.db"
        with closing(sqlite3.connect(file, isolation_level=None, timeout=10)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def stop(self) -> None:
        """Nothing was started."""


class Postgres:
    """A server of its own, with fsync, full pages and checksums as a deployment has them; one database for all.

    Its files are on a disk of their own, in the file `image`, where one is named.
    """

    def __init__(self, data: Path, image: Path | None) -> None:
        self.disk: Disk | None = None

        def mount(place: Path) -> None:
            assert image is not None
            self.disk = Disk(image, place, megabytes=DATA_MEGABYTES)

        self.server = PostgresServer(lasting=True, mount=None if image is None else mount)
        folders = [(name, Path(str(import_module(f"yanxiu_{name}").__file__)).parent / "migrations") for name in AREAS]
        self._name = self.server.database(*folders)
        settings = self.server.settings(self._name, data)
        self.environment: Mapping[str, str] = {
            "YANXIU_DATABASE_URL": settings.database_url,
            "YANXIU_DATABASE_OWNER_URL": settings.database_owner_url,
            "YANXIU_DATABASE_PASS_KEY": settings.database_pass_key,
        }

    def rows(self, service: str, district: str, tables: Sequence[str]) -> Rows:
        """As `Database.rows`, past the seal."""
        with self.server.connect(self._name) as connection:
            return {
                name: sorted(
                    connection.execute(
                        sql.SQL("SELECT * FROM {} WHERE district = %s").format(sql.Identifier(service, name)),
                        [district],
                    ),
                    key=repr,
                )
                for name in tables
            }

    @contextmanager
    def writing(self, service: str, district: str) -> Iterator[None]:
        """As `Database.writing`: the lock is the session's, and ends with it."""
        with self.server.connect(self._name) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [lock_number(service, district)])
            yield

    def stop(self) -> None:
        """End the server and remove its data."""
        self.server.end()
        if self.disk is not None:
            self.disk.take_out()
        self.server.stop()
