"""Messages on the bus for an event of a subscription: as for a query, one for each service and level at most."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import aclosing
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import FieldNode, InlineFragmentNode, OperationDefinitionNode, get_named_type, parse
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.bundling import Bundling
from yanxiu_gateway.changes import Changes
from yanxiu_gateway.cursors import Place
from yanxiu_gateway.equal_reads import EqualReads
from yanxiu_gateway.execution.answered import answered
from yanxiu_gateway.live_limits import Held
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.schema.context import Live, RequestContext
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline

from tests.gateway.execution.rows_made_up import RowsMadeUp
from tests.gateway.execution.test_messages import MANY, SHALLOW, CountedBus, Named
from tests.slices import probe

CALLER = Caller(subject="synthetic", role="district-officer", district="puer", school="1-0", teacher="1-0")


def subscriptions() -> Iterator[tuple[str, Named]]:
    """Each subscription with everything that can be read of what it gives."""
    root = probe.SCHEMA.subscription_type
    assert root is not None
    for name, field in root.fields.items():
        needs = {key: arg for key, arg in field.args.items() if probe.required(arg)}
        declared = ", ".join(f"${key}: {arg.type}" for key, arg in needs.items())
        given = ", ".join(f"{key}: ${key}" for key in needs)
        shown = f"{name}({given})" if needs else name
        text = f"subscription{f'({declared})' if needs else ''} {{ {shown} {probe.selection(field.type, SHALLOW)} }}"
        said = json.dumps({key: probe.anything(arg.type, key) for key, arg in needs.items()})
        kind = {"teacher": "Teacher", "school": "School"}.get(next(iter(needs), ""), str(get_named_type(field.type)))
        kind = probe.SHOWN_AS.get(kind, kind)
        yield name, Named(text, json.loads(said.replace("OUR-OWN-ID", global_id(kind, "1-0"))))


class AnewEachTime(RowsMadeUp):
    """Rows of another name for each event, so that there is something new to tell."""

    event = 1

    def _made(self, kind: Any, name: str, many: int, depth: int) -> Any:
        return super()._made(kind, str(self.event) if depth == 0 else name, many, depth)


SUBSCRIPTIONS = dict(subscriptions())


def levels(schema: GatewaySchema, kind: Any, node: Any) -> int:
    """How many fields that wait for a service stand below one another at most."""
    found = 0
    for one in node.selection_set.selections if node.selection_set else ():
        if isinstance(one, InlineFragmentNode):
            assert one.type_condition is not None
            of = schema._schema.type_map[one.type_condition.name.value]
            found = max(found, levels(schema, of, one))
        elif isinstance(one, FieldNode) and one.name.value != "__typename":
            field = kind.fields[one.name.value]
            found = max(found, answered(schema, field).waits + levels(schema, get_named_type(field.type), one))
    return found


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
async def test_an_event_sends_no_service_more_messages_than_it_has_levels(schema: GatewaySchema, name: str) -> None:
    query, variables = SUBSCRIPTIONS[name]
    document = parse(query)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    shown: Any = operation.selection_set.selections[0]
    root: Any = schema._schema.subscription_type
    most = 1 + levels(schema, get_named_type(root.fields[name].type), shown)
    bus = CountedBus(MANY)
    made = bus.made = AnewEachTime(MANY)
    tells: list[Callable[[Any], None]] = []

    async def listen(_event: Any, _district: str, tell: Callable[[Any], None]) -> Any:
        tells.append(tell)
        return SimpleNamespace(newest="0", stop=lambda: asyncio.sleep(0))

    live = Live(Changes(listen), Held(), 60, Place.at(b"asked", None), lambda: None)
    context = RequestContext(CALLER, Backend(EqualReads(Bundling(bus))), Deadline.after(30), "zh", document, live=live)
    async with aclosing(await schema.stream(query, variable_values=variables, context_value=context)) as events:
        for made.event in (1, 2):
            for tell in tells:
                tell(None)
            async with asyncio.timeout(20):
                event: Any = await anext(events)
            assert not event.errors, [repr(one.original_error) for one in event.errors]
            assert 0 < max(bus.messages.values()) <= most, bus.messages
            bus.messages.clear()
