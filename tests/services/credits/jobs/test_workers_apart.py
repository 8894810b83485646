"""Processes that do jobs alone: they do every part, a killed one's too, while the service answers and does none."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from yanxiu_credits.jobs.tables import job_part
from yanxiu_credits.settings import Settings
from yanxiu_wire.work_queue import JOBS

from tests.services.credits.jobs.made_up_works import ENTRIES
from tests.services.credits.jobs.processes import MADE_UP, ready, replica
from tests.stores import Store

PARTS = 12


@pytest.fixture
def own_database(stores: Any) -> Any:
    """One kind of store: that parts are taken once on both is held beside (test_replicas)."""
    from yanxiu_credits.__main__ import MIGRATIONS

    with stores.lent("sqlite", ("credits", MIGRATIONS)) as store:
        yield store


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Those of a service that leaves jobs to others."""
    return replace(settings, job_parts=0)


async def workers(jobs: Any) -> Counter[str]:
    """How many parts each process has done."""
    house = jobs.house
    async with house.service.databases.read(house.district) as conn:
        return Counter((await conn.execute(sa.select(job_part.c.worker).order_by(job_part.c.no))).scalars())


async def there(bus: Any, name: str) -> int:
    """How many processes say under this name that they are there."""
    inbox, count = bus.nats.new_inbox(), 0
    told = await bus.nats.subscribe(inbox)
    await bus.nats.publish(f"$SRV.PING.{name}", b"", reply=inbox)
    with contextlib.suppress(TimeoutError):
        while await told.next_msg(timeout=0.2):
            count += 1
    await told.unsubscribe()
    return count


async def test_workers_apart_do_all_parts_once_while_the_service_answers_and_one_is_killed(
    jobs: Any, settings: Settings, own_database: Store, own_bus: Any, tmp_path: Path
) -> None:
    with (
        replica(settings, own_database, MADE_UP, "--jobs", YANXIU_JOB_PARTS="1") as killed,
        replica(settings, own_database, MADE_UP, "--jobs", YANXIU_JOB_PARTS="1") as other,
    ):
        await asyncio.gather(ready(killed), ready(other))
        # They say that they are there, and none of them answers for the service.
        assert (await there(own_bus, JOBS), await there(own_bus, "credits")) == (2, 1)
        (tmp_path / "gather").write_text(str(killed.pid))
        made = await jobs.enter("post", [{"no": n, "gate": str(tmp_path)} for n in range(PARTS)], last={})
        await jobs.there(tmp_path / "gather.held")
        # A part is in hand over there; commands and questions are answered here.
        assert (await jobs.house.project()).id
        assert (await jobs.get(made)).state == "running"
        killed.kill()
        killed.wait()
        ended = await jobs.ended(made)
    assert (ended.state, ended.done, ended.failed) == ("done", PARTS + 1, 0)
    keys = [one for one in await jobs.keys() if one[0].startswith("t-")]
    assert len(keys) == PARTS * ENTRIES
    assert max(Counter(keys).values()) == 1
    did = await workers(jobs)
    assert not [one for one in did if one.endswith(f"-{os.getpid()}")], "the service did a part itself"
    assert sum(did.values()) == PARTS + 1
