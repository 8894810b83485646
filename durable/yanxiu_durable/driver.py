"""A connection to SQLite that makes one trip to its thread for each statement, where aiosqlite makes four.

Every trip wakes a thread and then the event loop again, which costs more than a small statement does. So executing and
reading the first rows travel together, and what waits for neither a lock nor the disk need not travel at all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
from aiosqlite.context import Result

from yanxiu_durable.later import Later

T = TypeVar("T")

# Rows that come with the statement itself; who streams a long result is not given more than this ahead of asking.
FIRST_ROWS = 500
_CHUNK = 64


class Cursor(aiosqlite.Cursor):
    """A statement, its first rows, and the rest of them still in SQLite."""

    _conn: Connection

    def __init__(self, connection: Connection, cursor: sqlite3.Cursor) -> None:
        super().__init__(connection, cursor)
        self._here: list[Any] = []
        self._more = False

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Cursor:
        """Execute and read the first rows."""
        await self._execute(self._run, sql, parameters if parameters is not None else ())
        return self

    async def fetchone(self) -> Any | None:
        """The next row, None after the last."""
        return next(iter(await self.fetchmany(1)), None)

    async def fetchmany(self, size: int | None = None) -> Sequence[Any]:
        """The next `size` rows, fewer only at the end."""
        wanted = self.arraysize if size is None else size
        found, self._here = self._here[:wanted], self._here[wanted:]
        if self._more and len(found) < wanted:
            found += await self._execute(self._next, wanted - len(found))
        return found

    async def fetchall(self) -> Sequence[Any]:
        """All the rows that are left."""
        found, self._here = self._here, []
        if self._more:
            self._more = False
            found += await self._execute(self._cursor.fetchall)
        return found

    async def close(self) -> None:
        """Forget the rows; a statement that was read to its end is closed already."""
        self._here = []
        if self._more:
            self._more = False
            await self._execute(self._cursor.close)

    def _run(self, sql: str, parameters: Any) -> None:
        self._cursor.execute(sql, parameters)
        if self._cursor.description is not None:
            self._here = self._next(FIRST_ROWS)

    def _next(self, size: int) -> list[Any]:
        found = self._cursor.fetchmany(size)
        self._more = len(found) == size
        return found


class Connection(aiosqlite.Connection):
    """One connection and its thread; await it to open it. `reads` says that it never writes.

    `in_place` runs statements on the event loop instead of in the thread: for a transaction that holds its lock
    already and touches few rows at a time. Its end, which waits for the disk, travels nevertheless. What such a
    transaction still has to write is `later`; every statement that comes this way finds it written.
    """

    def __init__(self, path: Path, *, reads: bool = False) -> None:
        super().__init__(partial(sqlite3.connect, path, check_same_thread=False), _CHUNK)
        self._thread.daemon = True
        self._reads = reads
        self._sent = 0
        self._done = 0
        self.in_place = False
        self.later: Later | None = None

    def cursor(self) -> Result[aiosqlite.Cursor]:
        """A cursor; SQLite hears of it with its first statement."""
        return Result(self._cursor())

    def begin_reading(self) -> bool:
        """Begin a transaction that takes no lock yet; False when the thread still has something to do."""
        if self._idle:
            self._conn.execute("BEGIN DEFERRED")
        return self._idle

    def begin_writing(self, begin: str, busy_ms: int) -> bool:
        """Begin a transaction that takes the write lock; False when that may take a while, here or for the lock.

        `busy_ms` is how long the connection waits for a lock otherwise.
        """
        if not self._idle:
            return False
        self._conn.execute("PRAGMA busy_timeout = 0")
        try:
            self._conn.execute(begin)
        except sqlite3.OperationalError:
            # Whatever it is, it is waited for, or told, in the thread.
            return False
        finally:
            self._conn.execute(f"PRAGMA busy_timeout = {busy_ms}")
        return True

    async def commit(self) -> None:
        """Make what was written durable; nothing to do outside of a transaction."""
        await self._end(self._conn.commit)

    async def rollback(self) -> None:
        """Undo what was written; nothing to do outside of a transaction."""
        await self._end(self._conn.rollback)

    @property
    def runs_in_place(self) -> bool:
        """Whether a statement would run at once, on the event loop."""
        return self.in_place and self._idle

    @property
    def busy(self) -> bool:
        """Whether a statement or a transaction is under way, or there is no connection any more."""
        return not self._idle or self._connection is None or self.holds

    @property
    def holds(self) -> bool:
        """Whether a transaction is under way."""
        try:
            return self._connection is not None and self._connection.in_transaction
        except sqlite3.ProgrammingError:
            # Closed by its thread, of which the loop has not heard yet: whoever wrote was cancelled.
            return False

    @property
    def plain(self) -> sqlite3.Connection:
        """The driver's own connection, for what runs in place."""
        return self._conn

    async def say(self, sql: str) -> None:
        """Run a statement that has neither values nor rows."""
        await self._execute(self._conn.execute, sql)

    @property
    def _idle(self) -> bool:
        """Whether the thread has done all it was sent: a caller who was cancelled does not call a statement back."""
        return self._sent == self._done

    async def _cursor(self) -> aiosqlite.Cursor:
        return Cursor(self, self._conn.cursor())

    async def _end(self, end: Callable[[], None]) -> None:
        if not self._idle:
            await self._travel(end)
        elif self._conn.in_transaction:
            if self._reads:
                end()
            else:
                await self._travel(end)

    def write_later(self) -> None:
        """Write what was kept."""
        if self.later:
            self.later.write(self._conn)

    async def _execute(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        if self.later:
            fn = partial(self._after_later, fn)
        if self.later is not None and args and str(args[0]).startswith("ROLLBACK TO"):
            # What the ends of chains and queues rest on may be gone.
            self.later.heads.clear()
        if self.runs_in_place:
            return fn(*args, **kwargs)
        return await self._travel(partial(fn, *args, **kwargs))

    def _after_later(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        self.write_later()
        return fn(*args, **kwargs)

    async def _travel(self, call: Callable[[], T]) -> T:
        self._sent += 1
        return await super()._execute(self._counted, call)

    def _counted(self, call: Callable[[], T]) -> T:
        try:
            return call()
        finally:
            self._done += 1
