"""Notes of field work: each accepted command as it was sent, by whom, when, and what it does among the others."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import noting as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import split_id
from yanxiu_gateway.schema.session_commands import Caution

value = strawberry.enum_value
_KINDS = {"Visit": "visit", "FieldRecord": "record", "VisitFinding": "finding"}


@strawberry.enum(name="NoteEffect", description="一条记录此刻的作用。What a note does among the others.")
class NoteEffect(Enum):
    """Applied, waiting, or without effect."""

    APPLIED = value("applied", description="已生效。Applied.")
    WAITING = value("waiting", description="所指的尚未到达，等待中。What it speaks of has not arrived; it waits.")
    WITHOUT_EFFECT = value("without-effect", description="不计入，见理由。Without effect; see the reason.")


@strawberry.type(
    name="FieldNote",
    description="一条已受理的下校记录：按发生时间排列，不论到达先后。"
    "An accepted command of field work; notes count by when things happened, whatever order they came in.",
)
class FieldNote:
    """A note."""

    key: strawberry.ID = strawberry.field(description="其幂等键。Its idempotency key.")
    kind: str = strawberry.field(description="种类，如 arrive-at-school。Its kind, such as arrive-at-school.")
    author: strawberry.ID = strawberry.field(
        description="记录人（下校者）在登记中的编号。The author's own id in the register."
    )
    typist: str = strawberry.field(description="录入人的账号。The account that typed it.")
    typist_role: str = strawberry.field(description="录入人的角色。The typist's role.")
    occurred_at: datetime = strawberry.field(description="发生时间，按记录者的时钟。When it happened, by its sender.")
    recorded_at: datetime = strawberry.field(description="到达时间。When it came.")
    effect: NoteEffect = strawberry.field(description="作用。What it does.")
    reason: Caution | None = strawberry.field(description="不计入的理由。Why it has no effect.")


NotesOf = Annotated[
    strawberry.ID,
    strawberry.argument(
        name="id", description="下校、工作记录或问题的全局编号。Global id of a visit, record or finding."
    ),
]


async def list_notes(info: Info, noted: NotesOf) -> Any:
    """The notes of one thing, in the order in which they count."""
    kind, plain = split_id(noted)
    about: Any = _KINDS.get(kind or "", "visit")
    found: wire.Notes = await info.context.loaders.field.notes(about, plain)
    return found.items


@strawberry.type(description="下校记录条的查询。What can be asked about notes.")
class FieldNoteQueries:
    """Root fields."""

    field_notes: list[FieldNote] | None = strawberry.field(
        resolver=list_notes,
        description="一次下校、一条工作记录或一个问题的全部记录条。Every note of a visit, record or finding.",
    )
