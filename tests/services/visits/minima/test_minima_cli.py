"""`yanxiu visits minima` and `yanxiu visits coverage` over a real bus, as tables."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from yanxiu_cli.__main__ import run
from yanxiu_wire import field_records, registry, teacher

from tests.services.visits.field import TERM, Sender, new_id
from tests.services.visits.minima.test_coverage import visit


@pytest.fixture
async def house(quick_house: Any, quick_nats: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """The district, with a registry beside it that knows names."""
    opened = date(2000, 9, 1)

    async def schools(_district: str, query: registry.GetSchools, _deadline: Any) -> registry.Schools:
        cards = (
            registry.School(id=one, code=one, name=f"小学{one}", stage="primary", location="town", opened_on=opened)
            for one in query.ids
        )
        return registry.Schools(items=tuple(cards))

    async def people(_district: str, query: teacher.GetTeachers, _deadline: Any) -> teacher.Teachers:
        cards = (teacher.Teacher(id=one, staff_number=one, name=f"合成{one}", school="s3") for one in query.ids)
        return teacher.Teachers(items=tuple(cards))

    monkeypatch.setenv("YANXIU_NATS_URL", quick_nats.url)
    monkeypatch.setenv("COLUMNS", "200")
    answers = {registry.GET_SCHOOLS: schools, teacher.GET_TEACHERS: people}
    serving = await quick_house.bus.serve("registry", "1.0.0", answers)
    yield quick_house
    await serving.drain()


async def test_who_falls_short_and_which_schools_wait_are_printed(house: Any, capsys: Any) -> None:
    await visit(house, "r1", "s1")
    me = Sender(district=house.district)
    await house.call(field_records.RECORD_WORK, me.observe(new_id("lesson"), lesson={"comment": "好"}))

    async def said(*words: str) -> str:
        assert await asyncio.to_thread(run, ["visits", *words, "--district", house.district]) == 0
        return capsys.readouterr().out

    short = await said("minima", "--term", TERM)
    assert all(word in short for word in ("合成r1", "听评课 1/3节", "尚可 open", "MADE-3", "66天 14周", "总体工作计划"))
    assert "2 of 2 researchers" in short
    late = await said("minima", "--term", TERM, "--as-of", "2025-03-01")
    assert "已不及 too late" in late
    seen = await said("coverage", "--term", TERM)
    assert all(word in seen for word in ("小学s1", "1次", "已到 visited", "未覆盖 uncovered", TERM))
    assert "3 schools: 0 placed, 1 visited; 3 shown" in seen
    assert "小学s1" not in await said("coverage", "--uncovered")
