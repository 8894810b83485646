"""What runs in a cell of the credits service: every use case of one district, and the parts of its jobs."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

from yanxiu_durable.databases import open_databases
from yanxiu_footing.answering import handlers
from yanxiu_footing.fence.enter import FACTS_ARRIVED, answers_of, cell_settings
from yanxiu_footing.fence.frames import Order
from yanxiu_footing.fence.inside import Inside, Tells, work
from yanxiu_footing.fence.lazy_packs import LazyDrafts, LazyPacks
from yanxiu_footing.fence.warming import WARM, warming
from yanxiu_footing.lasting import LastingAnswers
from yanxiu_wire import credits as wire
from yanxiu_wire import log
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.rpc import Bus
from yanxiu_wire.work_queue import Wake

from yanxiu_credits.all_tables import metadata
from yanxiu_credits.endpoints import LASTING, TABLE
from yanxiu_credits.jobs.parts import PARTS
from yanxiu_credits.jobs.work import do_part
from yanxiu_credits.laws import Laws
from yanxiu_credits.opening import open_keys, service_of
from yanxiu_credits.rules.offered import OF_NO_DISTRICT
from yanxiu_credits.service import Entered
from yanxiu_credits.settings import Settings

MIGRATIONS = Path(__file__).parent / "migrations"
# The verb under which a part of a job comes, and the word for parts that were entered.
DO_PART = "do-part"
ENTERED = "parts-entered"


class _EnteredHere(Entered):
    """Parts entered in the cell are sent by the main process, so it is told."""

    def __init__(self, tell: Tells) -> None:
        super().__init__()
        self._tell = tell

    def note(self, district: str) -> None:
        """Say that parts of this district are being entered."""
        super().note(district)
        self._tell(ENTERED)


def enter(its: socket.socket, order: Order) -> None:
    """Be the cell that was ordered, until it is told to end."""
    log.configure(wire.SERVICE)
    settings = cell_settings(Settings, order.settings)

    @contextlib.asynccontextmanager
    async def opened(packs: LazyPacks, tell: Tells) -> AsyncIterator[Inside]:
        databases = open_databases(wire.SERVICE, settings, metadata, MIGRATIONS, migrate=False)
        bus = Bus.unconnected()
        try:
            laws = Laws(packs, LazyDrafts())
            service = service_of(settings, open_keys(settings), bus, databases, laws, entered=_EnteredHere(tell))

            async def part(message: bytes, _deadline: Deadline) -> bytes:
                wake = decode(Wake, message)
                return encode(await do_part(service, PARTS, order.district, wake, most_tries=settings.job_tries))

            async def connected() -> None:
                await bus.open(settings.nats_url, name=wire.SERVICE, access=settings.access)

            given = handlers(service, TABLE, committed=lambda: None, of_no_district=OF_NO_DISTRICT)
            lasting = LastingAnswers(databases, service.clock.today).over(given, LASTING)
            answers = answers_of(lasting, order.district, {wire.REBUILD_PROJECTION: connected})

            def hear(what: str) -> None:
                if what == FACTS_ARRIVED:
                    service.arrivals.announce()

            answers |= {DO_PART: part, WARM: warming(service, order.district)}
            yield Inside(answers=answers, hear=hear, busy=lambda: service.judging.busy)
            await service.judging.stop()
            await service.trail.write_all()
        finally:
            await bus.close()
            await databases.close()

    work(wire.SERVICE, its, order, opened)
