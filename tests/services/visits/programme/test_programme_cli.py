"""`yanxiu visits programme` and `yanxiu visits themes` over a real bus, as tables."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from yanxiu_cli.__main__ import run
from yanxiu_wire import registry

from tests.services.visits.programme.base_schools import BRAND, contest, entrant, record, yueqing
from tests.services.visits.programme.test_themes import declare, file, formed


@pytest.fixture
async def named(quick_visits: Any, quick_nats: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """A registry beside the service that knows names."""

    async def schools(_district: str, query: registry.GetSchools, _deadline: Any) -> registry.Schools:
        cards = (
            registry.School(
                id=one, code=one, name=f"小学{one}", stage="primary", location="town", opened_on=date(2000, 9, 1)
            )
            for one in query.ids
        )
        return registry.Schools(items=tuple(cards))

    monkeypatch.setenv("YANXIU_NATS_URL", quick_nats.url)
    monkeypatch.setenv("COLUMNS", "200")
    serving = await quick_visits.bus.serve("registry", "1.0.0", {registry.GET_SCHOOLS: schools})
    yield
    await serving.drain()


async def test_schools_and_what_is_wrong_with_their_themes_are_printed(named: None, ouhai: Any, capsys: Any) -> None:
    await formed(ouhai)
    await declare(ouhai)
    await file(ouhai, 1)

    async def said(*words: str) -> str:
        order = ["visits", "themes", "--district", ouhai.district, "--year", "2024-2025", *words]
        assert await asyncio.to_thread(run, order) == 0
        return capsys.readouterr().out

    found = await said()
    assert all(
        words in found for words in ("小学s1", "作业改革", "2/2", "2024-10-18", "OUHAI-6-3b", "没有个性主题：语文组")
    )
    assert "3 of 3 schools" in found
    failing = await said("--failing")
    assert "小学s1" not in failing
    assert "2 of 2 schools" in failing


async def test_targets_and_schools_are_printed(named: None, quick_visits: Any, capsys: Any) -> None:
    base = await yueqing(quick_visits, "programme-cli")
    await record(base, BRAND)
    await record(base, contest(entrant("t1"), entrant("t2", took_part=False)))

    async def said(district: str, *words: str) -> tuple[int, str]:
        code = await asyncio.to_thread(run, ["visits", "programme", "--district", district, *words])
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    code, found = await said(base.district)
    assert code == 0
    for words in ("有品牌项目的基地学校", "1.6所", "0.6", "YUEQING-3-1b", "小学s1", "2021-05-04", "1/2", "2022-06-30"):
        assert words in found, words
    assert "2 schools" in found
    assert "2021-05-04" not in (await said(base.district, "--as-of", "2021-05-03"))[1]
    assert (await said(base.district, "--batch", "2021-01-01"))[0] == 1
