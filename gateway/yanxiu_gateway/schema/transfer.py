"""Transfers: what a teacher brought from another district, and what each record counts here, with the reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import transfer as wire_transfer

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.explanation import Explanation
from yanxiu_gateway.schema.facts import Fact, fact_rows
from yanxiu_gateway.schema.named_rows import named_teacher
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, page_rows, plain_id
from yanxiu_gateway.schema.record import Record
from yanxiu_gateway.schema.session_commands import Caution

if TYPE_CHECKING:
    # The types know each other; at run time each is resolved by its name.
    from yanxiu_gateway.schema.teacher import Teacher

value = strawberry.enum_value


@strawberry.enum(name="TransferOutcome", description="一条转入记录的结论。What a record brought along comes to.")
class TransferOutcome(Enum):
    """Recognised, not recognised, or to be reviewed."""

    RECOGNISED = value("recognised", description="承认，已入账。Recognised, and entered in the ledger.")
    NOT_RECOGNISED = value("not-recognised", description="不予承认。Not recognised.")
    REVIEW = value("review", description="规定未作结论，待核定。The law leaves it open: an official decides.")


@strawberry.type(
    name="TransferDecision", description="对一条转入记录的核定。An official's decision on a record brought along."
)
class TransferDecision:
    """A decision."""

    recognise: bool = strawberry.field(description="是否承认。Whether it is recognised.")
    hours: Decimal = strawberry.field(description="承认的学时。Hours recognised.")
    credits: Decimal = strawberry.field(description="承认的学分。Credits recognised.")
    reason: str = strawberry.field(description="理由。Why.")
    by: str = strawberry.field(description="由谁核定。Who decided.")
    role: str = strawberry.field(description="以何角色。In which role.")
    recorded_at: datetime = strawberry.field(description="何时核定。When it was decided.")


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item that knows its transfer, so that its explanation can be asked for."""

    item: wire_transfer.TransferItem
    transfer: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.item, name)


Row = strawberry.Parent[ItemRow]


def item_facts(root: Row) -> Any:
    """The record's facts by name."""
    return fact_rows(root.item.facts)


async def item_record(root: Row, info: Info) -> Any:
    """The record made of it here."""
    return await info.context.loaders.record(root.item.record) if root.item.record else None


async def item_explanation(root: Row, info: Info) -> Any:
    """What the law said of it, read once for the whole transfer."""
    found = await info.context.loaders.transfers.transfer(root.transfer, explain=True)
    items = found.items if found is not None else ()
    return next((one.explanation for one in items if one.number == root.item.number), None)


@strawberry.type(
    name="TransferItem",
    description="转入的一条记录：在转出地所计与在本区所计。A record brought along: its worth there and here.",
)
class TransferItem:
    """An item."""

    number: int = strawberry.field(description="序号。Its number in the transfer.")
    origin_entry: str = strawberry.field(description="转出地台账中的分录编号。Id of its entry in the origin's ledger.")
    on: date = strawberry.field(description="完成之日。Its day.")
    hours: Decimal = strawberry.field(description="在转出地所计学时。Hours that it counted at the origin.")
    credits: Decimal = strawberry.field(description="在转出地所计学分。Credits that it counted at the origin.")
    hours_unit: str = strawberry.field(description="转出地学时的单位。Unit of those hours.")
    credits_unit: str = strawberry.field(description="转出地学分的单位。Unit of those credits.")
    jurisdiction: str = strawberry.field(description="在哪里的规定下取得。The law under which it was earned.")
    facts: list[Fact] = strawberry.field(resolver=item_facts, description="记录的事实。The record's facts.")
    outcome: TransferOutcome = strawberry.field(description="结论。What it comes to.")
    recognised_hours: Decimal = strawberry.field(description="承认的学时。Hours recognised here.")
    recognised_credits: Decimal = strawberry.field(description="承认的学分。Credits recognised here.")
    clauses: list[str] = strawberry.field(
        description="不予承认或待核定所依据的条款编号。Clause ids of why it is not recognised, or left to review."
    )
    doubts: list[Caution] = strawberry.field(
        description="平台自身的疑点，如单位不同。What the platform itself has to say, such as other units."
    )
    decision: TransferDecision | None = strawberry.field(description="核定。The official's decision, if any.")
    record: Record | None = strawberry.field(
        resolver=item_record, description="据此登记的本区记录。The record made of it here."
    )
    explanation: Explanation | None = strawberry.field(
        resolver=item_explanation, description="规定如何评判。How this district's law judged it."
    )


