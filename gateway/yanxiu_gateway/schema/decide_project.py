"""approveProject and returnProject: what the department decides about a proposed project."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import credits as wire_credits

from yanxiu_gateway.schema.context import Info, RequestContext
from yanxiu_gateway.schema.facts import FactInput, named
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled
from yanxiu_gateway.schema.process_commands import EvidenceInput, attached
from yanxiu_gateway.schema.project import Project


@strawberry.input(name="ApproveProjectInput", description="approveProject 的输入。Input of approveProject.")
class ApproveProjectInput:
    """What to approve."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    project_id: strawberry.ID = strawberry.field(description="项目编号。The project's id.")
    on: date = strawberry.field(description="批准之日。The day of approval.")
    facts: list[FactInput] | None = strawberry.field(
        default=None,
        description="规定由审批部门确定的事实，如系数。"
        "Facts that the law leaves to the approver, such as the coefficient.",
    )
    document: EvidenceInput | None = strawberry.field(
        default=None,
        description="所依据的批准文件或通知；规定写明由谁批准的，不经流程批准时必填。"
        "The document it rests on; needed outside a process where the law names who approves.",
    )


@strawberry.input(name="ReturnProjectInput", description="returnProject 的输入。Input of returnProject.")
class ReturnProjectInput:
    """What to return."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    project_id: strawberry.ID = strawberry.field(description="项目编号。The project's id.")
    on: date = strawberry.field(description="退回之日。The day of the return.")
    reason: str = strawberry.field(description="退回的理由。Why it is returned.")


@strawberry.type(name="ApproveProjectPayload", description="approveProject 的结果。What approveProject came to.")
class ApproveProjectPayload(Payload):
    """The project or errors."""

    project: Project | None = strawberry.field(resolver=item_of, description="批准的项目。The project approved.")


@strawberry.type(name="ReturnProjectPayload", description="returnProject 的结果。What returnProject came to.")
class ReturnProjectPayload(Payload):
    """The project or errors."""

    project: Project | None = strawberry.field(resolver=item_of, description="退回的项目。The project returned.")


async def approve_project(
    info: Info,
    given: Annotated[ApproveProjectInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Approve a project."""
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_credits.DecideProject(
        caller=info.context.caller,
        key=given.idempotency_key,
        project=plain_id("Project", given.project_id),
        approve=True,
        on=given.on,
        facts=named(given.facts),
        document=attached(given.document) if given.document is not None else None,
    )
    return await _decide(info.context, command)


async def return_project(
    info: Info,
    given: Annotated[ReturnProjectInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Return a project."""
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_credits.DecideProject(
        caller=info.context.caller,
        key=given.idempotency_key,
        project=plain_id("Project", given.project_id),
        approve=False,
        on=given.on,
        reason=given.reason,
    )
    return await _decide(info.context, command)


async def _decide(context: RequestContext, command: wire_credits.DecideProject) -> Any:
    reply = await context.backend.decide_project(command, deadline=context.deadline)
    return settled(reply, own=ApproveProjectInput.__dataclass_fields__)
