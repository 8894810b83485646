"""Questions that follow from an answer travel with its question, and what needs a known id alone begins at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import msgspec
import pytest
from graphql import parse
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.bundling import Bundling, one_operation
from yanxiu_gateway.execution.company import Company
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.schema.context import RequestContext
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.bundle import Answer
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import DeadlineExceeded, MessageTooLarge
from yanxiu_wire.follow_up import UNANSWERED

from tests.gateway.execution.test_messages import CountedBus

CALLER = Caller(subject="synthetic", role="district-officer", district="puer", teacher="1-0")
TEACHER, OTHER = global_id("Teacher", "1-0"), global_id("Teacher", "other")
SCHOOL = global_id("School", "1-0")
ONE = f'{{ teacher(id: "{TEACHER}") {{ id name title total {{ credits }} school {{ name area {{ name }} }} }} }}'
PEOPLE = f"""{{ school(id: "{SCHOOL}") {{ name teachers(first: 5) {{ edges {{ node
  {{ id name total {{ credits }} }} }} }} }} }}"""
DISTRICT = """{ district { nameZh schools(first: 5) { edges { node { id name teachers(first: 5) { edges { node
  { id name records(first: 3) { edges { node { id on hours } } } } } } } } } } }"""
LEDGER = "{ ledger(first: 5) { edges { node { seq teacher { name school { name } } } } } }"


class Older(CountedBus):
    """Services that know of no follow-up questions."""

    async def _answer(self, endpoint: Endpoint[Any, Any], body: Any) -> Answer:
        asked = msgspec.json.decode(body)
        asked.pop("then", None)
        return await super()._answer(endpoint, encode(asked))


class Unanswering(CountedBus):
    """Services that had no time for what follows."""

    async def _answer(self, endpoint: Endpoint[Any, Any], body: Any) -> Answer:
        answer = await super()._answer(endpoint, body)
        told = msgspec.json.decode(answer.data)
        if "followed" in told:
            told["followed"] = [UNANSWERED for _ in told["followed"]]
        return Answer("", encode(told))


class Short(CountedBus):
    """Messages that hold no answer with what follows from it."""

    async def _answer(self, endpoint: Endpoint[Any, Any], body: Any) -> Answer:
        answer = await super()._answer(endpoint, body)
        if b'"followed"' in bytes(answer.data):
            fault = MessageTooLarge(2, 1)
            return Answer(fault.code, encode(fault.facts()))
        return answer


class Unknown(CountedBus):
    """A register without the teacher, and credits that never tell of him."""

    async def _answer(self, endpoint: Endpoint[Any, Any], body: Any) -> Answer:
        if endpoint is wire_teacher.GET_TEACHERS:
            self.made.asked["registry.get-teachers"] += 1
            return Answer("", encode(wire_teacher.Teachers(items=(None,))))
        if endpoint.service == "credits":
            self.made.asked["credits.waited-for"] += 1
            raise DeadlineExceeded("credits")
        return await super()._answer(endpoint, body)


async def asked(schema: GatewaySchema, query: str, bus: CountedBus) -> tuple[Any, Counter[str], Counter[str]]:
    """The data, the messages by service and the questions by endpoint."""
    with one_operation(Company()) as company:
        backend = Backend(Bundling(bus))
        context = RequestContext(CALLER, backend, Deadline.after(30), "zh", parse(query), company=company)
        result = await schema.execute(query, context_value=context)
    assert not result.errors, result.errors
    return msgspec.json.decode(msgspec.json.encode(result.data)), bus.messages, bus.made.asked


@pytest.mark.parametrize(
    ("query", "questions", "before"),
    # A district's schools are asked for beside it, also of an older service.
    [(ONE, 4, 4), (PEOPLE, 3, 3), (DISTRICT, 4, 3), (LEDGER, 3, 3)],
)
async def test_what_one_service_knows_of_several_levels_is_one_message(
    schema: GatewaySchema, query: str, questions: int, before: int
) -> None:
    data, sent, each = await asked(schema, query, CountedBus(5))
    assert sent == {"registry": 1, "credits": 1}
    assert each.total() == questions, "each is asked, as it was"
    older, alone, as_before = await asked(schema, query, Older(5))
    assert (older, as_before) == (data, each)
    assert alone.total() == before, "a service that answers none is asked as ever"


@pytest.mark.parametrize("bus", [Unanswering, Short])
async def test_what_did_not_come_with_an_answer_is_asked_by_itself(
    schema: GatewaySchema, bus: type[CountedBus]
) -> None:
    for query in (ONE, PEOPLE, DISTRICT):
        data, _, _ = await asked(schema, query, CountedBus(5))
        assert (await asked(schema, query, bus(5)))[0] == data


async def test_only_the_rows_whose_field_is_read_are_followed(schema: GatewaySchema) -> None:
    """Of two schools in one operation, one with its teachers: nobody looks at the other's."""
    seen: list[Any] = []

    class Seen(CountedBus):
        async def _answer(self, endpoint: Endpoint[Any, Any], body: Any) -> Answer:
            seen.append((endpoint.verb, msgspec.json.decode(body)))
            return await super()._answer(endpoint, body)

    other = global_id("School", "other")
    query = f'{{ a: school(id: "{SCHOOL}") {{ teachers {{ totalCount }} }} b: school(id: "{other}") {{ name }} }}'
    _, sent, _ = await asked(schema, query, Seen(2))
    assert sent == {"registry": 1}
    assert {(verb, tuple(body["ids"]), "then" in body) for verb, body in seen} == {
        (registry.GET_SCHOOLS.verb, ("1-0",), True),
        (registry.GET_SCHOOLS.verb, ("other",), False),
    }


