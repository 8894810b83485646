"""Permissions of before an upgrade: what they deny waits in the outbox, holds up nothing, and goes when admitted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yanxiu_registry
from yanxiu_durable import Relay, announce_all
from yanxiu_durable import relay as relay_module
from yanxiu_durable.sqlite_databases import SqliteDatabases
from yanxiu_durable.tables import OUTBOX
from yanxiu_registry.all_tables import METADATA
from yanxiu_wire import denied
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Event
from yanxiu_wire.erasure import ERASURE_BEGUN, ErasureBegun
from yanxiu_wire.keeping import keep_streams
from yanxiu_wire.rpc import Bus
from yanxiu_wire.term import TERM_CHANGED, Term, TermChanged

from tests.conftest import NatsServer
from tests.guard import Guard

MIGRATIONS = Path(str(yanxiu_registry.__file__)).parent / "migrations"
DENIED = ERASURE_BEGUN.subject("*")


def without(guard: Guard, subject: str) -> None:
    """Write the server's configuration as a version wrote it that did not know the subject."""
    lines = guard.mint.configuration.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if f'"{subject}"' not in line]
    assert len(kept) < len(lines)
    guard.mint.configuration.write_text("".join(kept), encoding="utf-8")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[NatsServer]:
    guard = Guard(tmp_path)
    without(guard, DENIED)
    made = NatsServer(tmp_path, fsync=False, guard=guard)
    keeper = await guard.connect(made.url, "keeper")
    await keep_streams(keeper)
    await keeper.close()
    yield made
    made.stop()


@pytest.fixture
async def bus(server: NatsServer) -> AsyncIterator[Bus]:
    assert server.guard is not None
    connected = await server.guard.connect(server.url, "registry")
    yield connected
    await connected.close()


@pytest.fixture
async def databases(tmp_path: Path) -> AsyncIterator[SqliteDatabases]:
    opened = SqliteDatabases("registry", tmp_path / "data", METADATA, MIGRATIONS)
    await opened.open_all()
    for district in ("puer", "putuo"):
        await opened.ensure(district)
    yield opened
    await opened.close()


async def say(databases: SqliteDatabases, *events: tuple[Event[Any], Any], district: str = "puer") -> None:
    async with databases.write(district, Deadline.after(10)) as conn:
        await announce_all(conn, district, events)


def begun(erasure: str) -> tuple[Event[Any], Any]:
    return ERASURE_BEGUN, ErasureBegun(erasure=erasure, teacher="t1", version=1, digest="0" * 64)


def term(number: int) -> tuple[Event[Any], Any]:
    begins, ends = date(2025, 9, 1), date(2026, 1, 31)
    made = Term(id=f"2025-2026-{number}", school_year="2025-2026", number=number, starts_on=begins, ends_on=ends)
    return TERM_CHANGED, TermChanged(term=made)


async def waiting(databases: SqliteDatabases, district: str = "puer") -> list[str]:
    query = sa.select(OUTBOX.c.subject).where(OUTBOX.c.sent_ms.is_(None)).order_by(OUTBOX.c.seq)
    async with databases.read(district) as conn:
        return [subject.split(".")[-2] for subject in (await conn.execute(query)).scalars()]


async def until_waiting(databases: SqliteDatabases, *wanted: str, district: str = "puer") -> None:
    async with asyncio.timeout(20):
        while True:
            if await waiting(databases, district) == list(wanted):
                return
            await asyncio.sleep(0.02)


async def test_what_the_server_denies_waits_and_every_other_event_goes_at_once(
    server: NatsServer, bus: Bus, databases: SqliteDatabases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay_module, "WINDOW", 4)
    relay = Relay(databases, bus, poll=0.05)
    await relay.start()
    try:
        # More than a window of them stand first.
        await say(databases, *(begun(f"e{number}") for number in range(6)), term(1))
        await say(databases, term(2), district="putuo")
        began = time.monotonic()
        relay.wake()
        await until_waiting(databases, *["erasure-begun"] * 6)
        await until_waiting(databases, district="putuo")
        # The client waits five seconds for an answer, which does not come.
        assert time.monotonic() - began < 4
        await say(databases, term(3))
        relay.wake()
        await until_waiting(databases, *["erasure-begun"] * 6)
        assert bus.denials.of("publish", ERASURE_BEGUN.subject("puer"))
        await _minted_anew(server, monkeypatch)
        relay.wake()
        await until_waiting(databases)
        stream = await bus.jetstream.stream_info("YANXIU_EVENTS_REGISTRY")
        assert stream.state.messages == 9
    finally:
        await relay.stop()


async def _minted_anew(server: NatsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the operator does before the upgrade; what was denied is tried again a minute later."""
    assert server.guard is not None
    server.guard.mint.write()
    server.reload()
    monkeypatch.setattr(denied, "LATELY_SECONDS", 0.0)
