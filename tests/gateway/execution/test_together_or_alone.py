"""An answer is the same whether questions travel together, with what follows from them, or each in its own message."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_gateway.backend import Backend, Call
from yanxiu_gateway.bundling import Bundling, one_operation
from yanxiu_gateway.execution.company import Company
from yanxiu_gateway.execution.plans import Plans
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.schema.context import RequestContext
from yanxiu_wire.bundle import Answer
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import RemoteFault, WireFault

from tests.examples import with_service
from tests.gateway.execution.both_ways import by_plan, read, told
from tests.gateway.execution.documents import Drawn
from tests.gateway.execution.made_up import OF_THE_TESTS_OWN, MadeUp
from tests.gateway.execution.test_every_document import CALLER, DOCUMENTS
from tests.gateway.execution.test_follow_ups import DISTRICT, LEDGER, ONE, PEOPLE
from tests.gateway.execution.test_messages import LISTS, TURNS, CountedBus


class MadeUpBus(CountedBus):
    """A bus to services that make everything up, and fail; without `follow` they know of no follow-up questions."""

    def __init__(self, seed: int, faults: int, *, follow: bool) -> None:
        super().__init__(0)
        self.services = MadeUp(seed, faults)
        self._follow = follow
        # What is wrong with the made-up services themselves, and not what they fail with.
        self.broken: list[Exception] = []

    async def _answer(self, endpoint: Endpoint[Any, Any], body: Any) -> Answer:
        for _ in range(TURNS[endpoint.service]):
            await asyncio.sleep(0)
        request = decode(endpoint.request, body)
        try:
            return Answer("", encode(await self.services.answer(endpoint, request, follow=self._follow)))
        except WireFault as fault:
            return Answer(fault.code, encode(fault.facts()))
        except Exception as problem:  # noqa: BLE001 - a service answers whatever goes wrong in it
            if str(problem) != OF_THE_TESTS_OWN:
                self.broken.append(problem)
            fault = RemoteFault(endpoint.service, "1")
            return Answer(fault.code, encode(fault.facts()))


async def answered(schema: GatewaySchema, asked: Drawn, call: Call) -> Any:
    """What must be equal of an operation's answer by its plan."""
    with one_operation(Company()) as company:
        document = read(schema, asked.query)
        context = RequestContext(CALLER, Backend(call), Deadline.after(60), "zh", document, company=company)
        found = await by_plan(schema, Plans(schema), document, asked.variables, context)
        context.loaders.end()
    return None if found is None else told(*found)


async def alike(schema: GatewaySchema, asked: Drawn, seed: int, faults: int) -> tuple[MadeUpBus, MadeUpBus]:
    """Ask in three ways, whose answers must be equal; returns the buses of the first, by itself, and the last."""
    alone = MadeUpBus(seed, faults, follow=False)
    expected = await answered(schema, asked, alone.call)
    bundled, followed = (MadeUpBus(seed, faults, follow=follow) for follow in (False, True))
    for bus in (bundled, followed):
        assert await answered(schema, asked, Bundling(bus)) == expected, (asked, seed, faults)
    assert not [*alone.broken, *bundled.broken, *followed.broken]
    return alone, followed


@with_service(15)
@given(DOCUMENTS.queries(), st.integers(0, 10**6), st.sampled_from((0, 0, 25)))
async def test_a_drawn_query_is_answered_alike(schema: GatewaySchema, drawn: Drawn, seed: int, faults: int) -> None:
    await alike(schema, drawn, seed, faults)


@with_service(12)
@given(st.lists(DOCUMENTS.queries(), min_size=2, max_size=6), st.integers(0, 10**6), st.sampled_from((0, 0, 25)))
async def test_queries_of_several_callers_at_once_are_answered_as_each_by_itself(
    schema: GatewaySchema, drawn: list[Drawn], seed: int, faults: int
) -> None:
    by_themselves = [MadeUpBus(seed, faults, follow=True) for _ in drawn]
    expected = [await answered(schema, one, Bundling(bus)) for one, bus in zip(drawn, by_themselves, strict=True)]
    shared = MadeUpBus(seed, faults, follow=True)
    assert await asyncio.gather(*(answered(schema, one, Bundling(shared)) for one in drawn)) == expected
    assert not shared.broken
    assert shared.messages.total() <= sum(bus.messages.total() for bus in by_themselves)


async def test_as_many_messages_take_the_questions_of_ten_operations_as_of_one(schema: GatewaySchema) -> None:
    alone, shared = (MadeUpBus(1, 0, follow=True) for _ in range(2))
    await answered(schema, Drawn(ONE), Bundling(alone))
    await asyncio.gather(*(answered(schema, Drawn(ONE), Bundling(shared)) for _ in range(10)))
    assert shared.messages == alone.messages


@with_service(12)
@given(
    st.sampled_from((ONE, PEOPLE, DISTRICT, LEDGER, *LISTS.values())), st.integers(0, 10**6), st.sampled_from((0, 25))
)
async def test_a_list_with_all_that_can_be_read_of_it_is_answered_alike(
    schema: GatewaySchema, query: str, seed: int, faults: int
) -> None:
    await alike(schema, Drawn(query), seed, faults)


@pytest.mark.parametrize("query", [ONE, PEOPLE, DISTRICT, LEDGER])
async def test_and_takes_fewer_messages_together(schema: GatewaySchema, query: str) -> None:
    saved = Counter[int]()
    for seed in range(3):
        alone, together = await alike(schema, Drawn(query), seed, 0)
        saved[alone.messages.total() - together.messages.total()] += 1
    assert min(saved) >= 0
    assert max(saved) > 0, "else this compares nothing"
