"""`yanxiu visits programme` over a real bus, as tables."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from yanxiu_cli.__main__ import run
from yanxiu_wire import registry

from tests.services.visits.programme.base_schools import BRAND, contest, entrant, record, yueqing


@pytest.fixture
async def base(quick_visits: Any, quick_nats: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """A batch, with a registry beside it that knows names."""

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
    house = await yueqing(quick_visits, "programme-cli")
    serving = await house.bus.serve("registry", "1.0.0", {registry.GET_SCHOOLS: schools})
    yield house
    await serving.drain()


async def test_targets_and_schools_are_printed(base: Any, capsys: Any) -> None:
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
