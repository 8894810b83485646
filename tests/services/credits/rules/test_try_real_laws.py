"""From a teacher's own position under three laws: what a training was said to bring is what registering it brings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from yanxiu_credits.__main__ import running
from yanxiu_credits.settings import Settings
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire import registry
from yanxiu_wire.credits import GET_STANDINGS, GetStandings
from yanxiu_wire.rules import TRY_TRAINING, TrainingTried, TryTraining

from tests.services.credits.conftest import House
from tests.stores import Store

DAY = date(2024, 11, 20)
HEAD_TEACHER = ((date(2021, 9, 1), None),)
TRAININGS: dict[str, tuple[dict[str, str], dict[str, str], set[str]]] = {
    "puer": (
        {"mode": "network", "level": "provincial"},
        {"hours_planned": "10", "hours_completed": "10", "score": "89"},
        {"year", "cycle"},
    ),
    "putuo": ({}, {"form": "专家讲座", "class": "lecture", "class_hours": "4"}, {"school_year", "term"}),
    "ouhai": ({}, {"source": "school", "hours": "8", "credits": "12"}, {"year", "cycle"}),
}


@pytest.fixture
async def houses(
    own_nats: Any, own_bus: Any, own_database: Store, clock: Any, house_of: type
) -> AsyncIterator[dict[str, House]]:
    settings = Settings(nats_url=own_nats.url, keys=own_database.settings.data / "keys", **own_database.fields)
    async with running(settings, load_packs(), clock=clock) as service:
        made: dict[str, House] = {}
        for pack in TRAININGS:
            one = house_of(service, own_bus, f"{pack}-trying")
            await one.bind(registry.PackBinding(pack=pack, since=date(2018, 1, 1)))
            await one.employ("t1", head_teacher_periods=HEAD_TEACHER)
            made[pack] = one
        yield made


@pytest.mark.parametrize("own_database", ["sqlite"], indirect=True)
async def test_each_law_is_tried_as_it_is_then_applied_in_every_period_that_it_judges(houses: dict[str, House]) -> None:
    for pack, (of, facts, kinds) in TRAININGS.items():
        house = houses[pack]
        project = (await house.project(of)).id if of else None
        asked = TryTraining(caller=house.officer, teacher="t1", on=DAY, project=project, facts=facts)
        before = await house.counts()
        tried = await house.call(TRY_TRAINING, asked)
        assert isinstance(tried, TrainingTried), tried
        assert await house.counts() == before
        record = (await house.register("t1", on=DAY, project=project, facts=facts)).record
        assert (tried.hours, tried.credits, tried.explanation) == (record.hours, record.credits, record.explanation)
        assert tried.credits
        assert {one.after.kind for one in tried.standings} == kinds
        for one in tried.standings:
            day = max(one.after.starts_on, DAY)
            query = GetStandings(caller=house.officer, teachers=("t1",), kind=one.after.kind, on=day)
            (then,) = (await house.call(GET_STANDINGS, query)).items
            assert then == one.after, (pack, one.after.kind)
            assert one.before != one.after
