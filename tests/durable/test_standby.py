"""A PostgreSQL that is set back to a standby, as in a switch to another, and is promoted again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from yanxiu_durable import Databases, open_databases
from yanxiu_durable.errors import DatabaseAway
from yanxiu_wire.faults import ServiceUnavailable

from tests.postgres_server import PostgresServer

from .conftest import METADATA
from .writing import append, count


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """One whose log another could follow."""
    made = PostgresServer(copied=True)
    yield made
    made.stop()


@pytest.fixture
async def databases(server: PostgresServer, migrations: Path, tmp_path: Path) -> AsyncIterator[Databases]:
    """A service's databases on it."""
    made = open_databases(
        "test", server.settings(server.database(("test", migrations)), tmp_path), METADATA, migrations
    )
    await made.open_all()
    await made.ensure("puer")
    yield made
    await made.close()


def set_back(server: PostgresServer) -> None:
    """It comes back as a standby that nobody sends anything."""
    server.end()
    (server.data / "standby.signal").touch()
    server.start()


async def test_a_standby_is_neither_written_to_nor_read_and_promoted_it_is_both(
    databases: Databases, server: PostgresServer
) -> None:
    await append(databases)
    await asyncio.to_thread(set_back, server)
    with pytest.raises(ServiceUnavailable):
        await append(databases)
    with pytest.raises(ServiceUnavailable):
        await databases.ensure("putuo")
    # What others have acknowledged meanwhile it need not have.
    with pytest.raises(ServiceUnavailable):
        await count(databases)
    with pytest.raises(ServiceUnavailable):
        async with databases.claim("puer", "relay"):
            pass
    server.execute("SELECT pg_promote()")
    await append(databases)
    assert await count(databases) == 2


async def test_a_process_that_starts_on_a_standby_is_to_be_started_again(
    server: PostgresServer, migrations: Path, tmp_path: Path
) -> None:
    settings = server.settings(server.database(("test", migrations)), tmp_path)
    await asyncio.to_thread(set_back, server)
    made = open_databases("test", settings, METADATA, migrations)
    with pytest.raises(DatabaseAway, match="standby"):
        await made.open_all()
    await made.close()
    server.execute("SELECT pg_promote()")
    again = open_databases("test", settings, METADATA, migrations)
    await again.open_all()
    await again.close()
