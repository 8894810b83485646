"""What a use case knows of the databases: districts, one writing transaction at a time for each, readers beside it."""

from __future__ import annotations

import asyncio
import contextlib
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded

from yanxiu_durable.errors import DistrictUnknown
from yanxiu_durable.grouped import Groups
from yanxiu_durable.looking import Look, LookThrough
from yanxiu_durable.observed import know_tables
from yanxiu_durable.settings import DatabaseSettings

T = TypeVar("T")
_DISTRICT = re.compile(r"[a-z][a-z0-9-]{1,30}")


def is_district(name: str) -> bool:
    """Whether it can be the id of a district at all."""
    return bool(_DISTRICT.fullmatch(name))


def checked(name: str) -> str:
    """The id of a district; `DistrictUnknown` for what can be none."""
    if not is_district(name):
        raise DistrictUnknown(name)
    return name


class Databases(ABC):
    """A service's data of every district, on SQLite files or in PostgreSQL; several processes may share it."""

    def __init__(self, service: str, metadata: sa.MetaData, migrations: Path) -> None:
        self.service = service
        self.metadata = metadata
        know_tables(metadata.tables)
        self.migrations = migrations
        self._groups = Groups(self)

    @abstractmethod
    async def open_all(self) -> None:
        """Migrate and open what is there; raises `DatabaseUnsafe` when it cannot be trusted."""

    @abstractmethod
    async def districts(self) -> tuple[str, ...]:
        """The districts that were opened, in order, also those that another process opened since."""

    @abstractmethod
    async def has(self, district: str) -> bool:
        """Whether this district was opened."""

    @abstractmethod
    async def ensure(self, district: str) -> None:
        """Open a district; nothing to do when it is open, safe when several do it at once. `DistrictUnknown`."""

    @abstractmethod
    def write(
        self, district: str, deadline: Deadline, *, few_rows: bool = False, aside: bool = False
    ) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction that holds the district's write lock; committed at the end unless something was raised.

        `few_rows` promises that each statement touches only a handful: on SQLite they run at once on the event loop,
        which is faster than handing them to a thread, but keeps everybody else waiting meanwhile.
        `aside` promises that it writes nothing but the trail, and so leaves the `state` as it was.
        Raises `DistrictUnknown`; `DeadlineExceeded` when the time passes in the queue or before COMMIT (nothing is
        written then); `ServiceUnavailable` when the database cannot be reached, or is lost on the way: the same key
        again tells whether the command was done.
        """

    async def do(
        self,
        district: str,
        work: Callable[[AsyncConnection], Awaitable[T]],
        deadline: Deadline,
        *,
        few_rows: bool = False,
    ) -> T:
        """What `work` answers, once what it wrote is committed; what it raises undoes what it wrote.

        With `few_rows` (as `write` understands it) commands that wait share a transaction (`yanxiu_durable.grouped`):
        `work` must then know all that it needs by itself, and may be called a second time after it was undone.
        Raises what `work` and `write` raise.
        """
        if few_rows:
            return await self._groups.do(district, work, deadline)
        async with self.write(district, deadline) as connection:
            return await work(connection)

    def told(self, deadline: Deadline) -> AbstractContextManager[None]:
        """What a database says inside the block, in the words of the wire."""
        return self._told(deadline)

    @contextlib.contextmanager
    def _told(self, _deadline: Deadline | None = None) -> Iterator[None]:
        yield

    @abstractmethod
    def read(self, district: str) -> AbstractAsyncContextManager[AsyncConnection]:
        """One reading transaction: a single state of the district from its first statement on.

        Raises `DistrictUnknown`; `ServiceUnavailable` when the database cannot be reached.
        """

    def state(self, district: str) -> Hashable | None:  # noqa: ARG002 - where none is known
        """Something that is another one after every commit of whichever process, save those `aside` of this one.

        While it is the same, so is all that a reading transaction finds but the trail. None: that is not known now.
        PostgreSQL tells nothing of the kind for less than a round trip.
        """
        return None

    async def settled(self, district: str) -> bool:  # noqa: ARG002 - where no state is known
        """Wait a moment where this process writes `aside` just now; whether it did, and has ended."""
        return False

    async def sweep_freed(self, district: str) -> None:  # noqa: B027 - not every store leaves it to a process
        """See that nothing of what was erased is left in free space, where that is this process's to do.

        PostgreSQL's own vacuum frees it, and its log is kept as long as the operator has it kept.
        """

    async def look(self, district: str, gather: Callable[[Look], T], *, few_rows: bool = True) -> T:  # noqa: ARG002 - where it is the same
        """What a plain function finds by a few statements in one state of the district (`yanxiu_durable.looking`).

        `few_rows` promises that they touch few: on SQLite they then run at once, on the event loop, else in a thread.
        Raises as `read` does.
        """
        async with self.read(district) as connection:
            return await connection.run_sync(lambda plain: gather(LookThrough(plain)))

    @abstractmethod
    def claim(self, district: str, purpose: str) -> AbstractAsyncContextManager[bool]:
        """Whether this process alone may do that for the district now; others get False until the block ends.

        The end of the process ends it too, however it comes.
        """

    @abstractmethod
    async def outbox_states(self) -> Mapping[str, Hashable]:
        """For every district something that changes with every event that is announced in it, at little cost."""

    @abstractmethod
    async def close(self) -> None:
        """Close every connection."""


class Turns:
    """Writers of this process queue here in order of arrival, one queue for each district."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._locks: dict[str, asyncio.Lock] = {}

    @contextlib.asynccontextmanager
    async def taken(self, district: str, deadline: Deadline) -> AsyncIterator[None]:
        """Hold the district's turn; `DeadlineExceeded` when the time passes before it comes."""
        lock = self._locks.setdefault(district, asyncio.Lock())
        try:
            async with asyncio.timeout(max(deadline.remaining(), 0)):
                await lock.acquire()
        except TimeoutError:
            raise DeadlineExceeded(self._service) from None
        try:
            yield
        finally:
            lock.release()

    def busy(self, district: str) -> bool:
        """Whether somebody has the district's turn."""
        lock = self._locks.get(district)
        return lock is not None and lock.locked()


Apart = Callable[[Path, Path], Awaitable[bool]]
"""Migrates a file by these migrations in a process of its own; whether that was possible and done."""


def open_databases(
    service: str,
    settings: DatabaseSettings,
    metadata: sa.MetaData,
    migrations: Path,
    *,
    migrate: bool = True,
    apart: Apart | None = None,
) -> Databases:
    """The databases that the settings name: one of PostgreSQL where its URL is given, else files under `data`.

    Without `migrate` they are taken as they are: another process of this service has migrated and examined them.
    With `apart` files are migrated there, and here only where it cannot.
    """
    if settings.database_url:
        from yanxiu_durable.postgres import PostgresDatabases

        return PostgresDatabases(service, settings, metadata, migrations, migrate=migrate)
    from yanxiu_durable.sqlite_databases import SqliteDatabases

    return SqliteDatabases(service, settings.data, metadata, migrations, migrate=migrate, apart=apart)