async def test_nobody_waits_for_what_is_known_of_an_id_that_there_is_none_of(schema: GatewaySchema) -> None:
    query = f'{{ teacher(id: "{OTHER}") {{ name total {{ credits }} school {{ name }} }} }}'
    data, sent, questions = await asked(schema, query, Unknown(1))
    assert data == {"teacher": None}
    assert sent == {"registry": 1, "credits": 1}
    assert "registry.get-schools" not in questions


class Hanging(CountedBus):
    """A register without the teacher, and credits that hang; `left` says whether they were waited for to the end."""

    async def _answer(self, endpoint: Endpoint[Any, Any], body: Any) -> Answer:
        if endpoint is wire_teacher.GET_TEACHERS:
            return Answer("", encode(wire_teacher.Teachers(items=(None,))))
        del body
        self.begun, self.left = True, asyncio.Event()
        try:
            await asyncio.Event().wait()
        finally:
            self.left.set()
        raise AssertionError("nobody sets it")


async def test_what_was_begun_ahead_ends_with_the_request(schema: GatewaySchema) -> None:
    query = f'{{ teacher(id: "{OTHER}") {{ name total {{ credits }} }} }}'
    bus = Hanging(1)
    with one_operation(Company()) as company:
        context = RequestContext(
            CALLER, Backend(Bundling(bus)), Deadline.after(30), "zh", parse(query), company=company
        )
        result = await schema.execute(query, context_value=context)
    assert msgspec.json.encode(result.data) == b'{"teacher":null}'
    assert (bus.begun, bus.left.is_set()) == (True, False)
    context.loaders.end()
    async with asyncio.timeout(5):
        await bus.left.wait()


async def test_what_is_refused_below_is_not_asked_above(schema: GatewaySchema) -> None:
    """A page that the field will refuse, and lists that are too long together, are left to the field to say so."""
    for first, inner in ((0, 5), (200, 200)):
        query = f"""{{ schools(first: {max(first, 1)}) {{ edges {{ node {{ teachers(first: {first or 0}) {{ edges
          {{ node {{ school {{ teachers(first: {inner}) {{ totalCount }} }} }} }} }} }} }} }} }}"""
        bus = CountedBus(3)
        with one_operation(Company()) as company:
            backend = Backend(Bundling(bus))
            context = RequestContext(CALLER, backend, Deadline.after(30), "zh", parse(query), company=company)
            await schema.execute(query, context_value=context)
        assert bus.made.asked["registry.list-teachers"] <= 1
