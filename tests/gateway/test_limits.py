"""A hostile document is refused before it is validated, cheaply, naming the limit that it exceeds."""

from __future__ import annotations

import time
from typing import Any

import pytest
from graphql import get_introspection_query, parse
from yanxiu_gateway.documents import REMEMBERED, Documents
from yanxiu_gateway.errors import RequestRefused
from yanxiu_gateway.limits import Limits, check_size
from yanxiu_gateway.schema.build import GatewaySchema

from tests.gateway.conftest import Client
from tests.gateway.world import World

DOUBLING = "query { ...f0 } " + " ".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(25))
HOSTILE = {
    "depth": "{ a " * 200 + "}" * 200,
    "depth of inline fragments": "{ " + "... { " * 400 + "a " + "} " * 400 + "}",
    "depth of a chain of fragments": "{ ...f0 } "
    + " ".join(f"fragment f{n} on Query {{ a {{ ...f{n + 1} }} }}" for n in range(28))
    + " fragment f28 on Query { a }",
    "fields": DOUBLING + " fragment f25 on Query { me { role } }",
    "aliases": "{ " + " ".join(f"a{n}: __typename" for n in range(9)) + " me {" + "x: role " * 40 + "} }",
    "directives": "{ me { role " + "@include(if: true) " * 60 + "} }",
    "repeats": "{ me { " + "role " * 70 + "} }",
    "repeats of fragments": "{ me { "
    + " ".join(f"...f{n}" for n in range(29))
    + " } } "
    + " ".join(f"fragment f{n} on Me {{ role role role }}" for n in range(29)),
    "fragments": "{ me { role } } " + " ".join(f"fragment f{n} on Query {{ me {{ role }} }}" for n in range(31)),
    "roots": "{ " + " ".join(f"a{n}: __typename" for n in range(11)) + " }",
    "tokens": "{ me { " + "role " * 2_100 + "} }",
    "tokens of comments": "{ me { role } } " + "#\n" * 20_000,
}


@pytest.mark.parametrize("which", HOSTILE)
async def test_a_hostile_document_is_refused_by_its_limit(client: Client, world: World, which: str) -> None:
    answer = await client.post(HOSTILE[which])
    (error,) = answer.json()["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("LIMIT_EXCEEDED", which.split()[0])
    assert error["extensions"]["remedy"]
    assert world.calls == []


@pytest.mark.parametrize("which", HOSTILE)
def test_refusing_a_hostile_document_costs_little(schema: GatewaySchema, which: str) -> None:
    spent = []
    for _ in range(3):
        began = time.thread_time()
        assert Documents(schema._schema, Limits()).read(HOSTILE[which]).refused
        spent.append(time.thread_time() - began)
    assert min(spent) < 0.05, "seconds of CPU"


async def test_a_fragment_that_holds_itself_is_refused_without_following_it(client: Client) -> None:
    answer = await client.ask("{ ...f } fragment f on Query { me { role } ...f }")
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


def test_a_fragment_spread_often_is_measured_once_and_counted_each_time() -> None:
    small = Limits(fields=10)
    check_size(parse("{ ...f ...f } fragment f on Query { a b c d e }"), small)
    with pytest.raises(RequestRefused) as refused:
        check_size(parse("{ ...f ...f } fragment f on Query { a b c d e g }"), small)
    assert refused.value.item.value == 12


@pytest.mark.parametrize(
    "query",
    [
        "{ a: __schema { ...f } b: __schema { ...f } } fragment f on __Schema { queryType { name } }",
        '{ a: __type(name: "Query") { name } b: __type(name: "Teacher") { name } }',
    ],
)
async def test_the_schema_or_a_type_of_it_is_asked_for_once_an_operation(client: Client, query: str) -> None:
    answer = await client.ask(query)
    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("LIMIT_EXCEEDED", "introspections")


async def test_the_standard_introspection_query_is_within_the_limits(client: Client) -> None:
    assert (await client.data(get_introspection_query()))["__schema"]["queryType"]["name"] == "Query"


@pytest.mark.parametrize("first", [0, -1, 201, 2**31 - 1])
async def test_a_page_has_between_1_and_200_rows(client: Client, world: World, first: int) -> None:
    answer = await client.ask("query($n: Int!) { schools(first: $n) { totalCount } }", variables={"n": first})
    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("LIMIT_EXCEEDED", "first")
    assert "200" in error["message"]
    assert world.calls == []


async def test_lists_within_lists_are_bounded_together(client: Client) -> None:
    answer = await client.ask(
        "{ teachers(first: 200) { edges { node {"
        " a: records(first: 199) { totalCount } b: records(first: 198) { totalCount }"
        " c: records(first: 197) { totalCount } d: records(first: 196) { totalCount } } } } }"
    )
    assert {error["extensions"]["field"] for error in answer["errors"]} == {"rows"}


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["x"] * 201}),
        ('{ teachers { edges { node { standings(kinds: ["a","b","c","d","e","f"]) { kind } } } } }', {}),
    ],
)
async def test_lists_of_arguments_are_bounded(client: Client, query: str, variables: dict[str, Any]) -> None:
    answer = await client.ask(query, variables=variables)
    assert answer["errors"][0]["extensions"]["field"] == "ids"


def test_documents_are_remembered_in_bounded_memory(schema: GatewaySchema) -> None:
    documents = Documents(schema._schema, Limits())
    first = documents.read("{ me { role } }")
    assert documents.read("{ me { role } }") is first
    for n in range(REMEMBERED):
        documents.read(f"{{ a{n}: __typename }}")
    assert len(documents._known) == REMEMBERED
    assert documents.read("{ me { role } }") is not first
    assert documents._characters == sum(map(len, documents._known))
