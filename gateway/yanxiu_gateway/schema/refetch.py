"""Relay's node and nodes: any object again by its global id, all of one type in one request."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import strawberry

from yanxiu_gateway.errors import limit_exceeded
from yanxiu_gateway.schema.context import Info, RequestContext
from yanxiu_gateway.schema.nodes import MOST_FIRST, AsOf, Node, dated, split_id

NodeId = Annotated[strawberry.ID, strawberry.argument(name="id", description="全局编号。A global id.")]
NodeIds = Annotated[
    list[strawberry.ID],
    strawberry.argument(name="ids", description="全局编号，至多 200 个。Global ids, at most 200."),
]


async def _fetch(context: RequestContext, text: str, as_of: Any) -> Any:
    """The object of an id; None for an id of another district, of another kind, or of nothing: all the same."""
    kind, plain = split_id(text)
    loaders = context.loaders
    if kind == "School":
        return dated(await loaders.school(plain, as_of), as_of)
    if kind == "Teacher":
        return dated(await loaders.teacher(plain, as_of), as_of)
    if kind == "Project":
        return await loaders.project(plain)
    if kind == "Record":
        return await loaders.record(plain)
    if kind == "Process":
        return await loaders.workflow.process(plain)
    if kind == "Session":
        return await loaders.session(plain)
    if kind == "Transfer":
        return await loaders.transfer(plain)
    if kind == "District" and plain == context.caller.district:
        return await loaders.district()
    return None


async def get_node(info: Info, node: NodeId, as_of: AsOf = None) -> Any:
    """One object by its global id."""
    return await _fetch(info.context, node, as_of)


async def get_nodes(info: Info, nodes: NodeIds, as_of: AsOf = None) -> Any:
    """Objects by their global ids, in that order; what one of them fails with stays its own."""
    if len(nodes) > MOST_FIRST:
        raise limit_exceeded("ids", len(nodes), MOST_FIRST)
    return await asyncio.gather(*(_fetch(info.context, node, as_of) for node in nodes), return_exceptions=True)


@strawberry.type(description="按全局编号取对象。Fetching by global id.")
class NodeQueries:
    """Root fields."""

    node: Node | None = strawberry.field(
        resolver=get_node,
        description="按全局编号取一个对象；不存在时为空。One object by global id; null when there is none.",
    )
    nodes: list[Node | None] | None = strawberry.field(
        resolver=get_nodes, description="按全局编号取多个对象，顺序不变。Objects by global id, in that order."
    )
