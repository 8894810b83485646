"""One district of one service as one SQLite file, and back: whatever kind of database it came from or goes to.

The copy shows a single state of the district while its processes go on; the file has the service's own tables, so that
what checks a database checks a copy.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.settings import read_settings

from yanxiu_durable.databases import Databases, open_databases
from yanxiu_durable.errors import DistrictNotEmpty, DistrictUnknown
from yanxiu_durable.migrate import revisions, upgrade
from yanxiu_durable.settings import DatabaseSettings
from yanxiu_durable.sqlite_databases import SqliteDatabases

_PAGES = 2048
_ROWS = 2000
_SECONDS = 24 * 3600.0
_NONE: Mapping[str, tuple[str, ...]] = {}

Told = Callable[[int, int], None]
"""`(done, all)`: pages or rows; how far it is."""


class Copies:
    """What a service offers to who backs it up: its districts, as the YANXIU_* variables or a folder say where."""

    def __init__(
        self, service: str, metadata: sa.MetaData, migrations: Path, *, drawn: Mapping[str, tuple[str, ...]] = _NONE
    ) -> None:
        """Take `drawn`: by table, the columns that come out another each time the same is made, such as signatures."""
        self.service = service
        self._drawn = drawn
        self._metadata = metadata
        self._migrations = migrations

    async def out(self, data: Path | None, district: str, file: Path, told: Told) -> bool:
        """Write a district into a new file; False where there is none."""
        async with self.opened(data) as databases:
            try:
                await copy_out(databases, district, file, told)
            except DistrictUnknown:
                return False
        return True

    async def has(self, data: Path | None, district: str) -> bool:
        """Whether there is anything of the district."""
        async with self.opened(data) as databases:
            if isinstance(databases, SqliteDatabases) or not await databases.has(district):
                return await databases.has(district)
            async with databases.read(district) as reading:
                counts = [await reading.scalar(_count(table, district)) for table in self._metadata.sorted_tables]
            return any(counts)

    async def same(self, data: Path | None, district: str, file: Path) -> bool:
        """Whether the database has every row of the file's district and no other: an earlier attempt put it there."""
        wanted = await asyncio.to_thread(_rows_of, self._metadata, district, file, self._drawn)
        async with self.opened(data) as databases:
            await databases.ensure(district)
            try:
                return await _rows_there(databases, district, self._drawn) == wanted
            except DBAPIError:
                # What is there has other tables than this version.
                return False

    async def made_current(self, file: Path, scratch: Path) -> Path | None:
        """Return a file of today's tables: the given one, or a copy of it in `scratch`, migrated there.

        None when a newer version made it, whose tables these are not.
        """
        found, known = _revision_of(file), revisions(self._migrations)
        if found not in known:
            return None
        if found == known[0]:
            return file
        made = scratch / f"{self.service}.db"
        await asyncio.to_thread(_copy_file, file, made, lambda _done, _whole: None)
        await asyncio.to_thread(upgrade, made, self._migrations)
        await asyncio.to_thread(settle, made)
        return made

    async def back(self, data: Path | None, district: str, file: Path, told: Told, *, aside: str = "") -> bool:
        """Put a file's district into the databases; False where it has data already.

        With `aside`, SQLite files that are there are kept with that ending, and it goes on.
        """
        async with self.opened(data) as databases:
            if aside and isinstance(databases, SqliteDatabases):
                await asyncio.to_thread(_put_aside, databases.path(district), aside)
            try:
                await copy_in(databases, district, file, told)
            except DistrictNotEmpty:
                return False
        return True

    @contextlib.asynccontextmanager
    async def opened(self, data: Path | None) -> AsyncIterator[Databases]:
        """The service's databases: under `data`, or as the environment says; raises `SettingRefused`."""
        settings = DatabaseSettings(data=data) if data is not None else read_settings(DatabaseSettings)
        databases = open_databases(self.service, settings, self._metadata, self._migrations, migrate=False)
        try:
            if not isinstance(databases, SqliteDatabases):
                await databases.open_all()
            yield databases
        finally:
            await databases.close()


async def copy_out(databases: Databases, district: str, file: Path, told: Told) -> None:
    """Write the district into a new file. Raises `DistrictUnknown`; FileExistsError."""
    if not await databases.has(district):
        raise DistrictUnknown(district)
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    os.close(descriptor)
    if isinstance(databases, SqliteDatabases):
        await asyncio.to_thread(_copy_file, databases.path(district), file, told)
    else:
        await asyncio.to_thread(upgrade, file, databases.migrations)
        await _copy_rows_out(databases, district, file, told)
    await asyncio.to_thread(settle, file)


async def copy_in(databases: Databases, district: str, file: Path, told: Told) -> None:
    """Put the file's district into the databases; raises `DistrictNotEmpty` where it has rows already.

    On SQLite the file is in its place at once or not at all, in PostgreSQL all rows are one transaction.
    """
    if isinstance(databases, SqliteDatabases):
        target = databases.path(district)
        if target.exists():
            raise DistrictNotEmpty(district)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        coming = target.with_suffix(".coming")
        coming.unlink(missing_ok=True)
        await asyncio.to_thread(_copy_file, file, coming, told)
        await asyncio.to_thread(settle, coming)
        coming.chmod(0o600)
        coming.rename(target)
        _flush(target.parent)
    else:
        await databases.ensure(district)
        await _copy_rows_in(databases, district, file, told)