TransferRow = strawberry.Parent[wire_transfer.Transfer]


teacher_of = named_teacher("teacher")


def items_of(root: TransferRow) -> Any:
    """The records, each knowing its transfer."""
    return [ItemRow(one, root.id) for one in root.items]


@strawberry.type(
    name="Transfer",
    description="一次学分转入：外区县的学分证明，逐条评判。A transcript of another district, judged record by record.",
)
class Transfer(Node):
    """A transfer."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A transfer of the credits service is shown as this type."""
        return isinstance(obj, wire_transfer.Transfer)

    teacher: Annotated[Teacher, strawberry.lazy("yanxiu_gateway.schema.teacher")] | None = strawberry.field(
        resolver=teacher_of, description="教师。The teacher."
    )
    origin: str = strawberry.field(description="转出的区县。The district that issued the transcript.")
    issued_at: datetime = strawberry.field(
        description="证明的开具时刻；此后转出地的冲销不在其内。"
        "As of when it was issued; what was reversed there later is not in it."
    )
    received_at: datetime = strawberry.field(description="受理时刻。When it was received.")
    received_by: str = strawberry.field(description="由谁受理。Who received it.")
    within_city: bool = strawberry.field(description="是否市内变动（受理人填报）。Whether inside the city, as stated.")
    same_stage: bool = strawberry.field(
        description="是否同学段、同类型学校（受理人填报）。Whether the same stage and type of school, as stated."
    )
    digest: str = strawberry.field(description="证明的 SHA-256 散列。The SHA-256 of the transcript.")
    recognised: int = strawberry.field(description="承认的条数。How many records are recognised.")
    not_recognised: int = strawberry.field(description="不予承认的条数。How many are not.")
    review: int = strawberry.field(description="待核定的条数。How many wait for a decision.")
    items: list[TransferItem] = strawberry.field(resolver=items_of, description="逐条记录。The records, one by one.")


TransferId = Annotated[strawberry.ID, strawberry.argument(name="id", description="转移编号。The transfer's id.")]
OfTeacher = Annotated[
    strawberry.ID | None, strawberry.argument(description="只要这位教师的。Only those of this teacher.")
]
InReview = Annotated[
    bool | None,
    strawberry.argument(
        description="true 只要有待核定记录的，false 只要没有的。True: those with records to decide; false: the others."
    ),
]


async def get_transfer(info: Info, transfer: TransferId) -> Any:
    """One transfer; None for one that does not exist here or is out of the caller's scope."""
    return await info.context.loaders.transfers.transfer(plain_id("Transfer", transfer))


async def list_transfers(
    info: Info, first: First = 10, after: After = None, teacher: OfTeacher = None, review: InReview = None
) -> Any:
    """A page of transfers in the caller's scope."""
    named = plain_id("Teacher", teacher) if teacher is not None else None
    return page_rows(await info.context.loaders.transfers.page(asked_page(first, after), named, review), after)


@strawberry.type(description="学分转入的查询。What can be asked about transfers.")
class TransferQueries:
    """Root fields."""

    transfer: Transfer | None = strawberry.field(
        resolver=get_transfer,
        description="按编号取一次转入；不存在时为空。One transfer by id; null for none.",
    )
    transfers: Connection[Transfer] | None = strawberry.field(
        resolver=list_transfers,
        description="可见范围内的学分转入，从新到旧，每页至多 20 次。"
        "Transfers in the caller's scope, newest first, at most 20 a page.",
    )
