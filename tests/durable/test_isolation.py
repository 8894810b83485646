"""Rows of another district stay unseen whatever is sent: signed passes, sessions as new, roles that own nothing."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DataError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import Databases, DatabaseUnsafe, open_databases
from yanxiu_durable.district_pass import LIFE_SECONDS, Passes
from yanxiu_durable.errors import DatabaseNotMigrated, SessionSetting, TransactionBroken
from yanxiu_durable.postgres import PostgresDatabases
from yanxiu_durable.postgres_schema import prepare
from yanxiu_durable.session_guard import Session, refuse_for_the_session
from yanxiu_wire.faults import ServiceUnavailable

from tests.postgres_server import PASS_KEY, PostgresServer
from tests.stores import Store, Stores

from .conftest import LEDGER, METADATA
from .writing import append, count, soon

SEEN = "SELECT count(*) FROM test.ledger"


@pytest.fixture
def database(stores: Stores, migrations: Path) -> Store:
    """Only PostgreSQL here."""
    return stores.new("postgresql", ("test", migrations))


@pytest.fixture
async def two(databases: Databases) -> Databases:
    """One row of puer and one of putuo."""
    await databases.ensure("putuo")
    await append(databases)
    await append(databases, district="putuo")
    return databases


@pytest.fixture
async def session(two: Databases, database: Store) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    """A session of the services' role as whoever injects SQL has it: past every guard of this program."""
    assert database.server is not None
    where = f"host={database.server.folder} user=yanxiu_app dbname={database.database}"
    async with await psycopg.AsyncConnection.connect(where, autocommit=True) as opened:
        yield opened


async def seen_with(session: psycopg.AsyncConnection[Any], its_pass: str) -> int:
    await session.execute("SELECT set_config('yanxiu.district', %s, false)", [its_pass])
    return (await (await session.execute(SEEN)).fetchone() or (-1,))[0]


async def test_only_a_pass_that_was_signed_for_the_district_shows_its_rows(
    session: psycopg.AsyncConnection[Any],
) -> None:
    here = session.info.backend_pid
    good = Passes("test", PASS_KEY).of("puer", here, time.time())
    district, number, ends, signature = good.split(":")
    assert await seen_with(session, good) == 1
    forged = (
        "",
        "putuo",
        "*",
        f"putuo:{number}:{ends}:{signature}",
        f"{district}:{number}:{int(ends) + 1}:{signature}",
        f"{district}:{number}:{ends}:{signature[:-1]}",
        f"{district}:{number}:{ends}:",
        f"{district}:{number}:{ends}",
        Passes("other", PASS_KEY).of("puer", here, time.time()),
        Passes("test", PASS_KEY[::-1]).of("puer", here, time.time()),
    )
    assert {one: await seen_with(session, one) for one in forged} == dict.fromkeys(forged, 0)


async def test_an_injected_set_config_reads_nothing_of_the_other_district(two: Databases) -> None:
    """A report with a hole sends it inside of a query: past the engine's guard, with the transaction's own pass."""
    injected = "SELECT set_config('yanxiu.district', 'putuo', true), (SELECT count(*) FROM ledger)"
    async with two.read("puer") as connection:
        assert (await connection.execute(sa.text(injected))).one()[1] in {0, 1}
        assert (await connection.execute(sa.select(LEDGER.c.district))).all() == []
    with pytest.raises(SessionSetting):
        async with two.read("puer") as connection:
            await connection.execute(sa.text("SELECT set_config('yanxiu.district', 'putuo', false)"))


async def test_a_pass_that_was_read_elsewhere_is_refused_in_another_session_and_later(
    session: psycopg.AsyncConnection[Any],
) -> None:
    passes = Passes("test", PASS_KEY)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="another session"):
        await seen_with(session, passes.of("putuo", session.info.backend_pid + 1, time.time()))
    with pytest.raises(psycopg.errors.InvalidAuthorizationSpecification, match="had ended"):
        await seen_with(session, passes.of("putuo", session.info.backend_pid, time.time() - LIFE_SECONDS - 1))


