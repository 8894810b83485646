"""What an operation costs is told before it runs; too much for one, or for a minute, is refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, get_introspection_query, parse
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_gateway.budgets import Allowed
from yanxiu_gateway.caller import TokenReader
from yanxiu_gateway.cost import price_of
from yanxiu_gateway.schema.build import GatewaySchema, build_schema
from yanxiu_gateway.tokens import DevelopmentIssuer
from yanxiu_wire.rpc import Bus

from tests.gateway.conftest import Client, gateway
from tests.gateway.world import World

SCHEMA = build_schema()
NESTED = """query($n: Int! = 20, $m: Int!) {
  schools(first: $n) { totalCount edges { node { name teachers(first: $m) { edges { node { name } } } } } } }"""


def cost(query: str, **variables: Any) -> int:
    document = parse(query)
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    (operation,) = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    return price_of(SCHEMA._schema, operation, fragments).of(variables)


@pytest.mark.parametrize(
    ("query", "price"),
    [
        ("{ __typename }", 0),
        ("{ me { role district { name } } }", 2),
        ('{ school(id: "x") { name } }', 1),
        # a connection, and for each of 3 rows an edge and a node
        ("{ schools(first: 3) { edges { cursor node { name } } } }", 1 + 3 * 2),
        ("{ schools(first: 3) { totalCount } }", 1),
        # no `first`: the schema's own default of 50
        ("{ schools { edges { cursor } } }", 1 + 50),
        ("{ a: me { role } b: me { role } }", 2),
        ("{ ...f ...f } fragment f on Query { me { role } }", 2),
        ('{ nodes(ids: ["a", "b"]) { id } }', 2),
        ("{ ... on Query { me { role } } }", 1),
    ],
)
def test_each_object_that_may_come_is_counted_once(query: str, price: int) -> None:
    assert cost(query) == price


def test_lists_within_lists_multiply_and_take_their_length_from_variables() -> None:
    assert cost(NESTED, m=5) == 1 + 20 * (1 + 1 + 1 + 5 * 2)
    assert cost(NESTED, n=2, m=0) == 1 + 2 * 3


def test_a_command_costs_more_than_a_look() -> None:
    named = 'mutation { createArea(input: {name: "a", code: "b", idempotencyKey: "c"}) { area { name } } }'
    assert cost(named) == 10 + 1 + 1


def test_introspection_costs_what_it_brings() -> None:
    types = SCHEMA._schema.type_map.values()
    assert sum(1 + len(getattr(one, "fields", ())) for one in types) < cost(get_introspection_query()) < 20_000
    assert cost('{ __type(name: "Teacher") { name } }') == 100


@given(st.one_of(st.none(), st.booleans(), st.text(), st.floats(), st.integers(), st.lists(st.text())))
def test_whatever_a_variable_holds_there_is_a_price(value: Any) -> None:
    assert cost(NESTED, n=value, m=value) >= 1


async def costing(
    schema: GatewaySchema, world: World, tokens: TokenReader, bus: Bus, issuer: DevelopmentIssuer, allowed: Allowed
) -> Client:
    return Client(gateway(schema, world.call, tokens, bus, allowed=allowed), issuer)


async def test_the_answer_says_what_it_cost_and_what_is_left(client: Client) -> None:
    answer = await client.post("{ me { role } }")
    assert answer.json()["extensions"]["cost"] == {
        "requested": 1,
        "limit": 200_000,
        "left": {"caller": 1_999_999, "district": 9_999_999},
    }


async def test_one_operation_may_not_cost_more_than_the_limit(client: Client, world: World) -> None:
    answer = await client.ask(NESTED, variables={"n": 200, "m": 10_000})
    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("LIMIT_EXCEEDED", "cost")
    assert error["extensions"]["value"] == 1 + 200 * (3 + 20_000)
    assert world.calls == []


async def test_a_used_up_budget_is_the_callers_own_and_says_how_long_to_wait(
    schema: GatewaySchema, world: World, tokens: TokenReader, bus: Bus, issuer: DevelopmentIssuer
) -> None:
    client = await costing(schema, world, tokens, bus, issuer, Allowed(caller=10, district=15))
    spending = "{ schools(first: 4) { edges { node { name } } } }"
    async with client.http:
        assert (await client.post(spending)).status_code == 200
        refused = await client.post(spending)
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        (error,) = refused.json()["errors"]
        assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BUDGET_EXCEEDED", "cost.caller")
        # another role of the district is the same district, another district is not
        other = client.token(role="auditor")
        assert (await client.post(spending, token=other)).json()["errors"][0]["extensions"]["field"] == "cost.caller"
        assert (await client.post(spending, token=client.token(district="putuo"))).status_code == 200
