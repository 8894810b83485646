"""Messages on the bus: for every screen that can be drawn from the schema, no more than one for each service and level.

What is counted is what leaves: a message on a service's subject, whether it holds one question or many.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from graphql import GraphQLObjectType, get_named_type, parse
from nats.aio.msg import Msg
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.bundling import Bundling, one_operation
from yanxiu_gateway.equal_reads import EqualReads
from yanxiu_gateway.execution.company import Company
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.schema.context import RequestContext
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_gateway.schema.refetch import FETCHED
from yanxiu_wire import bundle
from yanxiu_wire.bundle import Answer
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.connection import Connection
from yanxiu_wire.contracts import AREAS, endpoints_of
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.rpc import Bus

from tests.gateway.execution.rows_made_up import RowsMadeUp
from tests.gateway.execution.test_requests import levels
from tests.gateway.test_nodes import PLAIN
from tests.slices import probe

FEW, MANY = 1, 10
DEPTH = 6
# Below what is asked by its name: enough to come to other services.
SHALLOW = 3
ENDPOINTS = {(service, one.verb): one for service in AREAS for one in endpoints_of(service)}
# Turns of the event loop that a service takes: none answers when another does.
TURNS = {"registry": 3, "credits": 11, "visits": 7}


class CountedBus(Bus):
    """A bus to services that make rows up, each in its own time; `messages` are those that left, by service."""

    def __init__(self, rows: int) -> None:
        super().__init__(Connection())
        self.made = RowsMadeUp(rows)
        self.messages: Counter[str] = Counter()
        self.replies: Any = self

    async def alone(
        self, endpoint: Endpoint[Any, Any], district: str, body: bytes, headers: dict[str, str], deadline: Deadline
    ) -> Answer:
        """A message with one question."""
        del district, headers, deadline
        self.messages[endpoint.service] += 1
        return await self._answer(endpoint, body)

    def several_now(
        self, subject: str, body: bytes, came: Callable[[Msg], None], *, headers: dict[str, str]
    ) -> Callable[[], None]:
        """A message with several questions."""
        del headers
        service = subject.split(".")[2]
        self.messages[service] += 1

        async def answer() -> None:
            parts = bundle.unpack_asked(body)
            found = [await self._answer(ENDPOINTS[service, head.verb], its) for head, its in parts]
            told = [bundle.Told(number, one.fault, len(one.data)) for number, one in enumerate(found)]
            came(Msg(_client=self.nats, data=bundle.pack(told, [one.data for one in found])))

        self.answering = asyncio.create_task(answer())
        return lambda: None

    async def _answer(self, endpoint: Endpoint[Any, Any], body: Any) -> Answer:
        for _ in range(TURNS[endpoint.service]):
            await asyncio.sleep(0)
        return Answer("", encode(await self.made.call(endpoint, decode(endpoint.request, body))))


class Asked(NamedTuple):
    """What an operation took: messages by service, the questions in them, and what failed."""

    messages: Counter[str]
    questions: int
    errors: tuple[str, ...]


def screens() -> Iterator[tuple[str, str]]:
    """Each list of the API with everything that can be read of its rows, and the lists below them."""
    root = probe.SCHEMA.query_type
    assert root is not None
    for name, field in root.fields.items():
        kind = get_named_type(field.type)
        if any(map(probe.required, field.args.values())) or not isinstance(kind, GraphQLObjectType):
            continue
        first = f"(first: {MANY})" if "first" in field.args else ""
        yield name, f"{{ {name}{first} {probe.selection(field.type, DEPTH)} }}"


def together() -> Iterator[tuple[str, str]]:
    """Three of them in one operation, whose levels come at different times."""
    names = list(LISTS)
    for three in zip(names, names[17:], names[31:], strict=False):
        yield " ".join(three), f"{{ {' '.join(LISTS[name][2:-2] for name in three)} }}"


class Named(NamedTuple):
    """What is asked by a name: the query, its variables."""

    query: str
    variables: dict[str, Any]


def by_name() -> Iterator[tuple[str, Named]]:
    """Each field that must be told what to look for, and each kind of node by its id."""
    root = probe.SCHEMA.query_type
    assert root is not None
    for kind in sorted(FETCHED):
        selected = probe.selection(probe.SCHEMA.type_map[kind], SHALLOW)
        one = global_id(kind, PLAIN.get(kind, "1-0"))
        yield f"node {kind}", Named(f"query($id: ID!) {{ node(id: $id) {{ ... on {kind} {selected} }} }}", {"id": one})
        query = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {kind} {selected} }} }}"
        yield f"nodes {kind}", Named(query, {"ids": [one, global_id(kind, "2-0")]})
    for name, field in root.fields.items():
        # A person's export reads all pages to the last, and made-up pages have none.
        if name in ("node", "nodes", "exportPerson") or not any(map(probe.required, field.args.values())):
            continue
        needs = {key: arg for key, arg in field.args.items() if probe.required(arg)}
        declared = ", ".join(f"${key}: {arg.type}" for key, arg in needs.items())
        given = ", ".join(f"{key}: ${key}" for key in needs)
        text = f"query({declared}) {{ {name}({given}) {probe.selection(field.type, SHALLOW)} }}"
        kind = probe.SHOWN_AS.get(str(get_named_type(field.type)), str(get_named_type(field.type)))
        own = "puer" if name == "deadLetters" else global_id(kind, PLAIN.get(kind, "1-0"))
        said = json.dumps({key: probe.anything(arg.type, key) for key, arg in needs.items()})
        yield name, Named(text, json.loads(said.replace("OUR-OWN-ID", own)))


BY_NAME = dict(by_name())
# Two laws, the parts of each, and those of the clauses that they name come in three steps, of which the plan tells two.
ONE_MORE = frozenset({"compareRulePacks"})
LISTS = dict(screens())
SCREENS = LISTS | dict(together())


async def asked(schema: GatewaySchema, query: str, rows: int, variables: dict[str, Any] | None = None) -> Asked:
    """Execute the query over services that make up so many rows."""
    bus = CountedBus(rows)
    caller = Caller(subject="synthetic", role="district-officer", district="puer", teacher="1-0")
    backend = Backend(EqualReads(Bundling(bus)))
    with one_operation(Company()) as company:
        context = RequestContext(caller, backend, Deadline.after(30), "zh", parse(query), company=company)
        result = await schema.execute(query, context_value=context, variable_values=variables)
    errors = tuple(repr(one.original_error or one) for one in result.errors or ())
    return Asked(bus.messages, bus.made.asked.total(), errors)


@pytest.fixture(scope="module")
async def answers(schema: GatewaySchema) -> dict[tuple[str, int], Asked]:
    """What each screen asked, of few rows and of many."""
    return {(screen, rows): await asked(schema, SCREENS[screen], rows) for screen in SCREENS for rows in (FEW, MANY)}


@pytest.mark.parametrize("rows", [FEW, MANY])
@pytest.mark.parametrize("screen", SCREENS)
async def test_no_service_is_sent_more_messages_than_there_are_levels(
    answers: dict[tuple[str, int], Asked], schema: GatewaySchema, screen: str, rows: int
) -> None:
    its = answers[screen, rows]
    assert schema.plans is not None
    planned = schema.plans.plan(parse(SCREENS[screen]), None, None)
    assert planned is not None
    most = levels(planned[0])
    assert max(its.messages.values()) <= most, its.messages
    assert its.messages.total() <= most * len(its.messages), "services x levels"


async def test_the_screens_are_answered_and_ask_several_questions_of_a_service_at_once(
    answers: dict[tuple[str, int], Asked],
) -> None:
    assert len(LISTS) > 45
    failed = {screen: its.errors for (screen, _), its in answers.items() if its.errors}
    assert not failed
    saved = [screen for (screen, rows), its in answers.items() if rows == MANY and its.questions > its.messages.total()]
    assert len(saved) > 20
    assert any(len(its.messages) == 3 for its in answers.values())


@pytest.mark.parametrize("name", BY_NAME)
async def test_nor_for_what_is_asked_by_its_name(schema: GatewaySchema, name: str) -> None:
    query, variables = BY_NAME[name]
    assert schema.plans is not None
    planned = schema.plans.plan(parse(query), None, variables)
    assert planned is not None
    its = await asked(schema, query, MANY, variables)
    assert its.messages, its.errors
    assert max(its.messages.values()) <= levels(planned[0]) + (name in ONE_MORE), its.messages
