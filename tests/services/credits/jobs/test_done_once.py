"""A part that two hold at the same moment, as when one was thought lost, has its effects once."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from yanxiu_credits.jobs.work import Work, do_part
from yanxiu_wire import registry
from yanxiu_wire.work_queue import Wake

from tests.services.credits.jobs.conftest import Jobs
from tests.services.credits.jobs.made_up_works import ENTRIES, post_entries


async def test_a_part_in_two_hands_is_applied_once(start: Any, own_bus: Any, house_of: Any) -> None:
    both = asyncio.Barrier(2)

    async def meet(*_given: Any) -> None:
        await both.wait()

    async def write(service: Any, district: str, part: Any, conn: Any, _seen: Any) -> Any:
        return await post_entries(service, district, part, conn)

    works = {"twice": Work(gather=meet, write=write)}
    async with start(works) as service:
        house = house_of(service, own_bus, "dist")
        await house.bind(registry.PackBinding(pack="made", since=date(2020, 1, 1)))
        await house.employ("t1")
        jobs = Jobs(house)
        made = await jobs.enter("twice", [{"no": 1}])
        # Beside the service's own worker, which has taken the part too and waits for this one.
        assert await do_part(service, works, "dist", Wake(job=made, part=1), most_tries=3)
        ended = await jobs.ended(made)
        assert len(await jobs.keys()) == ENTRIES
        assert (ended.state, ended.total, ended.done) == ("done", 1, 1)
        (part,) = await house.rows("job_part")
        assert (part["state"], part["tries"]) == ("done", 2)
