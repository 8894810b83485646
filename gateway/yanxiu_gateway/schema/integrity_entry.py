"""Integrity entries: records that were voided for fraud, and what the law attaches to it."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import books as wire_books

from yanxiu_gateway.errors import granted
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import Fact, fact_rows
from yanxiu_gateway.schema.named_rows import named_teacher
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, page_rows, plain_id
from yanxiu_gateway.schema.order import InOrder, Order
from yanxiu_gateway.schema.record import Record
from yanxiu_gateway.schema.role import CallerRole

if TYPE_CHECKING:
    # The types know each other; at run time each is resolved by its name.
    from yanxiu_gateway.schema.teacher import Teacher

Row = strawberry.Parent[wire_books.IntegrityEntry]


@strawberry.enum(name="FraudActor", description="谁的行为。Whose act it was.")
class FraudActor(Enum):
    """The teacher, or the one who registered the record."""

    TEACHER = strawberry.enum_value("teacher", description="教师本人。The teacher.")
    REGISTRAR = strawberry.enum_value("registrar", description="登记人。The one who registered it.")


teacher_of = named_teacher("teacher")


async def record_of(root: Row, info: Info) -> Any:
    """The record that was voided."""
    return await info.context.loaders.record(root.record)


def consequences_of(root: Row) -> Any:
    """What the law's decision came to, by name."""
    return fact_rows(root.consequences)


def actor_of(root: Row) -> FraudActor:
    """Whose act it was."""
    return FraudActor(root.actor)


def role_of(root: Row) -> CallerRole:
    """The role of the one who found it."""
    return CallerRole(root.role)


@strawberry.type(
    name="IntegrityEntry",
    description="诚信记录：一条因弄虚作假而取消的记录及其后果。"
    "A finding of fraud about one record, and what follows from it.",
)
class IntegrityEntry(Node):
    """A finding."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A finding of the credits service is shown as this type."""
        return isinstance(obj, wire_books.IntegrityEntry)

    teacher: Annotated[Teacher, strawberry.lazy("yanxiu_gateway.schema.teacher")] | None = strawberry.field(
        resolver=teacher_of, description="记录所属的教师。The teacher of the record."
    )
    record: Record | None = strawberry.field(resolver=record_of, description="被取消的记录。The record voided.")
    actor: FraudActor = strawberry.field(resolver=actor_of, description="谁的行为。Whose act it was.")
    registered_by: str = strawberry.field(description="该记录由谁登记。Who had registered the record.")
    on: date = strawberry.field(description="记录之日，决定适用哪天的规定。The record's day, whose law applies.")
    serious: bool = strawberry.field(description="是否情节严重。Whether it is serious.")
    reason: str = strawberry.field(description="认定的理由。Why it was found.")
    proof: str = strawberry.field(description="证据或其存放之处。The proof, or where it is kept.")
    consequences: list[Fact] = strawberry.field(
        resolver=consequences_of, description="规定的后果。What the law attaches to it."
    )
    sentences_zh: list[str] = strawberry.field(description="后果的中文说明。The consequences in Chinese.")
    sentences_en: list[str] = strawberry.field(description="后果的英文说明。The consequences in English.")
    clauses: list[str] = strawberry.field(description="依据的条款编号。Ids of the clauses.")
    found_by: str = strawberry.field(description="由谁认定。Who found it.")
    role: CallerRole = strawberry.field(resolver=role_of, description="以何角色。In which role.")
    recorded_at: datetime = strawberry.field(description="何时认定。When it was found.")


OfTeacher = Annotated[strawberry.ID | None, strawberry.argument(description="只要这位教师的。Those of this teacher.")]


async def list_integrity(
    info: Info, first: First = 50, after: After = None, teacher: OfTeacher = None, order: InOrder = Order.OLDEST
) -> Any:
    """A page of integrity entries."""
    context = info.context
    query = wire_books.ListIntegrity(
        caller=context.caller,
        teacher=plain_id("Teacher", teacher) if teacher is not None else None,
        page=asked_page(first, after),
        newest_first=order is Order.NEWEST,
    )
    return page_rows(granted(await context.backend.list_integrity(query, deadline=context.deadline)), after)


@strawberry.type(description="诚信记录的查询。What can be asked about integrity entries.")
class IntegrityQueries:
    """Root fields."""

    integrity_entries: Connection[IntegrityEntry] | None = strawberry.field(
        resolver=list_integrity,
        description="诚信记录；教师只见本人的。Integrity entries; a teacher sees the own.",
    )
