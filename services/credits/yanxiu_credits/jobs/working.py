"""While the service runs: send the parts that wait, and work on those that come."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

from yanxiu_wire import credits as wire
from yanxiu_wire.work_queue import Handle, Wake, Workers

from yanxiu_credits.jobs.feed import Feeder
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings


@contextlib.asynccontextmanager
async def feeding(service: Service) -> AsyncIterator[Feeder]:
    """Send parts while the block runs; it outlives the endpoints, whose last commands may enter some."""
    feeder = Feeder(service.databases, service.bus, service.entered)
    await feeder.start()
    try:
        yield feeder
    finally:
        await feeder.stop()


@contextlib.asynccontextmanager
async def working(
    service: Service, settings: Settings, do: Handle, committed: Callable[[], None]
) -> AsyncIterator[None]:
    """Work on parts while the block runs, each by `do`; its end finishes those in hand or gives them back.

    `committed` is called after each part, for what it announced and for the last part that it may have released.
    """

    async def handle(district: str, wake: Wake) -> bool:
        try:
            return await do(district, wake)
        finally:
            committed()

    workers = Workers(service.bus, wire.SERVICE, handle, slots=settings.job_parts, ack_wait=settings.job_ack_seconds)
    await workers.start()
    try:
        yield
    finally:
        await workers.stop()
