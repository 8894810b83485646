"""The registry process: `python -m yanxiu_registry`, set by YANXIU_* variables, ended by SIGTERM without loss."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import signal
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import uvloop
from yanxiu_durable import DatabaseAway, DatabaseBusy, Databases, DatabaseUnsafe, Relay, open_databases
from yanxiu_durable.databases import Apart
from yanxiu_durable.watching import Watching, watching
from yanxiu_footing.audit.keeping import keeping_trail
from yanxiu_footing.audit.trail import Trail
from yanxiu_footing.authority.policies import PoliciesUnusable
from yanxiu_footing.clock_guard import ClockGuard, guarded
from yanxiu_footing.fence.fence import Fence
from yanxiu_footing.pack_store import Beside, PackStore
from yanxiu_footing.vital_facts import pack_versions
from yanxiu_rulekit.plugins import Rulebook, load_packs
from yanxiu_wire import heap, log
from yanxiu_wire import registry as wire
from yanxiu_wire.events import open_streams
from yanxiu_wire.metrics import offer_metrics
from yanxiu_wire.readiness import Readiness
from yanxiu_wire.rpc import Bus
from yanxiu_wire.server_clock import server_time
from yanxiu_wire.settings import SettingRefused, read_settings
from yanxiu_wire.spans import exporting

from yanxiu_registry.all_tables import METADATA
from yanxiu_registry.context import Registry
from yanxiu_registry.endpoints import handlers
from yanxiu_registry.packs import FencedPacks, LoadedPacks, Packs
from yanxiu_registry.settings import Settings
from yanxiu_registry.store.districts import read_key_proof
from yanxiu_registry.vault import KeyUnusable, Vault, open_key

MIGRATIONS = Path(__file__).parent / "migrations"
CANNOT_START = 78  # EX_CONFIG: starting again would not help
START_LATER = 75  # EX_TEMPFAIL: starting again may
STAGES = ("databases", "keys", "nats", "requests")
_log = log.logger()


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    rulebook: Rulebook,
    *,
    clock: Callable[[], datetime] = now,
    readiness: Readiness | None = None,
) -> AsyncIterator[Registry]:
    """Run the service with packs of this process until the block ends, then answer all that was accepted and close.

    Databases are migrated and the key is proved before anything is answered; on the way out the endpoints drain first,
    then the relay sends what is left. Raises KeyUnusable when the key is missing beside data or is not theirs.
    `readiness` is told how far the start has come.
    """
    readiness = readiness or Readiness(*STAGES)
    async with _running(settings, LoadedPacks(rulebook, settings.packs), clock, readiness) as registry:
        yield registry


@contextlib.asynccontextmanager
async def running_fenced(settings: Settings, *, readiness: Readiness | None = None) -> AsyncIterator[Registry]:
    """Run the service as `running` does; a rule pack is loaded in a process of its own."""
    fence = Fence(wire.SERVICE, "yanxiu_registry.cell", settings)
    await fence.start(ready=False)
    try:
        packs = FencedPacks(fence, settings.packs, PackStore(settings.pack_store))
        async with _running(settings, packs, now, readiness or Readiness(*STAGES), fence.migrate) as registry:
            yield registry
    finally:
        await fence.stop()


@contextlib.asynccontextmanager
async def _running(
    settings: Settings,
    packs: Packs,
    clock: Callable[[], datetime],
    readiness: Readiness,
    apart: Apart | None = None,
) -> AsyncIterator[Registry]:
    databases = open_databases(wire.SERVICE, settings, METADATA, MIGRATIONS, apart=apart)
    try:
        await databases.open_all()
        readiness.reached("databases")
        vault = Vault(open_key(settings.keys, may_create=not await databases.districts()))
        await prove_key(databases, vault)
        readiness.reached("keys")
        registry = Registry(dbs=databases, vault=vault, packs=packs, clock=clock, trail=Trail(databases, clock))
        bus = await Bus.connect(settings.nats_url, name=wire.SERVICE, access=settings.access)
        try:
            await open_streams(bus, wire.SERVICE)
            readiness.reached("nats")
            readiness.needs("nats", lambda: bus.connected)
            async with keeping_trail(registry, settings.audit_days), _answering(registry, bus, settings):
                readiness.reached("requests")
                yield registry
        finally:
            await bus.close()
    finally:
        await databases.close()


@contextlib.asynccontextmanager
async def _answering(registry: Registry, bus: Bus, settings: Settings) -> AsyncIterator[None]:
    relay = Relay(registry.dbs, bus)
    await relay.start()
    try:
        answers = handlers(registry, committed=relay.wake)
        if registry.clock is now:
            answers = guarded(answers, ClockGuard(registry.dbs, server_time(bus, wire.SERVICE)))
        serving = await bus.serve(wire.SERVICE, version("yanxiu"), answers, concurrency=settings.concurrency)
        watch = Watching(registry.dbs, bus, relay, packs=pack_versions())
        serving.tell(lambda: watch.vitals)
        try:
            async with watching(watch):
                yield
        finally:
            await serving.drain()
    finally:
        await relay.stop()


async def prove_key(databases: Databases, vault: Vault) -> None:
    """Raise KeyUnusable when a district's national ids were sealed with another key than the present one."""
    for district in await databases.districts():
        async with databases.read(district) as conn:
            proof = await read_key_proof(conn, district)
        if proof is not None and not hmac.compare_digest(proof, vault.proof(district)):
            raise KeyUnusable(
                f"the key file is not the one that district {district} was sealed with: "
                "put the original key file back (密钥与数据不符，请恢复原密钥文件)"
            )


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    readiness = Readiness(*STAGES)
    offer_metrics(wire.SERVICE, settings, readiness)
    async with (
        readiness.beating(),
        running_fenced(settings, readiness=readiness)
        if settings.fence
        else running(settings, Beside(load_packs(), PackStore(settings.pack_store)), readiness=readiness) as registry,
    ):
        heap.settle()
        _log.info("ready", districts=len(await registry.dbs.districts()), packs=sorted(settings.packs))
        await stop.wait()
        readiness.drain()
        _log.info("draining")
    _log.info("stopped")


def main() -> None:
    """Start the process; a setting or key that cannot be used ends it with one clear line."""
    log.configure(wire.SERVICE)
    try:
        settings = read_settings(Settings)
        with exporting(wire.SERVICE, settings):
            uvloop.run(run(settings))
    except (DatabaseUnsafe, PoliciesUnusable, KeyUnusable, SettingRefused) as error:
        _log.error("cannot-start", problem=str(error))
        sys.exit(CANNOT_START)
    except (DatabaseAway, DatabaseBusy) as error:
        _log.error("cannot-start-yet", problem=str(error))
        sys.exit(START_LATER)


if __name__ == "__main__":
    main()
