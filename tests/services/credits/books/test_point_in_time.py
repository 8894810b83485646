"""A PostgreSQL that is gone for good: its log gives back all that was acknowledged, or all until a moment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from yanxiu_credits.__main__ import MIGRATIONS, running
from yanxiu_credits.all_tables import metadata
from yanxiu_credits.settings import Settings
from yanxiu_credits.verify_ledger import examine
from yanxiu_durable import open_databases
from yanxiu_durable.databases import Databases
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire import registry
from yanxiu_wire.credits import SERVICE
from yanxiu_wire.rpc import Bus

from tests.point_in_time import Drill
from tests.postgres_server import PostgresServer
from tests.services.credits.books.conftest import Books, pack_with_fraud
from tests.services.credits.conftest import LAW_SINCE, FixedClock

DISTRICT = "d-lost"


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    made = PostgresServer(lasting=True, copied=True)
    yield made
    made.stop()


@pytest.fixture
def settings(server: PostgresServer, own_nats: Any, tmp_path: Path) -> Settings:
    its = msgspec.structs.asdict(server.settings(server.database((SERVICE, MIGRATIONS)), tmp_path))
    return Settings(**{**its, "nats_url": own_nats.url, "keys": tmp_path / "keys"})


@pytest.fixture
async def books(settings: Settings, own_bus: Bus, clock: FixedClock) -> AsyncIterator[Books]:
    async with running(settings, Rulebook({"made": pack_with_fraud()}, {}), clock=clock) as service:
        house = Books(service, own_bus, DISTRICT)
        await house.bind(registry.PackBinding(pack="made", since=LAW_SINCE))
        await house.employ("t1")
        yield house


async def kept(databases: Databases) -> dict[str, list[Any]]:
    """Every row of the district; trail and outbox aside, which are written by themselves."""
    async with databases.read(DISTRICT) as conn:
        return {
            table.name: [tuple(row) for row in await conn.execute(sa.select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
            if not table.name.startswith(("audit_", "outbox"))
        }


async def restored(settings: Settings, keys: Any) -> tuple[dict[str, list[Any]], Any]:
    """What a service finds on the restored server, and what a look through its ledger comes to."""
    databases = open_databases(SERVICE, settings, metadata, MIGRATIONS)
    try:
        await databases.open_all()
        return await kept(databases), await examine(databases, keys, DISTRICT)
    finally:
        await databases.close()


async def test_nothing_acknowledged_is_lost_with_the_server_and_a_mistake_is_gone_back_from(
    books: Books, server: PostgresServer, settings: Settings
) -> None:
    drill, keys = Drill(server, server.folder / "elsewhere"), books.service.signer.keys
    with drill.receiving():
        await books.register(facts={"hours": "1", "score": "85"})
        drill.back_up()
        await books.register(facts={"hours": "2", "score": "85"})
        await books.sign()
        before = await kept(books.service.databases)
        (moment,) = server.execute("SELECT now()::text")[0]
        # The mistake; each is acknowledged when the other host has it.
        for hours in range(3, 8):
            await books.register(facts={"hours": str(hours), "score": "85"})
        after = await kept(books.service.databases)
        drill.lose()
    drill.restore()
    found, whole = await restored(settings, keys)
    assert found == after
    assert (whole.entries, whole.signed_heads, whole.broken) == (7, 1, None)
    drill.lose()
    drill.restore(until=moment)
    found, whole = await restored(settings, keys)
    assert found == before
    assert (whole.entries, whole.signed_heads, whole.broken) == (2, 1, None)
    assert len(before["inbox"]) < len(after["inbox"]), "keys go back with what was done under them"
