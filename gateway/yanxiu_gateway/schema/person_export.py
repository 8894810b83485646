"""All that the platform holds on one person, as one signed document."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry
from yanxiu_wire import personal as wire
from yanxiu_wire.books import GET_TRANSCRIPT
from yanxiu_wire.person_document import Export, put_together

from yanxiu_gateway.errors import granted
from yanxiu_gateway.execution.batch import by_itself
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.semantic_null import NULL_IS_A_HOLE

OfTeacher = Annotated[strawberry.ID, strawberry.argument(description="教师编号。The teacher's id.")]
Reason = Annotated[
    str,
    strawberry.argument(
        description="为何导出，记入审计；本人导出自己的不必填。Why: kept in the audit; not for one's own."
    ),
]
Reveal = Annotated[
    bool,
    strawberry.argument(description="要完整证件号码；须有权限。Ask for the whole national id; needs the right role."),
]


@strawberry.type(name="ExportedTable", description="导出中一张表有几行。How many rows of a table are in an export.")
class ExportedTable:
    """A table."""

    service: str = strawberry.field(description="哪个服务。Which service.")
    table: str = strawberry.field(description="表名。The table.")
    rows: int = strawberry.field(description="几行。How many rows.")


def tables_of(root: strawberry.Parent[Export]) -> Any:
    """Every table, empty ones too."""
    return [
        ExportedTable(service=service, table=table, rows=rows)
        for service, tables in root.counts.items()
        for table, rows in tables.items()
    ]


@strawberry.type(
    name="PersonExport",
    description="平台所存一人的全部数据，附学分证明，凭公钥即可离线核验。"
    "All that the platform holds on a person, with his transcript; checked offline with the public keys.",
)
class PersonExport:
    """An export."""

    document: str = strawberry.field(
        description="全文（JSON），原样保存，用 yanxiu person verify 核验。"
        "The document (JSON): keep it as it is; yanxiu person verify checks it."
    )
    issued_at: datetime = strawberry.field(description="签署时刻。When it was signed.")
    tables: list[ExportedTable] = strawberry.field(
        resolver=tables_of, description="各服务各表有几行。How many rows of each table."
    )


@by_itself
async def export_person(info: Info, teacher: OfTeacher, reason: Reason = "", reveal: Reveal = False) -> Any:
    """Everything about one person."""
    context, backend = info.context, info.context.backend
    asks: dict[Any, Any] = {
        wire.GET_PERSON_OF_REGISTRY: backend.get_person_of_registry,
        wire.GET_PERSON_OF_CREDITS: backend.get_person_of_credits,
        wire.GET_PERSON_OF_VISITS: backend.get_person_of_visits,
        wire.SIGN_PERSON_EXPORT: backend.sign_person_export,
        GET_TRANSCRIPT: backend.get_transcript,
    }

    async def call(endpoint: Any, request: Any) -> Any:
        return await asks[endpoint](request, deadline=context.deadline)

    whose = plain_id("Teacher", teacher)
    caller = context.caller
    return granted(await put_together(call, caller, caller.district, whose, reason=reason, reveal=reveal))


@strawberry.type(description="导出个人数据的查询。What can be asked about all data of a person.")
class PersonQueries:
    """Root fields."""

    export_person: PersonExport | None = strawberry.field(
        resolver=export_person,
        metadata=NULL_IS_A_HOLE,
        description="导出平台所存一人的全部数据：教师本人，或教育局、师训专管员、审计说明理由后；每次都留记录。"
        "Export all that is held on a person: for himself, or for an official who says why; each time is recorded.",
    )
