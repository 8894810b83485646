"""The databases of a service in PostgreSQL: one schema for the service, its districts kept apart by row-level security.

Transactions begin with one message that says all that holds for them: the isolation, the schema, the district whose
rows they may see, how long they may wait, and for a writer the district's lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from yanxiu_wire import log
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable, StorageFull

from yanxiu_durable.databases import Databases, Turns, checked, is_district
from yanxiu_durable.district_pass import Passes
from yanxiu_durable.errors import DatabaseAway, DatabaseUnsafe, DistrictUnknown, TransactionBroken
from yanxiu_durable.nameless_errors import tell_no_values
from yanxiu_durable.observed import transaction, watch
from yanxiu_durable.partitions import MAKE_MINE
from yanxiu_durable.postgres_schema import PRIMARY, insist_role, insist_server, must_be_current, must_be_sealed, prepare
from yanxiu_durable.postgres_seal import EVERY_DISTRICT
from yanxiu_durable.session_guard import SESSION, guard
from yanxiu_durable.settings import DatabaseSettings
from yanxiu_durable.tables import DISTRICTS, OUTBOX

_CONNECT_SECONDS = 5
_FREE_SECONDS = 10
_ENTER_SECONDS = 30
# A reader holds no lock; the server ends one that was forgotten, since it keeps the old versions of rows alive.
_IDLE_READER_MS = 600_000
# Beyond the deadline: a writer whose process hangs must not keep the district from the others.
_GRACE_MS = 2_000
# A day: a setting of the server takes no more than 24 days, and who sends a deadline may have written any.
_MOST_WAIT_MS = 86_400_000
# What a server that vanished without a word (its machine lost power, the network a route) costs at most, in seconds.
_NOTICE_A_DEAD_PEER = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
_LOCK_NOT_AVAILABLE = "55P03"
_DISK_FULL = "53100"
_QUERY_CANCELED = "57014"
_ENDED_WHILE_IDLE = "25P03"
_READ_ONLY = "25006"
# Written once: a statement made anew for every use costs more than the database needs to run it.
_ENTER = insert(DISTRICTS).on_conflict_do_nothing()
_NEWEST = (
    sa.select(OUTBOX.c.district, sa.func.max(OUTBOX.c.seq).label("seq"))
    .where(OUTBOX.c.sent_ms.is_(None))
    .group_by(OUTBOX.c.district)
    .subquery()
)
_WAITING = sa.select(DISTRICTS.c.district, _NEWEST.c.seq).outerjoin(_NEWEST, _NEWEST.c.district == DISTRICTS.c.district)
_MAKE_MINE = sa.select(getattr(sa.func, MAKE_MINE)())
_WHOSE = sa.select(sa.func.yanxiu_my_district())
_log = log.logger()


class PostgresDatabases(Databases):
    """One PostgreSQL database for all districts; a district's writers wait for each other, whatever their process.

    Two pools, so that writers who wait for their district take no connection from readers.
    """

    def __init__(
        self,
        service: str,
        settings: DatabaseSettings,
        metadata: sa.MetaData,
        migrations: Path,
        *,
        migrate: bool = True,
    ) -> None:
        super().__init__(service, metadata, migrations)
        self._settings = settings
        self._passes = Passes(service, settings.database_pass_key)
        half = settings.database_connections // 2
        self._writers = self._engine(half)
        # One connection is the claims'.
        self._readers = self._engine(settings.database_connections - half - 1)
        self._claims = _Claims(self._engine(1), service)
        self._turns = Turns(service)
        self._known: frozenset[str] = frozenset()
        self._prepared = not migrate
        self._preparing = asyncio.Lock()

    async def open_all(self) -> None:
        """Migrate the service's schema, and see that the server keeps what it commits and keeps districts apart.

        Raises `DatabaseAway` when the server does not answer; `DatabaseUnsafe`; `DatabaseBusy`.
        """
        try:
            await self._open()
        except ServiceUnavailable as error:
            reason = getattr(error.__cause__, "orig", None) or error.__cause__
            raise DatabaseAway(self.service, str(reason).partition("\n")[0]) from error

    async def _open(self) -> None:
        async with self._preparing:
            if self._prepared:
                return
            with self._told(writes=True):
                if self._settings.database_owner_url:
                    await asyncio.to_thread(prepare, self.service, self._settings, self.migrations)
                await self._must_be_ready()
            self._prepared = True

    async def _must_be_ready(self) -> None:
        """Raise `DatabaseUnsafe` unless the tables are this version's, sealed, and take the passes that it signs."""
        async with self._readers.connect() as connection:
            await connection.run_sync(insist_server, may_lose_data=self._settings.database_may_lose_data)
            role = str(await connection.scalar(sa.select(sa.func.current_user())))
            await connection.run_sync(insist_role, self.service, role)
            await connection.run_sync(must_be_current, self.service, self.migrations)
            await connection.run_sync(must_be_sealed, self.service, role)
        async with self._transaction(self._readers, _reading(self.service), EVERY_DISTRICT) as connection:
            if await connection.scalar(_WHOSE) != EVERY_DISTRICT:
                raise DatabaseUnsafe("YANXIU_DATABASE_PASS_KEY", "another key", "the one of `yanxiu migrate`")

    async def districts(self) -> tuple[str, ...]:
        """The rows of a small table."""
        if not self._prepared:
            await self._open()
        with self._told():
            async with self._transaction(self._readers, _reading(self.service), EVERY_DISTRICT) as connection:
                found = await connection.scalars(sa.select(DISTRICTS.c.district))
                self._known = frozenset(found)
        return tuple(sorted(self._known))

    async def has(self, district: str) -> bool:
        """Whether the table has it; asked only until the answer was yes, since a district stays."""
        return is_district(district) and (district in self._known or district in await self.districts())

    async def ensure(self, district: str) -> None:
        """Enter it in the table."""
        if await self.has(checked(district)):
            return
        deadline = Deadline.after(_ENTER_SECONDS)
        with self._told(deadline):
            # A district that is listed has its partitions.
            begin = _writing(self.service, district, deadline)
            async with self._transaction(self._writers, begin, district) as connection:
                await connection.execute(_MAKE_MINE)
                await connection.commit()
            begin = _writing(self.service, EVERY_DISTRICT, deadline)
            async with self._transaction(self._writers, begin, EVERY_DISTRICT) as connection:
                await connection.execute(_ENTER, {"district": district})
                await connection.commit()
        self._known |= {district}

    @contextlib.asynccontextmanager
    async def write(
        self,
        district: str,
        deadline: Deadline,
        *,
        few_rows: bool = False,
        aside: bool = False,  # noqa: ARG002 - it knows no state that would be left
    ) -> AsyncIterator[AsyncConnection]:
        """One transaction under the district's advisory lock, which PostgreSQL gives in the order of asking."""
        await self._must_have(district)
        with transaction(self.service, "write"), self._told(deadline):
            async with self._turns.taken(district, deadline):
                begin = _writing(self.service, district, deadline, plans="auto" if few_rows else "force_custom_plan")
                async with self._transaction(self._writers, begin, district, deadline) as connection:
                    deadline.check()
                    yield connection
                    deadline.check()
                    _must_be_whole(connection)
                    await connection.commit()

    @contextlib.asynccontextmanager
    async def read(self, district: str) -> AsyncIterator[AsyncConnection]:
        """One transaction REPEATABLE READ, READ ONLY."""
        await self._must_have(district)
        with transaction(self.service, "read"), self._told():
            async with self._transaction(self._readers, _reading(self.service), district) as connection:
                yield connection

    @contextlib.asynccontextmanager
    async def claim(self, district: str, purpose: str) -> AsyncIterator[bool]:
        """By an advisory lock of a session that this process keeps for its claims."""
        with self._told():
            mine = await self._claims.take((checked(district), purpose))
        try:
            yield mine
        finally:
            if mine:
                await self._claims.give_back((district, purpose))

    async def outbox_states(self) -> Mapping[str, Hashable]:
        """The newest event that waits, or None, of every district: one statement, over the index of what waits."""
        if not self._prepared:
            await self._open()
        with self._told():
            async with self._transaction(self._readers, _reading(self.service), EVERY_DISTRICT) as connection:
                found = {row.district: row.seq for row in await connection.execute(_WAITING)}
        self._known = frozenset(found)
        return found

    async def close(self) -> None:
        """Close every connection."""
        await self._claims.close()
        await self._writers.dispose()
        await self._readers.dispose()

    def _engine(self, connections: int) -> AsyncEngine:
        engine = create_async_engine(
            self._settings.database_url,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=_FREE_SECONDS,
            hide_parameters=True,
            # Sessions come back as new: `session_guard` resets more than a transaction.
            pool_reset_on_return=None,
            # Transactions begin where this module begins them, with its own words.
            connect_args={"autocommit": True, "connect_timeout": _CONNECT_SECONDS, **PRIMARY, **_NOTICE_A_DEAD_PEER},
        )
        tell_no_values(engine.sync_engine)
        guard(engine.sync_engine)
        watch(engine.sync_engine)
        return engine

    async def _must_have(self, district: str) -> None:
        if district not in self._known and not await self.has(district):
            raise DistrictUnknown(district)

    @contextlib.asynccontextmanager
    async def _transaction(
        self, engine: AsyncEngine, begin: str, district: str, deadline: Deadline | None = None
    ) -> AsyncIterator[AsyncConnection]:
        """Begun with a pass for the district; rolled back at the end unless it was committed before."""
        async with contextlib.AsyncExitStack() as stack:
            for last in (False, True):
                connection = await self._connected(stack, engine, deadline)
                try:
                    await connection.begin()
                    # A session's number is known once it is connected, and what it was called before may be gone.
                    known = await connection.get_raw_connection()
                    its = known.info[SESSION]
                    its_pass = self._passes.of(district, its.number, its.now())
                    await connection.exec_driver_sql(begin.format(its_pass), execution_options={"no_parameters": True})
                    break
                except DBAPIError as error:
                    # One from the pool may have died with its server: nothing was begun, so a new one may try.
                    if last or not error.connection_invalidated:
                        raise
            yield connection

    async def _connected(
        self, stack: contextlib.AsyncExitStack, engine: AsyncEngine, deadline: Deadline | None
    ) -> AsyncConnection:
        try:
            async with asyncio.timeout(None if deadline is None else max(deadline.remaining(), 0)):
                return await stack.enter_async_context(engine.connect())
        except TimeoutError:
            raise DeadlineExceeded(self.service) from None

    @contextlib.contextmanager
    def _told(self, deadline: Deadline | None = None, *, writes: bool = False) -> Iterator[None]:
        """What the database cannot do now, in the words of the wire; the reason stands in the log.

        Whoever has a deadline `writes`.
        """
        try:
            yield
        except NoConnectionFree as error:
            _log.warning("database-unavailable", problem="no connection is free")
            raise ServiceUnavailable(self.service) from error
        except (OperationalError, InterfaceError, InternalError) as error:
            state = getattr(error.orig, "sqlstate", None)
            # The driver takes for its caller's faults that the server ended who stood still, and that a writer has met
            # a standby; a reader that writes is one.
            of_the_server = {_ENDED_WHILE_IDLE, _READ_ONLY} if writes or deadline is not None else {_ENDED_WHILE_IDLE}
            if isinstance(error, InternalError) and state not in of_the_server:
                raise
            if deadline is not None and state in {_LOCK_NOT_AVAILABLE, _QUERY_CANCELED, _ENDED_WHILE_IDLE}:
                raise DeadlineExceeded(self.service) from error
            if state == _DISK_FULL:
                _log.error("storage-full", service=self.service)
                raise StorageFull(self.service) from error
            _log.warning("database-unavailable", sqlstate=state, problem=str(error.orig).partition("\n")[0])
            raise ServiceUnavailable(self.service) from error


