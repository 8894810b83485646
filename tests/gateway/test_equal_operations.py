"""Equal queries of one caller at one moment are executed once; of nobody else, and never what is on record."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from graphql import get_operation_ast, parse
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.budgets import Allowed
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.executing import Executed, Executing, Operation
from yanxiu_gateway.long_body import long_response
from yanxiu_gateway.negotiation import JSON
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_gateway.tokens import DevelopmentIssuer
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, ServiceUnavailable
from yanxiu_wire.rpc import Bus

from tests.gateway.conftest import Client, gateway
from tests.gateway.world import World

OFFICER = Caller(subject="synthetic", role="institute-officer", district="puer")
NAMES = "query($id: ID!) { school(id: $id) { id name } }"
REVEALED = 'query($id: ID!) { teacher(id: $id) { nationalId(reveal: true, reason: "查证") } }'


class Gate:
    """The world's services, which answer a request when it is let through, as things are then."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._came = asyncio.Event()
        self.turns: list[asyncio.Future[None]] = []

    async def call(
        self, endpoint: Endpoint[Any, Any], request: Any, *, district: str, deadline: Deadline | None = None
    ) -> Any:
        if deadline is not None and deadline.expired:
            raise DeadlineExceeded(endpoint.service)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.turns.append(turn)
        self._came.set()
        await turn
        return await self._world.call(endpoint, request, district=district, deadline=deadline)

    async def until(self, begun: int) -> None:
        async with asyncio.timeout(10):
            while len(self.turns) < begun:
                self._came.clear()
                await self._came.wait()

    def open(self) -> None:
        for turn in self.turns:
            if not turn.done():
                turn.set_result(None)


@pytest.fixture
def gate(world: World) -> Gate:
    return Gate(world)


@pytest.fixture
def executing(schema: GatewaySchema, gate: Gate) -> Executing:
    return Executing(schema, Backend(gate.call))


def query(world: World, text: str = NAMES, caller: Caller = OFFICER, **other: Any) -> Operation:
    document = parse(text)
    node = get_operation_ast(document)
    assert node is not None
    kind = "Teacher" if "teacher(" in text else "School"
    of = world.lands["puer"].teachers if kind == "Teacher" else world.lands["puer"].schools
    variables = {"id": global_id(kind, next(iter(of)))}
    asked = Operation(text, document, node, None, variables, caller, "zh")
    return replace(asked, **other)


def ask(executing: Executing, operation: Operation) -> asyncio.Task[Executed]:
    return asyncio.ensure_future(executing.execute(operation))


async def test_all_who_come_while_one_is_answered_are_answered_together_of_what_stands_after_they_came(
    executing: Executing, gate: Gate, world: World
) -> None:
    first = ask(executing, query(world))
    await gate.until(1)
    others = [ask(executing, query(world)) for _ in range(31)]
    await asyncio.sleep(0)
    assert (len(gate.turns), executing.turns.shared) == (1, 30)
    gate.open()
    before = await first
    await gate.until(2)
    # A change between the two: who came before it may see it, and all who are answered together see the same.
    school = next(iter(world.lands["puer"].schools))
    world.lands["puer"].schools[school] = msgspec.structs.replace(world.lands["puer"].schools[school], name="改名校")
    gate.open()
    after = await asyncio.gather(*others)
    assert len(gate.turns) == 2
    assert "改名校" not in (before.data or b"").decode()
    assert all("改名校" in (one.data or b"").decode() for one in after)
    assert len({id(one.data) for one in after}) == 1
    assert executing.turns.idle


@pytest.mark.parametrize(
    "other",
    [
        {"caller": msgspec.structs.replace(OFFICER, subject="other")},
        {"caller": msgspec.structs.replace(OFFICER, role="district-officer")},
        {"caller": msgspec.structs.replace(OFFICER, district="putuo")},
        {"caller": msgspec.structs.replace(OFFICER, role="teacher", teacher="t1", school="s1")},
        {"caller": msgspec.structs.replace(OFFICER, app="other")},
        {"language": "en"},
        {"variables": {"id": global_id("School", "no-such")}},
        {"text": NAMES.replace("id name", "id  name")},
    ],
    ids=lambda other: next(iter(other)),
)
async def test_who_asks_otherwise_or_is_another_is_answered_for_himself(
    executing: Executing, gate: Gate, world: World, other: dict[str, Any]
) -> None:
    asked = [ask(executing, query(world)), ask(executing, query(world, **other))]
    await gate.until(2)
    gate.open()
    mine, theirs = await asyncio.gather(*asked)
    assert executing.turns.shared == 0
    assert mine.data is not theirs.data


