"""Every object with an id is a node that `node` can fetch again; an id names nothing but what was asked for."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from graphql import GraphQLInterfaceType, GraphQLNonNull, GraphQLObjectType, get_named_type, parse
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.schema.context import RequestContext
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_gateway.schema.refetch import FETCHED
from yanxiu_wire import grants
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.endpoint import Endpoint

from tests.gateway.execution.rows_made_up import RowsMadeUp
from tests.gateway.world import refuse
from tests.slices import probe

OBJECTS = [
    kind
    for name, kind in probe.SCHEMA.type_map.items()
    if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
]
NODES = {kind.name for kind in OBJECTS if any(one.name == "Node" for one in kind.interfaces)}
# Of these the plain part of the id has two halves, or a form of its own.
PLAIN = {"AwardReviewer": "1/1-0", "Objection": "1-0-0", "ProgrammeEntry": "1-0/1", "District": "puer"}


def test_every_object_with_an_id_is_a_node() -> None:
    with_id = {
        kind.name
        for kind in OBJECTS
        if "id" in kind.fields
        and isinstance(kind.fields["id"].type, GraphQLNonNull)
        and get_named_type(kind.fields["id"].type).name == "ID"
    }
    assert with_id == NODES
    assert isinstance(probe.SCHEMA.type_map["Node"], GraphQLInterfaceType)


def test_every_node_is_fetched_by_its_id_and_nothing_else_is() -> None:
    assert FETCHED == NODES


def test_an_id_is_never_a_bare_text() -> None:
    texts = {
        f"{kind.name}.{name}"
        for kind in OBJECTS
        for name, field in kind.fields.items()
        if name.endswith(("Id", "Ids")) and get_named_type(field.type).name == "String"
    }
    # A fault's id stands in the log, a national id names no object; from the ids drawn the draw is computed again.
    assert texts == {"AuditRecord.faultId", "Teacher.nationalId", "SupervisionDraw.drawnIds"}


@pytest.mark.parametrize("kind", sorted(NODES))
async def test_a_node_comes_again_by_its_id_as_what_it_is(schema: GatewaySchema, kind: str) -> None:
    made = RowsMadeUp(1)
    caller = Caller(subject="synthetic", role="district-officer", district="puer", teacher="1-0")
    one = global_id(kind, PLAIN.get(kind, "1-0"))
    query = "query($id: ID!) { node(id: $id) { __typename id } }"
    context = RequestContext(caller, Backend(made.call), Deadline.after(30), "zh", parse(query))
    result = await schema.execute(query, context_value=context, variable_values={"id": one})
    assert result.data is not None, result.errors
    answer = msgspec.json.decode(msgspec.json.encode(result.data))["node"]
    assert answer is not None, result.errors
    assert answer["__typename"] == kind
    assert kind in ("District", "RuleClause") or answer["id"] == one


class PoliciesThatKeepGrants(RowsMadeUp):
    """A registry whose policies let nobody list grants."""

    async def call(self, endpoint: Endpoint[Any, Any], request: Any, **named: Any) -> Any:
        if endpoint is grants.LIST_GRANTS:
            return refuse("FORBIDDEN", "caller.role", request.caller.role)
        return await super().call(endpoint, request, **named)


async def test_whom_the_policies_keep_from_grants_of_others_is_shown_his_own(schema: GatewaySchema) -> None:
    caller = Caller(subject="synthetic", role="district-officer", district="puer")
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    own, other = global_id("Grant", "1-0"), global_id("Grant", "other")
    context = RequestContext(caller, Backend(PoliciesThatKeepGrants(1).call), Deadline.after(30), "zh", parse(query))
    result = await schema.execute(query, context_value=context, variable_values={"ids": [own, other]})
    assert not result.errors
    assert msgspec.json.decode(msgspec.json.encode(result.data)) == {"nodes": [{"id": own}, None]}
