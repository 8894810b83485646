"""What an operation costs on the bus: a request for each service and level at most, however many rows there are."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from graphql import parse
from yanxiu_gateway.execution.listed import LISTED, listed
from yanxiu_gateway.execution.plan import Plan, Selection
from yanxiu_gateway.execution.plans import Plans
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_wire.contracts import endpoints_of
from yanxiu_wire.endpoint import PREFIX
from yanxiu_wire.following import with_follow_ups
from yanxiu_wire.rpc import Bus

from tests.gateway.conftest import Client
from tests.gateway.world import World

_RECORD = "id on status creditsUnit hours credits"
SCREENS = {
    "a teacher": (
        '{ teacher(id: "puer-school-0-teacher-1") { id name title total { credits } school { name } } }',
        2,
    ),
    "teachers of a school": (
        '{ school(id: "puer-school-0") { name teachers(first: 50) { edges { node { id name total { credits } } } } } }',
        2,
    ),
    "records of a district": (
        "{ district { nameZh schools(first: 20) { edges { node { id name teachers(first: 50) { edges { node"
        " { id name records(first: 12) { edges { node { " + _RECORD + " } } } } } } } } } } }",
        2,
    ),
    "standings of a school": (
        '{ school(id: "puer-school-0") { teachers(first: 5) { edges { node { name standing(kind: "year")'
        " { verdict findings { label shortfall } } } } } } }",
        2,
    ),
    "the ledger with its records": (
        "{ ledger(first: 50) { edges { node { seq hours record { id explanation { pack } } teacher { name"
        " school { name } } } } } }",
        4,
    ),
    "who I am": ("{ me { role district { nameZh } school { name } } }", 1),
}


def levels(plan: Plan) -> int:
    """How many fields that wait for a service stand below one another at most."""

    def deepest(selection: Selection) -> int:
        found = 0
        for field in selection.fields:
            shape = field.shape
            while shape.item is not None:
                shape = shape.item
            below = max((deepest(one) for one in shape.selections.values()), default=0)
            found = max(found, below + field.answered.waits)
        return found

    return max(map(deepest, plan.roots))


@pytest.mark.parametrize("screen", SCREENS)
async def test_an_operation_asks_each_service_once_a_level(
    screen: str, wired: Client, own_bus: Bus, world: World, schema: GatewaySchema, monkeypatch: pytest.MonkeyPatch
) -> None:
    query, most = SCREENS[screen]
    servings = [
        await own_bus.serve(
            name,
            "1.0.0",
            with_follow_ups({one: world.handle(one) for one in endpoints_of(name) if hasattr(world, _method(one))}),
        )
        for name in ("registry", "credits")
    ]
    sent: list[str] = []
    publish = own_bus.nats.publish

    async def counted(subject: str, *given: Any, **named: Any) -> Any:
        if subject.startswith(f"{PREFIX}."):
            sent.append(subject)
        return await publish(subject, *given, **named)

    monkeypatch.setattr(own_bus.nats, "publish", counted)
    token = wired.token(role="district-officer")
    await wired.data(query, token=token)
    for serving in servings:
        await serving.drain()
    found = Plans(schema).plan(parse(query), None, None)
    assert found is not None
    assert 0 < len(sent) <= most
    assert max(Counter(subject.split(".")[2] for subject in sent).values()) <= levels(found[0])


def _method(endpoint: Any) -> str:
    return endpoint.verb.replace("-", "_")


async def test_ten_times_the_rows_ask_as_often(client: Client, world: World) -> None:
    async def asked(first: int) -> Counter[str]:
        world.calls.clear()
        await client.data(
            "query($n: Int!) { schools(first: $n) { edges { node { area { name } teachers(first: $n) { edges { node {"
            ' total { credits } standing(kind: "year") { verdict } records(first: $n) { edges { node {'
            " school { name } project { title } facts { name } } } } } } } } } } }",
            variables={"n": first},
        )
        return Counter(name for name, _, _ in world.calls)

    few, many = await asked(1), await asked(10)
    assert few == many
    assert set(few.values()) == {1}


def test_the_list_of_how_fields_are_answered_is_up_to_date(schema: GatewaySchema) -> None:
    assert LISTED.read_text(encoding="utf-8") == listed(schema), "run `yanxiu schema`"


def test_every_query_and_mutation_is_planned_and_only_subscriptions_are_left(schema: GatewaySchema) -> None:
    left = listed(schema).split("Left to graphql-core")[1].split("\n\n")[0].splitlines()[1:]
    assert left
    assert all(line.strip().startswith("Subscription.") for line in left)
