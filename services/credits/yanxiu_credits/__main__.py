"""The credits process: `python -m yanxiu_credits`, configured by YANXIU_* variables, ended by SIGTERM without loss."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from yanxiu_durable.databases import open_databases
from yanxiu_durable.errors import DatabaseBusy, DatabaseUnsafe
from yanxiu_durable.relay import Relay
from yanxiu_footing.answering import handlers
from yanxiu_footing.arrivals import Arrivals
from yanxiu_footing.clock import Clock
from yanxiu_footing.installed_packs import report_packs
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.plugins import Rulebook, load_drafts, load_packs
from yanxiu_wire import credits as wire
from yanxiu_wire import heap, log
from yanxiu_wire.events import ensure_stream
from yanxiu_wire.rpc import Bus
from yanxiu_wire.settings import SettingRefused, read_settings

from yanxiu_credits.all_tables import metadata
from yanxiu_credits.attendance.check_in_tokens import CheckInTokens, KeyUnusable, open_key
from yanxiu_credits.books.keys import LedgerKeyUnusable, Signer
from yanxiu_credits.books.signing_daily import signing_daily
from yanxiu_credits.check_ledgers import check_ledgers, checking_wholes
from yanxiu_credits.endpoints import TABLE
from yanxiu_credits.follow_registry import follow_registry
from yanxiu_credits.jobs.parts import PARTS
from yanxiu_credits.jobs.work import Work
from yanxiu_credits.jobs.working import feeding, working
from yanxiu_credits.laws import Laws
from yanxiu_credits.rules.offered import OF_NO_DISTRICT
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings
from yanxiu_credits.transfer.trusted_keys import TrustUnusable, trusted_keys

MIGRATIONS = Path(__file__).parent / "migrations"
CANNOT_START = 78  # EX_CONFIG: starting again would not help
START_LATER = 75  # EX_TEMPFAIL: starting again may
_log = log.logger()


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    rulebook: Rulebook,
    *,
    clock: Clock | None = None,
    works: Mapping[str, Work] = PARTS,
    drafts: Mapping[str, RulePack] | None = None,
) -> AsyncIterator[Service]:
    """Run the service until the block ends, then answer all that was accepted and close.

    `works` do the parts of jobs, `drafts` are the packs that previews may try, by "name version".
    Order matters: databases are migrated and their ledgers checked before anything is answered; on the way out the
    endpoints drain first, then the consumer stops, then the relay sends what is left.
    """
    tokens, signer = _tokens(settings), Signer.open(settings.keys)
    databases = open_databases(wire.SERVICE, settings, metadata, MIGRATIONS)
    try:
        await databases.open_all()
        bus = await Bus.connect(settings.nats_url, name=wire.SERVICE)
        try:
            await ensure_stream(bus)
            service = Service(
                bus=bus,
                databases=databases,
                laws=Laws(rulebook, drafts),
                clock=clock or Clock(),
                arrivals=Arrivals(),
                tokens=tokens,
                signer=signer,
                trusted=trusted_keys(signer.keys, settings.trusted_ledgers),
                transcript_life=timedelta(days=settings.transcript_days),
                sealed=settings.data / "sealed",
            )
            await check_ledgers(service)
            async with _answering(service, settings, works):
                yield service
        finally:
            await bus.close()
    finally:
        await databases.close()


def _tokens(settings: Settings) -> CheckInTokens:
    return CheckInTokens(
        open_key(settings.keys),
        life=timedelta(seconds=settings.check_in_seconds),
        tolerance=timedelta(seconds=settings.clock_tolerance_seconds),
    )


@contextlib.asynccontextmanager
async def _answering(service: Service, settings: Settings, works: Mapping[str, Work]) -> AsyncIterator[None]:
    relay = Relay(service.databases, service.bus)
    await relay.start()
    try:
        async with feeding(service) as feeder:

            def committed() -> None:
                relay.wake()
                feeder.wake()

            async with _serving(service, settings, committed), working(service, settings, works, committed):
                yield
    finally:
        await relay.stop()


@contextlib.asynccontextmanager
async def _serving(service: Service, settings: Settings, committed: Callable[[], None]) -> AsyncIterator[None]:
    following = await follow_registry(service)
    try:
        answers = handlers(service, TABLE, committed=committed, of_no_district=OF_NO_DISTRICT)
        serving = await service.bus.serve(wire.SERVICE, version("yanxiu"), answers, concurrency=settings.concurrency)
        try:
            async with checking_wholes(service), signing_daily(service, committed):
                yield
        finally:
            await serving.drain()
            await service.judging.stop()
    finally:
        await following.stop()


async def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    rulebook = load_packs()
    report_packs(rulebook, settings.packs)
    drafts = load_drafts()
    for name, reason in sorted(drafts.broken.items()):
        _log.warning("draft-pack-refused", pack=name, reason=reason)
    async with running(settings, rulebook, drafts=drafts.packs) as service:
        heap.settle()
        _log.info("ready", districts=len(await service.databases.districts()), packs=sorted(rulebook.packs))
        await stop.wait()
        _log.info("draining")
    _log.info("stopped")


def main() -> None:
    """Start the process; a setting or database that cannot be used ends it with one clear line."""
    log.configure(wire.SERVICE)
    try:
        asyncio.run(run(read_settings(Settings)))
    except (SettingRefused, DatabaseUnsafe, KeyUnusable, LedgerKeyUnusable, TrustUnusable) as error:
        _log.error("cannot-start", problem=str(error))
        sys.exit(CANNOT_START)
    except DatabaseBusy as error:
        _log.error("cannot-start-yet", problem=str(error))
        sys.exit(START_LATER)


if __name__ == "__main__":
    main()
