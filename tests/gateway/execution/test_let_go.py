"""What an operation made goes with it: nothing holds itself, so that the garbage collector has nothing to look for."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from typing import Any, cast

from graphql import get_operation_ast, parse
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.bundling import Bundling
from yanxiu_gateway.equal_reads import EqualReads
from yanxiu_gateway.executing import Executing, Operation
from yanxiu_gateway.execution.gathering import Gathered
from yanxiu_gateway.execution.running import Run
from yanxiu_gateway.loaders import Loaders
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.schema.context import RequestContext
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_wire.bundle import Answer
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.rounds import QUIET_TURNS, Round
from yanxiu_wire.rpc import Bus
from yanxiu_wire.shared_bundles import SharedBundles

from tests.gateway.world import World

OFFICER = Caller(subject="synthetic", role="institute-officer", district="puer")
TEXT = "query($id: ID!) { teacher(id: $id) { id name title total { credits } school { name } } }"
# Who holds himself is there after any number of turns.
TURNS = 20
MADE = (Run, RequestContext, Loaders, Gathered, Round)


def _made() -> list[Any]:
    return [one for one in gc.get_objects() if isinstance(one, MADE)]


async def _left(known: set[int]) -> Counter[str]:
    """What stays of those that are not known."""
    left = Counter[str]()
    for _ in range(TURNS * QUIET_TURNS):
        # A round looks QUIET_TURNS turns of the loop for more questions, and may begin another.
        await asyncio.sleep(0)
        left = Counter(type(one).__name__ for one in _made() if id(one) not in known)
        if not left:
            break
    return left


async def test_an_operation_leaves_nothing_for_the_garbage_collector(world: World, schema: GatewaySchema) -> None:
    class Carried:
        """A bus that takes questions as the operation's round does, to services of the world."""

        max_message = 1_000_000

        def __init__(self) -> None:
            self.shared_bundles = SharedBundles(cast("Bus", self))

        async def call(self, endpoint: Any, request: Any, *, district: str, deadline: Any, carry: Any) -> Any:
            found = await world.call(endpoint, request, district=district, deadline=deadline)
            answer = await carry(endpoint, district, encode(found), {"Yanxiu-Deadline": "0"}, deadline)
            return decode(endpoint.reply, answer.data)

        async def alone(self, _endpoint: Any, _district: str, body: bytes, *_: Any) -> Answer:
            return Answer("", body)

    executing = Executing(schema, Backend(EqualReads(Bundling(cast("Bus", Carried())))))
    document = parse(TEXT)
    node = get_operation_ast(document)
    assert node is not None
    variables = {"id": global_id("Teacher", next(iter(world.lands["puer"].teachers)))}
    asked = Operation(TEXT, document, node, None, variables, OFFICER, "zh")
    await executing.execute(asked)
    gc.collect()
    gc.disable()
    # What tests before this one left, held by exceptions that are still told of, is not of this operation.
    others = _made()
    known = set(map(id, others))
    try:
        found = await executing.execute(asked)
        left = await _left(known)
    finally:
        gc.enable()
    assert found.data is not None
    assert not found.errors
    assert not left
