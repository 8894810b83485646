"""Each look of a subscription is charged, whatever it finds; of a whole district one is made a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from types import SimpleNamespace
from typing import Any

import pytest
from yanxiu_gateway import live_limits
from yanxiu_gateway.budgets import Allowed, Budgets
from yanxiu_gateway.changes import Changes
from yanxiu_gateway.cursors import Place
from yanxiu_gateway.live_limits import Held
from yanxiu_gateway.problems import BadRequest
from yanxiu_gateway.schema import watching
from yanxiu_gateway.schema.context import Live
from yanxiu_gateway.schema.watching import watched
from yanxiu_wire.caller import Caller
from yanxiu_wire.faults import ServiceUnavailable
from yanxiu_wire.workflow import PROCESS_MOVED

CALLER = Caller(subject="synthetic", role="district-officer", district="puer")
COST = 10


class Stage:
    """Followers of one caller, whose looks are counted; `happens` is an event, of which `finds` says what is found."""

    def __init__(self, finds: Callable[[int], Any], budget: int = 1_000) -> None:
        self.finds = finds
        self.looks = 0
        self.looked = asyncio.Condition()
        self.budgets = Budgets(Allowed(operation=COST, caller=budget, district=100_000))
        self.held = Held()
        self._tell: Callable[[Any], None] = lambda _: None
        self._changes = Changes(self._listen)

    async def _listen(self, _event: Any, _district: str, tell: Callable[[Any], None]) -> Any:
        async def stop() -> None: ...

        self._tell = tell
        return SimpleNamespace(newest="0", stop=stop)

    def happens(self) -> None:
        self._tell(None)

    def follower(self, *, in_turn: bool = False) -> AsyncGenerator[Any, None]:
        """A subscription, whose question was charged already."""
        pay = lambda: self.budgets.spend(CALLER, COST)  # noqa: E731
        live = Live(self._changes, self.held, 60, Place.at(b"asked", None), pay)  # type: ignore[arg-type]
        context = SimpleNamespace(live=live, caller=CALLER, renew=lambda: None)

        async def look() -> Any:
            async with self.looked:
                self.looks += 1
                self.looked.notify_all()
            return self.finds(self.looks)

        return watched(SimpleNamespace(context=context), PROCESS_MOVED, lambda _: True, look, in_turn=in_turn)  # type: ignore[arg-type]

    async def until(self, looks: int) -> None:
        async with asyncio.timeout(10), self.looked:
            await self.looked.wait_for(lambda: self.looks >= looks)


async def test_a_look_in_vain_is_charged_until_the_budget_ends() -> None:
    stage = Stage(lambda _: "as ever", budget=3 * COST)
    async with aclosing(stage.follower()) as seen:
        assert await anext(seen) == "as ever"
        coming = asyncio.ensure_future(anext(seen))
        for look in (2, 3, 4):
            stage.happens()
            await stage.until(look)
        stage.happens()
        with pytest.raises(BadRequest) as refused:
            await coming
    assert (refused.value.status, refused.value.code) == (429, "BUDGET_EXCEEDED")
    assert stage.looks == 4


async def test_an_outage_of_a_service_costs_who_follows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "RETRY_MOST_SECONDS", 0.001)

    def finds(look: int) -> int:
        if 1 < look < 30:
            raise ServiceUnavailable("credits")
        return look

    stage = Stage(finds, budget=2 * COST)
    async with aclosing(stage.follower()) as seen:
        assert await anext(seen) == 1
        coming = asyncio.ensure_future(anext(seen))
        await stage.until(1)
        stage.happens()
        assert await coming == 30


def test_a_service_that_stays_away_is_asked_ever_more_seldom() -> None:
    assert [watching.retry_seconds(away) for away in (1, 2, 3, 4, 5, 6, 7, 100_000)] == [1, 2, 4, 8, 16, 30, 30, 30]


async def test_what_a_caller_follows_of_a_district_is_looked_for_together_once_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live_limits, "LOOKS_APART_SECONDS", 1.5)
    stage = Stage(lambda look: look)
    one, two = stage.follower(in_turn=True), stage.follower(in_turn=True)
    async with aclosing(one), aclosing(two):
        assert [await anext(one), await anext(two)] == [1, 2]
        begun = time.monotonic()
        both = [asyncio.ensure_future(anext(each)) for each in (one, two)]
        stage.happens()
        await asyncio.gather(*both)
        assert time.monotonic() - begun < 1.5, "the first change is seen at once"
        both = [asyncio.ensure_future(anext(each)) for each in (one, two)]
        for _ in range(20):
            stage.happens()
            await asyncio.sleep(0)
        await asyncio.gather(*both)
        assert time.monotonic() - begun >= 1.5
        assert stage.looks == 6, "both looked at the beginning, at the first event, and once for the twenty after it"


def test_the_second_counts_for_each_caller_and_ends_with_his_last_subscription() -> None:
    held = Held()
    with held.subscription(CALLER):
        assert held.wait_for_look(CALLER, 90.0, 100.0) == 0
        assert held.wait_for_look(CALLER, 91.0, 100.05) == 0, "due in the same moment"
        assert held.wait_for_look(CALLER, 100.0, 100.0625) == 0.9375, "who has looked in this moment waits"
        assert held.wait_for_look(CALLER, 91.0, 100.25) == 0.75
        assert held.wait_for_look(CALLER, 91.0, 101.0) == 0
    assert not held.looks