def _copy_file(source: Path, target: Path, told: Told) -> None:
    with (
        contextlib.closing(sqlite3.connect(read_only(source), uri=True, isolation_level=None)) as given,
        contextlib.closing(sqlite3.connect(target)) as made,
    ):
        # One state, held until the end: without it every commit of another process would begin the copy anew.
        given.execute("BEGIN")
        given.execute("SELECT 1 FROM sqlite_master").fetchone()
        given.backup(made, pages=_PAGES, progress=lambda _status, left, all_: told(all_ - left, all_))


def read_only(file: Path) -> str:
    """The URI by which SQLite reads a file and never writes it, whatever characters its path has."""
    return f"{file.absolute().as_uri()}?mode=ro"


def _revision_of(file: Path) -> str:
    # Nothing but looked at: it stays the file that its digest is of.
    with contextlib.closing(sqlite3.connect(read_only(file), uri=True)) as given:
        return str(given.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def _put_aside(file: Path, ending: str) -> None:
    # The log first: left behind alone it would be played into the file that comes in its place.
    for part in (file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm"), file):
        if part.exists():
            part.rename(part.with_name(f"{part.name}.{ending}"))


def settle(file: Path) -> None:
    """One file, without a log beside it, on the disk."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode = DELETE")
    _flush(file)
    _flush(file.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


async def _copy_rows_out(databases: Databases, district: str, file: Path, told: Told) -> None:
    engine = _engine(file)
    try:
        async with databases.read(district) as reading:
            tables = databases.metadata.sorted_tables
            counts = {table.name: await reading.scalar(_count(table, district)) or 0 for table in tables}
            done = 0
            with engine.begin() as writing:
                for table in tables:
                    found = await reading.stream(_rows(table, district))
                    async for rows in found.mappings().partitions(_ROWS):
                        writing.execute(sa.insert(table), [dict(row) for row in rows])
                        done += len(rows)
                        told(done, sum(counts.values()))
    finally:
        engine.dispose()


async def _copy_rows_in(databases: Databases, district: str, file: Path, told: Told) -> None:
    engine = _engine(file)
    tables = databases.metadata.sorted_tables
    try:
        with engine.connect() as reading:
            whole = sum(reading.scalar(_count(table, district)) or 0 for table in tables)
            async with databases.write(district, Deadline.after(_SECONDS)) as writing:
                for table in tables:
                    if await writing.scalar(_count(table, district)):
                        raise DistrictNotEmpty(district)
                done = 0
                for table in tables:
                    for rows in _parts(reading, table, district):
                        await writing.execute(sa.insert(table), rows)
                        done += len(rows)
                        told(done, whole)
    finally:
        engine.dispose()


def _engine(file: Path) -> sa.Engine:
    # Keys of other tables are not looked up row by row: the whole was consistent where it came from.
    url = sa.URL.create("sqlite", database=str(file))
    return sa.create_engine(url, poolclass=sa.pool.NullPool, hide_parameters=True)


def _parts(reading: sa.Connection, table: sa.Table, district: str) -> Iterator[Sequence[dict[str, Any]]]:
    for rows in reading.execute(_rows(table, district)).mappings().partitions(_ROWS):
        yield [dict(row) for row in rows]


def _rows(table: sa.Table, district: str, without: Sequence[str] = ()) -> sa.Select[Any]:
    return (
        sa.select(*(column for column in table.c if column.name not in without))
        .where(table.c.district == district)
        .order_by(*table.primary_key)
    )


def _count(table: sa.Table, district: str) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(table).where(table.c.district == district)


Digest = dict[str, tuple[int, int]]
"""Of each table with rows: how many, and the sum of their SHA-256, which no order changes."""


async def _rows_there(databases: Databases, district: str, drawn: Mapping[str, tuple[str, ...]]) -> Digest:
    found: Digest = {}
    async with databases.read(district) as reading:
        for table in databases.metadata.sorted_tables:
            rows = await reading.stream(_rows(table, district, drawn.get(table.name, ())))
            async for part in rows.partitions(_ROWS):
                _note(found, table.name, part)
    return found


def _rows_of(metadata: sa.MetaData, district: str, file: Path, drawn: Mapping[str, tuple[str, ...]]) -> Digest:
    engine, found = _engine(file), Digest()
    try:
        with engine.connect() as reading:
            for table in metadata.sorted_tables:
                for part in reading.execute(_rows(table, district, drawn.get(table.name, ()))).partitions(_ROWS):
                    _note(found, table.name, part)
    finally:
        engine.dispose()
    return found


def _note(found: Digest, table: str, rows: Sequence[Any]) -> None:
    count, total = found.get(table, (0, 0))
    for row in rows:
        total += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest())
    found[table] = (count + len(rows), total % (1 << 256))
