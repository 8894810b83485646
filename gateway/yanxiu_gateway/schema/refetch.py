"""Relay's node and nodes: any object again by its global id, all of one type in one request."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

import strawberry

from yanxiu_gateway.errors import limit_exceeded
from yanxiu_gateway.loaders import Loaders
from yanxiu_gateway.schema.context import Info, RequestContext
from yanxiu_gateway.schema.nodes import MOST_FIRST, AsOf, Node, dated, split_id

NodeId = Annotated[strawberry.ID, strawberry.argument(name="id", description="全局编号。A global id.")]
NodeIds = Annotated[
    list[strawberry.ID],
    strawberry.argument(name="ids", description="全局编号，至多 200 个。Global ids, at most 200."),
]


_Fetch = Callable[[Loaders, str], Awaitable[Any]]
_DatedFetch = Callable[[Loaders, str, Any], Awaitable[Any]]
_DATED: Mapping[str, _DatedFetch] = {
    "School": lambda loaders, plain, as_of: loaders.school(plain, as_of),
    "Teacher": lambda loaders, plain, as_of: loaders.teacher(plain, as_of),
    "Area": lambda loaders, plain, as_of: loaders.people.area(plain, as_of),
    "Researcher": lambda loaders, plain, as_of: loaders.people.researcher(plain, as_of),
    "ResearchGroup": lambda loaders, plain, as_of: loaders.people.research_group(plain, as_of),
    "Studio": lambda loaders, plain, as_of: loaders.nodes.studio(plain, as_of),
    "LeadingGroup": lambda loaders, plain, as_of: loaders.people.leading_group(plain, as_of),
}
_PLAIN: Mapping[str, _Fetch] = {
    "Project": lambda loaders, plain: loaders.project(plain),
    "Record": lambda loaders, plain: loaders.record(plain),
    "Process": lambda loaders, plain: loaders.workflow.process(plain),
    "Session": lambda loaders, plain: loaders.session(plain),
    "Transfer": lambda loaders, plain: loaders.transfers.transfer(plain),
    "RotationPlan": lambda loaders, plain: loaders.visit_plans.plan(plain),
    "Residency": lambda loaders, plain: loaders.visit_plans.residency(plain),
    "Visit": lambda loaders, plain: loaders.field.visit(plain),
    "FieldRecord": lambda loaders, plain: loaders.field.record(plain),
    "Form": lambda loaders, plain: loaders.field.form(plain),
    "VisitFinding": lambda loaders, plain: loaders.field.finding(plain),
    "Nomination": lambda loaders, plain: loaders.awards.nomination(plain),
    "SupervisionDraw": lambda loaders, plain: loaders.supervision.draw(plain),
    "Inspection": lambda loaders, plain: loaders.supervision.inspection(plain),
    "Erasure": lambda loaders, plain: loaders.nodes.erasure(plain),
    "Grant": lambda loaders, plain: loaders.nodes.grant(plain),
    "Job": lambda loaders, plain: loaders.workflow.job(plain),
    "PolicyPreview": lambda loaders, plain: loaders.policy.preview(plain),
    "Term": lambda loaders, plain: loaders.nodes.term(plain),
    "RuleClause": lambda loaders, plain: loaders.nodes.clause(plain),
    "IntegrityEntry": lambda loaders, plain: loaders.nodes.integrity_entry(plain),
    "LedgerEntry": lambda loaders, plain: loaders.nodes.entry(plain),
    "PeriodLock": lambda loaders, plain: loaders.nodes.lock(plain),
    "Notice": lambda loaders, plain: loaders.nodes.notice(plain),
    "Delegation": lambda loaders, plain: loaders.nodes.delegation(plain),
    "Objection": lambda loaders, plain: loaders.nodes.objection(plain),
    "Competition": lambda loaders, plain: loaders.nodes.competition(plain),
    "SupervisionTeam": lambda loaders, plain: loaders.nodes.team(plain),
    "AwardObjection": lambda loaders, plain: loaders.nodes.award_objection(plain),
    "AwardReviewer": lambda loaders, plain: loaders.nodes.reviewer(plain),
    "ProgrammeEntry": lambda loaders, plain: loaders.nodes.programme_entry(plain),
}
FETCHED = frozenset((*_DATED, *_PLAIN, "District"))


async def _fetch(context: RequestContext, text: str, as_of: Any) -> Any:
    """The object of an id; None for an id of another district, of another kind, or of nothing: all the same."""
    found, plain = split_id(text)
    kind = found or ""
    loaders = context.loaders
    if kind in _DATED:
        return dated(await _DATED[kind](loaders, plain, as_of), as_of)
    if kind in _PLAIN:
        return await _PLAIN[kind](loaders, plain)
    if kind == "District" and plain == context.caller.district:
        return await loaders.district()
    return None


async def get_node(info: Info, node: NodeId) -> Any:
    """One object by its global id, as of today: Relay's compiler wants the id to be the only argument."""
    return await _fetch(info.context, node, None)


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
        description="按全局编号取一个对象；不存在时为空。要以另一天为准，请用 nodes。"
        "One object by global id; null when there is none. `nodes` takes another day.",
    )
    nodes: list[Node | None] | None = strawberry.field(
        resolver=get_nodes, description="按全局编号取多个对象，顺序不变。Objects by global id, in that order."
    )
