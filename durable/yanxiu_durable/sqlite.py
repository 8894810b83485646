"""SQLite opened so that what is committed stays: WAL, synchronous=FULL, asserted on every connection.

In WAL mode with synchronous=NORMAL, a common recipe, a power cut takes the last commits with it.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any

import aiosqlite
import sqlalchemy as sa
import uuid_utils
from sqlalchemy import event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import LRUCache

from yanxiu_durable.driver import Connection
from yanxiu_durable.errors import DatabaseUnsafe
from yanxiu_durable.observed import watch

BUSY_MS = 5000
# A migration waits longer: a process that gave up would be started again, and wait again.
MIGRATION_BUSY_MS = 60_000
# What a savepoint goes back to are copies of pages, some twenty for a command: beyond 64 KB in all SQLite puts them
# into a file of their own, which was four fifths of what a command wrote. In memory stands one copy of each page that
# was changed since the mark, so no more than a command itself writes; what is changed without a mark needs none.
IN_MEMORY = 2
# Where a whole database is made anew, its copy does not belong into memory.
IN_FILES = 1
# For a connection of a migration that only looks: it takes no lock that a writer holds.
LOOKING = {"yanxiu_looking": True}
_FULL = 2
_BEGINS_TO_WRITE = "BEGIN IMMEDIATE"
READERS = 4
_DIALECT = "sqlite.yanxiu"


class Dialect(SQLiteDialect_aiosqlite):
    """Every district's engines speak it alike: so it is equal to itself in whichever engine."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


registry.register(_DIALECT, __name__, Dialect.__name__)
# Every file has the same tables. An engine's own cache would make each statement anew in each district, twice (by
# readers and by the writer), and keep it as often: that was a third of the work of a district's first minutes.
STATEMENTS: LRUCache[Any, Any] = LRUCache(2000)


def open_writer(path: Path) -> AsyncEngine:
    """An engine with one connection, whose transactions hold the write lock from their first statement on."""
    engine = _engine(path, connections=1)
    watch(engine.sync_engine)
    _on_connect(engine.sync_engine, query_only=False, temporary=IN_MEMORY)

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # A transaction that began as a reader cannot wait for the write lock: SQLite refuses it at once. Who waits for
        # another process does so in the connection's thread; a lock that is free is not worth the way there.
        driver = connection.connection.driver_connection
        if not (isinstance(driver, Connection) and driver.begin_writing(_BEGINS_TO_WRITE, BUSY_MS)):
            connection.exec_driver_sql(_BEGINS_TO_WRITE)

    return engine


def open_readers(path: Path) -> AsyncEngine:
    """An engine whose transactions see one state of the database, wait for no writer and cannot write."""
    engine = _engine(path, connections=READERS, reads=True)
    watch(engine.sync_engine)
    _on_connect(engine.sync_engine, query_only=True)

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        driver = connection.connection.driver_connection
        if not (isinstance(driver, Connection) and driver.begin_reading()):
            connection.exec_driver_sql("BEGIN DEFERRED")

    return engine


def open_for_migration(path: Path) -> sa.Engine:
    """A plain engine for Alembic, which does not speak asyncio; its transactions take the write lock, save `LOOKING`.

    Foreign keys are off here, as SQLite asks of whoever copies a table to change it; `foreign_keys_hold` checks them.
    """
    url = sa.URL.create("sqlite", database=str(path))
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool, hide_parameters=True)
    _on_connect(engine, query_only=False, foreign_keys=False, busy_ms=MIGRATION_BUSY_MS)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        looking = LOOKING.keys() <= connection.get_execution_options().keys()
        connection.exec_driver_sql("BEGIN DEFERRED" if looking else "BEGIN IMMEDIATE")

    return engine


async def insist_one_writer(folder: Path) -> None:
    """Raise `DatabaseUnsafe` unless files in the folder take one writer at a time, and readers beside it.

    A file is tried there: how an engine begins its transactions can be changed by mistake, and some file systems
    (network shares) grant every lock to everybody.
    """
    path = folder / f"try.{os.getpid()}.{uuid_utils.uuid7()}.try"
    writer = open_writer(path)
    try:
        async with writer.begin() as connection:
            await connection.exec_driver_sql("CREATE TABLE tried (one)")
        async with writer.connect() as connection:
            await connection.begin()
            if not _is_shut_to_others(path):
                raise DatabaseUnsafe("locking", "two writers at a time", "one (BEGIN IMMEDIATE, a local file system)")
    finally:
        await writer.dispose()
        _remove(path)


def _remove(path: Path) -> None:
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()


def _is_shut_to_others(path: Path) -> bool:
    """Whether another connection may read, and may not begin to write."""
    with contextlib.closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
        other.execute("SELECT * FROM tried").fetchall()
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode == sqlite3.SQLITE_BUSY
        return False


def is_locked(error: OperationalError) -> bool:
    """Whether SQLite waited for another connection's lock in vain."""
    # The lowest byte says what it is, those above it for what: a log that is being recovered is locked too.
    return (getattr(error.orig, "sqlite_errorcode", 0) & 0xFF) == sqlite3.SQLITE_BUSY


def is_full(error: OperationalError) -> bool:
    """Whether SQLite found no room on the disk."""
    return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


def foreign_keys_hold(connection: sa.Connection) -> None:
    """Raise `DatabaseUnsafe` when a row points to nothing."""
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if loose:
        raise DatabaseUnsafe("foreign_key_check", f"{len(loose)} rows that point to nothing", "empty")


def _engine(path: Path, *, connections: int, reads: bool = False) -> AsyncEngine:
    url = sa.URL.create(_DIALECT.replace(".", "+"), database=str(path))

    async def connect() -> aiosqlite.Connection:
        return await Connection(path, reads=reads)

    return create_async_engine(
        url,
        async_creator=connect,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=10,
        hide_parameters=True,
        execution_options={"compiled_cache": STATEMENTS},
    )


def _on_connect(
    engine: sa.Engine,
    *,
    query_only: bool,
    foreign_keys: bool = True,
    busy_ms: int | None = None,
    temporary: int | None = None,
) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        # Transactions begin where SQLAlchemy begins them, not where the driver guesses.
        connection.isolation_level = None
        cursor = connection.cursor()
        try:
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS if busy_ms is None else busy_ms}")
            _insist(cursor, "journal_mode", "WAL", "wal")
            _insist(cursor, "synchronous", "FULL", _FULL)
            _insist(cursor, "foreign_keys", "ON" if foreign_keys else "OFF", int(foreign_keys))
            if query_only:
                _insist(cursor, "query_only", "ON", 1)
            if temporary is not None:
                _insist(cursor, "temp_store", str(temporary), temporary)
        finally:
            cursor.close()


def _insist(cursor: Any, setting: str, value: str, wanted: object) -> None:
    """Set it, then ask: SQLite ignores what it cannot do without a word."""
    cursor.execute(f"PRAGMA {setting} = {value}")
    cursor.fetchall()
    cursor.execute(f"PRAGMA {setting}")
    found = cursor.fetchone()[0]
    if found != wanted:
        raise DatabaseUnsafe(setting, found, wanted)
