"""One PostgreSQL database for all districts: a server that may be trusted, rows apart, a server that dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import Databases, DatabaseUnsafe, open_databases
from yanxiu_durable.errors import DatabaseAway, TransactionBroken
from yanxiu_durable.postgres import PostgresDatabases
from yanxiu_durable.settings import DatabaseSettings
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable, StorageFull

from tests.postgres_server import PostgresServer
from tests.stores import Store, Stores

from .conftest import LEDGER, METADATA
from .writing import append, count, soon


@pytest.fixture
def database(stores: Stores, migrations: Path) -> Store:
    """Only PostgreSQL here."""
    return stores.new("postgresql", ("test", migrations))


@pytest.fixture
async def on_own_server(own_postgres: PostgresServer, migrations: Path, tmp_path: Path) -> AsyncIterator[Databases]:
    """Databases on a server that the test may end."""
    settings = own_postgres.settings(own_postgres.database(("test", migrations)), tmp_path)
    opened = open_databases("test", settings, METADATA, migrations)
    await opened.open_all()
    await opened.ensure("puer")
    yield opened
    await opened.close()


async def test_a_server_that_is_away_at_the_start_is_told_in_one_line(migrations: Path, tmp_path: Path) -> None:
    nobody = "postgresql+psycopg://nobody:secret@127.0.0.1:1/none"
    settings = DatabaseSettings(data=tmp_path, database_url=nobody, database_pass_key="k" * 32)
    databases = open_databases("test", settings, METADATA, migrations)
    with pytest.raises(DatabaseAway) as raised:
        await databases.open_all()
    told = str(raised.value)
    assert told.startswith("test的数据库连接不上")
    assert "cannot be reached" in told
    assert "\n" not in told
    assert "secret" not in told
    await databases.close()


async def test_a_server_that_may_lose_what_it_committed_is_refused(database: Store, migrations: Path) -> None:
    settings = msgspec.structs.replace(database.settings, database_may_lose_data=False)
    databases = open_databases("test", settings, METADATA, migrations)
    with pytest.raises(DatabaseUnsafe) as raised:
        await databases.open_all()
    assert raised.value.setting == "fsync"
    await databases.close()


@pytest.mark.parametrize(
    ("spoil", "setting"),
    [
        ("ALTER DATABASE {} SET synchronous_commit TO off", "synchronous_commit"),
        ("ALTER ROLE yanxiu_app IN DATABASE {} SET synchronous_commit TO local", "synchronous_commit"),
        (
            "DROP DATABASE {0}; CREATE DATABASE {0} OWNER yanxiu_owner TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'",
            "encoding",
        ),
    ],
)
async def test_a_database_that_is_set_up_wrongly_is_refused(
    database: Store, another: Callable[[], Databases], postgres: PostgresServer, spoil: str, setting: str
) -> None:
    postgres.execute(*spoil.format(database.database).split("; "))
    databases = another()
    with pytest.raises(DatabaseUnsafe) as raised:
        await databases.open_all()
    assert raised.value.setting == setting
    await databases.close()


async def test_a_role_that_sees_every_row_is_refused(
    database: Store, postgres: PostgresServer, migrations: Path
) -> None:
    everywhere = msgspec.structs.replace(database.settings, database_url=postgres.url(database.database, "postgres"))
    databases = open_databases("test", everywhere, METADATA, migrations)
    with pytest.raises(DatabaseUnsafe) as raised:
        await databases.open_all()
    assert raised.value.setting == "role"
    await databases.close()


async def test_rows_of_another_district_are_neither_seen_nor_written(databases: Databases, database: Store) -> None:
    """The statements name no district: the database keeps them apart by itself."""
    await databases.ensure("putuo")
    await append(databases)
    async with databases.write("putuo", soon()) as connection:
        await connection.execute(sa.update(LEDGER).values(what="mine"))
        await connection.execute(sa.delete(LEDGER))
    async with databases.read("puer") as connection:
        assert (await connection.execute(sa.select(LEDGER.c.what))).all() == [("a",)]

    async def into_puer() -> None:
        async with databases.write("putuo", soon()) as connection:
            await connection.execute(sa.insert(LEDGER).values(district="puer", seq=9, what="x"))

    with pytest.raises(ProgrammingError, match="row-level security"):
        await into_puer()
    assert await count(databases) == 1


async def test_a_session_that_names_no_district_sees_nothing(databases: Databases, database: Store) -> None:
    await append(databases)
    assert database.server is not None
    for role in ("yanxiu_app", "yanxiu_owner"):
        with psycopg.connect(f"host={database.server.folder} user={role} dbname={database.database}") as session:
            session.execute("SET search_path TO test")
            assert session.execute("SELECT * FROM ledger").fetchall() == []


async def test_districts_never_mix_on_a_few_connections(databases: Databases) -> None:
    names = [f"d-{number}" for number in range(12)]
    for name in names:
        await databases.ensure(name)
    await asyncio.gather(*(append(databases, name, name) for name in names for _ in range(4)))

    async def seen(name: str) -> set[Any]:
        async with databases.read(name) as connection:
            return set(await connection.execute(sa.select(LEDGER.c.district, LEDGER.c.what)))

    for name, found in zip(names * 3, await asyncio.gather(*(seen(name) for name in names * 3)), strict=True):
        assert found == {(name, name)}


async def test_a_writer_of_another_process_is_waited_for_until_the_deadline(
    databases: Databases, second: Databases
) -> None:
    async with second.write("puer", soon()) as connection:
        with pytest.raises(DeadlineExceeded):
            async with databases.write("puer", Deadline.after(0.1)):
                pass
        waiting = asyncio.create_task(append(databases))
        assert await count(databases) == 0
        await connection.execute(sa.insert(LEDGER).values(district="puer", seq=1, what="x"))
        assert not waiting.done()
    await waiting
    assert await count(databases) == 2


async def test_one_districts_writer_keeps_no_other_waiting(databases: Databases, second: Databases) -> None:
    await databases.ensure("putuo")
    async with second.write("puer", soon()):
        await append(databases, district="putuo")
    assert await count(databases, "putuo") == 1


async def test_who_goes_on_after_a_failed_statement_is_not_told_that_it_was_committed(databases: Databases) -> None:
    async def swallow() -> None:
        async with databases.write("puer", soon()) as connection:
            await connection.execute(sa.insert(LEDGER).values(district="puer", seq=1, what="x"))
            with pytest.raises(IntegrityError):
                await connection.execute(sa.insert(LEDGER).values(district="puer", seq=1, what="x"))

    with pytest.raises(TransactionBroken):
        await swallow()
    assert await count(databases) == 0


async def test_a_server_that_died_is_told_as_unavailable_and_found_again(
    on_own_server: Databases, own_postgres: PostgresServer
) -> None:
    await append(on_own_server)
    own_postgres.crash()
    for doing in (append, count):
        with pytest.raises(ServiceUnavailable) as raised:
            await doing(on_own_server)
        assert raised.value.service == "test"
    own_postgres.start()
    await append(on_own_server)
    assert await count(on_own_server) == 2


async def test_connections_that_died_unseen_cost_no_command(
    on_own_server: Databases, own_postgres: PostgresServer
) -> None:
    """The server was away between two commands: what waits in the pools is dead, and nobody noticed."""
    await append(on_own_server)
    assert await count(on_own_server) == 1
    async with on_own_server.claim("puer", "relay") as mine:
        assert mine
        await asyncio.to_thread(own_postgres.crash)
        await asyncio.to_thread(own_postgres.start)
    await append(on_own_server)
    assert await count(on_own_server) == 2


async def test_a_server_that_dies_during_a_transaction_leaves_nothing_of_it(
    on_own_server: Databases, own_postgres: PostgresServer
) -> None:
    async def interrupted() -> None:
        async with on_own_server.write("puer", soon()) as connection:
            await connection.execute(sa.insert(LEDGER).values(district="puer", seq=1, what="x"))
            own_postgres.crash()
            await connection.execute(sa.insert(LEDGER).values(district="puer", seq=2, what="x"))

    with pytest.raises(ServiceUnavailable):
        await interrupted()
    own_postgres.start()
    assert await count(on_own_server) == 0


@pytest.mark.parametrize("few_rows", [False, True], ids=["alone", "together"])
async def test_a_full_disk_is_told_as_such_and_leaves_nothing_behind(databases: Databases, *, few_rows: bool) -> None:
    async def fill(connection: AsyncConnection) -> None:
        await connection.execute(sa.insert(LEDGER).values(district="puer", seq=1, what="x"))
        # As the driver tells it where a file of the server's cannot grow.
        raise OperationalError("INSERT", {}, psycopg.errors.DiskFull("could not extend file"))

    with pytest.raises(StorageFull) as told:
        await databases.do("puer", fill, soon(), few_rows=few_rows)
    assert (told.value.code, told.value.service) == ("STORAGE_FULL", "test")
    assert await count(databases) == 0, "reading goes on"
    await append(databases)
    assert await count(databases) == 1, "with room again nothing needs repair"


async def test_who_stood_still_in_a_transaction_until_the_server_ended_it_is_told_that_his_time_is_over(
    databases: Databases, database: Store, postgres: PostgresServer
) -> None:
    idle = "SELECT datname FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"

    async def stand_still() -> None:
        async with databases.write("puer", Deadline.after(0.2)) as connection:
            await connection.execute(sa.insert(LEDGER).values(district="puer", seq=1, what="x"))
            async with asyncio.timeout(20):
                while (database.database,) in await asyncio.to_thread(postgres.execute, idle):  # noqa: ASYNC110 - nobody is told
                    await asyncio.sleep(0.05)
            await connection.execute(sa.insert(LEDGER).values(district="puer", seq=2, what="y"))

    with pytest.raises(DeadlineExceeded):
        await stand_still()
    assert await count(databases) == 0
    await append(databases)
    assert await count(databases) == 1, "the next one has a session of its own"


@pytest.mark.parametrize("few_rows", [False, True], ids=["alone", "together"])
async def test_a_server_that_became_a_standby_is_no_internal_fault(databases: Databases, *, few_rows: bool) -> None:
    async def written(connection: AsyncConnection) -> None:
        raise InternalError("INSERT", {}, psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT"))

    with pytest.raises(ServiceUnavailable) as told:
        await databases.do("puer", written, soon(), few_rows=few_rows)
    assert told.value.code == "SERVICE_UNAVAILABLE"


async def test_the_session_of_a_claim_that_ends_gives_the_claim_back(
    databases: Databases, second: Databases, database: Store, postgres: PostgresServer
) -> None:
    async with databases.claim("puer", "relay") as mine, databases.claim("puer", "relay") as again:
        assert (mine, again) == (True, False)
        ended = "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database \
            WHERE locktype = 'advisory' AND datname = current_database()"
        assert postgres.execute(ended, database=database.database)[0] == (True,)
        async with second.claim("puer", "relay") as theirs:
            assert theirs
    async with databases.claim("puer", "relay") as mine:
        assert mine


async def test_a_process_holds_no_more_connections_than_it_may(
    database: Store, postgres: PostgresServer, migrations: Path
) -> None:
    few = msgspec.structs.replace(database.settings, database_connections=4)
    databases = open_databases("test", few, METADATA, migrations)
    assert isinstance(databases, PostgresDatabases)
    await databases.open_all()
    names = [f"d-{number}" for number in range(8)]
    for name in names:
        await databases.ensure(name)
    await asyncio.gather(*(append(databases, district=name) for name in names for _ in range(3)))
    await asyncio.gather(*(count(databases, name) for name in names * 3))
    async with databases.claim("d-1", "relay"):
        others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connections = len(postgres.execute(others, database=database.database))
    assert 2 <= connections <= 4
    await databases.close()
