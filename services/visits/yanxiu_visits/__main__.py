"""The visits process: `python -m yanxiu_visits`, configured by YANXIU_* variables, ended by SIGTERM without loss."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path

import uvloop
from yanxiu_durable.databases import Apart, open_databases
from yanxiu_durable.errors import DatabaseAway, DatabaseBusy, DatabaseUnsafe
from yanxiu_durable.relay import Relay
from yanxiu_durable.watching import Watching, watching
from yanxiu_footing.answering import Table, handlers
from yanxiu_footing.arrivals import Arrivals
from yanxiu_footing.audit.keeping import keeping_trail
from yanxiu_footing.audit.offered import offered
from yanxiu_footing.audit.trail import Trail
from yanxiu_footing.authority.policies import PoliciesUnusable, permits_of
from yanxiu_footing.clock import Clock
from yanxiu_footing.clock_guard import by_the_clock
from yanxiu_footing.fence.enter import FACTS_ARRIVED
from yanxiu_footing.fence.fence import ROUTED, Fence
from yanxiu_footing.fence.installed import report_missing
from yanxiu_footing.installed_packs import report_packs
from yanxiu_footing.laws import Elsewhere
from yanxiu_footing.pack_store import Beside, PackStore
from yanxiu_footing.vital_facts import DeadLetters, pack_versions
from yanxiu_rulekit.plugins import Rulebook, load_packs
from yanxiu_wire import heap, log
from yanxiu_wire import visits as wire
from yanxiu_wire.events import open_streams
from yanxiu_wire.metrics import offer_metrics
from yanxiu_wire.readiness import Readiness
from yanxiu_wire.rpc import Bus
from yanxiu_wire.settings import SettingRefused, read_settings
from yanxiu_wire.spans import exporting

from yanxiu_visits.all_tables import metadata
from yanxiu_visits.cell import PLANNING
from yanxiu_visits.endpoints import TABLE
from yanxiu_visits.follow_registry import follow_registry
from yanxiu_visits.laws import Laws
from yanxiu_visits.planning.planner import Planner
from yanxiu_visits.service import Service
from yanxiu_visits.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
CANNOT_START = 78  # EX_CONFIG: starting again would not help
START_LATER = 75  # EX_TEMPFAIL: starting again may
STAGES = ("databases", "nats", "rules", "requests")
_log = log.logger()


@contextlib.asynccontextmanager
async def running(
    settings: Settings, rulebook: Rulebook, *, clock: Clock | None = None, readiness: Readiness | None = None
) -> AsyncIterator[Service]:
    """Run the service in this process until the block ends, then answer all that was accepted and close.

    Order matters: databases are migrated before anything is answered; on the way out the endpoints drain first, then
    the consumer stops, then the relay sends what is left. `readiness` is told how far the start has come.
    """
    readiness = readiness or Readiness(*STAGES)
    async with _opened(settings, Laws(rulebook), clock, Arrivals(), readiness) as service:
        readiness.reached("rules")
        async with _answering(service, TABLE, settings.concurrency):
            readiness.reached("requests")
            yield service


@contextlib.asynccontextmanager
async def running_fenced(settings: Settings, *, readiness: Readiness | None = None) -> AsyncIterator[Service]:
    """Run the service as `running` does, with a cell for each district, in which its rule packs are called."""
    readiness = readiness or Readiness(*STAGES)
    fence = Fence(wire.SERVICE, "yanxiu_visits.cell", settings)
    arrivals = Arrivals(told=partial(fence.tell, FACTS_ARRIVED))
    async with _opened(settings, Laws(Elsewhere()), None, arrivals, readiness, fence.migrate) as service:
        fence.told[PLANNING] = service.planning.wake
        await fence.start()
        try:
            await fence.warm(await service.databases.districts())
            readiness.reached("rules")
            of_one = settings.concurrency
            async with _answering(service, {**fence.table(TABLE), **offered(wire.SERVICE)}, ROUTED * of_one, of_one):
                readiness.reached("requests")
                yield service
        finally:
            await fence.stop()


@contextlib.asynccontextmanager
async def _opened(
    settings: Settings,
    laws: Laws,
    clock: Clock | None,
    arrivals: Arrivals,
    readiness: Readiness,
    apart: Apart | None = None,
) -> AsyncIterator[Service]:
    databases = open_databases(wire.SERVICE, settings, metadata, MIGRATIONS, apart=apart)
    try:
        await databases.open_all()
        readiness.reached("databases")
        bus = await Bus.connect(settings.nats_url, name=wire.SERVICE, access=settings.access)
        try:
            await open_streams(bus, wire.SERVICE)
            readiness.reached("nats")
            readiness.needs("nats", lambda: bus.connected)
            clock = clock or Clock()
            service = Service(
                bus=bus,
                databases=databases,
                laws=laws,
                clock=clock,
                arrivals=arrivals,
                trail=Trail(databases, clock.now),
                tolerance=timedelta(seconds=settings.clock_tolerance_seconds),
            )
            async with keeping_trail(service, settings.audit_days):
                yield service
        finally:
            await bus.close()
    finally:
        await databases.close()


@contextlib.asynccontextmanager
async def _answering(
    service: Service, table: Table, concurrency: int, of_one: int | None = None
) -> AsyncIterator[None]:
    relay = Relay(service.databases, service.bus)
    await relay.start()
    try:
        following = await follow_registry(service)
        try:
            answers = handlers(service, table, committed=relay.wake, permits=permits_of(wire.SERVICE))
            serving = await service.bus.serve(
                wire.SERVICE,
                version("yanxiu"),
                by_the_clock(service.clock, service.databases, service.bus, answers),
                concurrency=concurrency,
                of_one=of_one,
            )
            planner = Planner(service, committed=relay.wake)
            await planner.start()
            facts = (DeadLetters(wire.SERVICE),)
            watch = Watching(
                service.databases, service.bus, relay, packs=pack_versions(), facts=facts, lags=following.lags
            )
            serving.tell(lambda: watch.vitals)
            try:
                async with watching(watch):
                    yield
            finally:
                await planner.stop()
                await serving.drain()
        finally:
            await following.stop()
    finally:
        await relay.stop()


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    readiness = Readiness(*STAGES)
    offer_metrics(wire.SERVICE, settings, readiness)
    start = running_fenced if settings.fence else _unfenced
    async with readiness.beating(), start(settings, readiness=readiness) as service:
        heap.settle()
        packs = sorted(report_missing(settings.packs))
        _log.info("ready", districts=len(await service.databases.districts()), packs=packs, fence=settings.fence)
        await stop.wait()
        readiness.drain()
        _log.info("draining")
    _log.info("stopped")


def _unfenced(settings: Settings, *, readiness: Readiness) -> AbstractAsyncContextManager[Service]:
    rulebook = Beside(load_packs(), PackStore(settings.pack_store))
    report_packs(rulebook, settings.packs)
    return running(settings, rulebook, readiness=readiness)


def main() -> None:
    """Start the process; a setting or database that cannot be used ends it with one clear line."""
    log.configure(wire.SERVICE)
    try:
        settings = read_settings(Settings)
        with exporting(wire.SERVICE, settings):
            uvloop.run(run(settings))
    except (SettingRefused, DatabaseUnsafe, PoliciesUnusable) as error:
        _log.error("cannot-start", problem=str(error))
        sys.exit(CANNOT_START)
    except (DatabaseAway, DatabaseBusy) as error:
        _log.error("cannot-start-yet", problem=str(error))
        sys.exit(START_LATER)


if __name__ == "__main__":
    main()
