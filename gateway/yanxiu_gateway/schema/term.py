"""School terms of the district."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import term as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import Node


@strawberry.type(name="Term", description="一个学期，首尾两天都算在内。A term; both days included.")
class Term(Node):
    """A term."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A term of the registry is shown as this type."""
        return isinstance(obj, wire.Term)

    code: str = strawberry.field(
        resolver=lambda root: root.id,
        description="学期的代码，如 2024-2025-1；凡填学期编号之处，也可填它。"
        "The term as people name it, such as 2024-2025-1; taken wherever the id of a term is.",
    )
    school_year: str = strawberry.field(description="学年，如 2024-2025。The school year, such as 2024-2025.")
    number: int = strawberry.field(description="学年内的第几学期。Its number in the school year.")
    starts_on: date = strawberry.field(description="第一天。First day.")
    ends_on: date = strawberry.field(description="最后一天。Last day.")
    version: int = strawberry.field(description="版本号，每次改动加一。Grows by one with every change.")


BegunBy = Annotated[
    date | None,
    strawberry.argument(
        name="asOf",
        description="只要到这一天为止已经开始的学期，最后一个即当日所在或刚结束的学期。"
        "Only terms that had begun by this day; the last one is the day's own, or the one just over.",
    ),
]


async def list_terms(info: Info, as_of: BegunBy = None) -> Any:
    """The district's terms."""
    return await info.context.loaders.terms(as_of)


@strawberry.type(description="学期的查询。What can be asked about terms.")
class TermQueries:
    """Root fields."""

    terms: list[Term] | None = strawberry.field(
        resolver=list_terms, description="本区的学期，从早到晚。The district's terms, oldest first."
    )
