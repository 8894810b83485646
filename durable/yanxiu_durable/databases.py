"""The databases of a service: one SQLite file for each district, created, migrated and opened when it is needed."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable

from yanxiu_durable.driver import Connection
from yanxiu_durable.errors import DistrictUnknown
from yanxiu_durable.migrate import upgrade
from yanxiu_durable.sqlite import open_readers, open_writer

_DISTRICT = re.compile(r"[a-z][a-z0-9-]{1,30}")


class _Open:
    """An open district: one writing connection and its turn, some reading ones."""

    def __init__(self, path: Path) -> None:
        self.writer: AsyncEngine = open_writer(path)
        self.readers: AsyncEngine = open_readers(path)
        # Writers of this process queue here in order of arrival; SQLite's own waiting is a lottery.
        self.turn = asyncio.Lock()

    async def close(self) -> None:
        await self.readers.dispose()
        await self.writer.dispose()


class Databases:
    """`<root>/<service>/<district>.db`; several processes may use the same folder."""

    def __init__(self, service: str, root: Path, metadata: sa.MetaData, migrations: Path) -> None:
        self.service = service
        self.metadata = metadata
        self.folder = root / service
        self._migrations = migrations
        self._open: dict[str, _Open] = {}
        self._opening = asyncio.Lock()

    async def open_all(self) -> None:
        """Migrate and open every district that has a file; raises `DatabaseUnsafe` when one cannot be trusted."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for district in self.districts():
            await self.ensure(district)

    def districts(self) -> tuple[str, ...]:
        """The districts that have a file, also those that another process created since."""
        names = (path.stem for path in self.folder.glob("*.db"))
        return tuple(sorted(name for name in names if _DISTRICT.fullmatch(name)))

    def has(self, district: str) -> bool:
        """Whether there is a file of this district."""
        return bool(_DISTRICT.fullmatch(district)) and (district in self._open or self.path(district).exists())

    def path(self, district: str) -> Path:
        """Where the district's file is, or would be."""
        if not _DISTRICT.fullmatch(district):
            raise DistrictUnknown(district)
        return self.folder / f"{district}.db"

    async def ensure(self, district: str) -> None:
        """Create the district's file when it is missing, migrate it, open it; safe when several do it at once."""
        path = self.path(district)
        async with self._opening:
            if district in self._open:
                return
            await asyncio.to_thread(self._migrate, path)
            opened = _Open(path)
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
        self, district: str, deadline: Deadline, *, few_rows: bool = False
    ) -> AsyncIterator[AsyncConnection]:
        """One transaction that holds the district's write lock; committed at the end unless something was raised.

        `few_rows` promises that each statement touches only a handful: they run at once on the event loop, which is
        faster than handing them to a thread, but keeps everybody else waiting meanwhile.
        Raises `DistrictUnknown`; `DeadlineExceeded` when the time passes in the queue or before COMMIT (nothing is
        written then); `ServiceUnavailable` when another process holds the lock for too long.
        """
        opened = await self._opened(district)
        try:
            async with asyncio.timeout(max(deadline.remaining(), 0)):
                await opened.turn.acquire()
        except TimeoutError:
            raise DeadlineExceeded(self.service) from None
        try:
            async with opened.writer.connect() as connection:
                await self._begin(connection)
                # An exception, the deadline's too, leaves the block before the commit and so rolls back.
                deadline.check()
                async with _in_place(connection, few_rows):
                    yield connection
                deadline.check()
                await connection.commit()
        finally:
            opened.turn.release()

    async def _begin(self, connection: AsyncConnection) -> None:
        try:
            await connection.begin()
        except OperationalError as error:
            if "locked" in str(error.orig):
                raise ServiceUnavailable(self.service) from error
            raise

    @contextlib.asynccontextmanager
    async def read(self, district: str) -> AsyncIterator[AsyncConnection]:
        """One reading transaction: a single state of the database from its first statement on. `DistrictUnknown`."""
        opened = await self._opened(district)
        async with opened.readers.connect() as connection, connection.begin():
            yield connection

    async def close(self) -> None:
        """Close every file."""
        async with self._opening:
            for opened in self._open.values():
                await opened.close()
            self._open.clear()

    @contextlib.contextmanager
    def claim(self, district: str, purpose: str) -> Iterator[bool]:
        """Whether this process alone may do that for the district now; others get False until the block ends."""
        with _lock_file(self.path(district).with_suffix(f".{purpose}.lock")) as descriptor:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    async def _opened(self, district: str) -> _Open:
        found = self._open.get(district)
        if found is None:
            if not self.has(district):
                raise DistrictUnknown(district)
            await self.ensure(district)
            found = self._open[district]
        return found

    def _migrate(self, path: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _lock_file(path.with_suffix(".migrate.lock")) as descriptor:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            upgrade(path, self._migrations)


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
    driver.in_place = True
    try:
        yield
    finally:
        driver.in_place = False
