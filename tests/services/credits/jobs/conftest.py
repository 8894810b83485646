"""A credits service with made-up kinds of job on a server of its own, and what tests ask about jobs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from yanxiu_credits.__main__ import running
from yanxiu_credits.jobs.enqueue import enqueue
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings
from yanxiu_credits.tables import ledger
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire import registry
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import WireFault
from yanxiu_wire.jobs import CANCEL_JOB, GET_JOBS, CancelJob, GetJobs, Job

from tests.services.credits.conftest import made_up_pack
from tests.services.credits.jobs.made_up_works import WORKS, until
from tests.stores import Store

LAW_SINCE = date(2020, 1, 1)
PATIENCE = 30.0


class Jobs:
    """Jobs of one district, as its officer sees them."""

    def __init__(self, house: Any) -> None:
        self.house = house

    async def enter(self, kind: str, parts: list[Mapping[str, Any]], **more: Any) -> str:
        """Enter a job as a use case does, then send a command, after which the service looks for parts."""
        house = self.house
        async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
            made = await enqueue(conn, house.service, house.district, kind, parts, house.officer, **more)
        await house.call(CANCEL_JOB, CancelJob(caller=house.officer, key=house.key(), job="none"))
        return made

    async def get(self, job: str) -> Job:
        found = await self.house.call(GET_JOBS, GetJobs(caller=self.house.officer, ids=(job,)), seconds=2)
        assert found.items[0] is not None
        return found.items[0]

    async def until(self, job: str, holds: Callable[[Job], bool]) -> Job:
        """Ask until it holds: another process may be at work, which tells this one nothing."""
        async with asyncio.timeout(PATIENCE):
            while True:
                # A question that was on its way when a server was killed is asked again.
                with contextlib.suppress(WireFault):
                    if holds(found := await self.get(job)):
                        return found
                await asyncio.sleep(0.03)

    async def ended(self, job: str) -> Job:
        return await self.until(job, lambda one: one.state != "running")

    @staticmethod
    async def there(file: Path) -> None:
        """Return when the file is there: who holds a part says so by a file alone."""
        async with asyncio.timeout(PATIENCE):
            await until(file.exists)

    async def keys(self) -> list[tuple[str, str]]:
        """(teacher, activity) of every entry in the ledger, with repetitions if there were any."""
        query = sa.select(ledger.c.teacher, ledger.c.activity).where(ledger.c.district == self.house.district)
        async with self.house.service.databases.read(self.house.district) as conn:
            return sorted((row.teacher, row.activity) for row in await conn.execute(query.order_by(ledger.c.seq)))


@pytest.fixture
def settings(own_nats: Any, own_database: Store) -> Settings:
    fields = own_database.fields
    return Settings(nats_url=own_nats.url, keys=fields["data"] / "keys", job_ack_seconds=1, job_tries=3, **fields)


@pytest.fixture
def start(settings: Settings, clock: Any) -> Callable[..., AbstractAsyncContextManager[Service]]:
    """Run a service in this process; with `works` empty it takes no part in any job of the tests' kinds."""

    def make(works: Mapping[str, Any] = WORKS) -> AbstractAsyncContextManager[Service]:
        return running(settings, Rulebook({"made": made_up_pack("made")}, {}), clock=clock, works=works)

    return make


@pytest.fixture
async def jobs(start: Any, own_bus: Any, house_of: Any) -> AsyncIterator[Jobs]:
    async with start() as service:
        house = house_of(service, own_bus, "dist")
        await house.bind(registry.PackBinding(pack="made", since=LAW_SINCE))
        await house.employ("t1")
        yield Jobs(house)