class _Claims:
    """Session locks on a connection of their own: they end with it, and so with the process."""

    def __init__(self, engine: AsyncEngine, service: str) -> None:
        self._engine = engine
        self._service = service
        self._connection: AsyncConnection | None = None
        self._held: set[tuple[str, str]] = set()
        self._turn = asyncio.Lock()

    async def take(self, claim: tuple[str, str]) -> bool:
        """Whether nobody else had it."""
        async with self._turn:
            # To its own session a lock is given twice.
            if claim in self._held:
                return False
            if await self._ask("pg_try_advisory_lock", claim):
                self._held.add(claim)
                return True
            return False

    async def give_back(self, claim: tuple[str, str]) -> None:
        """Let others have it; a lost connection has done so already."""
        async with self._turn:
            if claim in self._held:
                self._held.discard(claim)
                with contextlib.suppress(OperationalError, InterfaceError):
                    await self._ask("pg_advisory_unlock", claim)

    async def close(self) -> None:
        """Give everything back."""
        async with self._turn:
            await self._forget()
            await self._engine.dispose()

    async def _ask(self, function: str, claim: tuple[str, str]) -> bool:
        question = f"SELECT {function}({lock_number(self._service, *claim)})"
        try:
            if self._connection is None:
                self._connection = await self._engine.connect()
            return bool(await self._connection.scalar(sa.text(question)))
        except BaseException:
            await self._forget()
            raise

    async def _forget(self) -> None:
        self._held.clear()
        if self._connection is not None:
            connection, self._connection = self._connection, None
            # Back in the pool the session would live on, and its locks with it.
            await connection.invalidate()
            await connection.close()


