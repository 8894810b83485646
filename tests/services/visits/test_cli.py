"""`yanxiu visits` over a real bus: what officers look at without a front end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from yanxiu_cli.__main__ import run
from yanxiu_wire import findings, registry, visiting

from tests.services.visits.field import Sender, new_id


@pytest.fixture
async def house(quick_house: Any, quick_nats: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """The district, with a registry beside it that knows the names of schools."""

    async def schools(_district: str, query: registry.GetSchools, _deadline: Any) -> registry.Schools:
        opened = date(2000, 9, 1)
        return registry.Schools(
            items=tuple(
                registry.School(
                    id=one, code=one, name=f"合成小学{one}", stage="primary", location="town", opened_on=opened
                )
                for one in query.ids
            )
        )

    monkeypatch.setenv("YANXIU_NATS_URL", quick_nats.url)
    serving = await quick_house.bus.serve("registry", "1.0.0", {registry.GET_SCHOOLS: schools})
    yield quick_house
    await serving.drain()


async def test_visits_and_findings_are_listed_with_what_is_amiss(house: Any, capsys: Any) -> None:
    me = Sender(district=house.district)
    for endpoint, command in (
        (visiting.ARRIVE_AT_SCHOOL, me.arrive(new_id("visit"), phase="期中")),
        (visiting.PLAN_VISIT, me.plan(new_id("visit"), on="10-21", school="s2")),
        (findings.RECORD_FINDING, me.find(new_id("finding"), due="10-17")),
    ):
        await house.call(endpoint, command)

    async def said(*words: str) -> str:
        assert await asyncio.to_thread(run, [*words, "--district", house.district]) == 0
        return capsys.readouterr().out

    listed = await said("visits", "list")
    assert all(word in listed for word in ("2024-10-14", "合成小学s1", "期中", "在校", "MADE-1", "已计划", "2 of 2"))
    assert "1 of 1" in await said("visits", "list", "--unprepared")
    found = await said("visits", "findings", "--overdue")
    assert all(word in found for word in ("2024-10-17（逾期 overdue）", "待整改", "作业批改不及时", "1 of 1"))
    rebuilt = await said("projection", "rebuild", "--service", "visits")
    assert "研训员 2，重算 3" in rebuilt