async def test_each_revealing_of_a_number_is_asked_for_by_itself(
    executing: Executing, gate: Gate, world: World
) -> None:
    asked = [ask(executing, query(world, REVEALED)) for _ in range(3)]
    await gate.until(3)
    gate.open()
    await gate.until(6)
    gate.open()
    await asyncio.gather(*asked)
    assert executing.turns.idle


async def test_a_failure_is_told_to_those_who_waited_together_and_to_nobody_after_them(
    executing: Executing, gate: Gate, world: World
) -> None:
    first = ask(executing, query(world))
    await gate.until(1)
    second, third = ask(executing, query(world)), ask(executing, query(world))
    await asyncio.sleep(0)
    gate.open()
    assert not (await first).errors
    await gate.until(2)
    world.broken = ServiceUnavailable("registry")
    gate.open()
    assert [len((await one).errors) for one in (second, third)] == [1, 1]
    world.broken = None
    again = ask(executing, query(world))
    await gate.until(3)
    gate.open()
    assert not (await again).errors


async def test_who_leaves_takes_nothing_from_the_others(executing: Executing, gate: Gate, world: World) -> None:
    first = ask(executing, query(world))
    await gate.until(1)
    leaves, stays = ask(executing, query(world)), ask(executing, query(world))
    await asyncio.sleep(0)
    leaves.cancel()
    first.cancel()
    await asyncio.gather(first, leaves, return_exceptions=True)
    await gate.until(2)
    gate.open()
    assert (await stays).data


async def test_who_can_wait_no_longer_is_told_so_by_every_field_that_needs_a_service(
    executing: Executing, gate: Gate, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask(executing, query(world))
    await gate.until(1)
    monkeypatch.setattr("yanxiu_gateway.executing.QUERY_SECONDS", 0.02)
    (error,) = (await ask(executing, query(world))).errors
    assert isinstance(error.original_error, DeadlineExceeded)
    assert not first.done()
    gate.open()
    assert not (await first).errors
    # Nobody waits any more, so nothing more is asked.
    assert (len(gate.turns), executing.turns.idle) == (1, True)


async def test_each_of_many_pays_for_himself_and_has_his_own_trace(
    schema: GatewaySchema, world: World, tokens: TokenReader, bus: Bus, issuer: DevelopmentIssuer
) -> None:
    app = gateway(schema, world.call, tokens, bus, allowed=Allowed(operation=10, caller=4, district=100))
    client = Client(app, issuer)
    async with client.http:
        answers = await asyncio.gather(*(client.post("{ schools(first: 3) { totalCount } }") for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [200, 200, 200, 200, 429, 429]
    assert len({msgspec.json.encode(one.json()["data"]) for one in answers if one.status_code == 200}) == 1
    assert len({one.headers["x-trace-id"] for one in answers}) == 6


async def test_long_data_are_told_byte_for_byte_and_no_copy_of_them_is_made(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    del world
    query = "{ schools(first: 3) { edges { node { id name } } } gone: schools(first: 999) { totalCount } }"
    unpacked = {"accept-encoding": "identity"}
    whole = await client.post(query, headers=unpacked)
    monkeypatch.setattr("yanxiu_gateway.graphql_http.LONG", 1)
    pieces = await client.post(query, headers=unpacked)
    assert [*pieces.json()] == ["errors", "data", "extensions"]
    assert pieces.content.partition(b'"left"')[0] == whole.content.partition(b'"left"')[0]
    assert pieces.headers["content-type"] == whole.headers["content-type"]
    assert int(pieces.headers["content-length"]) == len(pieces.content)
    data = b"x" * 100_000
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await long_response({"data": None}, data, 200, answer=JSON, headers={})({"type": "http"}, None, send)  # type: ignore[arg-type]
    assert any(message.get("body") is data for message in sent)