async def test_a_pass_goes_by_the_servers_clock_wherever_this_hosts_is_turned(
    two: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = time.time()
    for turned in (-7200.0, 400 * 86_400.0):
        monkeypatch.setattr(time, "time", lambda its=right + turned: its)
        assert await count(two, "puer") == 1
        async with two.write("putuo", soon()) as connection:
            assert (await connection.execute(sa.select(LEDGER.c.district))).all() == [("putuo",)]
        monkeypatch.undo()


@pytest.mark.parametrize("few_rows", [False, True], ids=["alone", "together"])
async def test_a_jump_of_the_servers_clock_is_of_the_moment_and_the_next_session_goes_by_it(
    two: Databases, monkeypatch: pytest.MonkeyPatch, *, few_rows: bool
) -> None:
    async def see(connection: AsyncConnection) -> list[Any]:
        return [tuple(row) for row in await connection.execute(sa.select(LEDGER.c.district))]

    right, asked = Session.now, set[int]()

    def noted(its: Session) -> float:
        asked.add(its.number)
        return right(its)

    monkeypatch.setattr(Session, "now", noted)
    assert await two.do("putuo", see, soon(), few_rows=few_rows) == [("putuo",)]
    assert await count(two, "puer") == 1
    # As if the server had gone on by more than a pass lasts since these sessions were asked.
    monkeypatch.setattr(Session, "now", lambda its: right(its) - (LIFE_SECONDS + 1) * (its.number in asked))
    with pytest.raises(ServiceUnavailable):
        await two.do("putuo", see, soon(), few_rows=few_rows)
    with pytest.raises(ServiceUnavailable):
        await count(two, "puer")
    assert await two.do("putuo", see, soon(), few_rows=few_rows) == [("putuo",)]
    assert await count(two, "puer") == 1


async def test_the_key_cannot_be_read_by_who_must_not_sign(session: psycopg.AsyncConnection[Any]) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await session.execute("SELECT * FROM test.yanxiu_pass_key")
    source = await (await session.execute("SELECT prosrc FROM pg_proc WHERE proname = 'yanxiu_my_district'")).fetchone()
    assert source is not None
    assert PASS_KEY not in source[0]


async def test_a_temporary_table_stands_before_none_of_the_service(
    two: Databases, session: psycopg.AsyncConnection[Any]
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await session.execute("CREATE TEMPORARY TABLE ledger (district text)")
    async with two.read("puer") as connection:
        assert await connection.scalar(sa.text("SHOW search_path")) == "test, pg_temp"


class TestPool:
    """Whoever has a session next finds it as new, however the one before left it."""

    @pytest.fixture
    def database(self, database: Store) -> Store:
        """One connection that reads, one that writes, two more."""
        few = msgspec.structs.replace(database.settings, database_connections=4)
        return Store("postgresql", few, database.server, database.database)

    async def next_one(self, databases: Databases) -> tuple[Any, int]:
        """What the next checkout of each pool sees before it says which district."""
        assert isinstance(databases, PostgresDatabases)
        seen = []
        for engine in (databases._readers, databases._writers):  # pyright: ignore[reportPrivateUsage]
            connections = [await engine.connect() for _ in range(engine.pool.size())]  # type: ignore[attr-defined]
            for one in connections:
                found = await one.exec_driver_sql("SELECT current_setting('yanxiu.district', true)")
                seen.append((found.scalar_one() or "", (await one.exec_driver_sql(SEEN)).scalar_one()))
                await one.close()
        assert len(set(seen)) == 1
        return seen[0]

    async def leave(self, connection: AsyncConnection, how: str) -> None:
        if how == "failed statement":
            await connection.execute(sa.text("SELECT 1 / 0"))
        if how == "exception":
            raise ZeroDivisionError
        if how == "set past the guard":
            known = await connection.get_raw_connection()
            driver: Any = known.driver_connection
            await driver.execute("COMMIT")
            its_pass = Passes("test", PASS_KEY).of("putuo", driver.info.backend_pid, time.time())
            await driver.execute(f"SET yanxiu.district TO '{its_pass}'")

    @pytest.mark.parametrize("how", ["well", "exception", "failed statement", "set past the guard"])
    async def test_a_session_that_comes_back_knows_no_district(self, two: Databases, how: str) -> None:
        for enter in (lambda: two.read("putuo"), lambda: two.write("putuo", soon())):
            with contextlib.suppress(ZeroDivisionError, DataError, TransactionBroken):
                async with enter() as connection:
                    assert (await connection.execute(sa.select(LEDGER.c.district))).all() == [("putuo",)]
                    await self.leave(connection, how)
            assert await self.next_one(two) == ("", 0)
        assert await count(two, "puer") == 1

    async def test_nor_does_one_whose_task_was_cancelled(self, two: Databases) -> None:
        for enter in (lambda: two.read("putuo"), lambda: two.write("putuo", soon())):
            began = asyncio.Event()

            async def wait(enter: Any = enter, began: asyncio.Event = began) -> None:
                async with enter() as connection:
                    began.set()
                    await connection.execute(sa.text("SELECT pg_sleep(60)"))

            task = asyncio.create_task(wait())
            await began.wait()
            # It has sent its statement by now, or is about to: cancelled in either place.
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await self.next_one(two) == ("", 0)


@pytest.mark.parametrize(
    "statement",
    [
        "SET yanxiu.district TO 'putuo'",
        "set session yanxiu.district = 'putuo'",
        " /* a remark */ SET search_path TO other",
        "-- a remark\nSET ROLE yanxiu_owner",
        "SELECT 1; SET yanxiu.district = 'putuo'",
        "SELECT 1;\n RESET ALL",
        "DISCARD ALL",
        "DO $$ BEGIN PERFORM set_config('yanxiu.district', 'putuo', false); END $$",
        "SELECT set_config('yanxiu.district', 'putuo', false)",
        "SELECT set_config('yanxiu.district', %(of)s, %(local)s)",
        "SELECT SET_CONFIG ( 'a', 'b, true)', false )",
    ],
)
def test_what_outlives_its_transaction_is_refused(statement: str) -> None:
    with pytest.raises(SessionSetting):
        refuse_for_the_session(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SET LOCAL yanxiu.district TO 'putuo'",
        "BEGIN; SET LOCAL lock_timeout TO 5; SELECT 1",
        "SET TRANSACTION READ ONLY",
        "SET CONSTRAINTS ALL DEFERRED",
        "SELECT set_config('yanxiu.district', 'putuo', true)",
        "UPDATE ledger SET what = 'a'",
        "UPDATE ledger\nSET what = 'do; not'",
        "INSERT INTO ledger VALUES (1) ON CONFLICT DO UPDATE SET what = 'b'",
    ],
)
def test_what_ends_with_its_transaction_is_let_through(statement: str) -> None:
    refuse_for_the_session(statement)


class TestRoles:
    """Who enters owns nothing; who migrates makes what is missing."""

    async def opened(self, settings: Any, migrations: Path) -> Databases:
        databases = open_databases("test", settings, METADATA, migrations)
        try:
            await databases.open_all()
        except BaseException:
            await databases.close()
            raise
        return databases

    async def test_a_service_does_not_start_as_the_owner_of_its_tables(self, database: Store, migrations: Path) -> None:
        owner = database.settings.database_owner_url
        for settings in (
            msgspec.structs.replace(database.settings, database_url=owner),
            msgspec.structs.replace(database.settings, database_url=owner, database_owner_url=""),
        ):
            with pytest.raises(DatabaseUnsafe, match=r"必须为.*owns nothing") as raised:
                await self.opened(settings, migrations)
            assert raised.value.setting == "role"

    async def test_a_member_of_the_owner_is_the_owner(
        self, database: Store, migrations: Path, postgres: PostgresServer
    ) -> None:
        postgres.execute(
            "DROP ROLE IF EXISTS half_owner", "CREATE ROLE half_owner LOGIN NOINHERIT IN ROLE yanxiu_owner"
        )
        settings = msgspec.structs.replace(
            database.settings, database_url=postgres.url(database.database, "half_owner"), database_owner_url=""
        )
        with pytest.raises(DatabaseUnsafe) as raised:
            await self.opened(settings, migrations)
        assert raised.value.setting == "role"

    async def test_what_was_not_migrated_is_named_with_the_command(self, stores: Stores, migrations: Path) -> None:
        store = stores.new("postgresql")
        with pytest.raises(DatabaseNotMigrated, match="yanxiu migrate test"):
            await self.opened(msgspec.structs.replace(store.settings, database_owner_url=""), migrations)

    async def test_a_version_starts_on_a_schema_that_is_newer_than_itself(
        self, database: Store, migrations: Path, postgres: PostgresServer
    ) -> None:
        postgres.execute("UPDATE test.alembic_version SET version_num = '9999'", database=database.database)
        alone = msgspec.structs.replace(database.settings, database_owner_url="")
        databases = await self.opened(alone, migrations)
        await databases.ensure("puer")
        await append(databases)
        await databases.close()

    async def test_another_key_than_the_databases_is_told_at_the_start(self, database: Store, migrations: Path) -> None:
        other = msgspec.structs.replace(database.settings, database_owner_url="", database_pass_key="another " * 4)
        with pytest.raises(DatabaseUnsafe, match="YANXIU_DATABASE_PASS_KEY"):
            await self.opened(other, migrations)
        with pytest.raises(DatabaseUnsafe, match="32"):
            await self.opened(msgspec.structs.replace(other, database_pass_key="short"), migrations)

    async def test_a_key_is_changed_while_processes_sign_with_the_one_before(
        self, two: Databases, database: Store, migrations: Path
    ) -> None:
        for key in ("the second key " * 3, PASS_KEY, "the third key " * 3):
            prepare("test", msgspec.structs.replace(database.settings, database_pass_key=key), migrations)
        assert await count(two) == 1
        prepare("test", msgspec.structs.replace(database.settings, database_pass_key="the fourth key " * 3), migrations)
        assert await count(two) == 0

    async def test_the_owner_makes_the_services_role_where_it_may(
        self, postgres: PostgresServer, migrations: Path, tmp_path: Path
    ) -> None:
        postgres.execute("DROP ROLE IF EXISTS made_role")
        name = postgres.database()
        url = postgres.url(name, "made_role").replace("made_role@", "made_role:secret@")
        settings = msgspec.structs.replace(postgres.settings(name, tmp_path), database_url=url)
        with pytest.raises(DatabaseUnsafe, match="CREATE ROLE"):
            prepare("test", settings, migrations)
        postgres.execute("ALTER ROLE yanxiu_owner CREATEROLE")
        try:
            for _ in range(2):
                prepare("test", settings, migrations)
        finally:
            postgres.execute("ALTER ROLE yanxiu_owner NOCREATEROLE")
        told = "SELECT rolsuper, rolbypassrls, rolcreaterole, left(rolpassword, 13) FROM pg_authid "
        told += "WHERE rolname = 'made_role'"
        assert postgres.execute(told) == [(False, False, False, "SCRAM-SHA-256")]
        databases = await self.opened(msgspec.structs.replace(settings, database_owner_url=""), migrations)
        await databases.ensure("puer")
        await append(databases)
        assert await count(databases) == 1
        await databases.close()
        postgres.execute("DROP OWNED BY made_role", database=name)
        postgres.execute("DROP ROLE made_role")


async def test_the_services_role_may_not_change_what_guards_refuse_to_all(
    stores: Stores, migrations: Path, tmp_path: Path
) -> None:
    from .test_migrate import GUARDED

    folder = tmp_path / "guarded"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_bytes((migrations / "env.py").read_bytes())
    for file in (migrations / "versions").glob("*.py"):
        (folder / "versions" / file.name).write_bytes(file.read_bytes())
    (folder / "versions" / "0002_guarded.py").write_text(GUARDED, encoding="utf-8")
    store = stores.new("postgresql")
    databases = open_databases("test", store.settings, METADATA, folder)
    await databases.open_all()
    await databases.ensure("puer")
    for statement in ("UPDATE kept SET id = 'z'", "DELETE FROM kept", "TRUNCATE kept", "TRUNCATE ledger"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with databases.write("puer", soon()) as connection:
                await connection.execute(sa.text(statement))
    await databases.close()
