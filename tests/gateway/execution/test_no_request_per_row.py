"""No field of any list asks a service once for each row: drawn from the schema, so that none is forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec
import pytest
from graphql import GraphQLObjectType, get_named_type, parse
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.schema.context import RequestContext
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline

from tests.gateway.execution.rows_made_up import RowsMadeUp
from tests.slices import probe

FEW, MANY = 1, 5


def fields_of_lists() -> Iterator[tuple[str, str]]:
    """Each field of the rows of each list that pages, with all that can be read below it, and its query."""
    root = probe.SCHEMA.query_type
    assert root is not None
    for name, field in root.fields.items():
        kind = get_named_type(field.type)
        if not kind.name.endswith("Connection") or any(map(probe.required, field.args.values())):
            continue
        assert isinstance(kind, GraphQLObjectType)
        edges = get_named_type(kind.fields["edges"].type)
        assert isinstance(edges, GraphQLObjectType)
        node = get_named_type(edges.fields["node"].type)
        assert isinstance(node, GraphQLObjectType)
        for one, its in node.fields.items():
            if not any(map(probe.required, its.args.values())):
                below = f"{one} {probe.selection(its.type, 2)}"
                yield f"{name}.{one}", f"{{ {name}(first: {MANY}) {{ edges {{ node {{ {below} }} }} }} }}"


FIELDS = dict(fields_of_lists())


async def asked(schema: GatewaySchema, query: str, rows: int) -> tuple[Counter[str], int]:
    """How often each endpoint was asked, and of how many rows the answer tells."""
    made = RowsMadeUp(rows)
    caller = Caller(subject="synthetic", role="district-officer", district="puer")
    context = RequestContext(caller, Backend(made.call), Deadline.after(30), "zh", parse(query))
    result = await schema.execute(query, context_value=context)
    return made.asked, msgspec.json.encode(result.data).count(b'"node"') if result.data is not None else 0


Answers = dict[str, tuple[tuple[Counter[str], int], tuple[Counter[str], int]]]


@pytest.fixture(scope="module")
async def answers(schema: GatewaySchema) -> Answers:
    """Of each field, what was asked for few rows and for many."""
    return {
        field: (await asked(schema, query, FEW), await asked(schema, query, MANY)) for field, query in FIELDS.items()
    }


@pytest.mark.parametrize("field", FIELDS)
async def test_many_rows_ask_as_often_as_one(answers: Answers, field: str) -> None:
    (few, one), (many, five) = answers[field]
    more = {name for name in many if many[name] > few[name]}
    # Where a made-up row is none that the gateway can read, nothing was tried: those are counted below.
    assert not more or not one or not five, more


async def test_most_fields_are_tried_with_rows(answers: Answers) -> None:
    tried = [field for field, (_, (_, rows)) in answers.items() if rows >= MANY]
    assert len(tried) > 200
    assert len(tried) > 0.8 * len(FIELDS)
