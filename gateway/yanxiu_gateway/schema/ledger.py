"""The district's ledger: hash-chained entries, and whether the chain still fits."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import credits as wire_credits

from yanxiu_gateway.errors import granted
from yanxiu_gateway.execution.batch import Rows, in_batch
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.dated_rows import rows_named
from yanxiu_gateway.schema.nodes import (
    After,
    AsKnownAt,
    Connection,
    First,
    Node,
    asked_page,
    global_id,
    page_rows,
    plain_id,
)
from yanxiu_gateway.schema.order import InOrder, Order
from yanxiu_gateway.schema.semantic_null import NULL_IS_A_HOLE

if TYPE_CHECKING:
    # The types know each other; at run time each is resolved by its name.
    from yanxiu_gateway.schema.record import Record
    from yanxiu_gateway.schema.teacher import Teacher

EntryRow = strawberry.Parent[wire_credits.LedgerEntry]


@in_batch
async def teacher_of(rows: Rows[wire_credits.LedgerEntry], info: Info) -> Any:
    """The teachers as of today."""
    return await rows_named(info, info.context.loaders.teachers_by_id(None), [row.teacher for row in rows])


@in_batch
async def record_of(rows: Rows[wire_credits.LedgerEntry], info: Info) -> Any:
    """The records that moved the ledger."""
    return await info.context.loaders.records_by_id().load_all([row.record for row in rows])


def reversed_id(root: EntryRow) -> strawberry.ID | None:
    """The id of the entry that this one reverses."""
    return global_id("LedgerEntry", root.reverses) if root.reverses is not None else None


@strawberry.type(
    name="LedgerEntry",
    description="台账的一行，只增不改，以散列相连。A row of the ledger: never changed, chained by hashes.",
)
class LedgerEntry(Node):
    """An entry."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """An entry of the credits service is shown as this type."""
        return isinstance(obj, wire_credits.LedgerEntry)

    seq: int = strawberry.field(description="在本区台账中的序号。Its place in the district's chain.")
    kind: str = strawberry.field(
        description="种类：registration 登记入账，recognition 周期认定，registration-reversal、recognition-reversal "
        "冲销。What it is: a registration, the recognition of a period, or the reversal of either."
    )
    activity: str = strawberry.field(
        description="所做之事：项目编号或内容摘要；认定为“周期种类:周期”。"
        "What was done: a project or a digest; of a recognition the period, as kind:label."
    )
    generation: int = strawberry.field(description="同一事项的第几次入账。Which entry of that activity it is, from 1.")
    reverses: strawberry.ID | None = strawberry.field(
        resolver=reversed_id, description="所冲销的分录。The entry that this one takes back."
    )
    on: date = strawberry.field(description="计入之日。The day it counts on.")
    hours: Decimal = strawberry.field(description="学时的增减。Hours moved.")
    credits: Decimal = strawberry.field(description="学分的增减。Credits moved.")
    recorded_at: datetime = strawberry.field(description="入账时刻。When it was written.")
    previous: str = strawberry.field(description="前一行的散列。Hash of the entry before.")
    hash: str = strawberry.field(description="本行的散列。Its own hash.")
    teacher: Annotated[Teacher, strawberry.lazy("yanxiu_gateway.schema.teacher")] | None = strawberry.field(
        resolver=teacher_of, description="教师。The teacher."
    )
    record: Annotated[Record, strawberry.lazy("yanxiu_gateway.schema.record")] | None = strawberry.field(
        resolver=record_of, description="所依据的记录。The record it rests on."
    )


@strawberry.type(
    name="ErasedTexts",
    description="一次个人信息删除在台账的散列所覆盖的行中抹去了多少文字。"
    "Rows that the ledger's hashes rest on, and that an erasure took a text out of.",
)
class ErasedTexts:
    """Of one erasure."""

    erasure: strawberry.ID = strawberry.field(description="哪一次删除。Which erasure.")
    rows: int = strawberry.field(description="多少行。How many rows.")


def erased_of(root: strawberry.Parent[wire_credits.LedgerVerified]) -> Any:
    """By erasure."""
    return [ErasedTexts(erasure=global_id("Erasure", one), rows=rows) for one, rows in root.erased.items()]


@strawberry.type(
    name="LedgerVerification", description="重算整条散列链的结果。The result of computing the whole chain again."
)
class LedgerVerification:
    """A verification."""

    entries: int = strawberry.field(description="共有多少行。How many entries there are.")
    head: str = strawberry.field(description="最后一行的散列。Hash of the last entry.")
    intact: bool = strawberry.field(
        resolver=lambda root: root.first_bad is None, description="是否完好。Whether every row fits."
    )
    first_bad: int | None = strawberry.field(description="第一处不符的序号。The first row that does not fit.")
    problem: str | None = strawberry.field(description="不符在哪里。What does not fit.")
    erased_texts: list[ErasedTexts] = strawberry.field(
        resolver=erased_of,
        description="因个人信息删除而抹去文字、凭签名的记载核对的行，按哪一次删除。"
        "Rows that cannot be computed again since a text was erased: they answer by signed redactions.",
    )


OfTeacher = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="只要这位教师的行。Only entries of this teacher."),
]


async def list_entries(
    info: Info,
    first: First = 50,
    after: After = None,
    teacher: OfTeacher = None,
    as_known_at: AsKnownAt = None,
    order: InOrder = Order.OLDEST,
) -> Any:
    """A page of the ledger in chain order, or back from its end."""
    named = plain_id("Teacher", teacher) if teacher is not None else None
    page = asked_page(first, after)
    newest = order is Order.NEWEST
    return page_rows(await info.context.loaders.entries(page, named, as_known_at, newest=newest), after)


async def verify_ledger(info: Info) -> Any:
    """Compute the district's chain again."""
    context = info.context
    query = wire_credits.VerifyLedger(caller=context.caller)
    return granted(await context.backend.verify_ledger(query, deadline=context.deadline))


@strawberry.type(description="台账的查询。What can be asked about the ledger.")
class LedgerQueries:
    """Root fields."""

    ledger: Connection[LedgerEntry] | None = strawberry.field(
        resolver=list_entries,
        description="本区台账，按序号排列，或最近的在前。The district's ledger in chain order, or newest first.",
    )
    ledger_verification: LedgerVerification | None = strawberry.field(
        resolver=verify_ledger, metadata=NULL_IS_A_HOLE, description="核验本区台账。Check the district's ledger."
    )
