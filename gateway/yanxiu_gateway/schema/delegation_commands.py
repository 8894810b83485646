"""delegate and endDelegation, raiseObjection and settleObjection."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import workflow as wire_workflow

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Done, Payload, carried_out, item_of
from yanxiu_gateway.schema.process import Objection, Process
from yanxiu_gateway.schema.process_commands import INPUT, ON_BEHALF_OF, PROCESS_ID, delegation_id
from yanxiu_gateway.schema.task import Delegation

NAMES = {
    "process": "processId",
    "delegation": "delegationId",
    "objection": "objectionId",
    "teacher": "teacherId",
    "record": "recordId",
}


@strawberry.input(name="DelegateInput", description="delegate 的输入。Input of delegate.")
class DelegateInput:
    """What to hand over."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    to_subject: str = strawberry.field(description="受托人的用户标识。The delegate's subject.")
    since: date = strawberry.field(description="自哪天起。From which day.")
    until: date = strawberry.field(description="到哪天止，含当天。Up to and including which day.")
    reason: str = strawberry.field(description="理由。Why.")
    workflows: list[str] | None = strawberry.field(
        default=None, description="哪些流程，不填即全部。Which workflows; all when left out."
    )


@strawberry.input(name="EndDelegationInput", description="endDelegation 的输入。Input of endDelegation.")
class EndDelegationInput:
    """What to end."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    delegation_id: strawberry.ID = strawberry.field(description="委托编号。The delegation's id.")


@strawberry.input(name="RaiseObjectionInput", description="raiseObjection 的输入。Input of raiseObjection.")
class RaiseObjectionInput:
    """What to object to."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    process_id: strawberry.ID = strawberry.field(description=PROCESS_ID)
    text: str = strawberry.field(description="异议的内容。What is wrong.")
    teacher_id: strawberry.ID | None = strawberry.field(default=None, description="涉及的教师。About whom.")
    record_id: strawberry.ID | None = strawberry.field(default=None, description="涉及的记录。About which record.")


@strawberry.input(name="SettleObjectionInput", description="settleObjection 的输入。Input of settleObjection.")
class SettleObjectionInput:
    """What to settle."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    objection_id: strawberry.ID = strawberry.field(description="异议编号。The objection's id.")
    upheld: bool = strawberry.field(
        description="是否成立；成立的，冲销所涉记录。Whether it is upheld; the record it names is then taken back."
    )
    reason: str = strawberry.field(description="理由。Why.")
    on_behalf_of: strawberry.ID | None = strawberry.field(default=None, description=ON_BEHALF_OF)


def objection_of(root: strawberry.Parent[Done]) -> Any:
    """The objection, None when there are errors."""
    return root.item.objection if root.item is not None else None


async def process_of(root: strawberry.Parent[Done], info: Info) -> Any:
    """The process that was objected to, as it stands."""
    return await info.context.loaders.workflow.process(root.item.process) if root.item is not None else None


@strawberry.type(name="DelegatePayload", description="delegate 的结果。What delegate came to.")
class DelegatePayload(Payload):
    """The delegation or errors."""

    delegation: Delegation | None = strawberry.field(resolver=item_of, description="委托。The delegation.")


@strawberry.type(name="EndDelegationPayload", description="endDelegation 的结果。What endDelegation came to.")
class EndDelegationPayload(Payload):
    """The delegation or errors."""

    delegation: Delegation | None = strawberry.field(resolver=item_of, description="委托。The delegation.")


@strawberry.type
class ObjectionPayload(Payload):
    """The objection or errors."""

    objection: Objection | None = strawberry.field(resolver=objection_of, description="异议。The objection.")
    process: Process | None = strawberry.field(resolver=process_of, description="所在的事项。Its process.")


@strawberry.type(name="RaiseObjectionPayload", description="raiseObjection 的结果。What raiseObjection came to.")
class RaiseObjectionPayload(ObjectionPayload):
    """The objection raised."""


@strawberry.type(name="SettleObjectionPayload", description="settleObjection 的结果。What settleObjection came to.")
class SettleObjectionPayload(ObjectionPayload):
    """The objection settled."""


async def delegate(
    info: Info, given: Annotated[DelegateInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Delegate."""
    command = wire_workflow.DelegateSteps(
        caller=info.context.caller,
        key=given.idempotency_key,
        to_subject=given.to_subject,
        since=given.since,
        until=given.until,
        reason=given.reason,
        workflows=tuple(given.workflows or ()),
    )
    return await carried_out(info, info.context.backend.delegate_steps, command, NAMES)


async def end_delegation(
    info: Info, given: Annotated[EndDelegationInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """End a delegation."""
    command = wire_workflow.EndDelegation(
        caller=info.context.caller,
        key=given.idempotency_key,
        delegation=delegation_id(given.delegation_id) or "",
    )
    return await carried_out(info, info.context.backend.end_delegation, command, NAMES)


async def raise_objection(
    info: Info, given: Annotated[RaiseObjectionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Object."""
    command = wire_workflow.RaiseObjection(
        caller=info.context.caller,
        key=given.idempotency_key,
        process=plain_id("Process", given.process_id),
        text=given.text,
        teacher=plain_id("Teacher", given.teacher_id) if given.teacher_id is not None else None,
        record=plain_id("Record", given.record_id) if given.record_id is not None else None,
    )
    return await carried_out(info, info.context.backend.raise_objection, command, NAMES)


async def settle_objection(
    info: Info, given: Annotated[SettleObjectionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Settle an objection."""
    command = wire_workflow.SettleObjection(
        caller=info.context.caller,
        key=given.idempotency_key,
        objection=plain_id("Objection", given.objection_id),
        upheld=given.upheld,
        reason=given.reason,
        on_behalf_of=delegation_id(given.on_behalf_of),
    )
    return await carried_out(info, info.context.backend.settle_objection, command, NAMES)


@strawberry.type(description="委托与异议的写操作。Delegations and objections.")
class DelegationMutations:
    """Root fields."""

    delegate: DelegatePayload | None = strawberry.mutation(
        resolver=delegate,
        description="在一段时间内把本人的办理权限委托给他人；不能转委托。"
        "Hand one's own steps to another person for a time; never on from there.",
    )
    end_delegation: EndDelegationPayload | None = strawberry.mutation(
        resolver=end_delegation, description="提前终止一项委托。End a delegation early."
    )
    raise_objection: RaiseObjectionPayload | None = strawberry.mutation(
        resolver=raise_objection, description="公示期内提出异议。Object to what a process makes public."
    )
    settle_objection: SettleObjectionPayload | None = strawberry.mutation(
        resolver=settle_objection, description="处理一项异议。Uphold an objection, or dismiss it."
    )
