"""Mutations of transfers: receive a transcript, decide what the law left open."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import strawberry
from yanxiu_wire import transfer as wire_transfer

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import FactInput, named
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Done, Payload, key_problem, settled
from yanxiu_gateway.schema.session_commands import INPUT
from yanxiu_gateway.schema.transfer import Transfer


@strawberry.input(name="ReceiveTransferInput", description="receiveTransfer 的输入。Input of receiveTransfer.")
class ReceiveTransferInput:
    """What came, for whom, and what the official states."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    teacher_id: strawberry.ID = strawberry.field(description="本区的教师编号。The teacher's id here.")
    document: str = strawberry.field(description="学分证明的全文，原样。The transcript as it came, unchanged.")
    within_city: bool = strawberry.field(description="是否市内变动。Whether the move is inside the city.")
    same_stage: bool = strawberry.field(
        description="是否同学段、同类型学校之间变动。Whether between schools of the same stage and type."
    )
    identity_confirmed: bool = strawberry.field(
        description="已核对证件，确认为同一人。The official has seen that it is one person."
    )


def transfer_of(root: strawberry.Parent[Done]) -> Any:
    """The transfer, None when there are errors."""
    return root.item.transfer if root.item is not None else None


def replayed_of(root: strawberry.Parent[Done]) -> bool:
    """Whether the same key had been answered before."""
    return root.item is not None and root.item.replayed


@strawberry.type(name="ReceiveTransferPayload", description="receiveTransfer 的结果。What receiveTransfer came to.")
class ReceiveTransferPayload(Payload):
    """The transfer or errors."""

    transfer: Transfer | None = strawberry.field(resolver=transfer_of, description="受理的转入。The transfer.")
    replayed: bool = strawberry.field(
        resolver=replayed_of, description="是否为同一幂等键先前的答复。Whether this repeats the answer to the same key."
    )


async def receive_transfer(
    info: Info, given: Annotated[ReceiveTransferInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Receive a transcript."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_transfer.ReceiveTransfer(
        caller=context.caller,
        key=given.idempotency_key,
        teacher=plain_id("Teacher", given.teacher_id),
        document=given.document,
        within_city=given.within_city,
        same_stage=given.same_stage,
        identity_confirmed=given.identity_confirmed,
    )
    return settled(await context.backend.receive_transfer(command, deadline=context.deadline))


@strawberry.input(name="DecideTransferItemInput", description="decideTransferItem 的输入。Input of decideTransferItem.")
class DecideTransferItemInput:
    """Which record, and what is decided."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    transfer_id: strawberry.ID = strawberry.field(description="转移编号。The transfer's id.")
    number: int = strawberry.field(description="记录的序号。The record's number.")
    recognise: bool = strawberry.field(description="是否承认。Whether it is recognised.")
    reason: str = strawberry.field(description="理由。Why.")
    hours: Decimal | None = strawberry.field(
        default=None,
        description="承认的学时，按本区的单位；单位不同时必填。Hours recognised; a must where units differ.",
    )
    credits: Decimal | None = strawberry.field(
        default=None,
        description="承认的学分，按本区的单位；单位不同时必填。Credits recognised; a must where units differ.",
    )
    facts: list[FactInput] | None = strawberry.field(
        default=None,
        description="按本区规定的名称写出的事实；转出地的事实在此读不出时必填。"
        "The facts in the words of this district's law; needed where those of the origin cannot be read here.",
    )


@strawberry.type(
    name="DecideTransferItemPayload", description="decideTransferItem 的结果。What decideTransferItem came to."
)
class DecideTransferItemPayload(Payload):
    """The transfer or errors."""

    transfer: Transfer | None = strawberry.field(
        resolver=transfer_of, description="核定后的转入。The transfer as it stands now."
    )


async def decide_transfer_item(
    info: Info, given: Annotated[DecideTransferItemInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Decide a record."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_transfer.DecideTransferItem(
        caller=context.caller,
        key=given.idempotency_key,
        transfer=plain_id("Transfer", given.transfer_id),
        number=given.number,
        recognise=given.recognise,
        reason=given.reason,
        hours=given.hours,
        credits=given.credits,
        facts=named(given.facts) if given.facts is not None else None,
    )
    return settled(await context.backend.decide_transfer_item(command, deadline=context.deadline))


@strawberry.type(description="学分转入的办理。What can be done about transfers.")
class TransferMutations:
    """Root fields."""

    receive_transfer: ReceiveTransferPayload | None = strawberry.mutation(
        resolver=receive_transfer,
        description="受理外区县的学分证明，逐条评判并入账。"
        "Receive a transcript of another district: each record is judged, and entered where it is recognised.",
    )
    decide_transfer_item: DecideTransferItemPayload | None = strawberry.mutation(
        resolver=decide_transfer_item,
        description="核定一条规定未作结论的转入记录。Decide a record that the law left open.",
    )
