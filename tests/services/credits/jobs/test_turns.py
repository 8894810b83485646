"""Districts take turns: one with much to do does not hold up another."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

from yanxiu_credits.jobs.feed import AHEAD
from yanxiu_credits.jobs.work import Work
from yanxiu_wire import registry

from tests.services.credits.jobs.conftest import Jobs

MANY, FEW = 4 * AHEAD, 3


async def test_a_district_with_thousands_of_parts_lets_another_have_its_turn(
    start: Any, own_bus: Any, house_of: Any
) -> None:
    order: list[str] = []
    begun, go = asyncio.Event(), asyncio.Event()

    async def hold(*_given: Any) -> None:
        begun.set()
        await go.wait()

    async def note(_service: Any, district: str, part: Mapping[str, Any], *_more: Any) -> None:
        order.append(f"{district} {part['no']}")

    async with start({"turn": Work(gather=hold, write=note)}) as service:
        jobs: dict[str, Jobs] = {}
        for district in ("large", "small"):
            house = house_of(service, own_bus, district)
            await house.bind(registry.PackBinding(pack="made", since=date(2020, 1, 1)))
            await house.employ("t1")
            jobs[district] = Jobs(house)
        large = await jobs["large"].enter("turn", [{"no": number} for number in range(MANY)])
        await begun.wait()
        small = await jobs["small"].enter("turn", [{"no": number} for number in range(FEW)])
        await jobs["small"].house.until(
            lambda rows: len(rows) == FEW and all(row["stream_seq"] for row in rows), "job_part"
        )
        go.set()
        assert (await jobs["small"].ended(small)).state == (await jobs["large"].ended(large)).state == "done"
    assert sorted(order) == sorted({f"large {n}" for n in range(MANY)} | {f"small {n}" for n in range(FEW)})
    assert order.index(f"small {FEW - 1}") < AHEAD + FEW
