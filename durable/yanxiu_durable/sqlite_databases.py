"""The databases of a service on SQLite: one file for each district, made, migrated and opened when it is needed."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Hashable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire import log
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import ServiceUnavailable, StorageFull

from yanxiu_durable.databases import Apart, Databases, Turns, checked, is_district
from yanxiu_durable.directly import write_out
from yanxiu_durable.driver import Connection
from yanxiu_durable.errors import DistrictUnknown
from yanxiu_durable.later import Later
from yanxiu_durable.looking import Look
from yanxiu_durable.migrate import outdated, upgrade
from yanxiu_durable.observed import TRANSACTIONS, transaction
from yanxiu_durable.open_file import OpenFile
from yanxiu_durable.sqlite import (
    BUSY_MS,
    IN_FILES,
    IN_MEMORY,
    insist_one_writer,
    is_full,
    is_locked,
)

T = TypeVar("T")
_log = log.logger()
_CLOCK_TICK_NS = 100_000_000
_SWEEP_SECONDS = 60.0
# Each waits for readers as long as for a lock.
_SWEEPS = 3


class SqliteDatabases(Databases):
    """`<root>/<service>/<district>.db`; several processes may use the same folder."""

    def __init__(
        self,
        service: str,
        root: Path,
        metadata: sa.MetaData,
        migrations: Path,
        *,
        migrate: bool = True,
        apart: Apart | None = None,
    ) -> None:
        super().__init__(service, metadata, migrations)
        self._apart = apart
        self._migrates = migrate
        self.folder = root / service
        # SQLite's own waiting is a lottery.
        self._turns = Turns(service)
        self._open: dict[str, OpenFile] = {}
        self._opening = asyncio.Lock()

    async def open_all(self) -> None:
        """Migrate and open every district that has a file."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        await insist_one_writer(self.folder)
        for district in self._files():
            await self.ensure(district)

    async def districts(self) -> tuple[str, ...]:
        """The districts that have a file."""
        return self._files()

    async def has(self, district: str) -> bool:
        """Whether there is a file of this district."""
        return self._there(district)

    def path(self, district: str) -> Path:
        """Where the district's file is, or would be."""
        return self.folder / f"{checked(district)}.db"

    async def ensure(self, district: str) -> None:
        """Create the district's file when it is missing, migrate it, open it."""
        path = self.path(district)
        async with self._opening:
            if district in self._open:
                return
            if self._migrates:
                await self._migrate(path)
            opened = OpenFile(path)
            try:
                # The first connection shows whether SQLite will keep its word.
                async with opened.writer.connect(), opened.readers.connect():
                    pass
            except BaseException:
                await opened.close()
                raise
            self._open[district] = opened

    @contextlib.asynccontextmanager
    async def write(
        self, district: str, deadline: Deadline, *, few_rows: bool = False, aside: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        """One transaction on the file's one writing connection.

        For other processes it waits five seconds, and whose deadline leaves room for five more asks again.
        """
        opened = await self._opened(district)
        with transaction(self.service, "write"), self._told(deadline):
            async with self._turns.taken(district, deadline):
                with opened.turn(aside=aside):
                    async with opened.writer.connect() as connection:
                        await self._begin(connection, deadline)
                        # An exception, the deadline's too, leaves the block before the commit and so rolls back.
                        deadline.check()
                        with opened.begun(aside=aside):
                            async with _in_place(connection, few_rows):
                                yield connection
                        deadline.check()
                        await connection.commit()

    @contextlib.contextmanager
    def _told(self, _deadline: Deadline | None = None) -> Iterator[None]:
        """A full disk, in the words of the wire: whoever waits is told to come again, and reading goes on."""
        try:
            yield
        except OperationalError as error:
            if not is_full(error):
                raise
            _log.error("storage-full", service=self.service)
            raise StorageFull(self.service) from error

    async def _begin(self, connection: AsyncConnection, deadline: Deadline) -> None:
        while True:
            try:
                await connection.begin()
                return
            except OperationalError as error:
                if not is_locked(error):
                    raise
                if deadline.remaining() <= BUSY_MS / 1000:
                    raise ServiceUnavailable(self.service) from error

    @contextlib.asynccontextmanager
    async def read(self, district: str) -> AsyncIterator[AsyncConnection]:
        """One reading transaction, which waits for no writer."""
        opened = await self._opened(district)
        with transaction(self.service, "read"):
            async with opened.readers.connect() as connection, connection.begin():
                yield connection

    async def look(self, district: str, gather: Callable[[Look], T], *, few_rows: bool = True) -> T:
        """On a connection of the driver; where that cannot read at once, as others read."""
        opened = await self._opened(district)
        TRANSACTIONS.add(self.service, "look", "done")
        try:
            return opened.looks.look(gather) if few_rows else await asyncio.to_thread(opened.looks.look, gather)
        except sqlite3.OperationalError:
            return await super().look(district, gather)

    def state(self, district: str) -> Hashable | None:
        """By a pragma of the writing connection, which costs three microseconds."""
        opened = self._open.get(district)
        return None if opened is None else opened.state(busy=self._turns.busy(district))

    async def settled(self, district: str) -> bool:
        """Until lines of the trail that this process writes are written, in some milliseconds."""
        opened = self._open.get(district)
        return opened is not None and await opened.settled()

    async def sweep_freed(self, district: str) -> None:
        """Write the file anew without its free pages, and empty its log: what was erased is in neither.

        Readers of this moment may keep the log from being emptied; it is asked again until they are through.
        """
        opened = await self._opened(district)
        async with self._turns.taken(district, Deadline.after(_SWEEP_SECONDS)), opened.writer.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None  # noqa: S101 - a connection that is open has one
            # Its copy of the whole district would else be in memory.
            await driver.execute(f"PRAGMA temp_store = {IN_FILES}")
            try:
                await driver.execute("VACUUM")
            finally:
                await driver.execute(f"PRAGMA temp_store = {IN_MEMORY}")
            for _ in range(_SWEEPS):
                async with await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                    (busy, *_rest) = await cursor.fetchone()
                if not busy:
                    return
        _log.warning("log-not-emptied", service=self.service, district=district)

    async def close(self) -> None:
        """Close every file."""
        async with self._opening:
            for opened in self._open.values():
                await opened.close()
            self._open.clear()

    @contextlib.asynccontextmanager
    async def claim(self, district: str, purpose: str) -> AsyncIterator[bool]:
        """By a lock on a file beside the district's."""
        with _lock_file(self.path(district).with_suffix(f".{purpose}.lock")) as descriptor:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    async def outbox_states(self) -> Mapping[str, Hashable]:
        """What changes with every commit of any process; a look at the files is cheaper than a query for each."""
        return {district: self._file_state(district) for district in self._files()}

    def _file_state(self, district: str) -> tuple[int, ...]:
        path = self.path(district)
        found: list[int] = []
        for file in (path, path.with_name(path.name + "-wal")):
            with contextlib.suppress(FileNotFoundError):
                stat = file.stat()
                found += (stat.st_mtime_ns, stat.st_size)
        # A file's clock ticks every few milliseconds, and a commit within the tick of the last one would not show:
        # until the tick is over, the state is another one each time.
        now = time.time_ns()
        return (*found, now) if max(found, default=0) >= now - _CLOCK_TICK_NS else tuple(found)

    def _files(self) -> tuple[str, ...]:
        return tuple(sorted(path.stem for path in self.folder.glob("*.db") if is_district(path.stem)))

    def _there(self, district: str) -> bool:
        return is_district(district) and (district in self._open or self.path(district).exists())

    async def _opened(self, district: str) -> OpenFile:
        found = self._open.get(district)
        if found is None:
            if not self._there(district):
                raise DistrictUnknown(district)
            await self.ensure(district)
            found = self._open[district]
        return found

    async def _migrate(self, path: Path) -> None:
        if self._apart is not None:
            if not await asyncio.to_thread(outdated, path, self.migrations):
                return
            if await self._apart(path, self.migrations):
                return
        # What went wrong there is met here again, and told.
        await asyncio.to_thread(migrate_file, path, self.migrations)


def migrate_file(path: Path, migrations: Path) -> None:
    """Make the file where it is missing and bring it to the newest migration, while no other process does. Blocks.

    A new one is made beside its place: who reads without migrating must not find it before it has its tables.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _lock_file(path.with_suffix(".migrate.lock")) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if path.exists():
            upgrade(path, migrations)
            return
        making = path.with_suffix(".making")
        # Of a process that died while it made it.
        _remove(making, "-wal", "-shm", "")
        upgrade(making, migrations)
        _put_in_place(making, path)


def _remove(path: Path, *endings: str) -> None:
    for ending in endings:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _put_in_place(made: Path, path: Path) -> None:
    """Rename a file that nobody has open, for good: a power cut later finds it in its place.

    Its log is in it, or else the disk was too full for that; a log left of a file of before is none of this one.
    """
    if made.with_name(made.name + "-wal").exists():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(made))
    _remove(path, "-wal", "-shm")
    made.rename(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def _lock_file(path: Path) -> Iterator[int]:
    """An open lock file; closing it releases the lock, and so does the end of the process, however it comes."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.asynccontextmanager
async def _in_place(connection: AsyncConnection, wanted: bool) -> AsyncIterator[None]:
    driver = (await connection.get_raw_connection()).driver_connection if wanted else None
    if not isinstance(driver, Connection):
        yield
        return
    driver.in_place, driver.later = True, Later()
    try:
        yield
        write_out(driver)
    finally:
        driver.in_place, driver.later = False, None
