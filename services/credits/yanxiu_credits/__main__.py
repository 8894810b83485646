"""The credits process: `python -m yanxiu_credits`, configured by YANXIU_* variables, ended by SIGTERM without loss.

`python -m yanxiu_credits --jobs` answers no requests and follows nothing: it does parts of jobs alone, so that many of
them, started when much waits, take nothing from those who are waited for.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import uvloop
from yanxiu_durable.databases import Apart, open_databases
from yanxiu_durable.errors import DatabaseAway, DatabaseBusy, DatabaseUnsafe
from yanxiu_durable.relay import Relay
from yanxiu_durable.watching import Watching, watching
from yanxiu_footing.answering import Table, handlers
from yanxiu_footing.arrivals import Arrivals
from yanxiu_footing.audit.keeping import keeping_trail
from yanxiu_footing.audit.offered import offered
from yanxiu_footing.authority.policies import PoliciesUnusable, permits_of
from yanxiu_footing.clock import Clock
from yanxiu_footing.clock_guard import by_the_clock
from yanxiu_footing.fence.enter import FACTS_ARRIVED
from yanxiu_footing.fence.fence import ROUTED, Fence
from yanxiu_footing.fence.installed import report_missing
from yanxiu_footing.installed_packs import report_packs
from yanxiu_footing.lasting import Declared, LastingAnswers
from yanxiu_footing.laws import Elsewhere
from yanxiu_footing.pack_store import Beside, PackStore
from yanxiu_footing.vital_facts import DeadLetters, pack_versions
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import Rulebook, load_drafts, load_packs
from yanxiu_wire import credits as wire
from yanxiu_wire import heap, log
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.events import open_streams
from yanxiu_wire.faults import WireFault
from yanxiu_wire.metrics import offer_metrics
from yanxiu_wire.readiness import Readiness
from yanxiu_wire.rpc import Bus
from yanxiu_wire.settings import SettingRefused, read_settings
from yanxiu_wire.spans import exporting
from yanxiu_wire.vitals import Vitals
from yanxiu_wire.work_queue import JOBS, Handle, Wake

from yanxiu_credits.all_tables import metadata
from yanxiu_credits.attendance.check_in_tokens import KeyUnusable
from yanxiu_credits.books.keys import LedgerKeyUnusable
from yanxiu_credits.books.signing_daily import signing_daily
from yanxiu_credits.cell import DO_PART, ENTERED
from yanxiu_credits.check_ledgers import check_ledgers, checking_wholes
from yanxiu_credits.endpoints import HERE, LASTING, LASTING_HERE, TABLE
from yanxiu_credits.follow_registry import follow_registry
from yanxiu_credits.jobs.parts import PARTS
from yanxiu_credits.jobs.work import Work, do_part
from yanxiu_credits.jobs.working import feeding, working
from yanxiu_credits.laws import Laws
from yanxiu_credits.opening import open_keys, service_of
from yanxiu_credits.rules.behind_fence import reading_table
from yanxiu_credits.rules.offered import OF_NO_DISTRICT
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings
from yanxiu_credits.transfer.trusted_keys import TrustUnusable
from yanxiu_credits.vital_facts import vital_facts

MIGRATIONS = Path(__file__).parent / "migrations"
CANNOT_START = 78  # EX_CONFIG: starting again would not help
START_LATER = 75  # EX_TEMPFAIL: starting again may
# A part may take long; a cell that does nothing any more ends earlier by other limits.
PART_SECONDS = 6 * 3600.0
STAGES = ("databases", "nats", "ledgers", "rules", "requests")
_log = log.logger()


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    rulebook: Rulebook,
    *,
    clock: Clock | None = None,
    works: Mapping[str, Work] = PARTS,
    drafts: Mapping[str, RulePack] | None = None,
    jobs_alone: bool = False,
    readiness: Readiness | None = None,
) -> AsyncIterator[Service]:
    """Run the service in this process until the block ends, then answer all that was accepted and close.

    `works` do the parts of jobs, `drafts` are the packs that previews may try, by "name version". With `jobs_alone`
    nothing is answered but parts of jobs are done. `readiness` is told how far the start has come.
    Order matters: databases are migrated and their ledgers checked before anything is answered; on the way out the
    endpoints drain first, then the consumer stops, then the relay sends what is left.
    """
    readiness = readiness or Readiness(*STAGES)
    async with _opened(settings, Laws(rulebook, drafts), clock, Arrivals(), readiness) as service:
        readiness.reached("rules")

        async def part(district: str, wake: Wake) -> bool:
            return await do_part(service, works, district, wake, most_tries=settings.job_tries)

        async with _answering(
            service, settings, _Desk(None if jobs_alone else TABLE, LASTING, part, settings.concurrency, None)
        ):
            readiness.reached("requests")
            yield service


@contextlib.asynccontextmanager
async def running_fenced(
    settings: Settings, *, jobs_alone: bool = False, readiness: Readiness | None = None
) -> AsyncIterator[Service]:
    """Run the service as `running` does, with a cell for each district, in which its rule packs are called."""
    readiness = readiness or Readiness(*STAGES)
    fence = Fence(wire.SERVICE, "yanxiu_credits.cell", settings)
    arrivals = Arrivals(told=partial(fence.tell, FACTS_ARRIVED))
    async with _opened(settings, Laws(Elsewhere()), None, arrivals, readiness, fence.migrate) as service:
        fence.told[ENTERED] = service.entered.note
        await fence.start()
        try:
            # Who does jobs alone starts a cell when the first part of its district comes.
            await fence.warm([] if jobs_alone else await service.databases.districts())
            readiness.reached("rules")
            behind = {**fence.table(TABLE, HERE), **reading_table(fence, TABLE), **offered(wire.SERVICE)}
            table = None if jobs_alone else behind
            desk = _Desk(table, LASTING_HERE, _part_behind(fence), ROUTED * settings.concurrency, settings.concurrency)
            async with _answering(service, settings, desk):
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
    keys = open_keys(settings)
    databases = open_databases(wire.SERVICE, settings, metadata, MIGRATIONS, apart=apart)
    try:
        await databases.open_all()
        readiness.reached("databases")
        bus = await Bus.connect(settings.nats_url, name=wire.SERVICE, access=settings.access)
        try:
            await open_streams(bus, wire.SERVICE)
            readiness.reached("nats")
            readiness.needs("nats", lambda: bus.connected)
            service = service_of(settings, keys, bus, databases, laws, clock=clock, arrivals=arrivals)
            await check_ledgers(service)
            readiness.reached("ledgers")
            async with keeping_trail(service, settings.audit_days):
                yield service
        finally:
            await bus.close()
    finally:
        await databases.close()


class _Desk(NamedTuple):
    """Who answers: the table (None: nobody), of it what lasts, what does a part of a job, how many requests (of one
    district) at once.
    """

    table: Table | None
    lasting: Declared
    part: Handle
    concurrency: int
    of_one: int | None


def _part_behind(fence: Fence) -> Handle:
    async def part(district: str, wake: Wake) -> bool:
        try:
            return decode(bool, await fence.ask(district, DO_PART, encode(wake), Deadline.after(PART_SECONDS)))
        except WireFault as fault:
            # Its table counts how often it was begun; until then it comes again.
            _log.warning("job-part-put-off", district=district, job=wake.job, part=wake.part, problem=str(fault))
            return False

    return part


@contextlib.asynccontextmanager
async def _answering(service: Service, settings: Settings, desk: _Desk) -> AsyncIterator[None]:
    relay = Relay(service.databases, service.bus)
    await relay.start()
    try:
        async with feeding(service) as feeder:

            def committed() -> None:
                relay.wake()
                feeder.wake()

            answering = (
                _present(service) if desk.table is None else _serving(service, desk, desk.table, committed, relay)
            )
            async with answering, working(service, settings, desk.part, committed):
                yield
    finally:
        await relay.stop()


@contextlib.asynccontextmanager
async def _present(service: Service) -> AsyncIterator[None]:
    """Answer nobody, and tell on the bus that the process is there, under a name that no request is sent to."""
    serving = await service.bus.serve(JOBS, version("yanxiu"), {})
    serving.tell(lambda: Vitals(build=version("yanxiu"), measured_at=datetime.now(UTC), packs=pack_versions()))
    try:
        yield
    finally:
        await serving.drain()
        await service.judging.stop()


@contextlib.asynccontextmanager
async def _serving(
    service: Service, desk: _Desk, table: Table, committed: Callable[[], None], relay: Relay
) -> AsyncIterator[None]:
    following = await follow_registry(service)
    try:
        permits = permits_of(wire.SERVICE)
        answers = handlers(service, table, committed=committed, of_no_district=OF_NO_DISTRICT, permits=permits)
        answers = LastingAnswers(service.databases, service.clock.today).over(answers, desk.lasting)
        serving = await service.bus.serve(
            wire.SERVICE,
            version("yanxiu"),
            by_the_clock(service.clock, service.databases, service.bus, answers),
            concurrency=desk.concurrency,
            of_one=desk.of_one,
        )
        try:
            facts = (vital_facts, DeadLetters(wire.SERVICE))
            watch = Watching(
                service.databases, service.bus, relay, packs=pack_versions(), facts=facts, lags=following.lags
            )
            serving.tell(lambda: watch.vitals)
            async with watching(watch), checking_wholes(service), signing_daily(service, committed):
                yield
        finally:
            await serving.drain()
            await service.judging.stop()
    finally:
        await following.stop()


async def run(settings: Settings, *, jobs_alone: bool = False) -> None:
    """Run until SIGTERM or SIGINT."""
    if jobs_alone and not settings.job_parts:
        raise SettingRefused("YANXIU_JOB_PARTS", "a process that does jobs alone takes at least one part", "0")
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    readiness = Readiness(*STAGES)
    offer_metrics(JOBS if jobs_alone else wire.SERVICE, settings, readiness)
    start = running_fenced if settings.fence else _unfenced
    async with readiness.beating(), start(settings, jobs_alone=jobs_alone, readiness=readiness) as service:
        heap.settle()
        packs = sorted(report_missing(settings.packs))
        _log.info("ready", districts=len(await service.databases.districts()), packs=packs, fence=settings.fence)
        await stop.wait()
        readiness.drain()
        _log.info("draining")
    _log.info("stopped")


def _unfenced(settings: Settings, *, jobs_alone: bool, readiness: Readiness) -> AbstractAsyncContextManager[Service]:
    rulebook, drafts = Beside(load_packs(), PackStore(settings.pack_store)), load_drafts()
    report_packs(rulebook, settings.packs)
    for name, reason in sorted(drafts.broken.items()):
        _log.warning("draft-pack-refused", pack=name, reason=reason)
    return running(settings, rulebook, drafts=drafts.packs, jobs_alone=jobs_alone, readiness=readiness)


def main(*, jobs_alone: bool = False) -> None:
    """Start the process; a setting or database that cannot be used ends it with one clear line."""
    name = JOBS if jobs_alone else wire.SERVICE
    log.configure(name)
    try:
        settings = read_settings(Settings)
        with exporting(name, settings):
            uvloop.run(run(settings, jobs_alone=jobs_alone))
    except (SettingRefused, DatabaseUnsafe, PoliciesUnusable, KeyUnusable, LedgerKeyUnusable, TrustUnusable) as error:
        _log.error("cannot-start", problem=str(error))
        sys.exit(CANNOT_START)
    except (DatabaseAway, DatabaseBusy) as error:
        _log.error("cannot-start-yet", problem=str(error))
        sys.exit(START_LATER)


if __name__ == "__main__":
    main(jobs_alone="--jobs" in sys.argv[1:])
