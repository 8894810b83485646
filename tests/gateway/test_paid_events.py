"""Each event of a subscription is charged like a query; a budget that is used up ends it."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from yanxiu_gateway.budgets import Allowed, Budgets
from yanxiu_gateway.paid_events import paid_for
from yanxiu_gateway.problems import BadRequest
from yanxiu_wire.caller import Caller

CALLER = Caller(subject="synthetic", role="teacher", district="puer")


async def events(count: int) -> AsyncGenerator[int, None]:
    for one in range(count):
        yield one


async def test_the_first_was_paid_for_and_the_rest_until_the_budget_ends() -> None:
    budgets = Budgets(Allowed(operation=10, caller=25, district=1_000))
    told: list[int] = []

    async def listen() -> None:
        async for one in paid_for(events(9), lambda: budgets.spend(CALLER, 10)):
            told.append(one)

    with pytest.raises(BadRequest) as refused:
        await listen()
    assert told == [0, 1, 2]
    assert (refused.value.status, refused.value.code) == (429, "BUDGET_EXCEEDED")
