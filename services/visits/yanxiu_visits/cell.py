"""What runs in a cell of the visits service: every use case of one district."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from yanxiu_durable.databases import open_databases
from yanxiu_footing.answering import handlers
from yanxiu_footing.arrivals import Arrivals
from yanxiu_footing.audit.trail import Trail
from yanxiu_footing.clock import Clock
from yanxiu_footing.fence.enter import FACTS_ARRIVED, answers_of, cell_settings
from yanxiu_footing.fence.frames import Order
from yanxiu_footing.fence.inside import Inside, Tells, work
from yanxiu_footing.fence.lazy_packs import LazyPacks
from yanxiu_footing.fence.warming import WARM, warming
from yanxiu_wire import log
from yanxiu_wire import visits as wire
from yanxiu_wire.rpc import Bus

from yanxiu_visits.all_tables import metadata
from yanxiu_visits.endpoints import TABLE
from yanxiu_visits.laws import Laws
from yanxiu_visits.planning.waking import Waking
from yanxiu_visits.service import Service
from yanxiu_visits.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
# The word for a plan that wants a planner, or wants it no more.
PLANNING = "planning"


class _WakingOutside(Waking):
    """The planner is in the main process, so it is told."""

    def __init__(self, tell: Tells) -> None:
        super().__init__()
        self._tell = tell

    def wake(self, district: str) -> None:  # noqa: ARG002 - the cell has one district, and the main process knows it
        """Say that there may be something to do."""
        self._tell(PLANNING)


def enter(its: socket.socket, order: Order) -> None:
    """Be the cell that was ordered, until it is told to end."""
    log.configure(wire.SERVICE)
    settings = cell_settings(Settings, order.settings)

    @contextlib.asynccontextmanager
    async def opened(packs: LazyPacks, tell: Tells) -> AsyncIterator[Inside]:
        databases = open_databases(wire.SERVICE, settings, metadata, MIGRATIONS, migrate=False)
        bus = Bus.unconnected()
        try:
            clock = Clock()
            service = Service(
                bus=bus,
                databases=databases,
                laws=Laws(packs),
                clock=clock,
                trail=Trail(databases, clock.now),
                arrivals=Arrivals(),
                tolerance=timedelta(seconds=settings.clock_tolerance_seconds),
                planning=_WakingOutside(tell),
            )

            async def connected() -> None:
                await bus.open(settings.nats_url, name=wire.SERVICE, access=settings.access)

            given = handlers(service, TABLE, committed=lambda: None)

            def hear(what: str) -> None:
                if what == FACTS_ARRIVED:
                    service.arrivals.announce()

            answers = answers_of(given, order.district, {wire.REBUILD_VISIT_FACTS: connected})
            yield Inside(answers={**answers, WARM: warming(service, order.district)}, hear=hear)
            await service.trail.write_all()
        finally:
            await bus.close()
            await databases.close()

    work(wire.SERVICE, its, order, opened)