def _must_be_whole(connection: AsyncConnection) -> None:
    """Raise when a statement failed and somebody went on: PostgreSQL would answer COMMIT with a silent ROLLBACK."""
    raw = connection.sync_connection.connection if connection.sync_connection else None
    driver: Any = raw.driver_connection if raw else None
    if driver is None or driver.info.transaction_status.name != "INTRANS":
        raise TransactionBroken


def _reading(service: str) -> str:
    """What begins a reading transaction; the place of the pass is left open."""
    # SET takes no snapshot: the state that is seen is that of the first statement after it. What is temporary comes
    # last in the path, or a temporary table could stand before one of the service.
    return (
        f'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;SET LOCAL search_path TO "{service}", pg_temp;'
        "SET LOCAL yanxiu.district TO '{}';"
        f"SET LOCAL idle_in_transaction_session_timeout TO {_IDLE_READER_MS}"
    )


def _writing(service: str, district: str, deadline: Deadline, plans: str = "auto") -> str:
    """What begins a writing transaction; the place of the pass is left open."""
    # READ COMMITTED: what is read after the lock is what the one before committed.
    wait = min(max(int(deadline.remaining() * 1000), 1), _MOST_WAIT_MS)
    return (
        f'BEGIN ISOLATION LEVEL READ COMMITTED;SET LOCAL search_path TO "{service}", pg_temp;'
        "SET LOCAL yanxiu.district TO '{}';"
        f"SET LOCAL lock_timeout TO {wait};SET LOCAL statement_timeout TO {wait};"
        f"SET LOCAL idle_in_transaction_session_timeout TO {wait + _GRACE_MS};"
        # A table that was filled a moment ago is taken for a small one: what a command looks up is in an index, and
        # a plan that was made at the beginning of a long transaction is of no use at its end.
        f"SET LOCAL enable_bitmapscan TO off;SET LOCAL plan_cache_mode TO {plans};"
        f"SELECT pg_advisory_xact_lock({lock_number(service, district)})"
    )


def lock_number(*what: str) -> int:
    """Locks have numbers of 64 bits; two names with one number would only wait for each other."""
    return int.from_bytes(hashlib.sha256("/".join(what).encode()).digest()[:8], signed=True)
