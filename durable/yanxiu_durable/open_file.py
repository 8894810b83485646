"""The file of one district on SQLite: its connections, and what is known of the state of the data in it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from yanxiu_durable.driver import Connection
from yanxiu_durable.looking import SqliteLooks
from yanxiu_durable.sqlite import open_readers, open_writer

# So long a commit is waited for at most by who would rather know the state than read.
SETTLE_SECONDS = 0.05


class OpenFile:
    """The file of an open district: one writing connection, some reading ones."""

    def __init__(self, path: Path) -> None:
        self.writer: AsyncEngine = open_writer(path)
        self.readers: AsyncEngine = open_readers(path)
        self.looks = SqliteLooks(path)
        # How often this process began to write what is told to anybody.
        self.written = 0
        # Of who writes `aside` at this moment: that he has ended.
        self._ended: asyncio.Event | None = None
        self._path = path
        self._connected = 0
        self._writing: Connection | None = None
        self._file: tuple[int, int] | None = None
        self._found: Hashable | None = None
        event.listen(self.writer.sync_engine, "connect", self._connect)

    def _connect(self, connection: Any, _record: Any) -> None:
        self._writing = connection.driver_connection
        # Each counts for itself what it saw of the others' commits.
        self._connected += 1
        self._file = _place(self._path)

    def state(self, *, busy: bool) -> Hashable | None:
        """What `Databases.state` is; None while this process writes (`busy`) what is told to anybody.

        Who holds the write lock to write the trail has others write nothing: until he commits it is what he found.
        """
        its = self._writing
        if its is None or self._file != _place(self._path):
            return None
        if busy:
            # A statement that failed for good may have ended the transaction, and let others write.
            return self._found if its.holds else None
        return None if its.busy else self._version(its)

    @contextlib.contextmanager
    def turn(self, *, aside: bool) -> Iterator[None]:
        """Note who has the turn to write, and tell those who wait for the end of one `aside` of it."""
        ended = self._ended = asyncio.Event() if aside else None
        try:
            yield
        finally:
            self._ended = None
            if ended is not None:
                ended.set()

    @contextlib.contextmanager
    def begun(self, *, aside: bool) -> Iterator[None]:
        """Note that a transaction has the write lock, and at the end of the block that it is about to end."""
        self.written += not aside
        self._found = self._version(self._writing) if aside and self._writing is not None else None
        try:
            yield
        finally:
            self._found = None

    def _version(self, its: Connection) -> Hashable | None:
        """What was committed until now, as the writing connection knows it.

        Of a connection `data_version` tells each commit of all others, and not its own: so it is asked of the one that
        writes, and what that one wrote is counted beside it. Of a file put in place of its own it sees nothing.
        """
        try:
            ((version,),) = its.plain.execute("PRAGMA data_version").fetchall()
        except sqlite3.Error:
            return None
        return self._connected, self.written, version

    async def settled(self) -> bool:
        """Wait a moment for who writes `aside` just now; whether anybody did, and has ended."""
        ended = self._ended
        if ended is None:
            return False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_SECONDS):
                await ended.wait()
        return ended.is_set()

    async def close(self) -> None:
        """Close every connection."""
        self.looks.close()
        await self.readers.dispose()
        await self.writer.dispose()


def _place(path: Path) -> tuple[int, int] | None:
    """Which file lies there; None where none does."""
    try:
        its = path.stat()
    except OSError:
        return None
    return its.st_dev, its.st_ino
