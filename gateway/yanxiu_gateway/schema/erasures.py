"""Erasures as the district's officers and its auditor see them: proposed, withdrawn, begun and done, and no name."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from yanxiu_wire import erasure as wire

from yanxiu_gateway.errors import granted
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.erasure_commands import Erasure
from yanxiu_gateway.schema.nodes import After, Connection, First, asked_page, page_rows, plain_id

OfTeacher = Annotated[
    strawberry.ID | None, strawberry.argument(description="只要这位教师的。Only those of this teacher.")
]


async def list_erasures(info: Info, first: First = 50, after: After = None, teacher: OfTeacher = None) -> Any:
    """A page of erasures, newest first."""
    context = info.context
    query = wire.ListErasures(
        caller=context.caller,
        page=asked_page(first, after),
        teacher=None if teacher is None else plain_id("Teacher", teacher),
    )
    context.loaders.count(first)
    return page_rows(granted(await context.backend.list_erasures(query, deadline=context.deadline)), after)


@strawberry.type(description="个人信息删除的查询。What can be asked about erasures.")
class ErasureQueries:
    """Root fields."""

    erasures: Connection[Erasure] | None = strawberry.field(
        resolver=list_erasures,
        description="个人信息删除，从新到旧，含已撤回和被取代的申请；教育局、师训专管员和审计可见。"
        "Erasures of persons, newest first, with proposals withdrawn or replaced; for officers and auditors.",
    )
