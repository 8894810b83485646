"""Pages of teachers: of the district, of a school."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from yanxiu_wire import registry

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import After, AsOf, Dated, First, asked_page, page_rows, plain_id

InSchool = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="只要这所学校的教师。Only teachers of this school."),
]
InSubject = Annotated[str | None, strawberry.argument(description="只要这个学科的教师。Only teachers of this subject.")]
TeacherSearch = Annotated[
    str | None,
    strawberry.argument(description="姓名或工号中含有的文字。Text that the name or staff number contains."),
]


async def list_teachers(
    info: Info,
    first: First = 50,
    after: After = None,
    school: InSchool = None,
    subject: InSubject = None,
    search: TeacherSearch = None,
    as_of: AsOf = None,
) -> Any:
    """A page of teachers in the caller's scope."""
    named = plain_id("School", school) if school is not None else None
    page = await info.context.loaders.teachers(named, asked_page(first, after), as_of, subject, search)
    return page_rows(page, after, as_of)


async def list_teachers_of(
    root: strawberry.Parent[Dated[registry.School]],
    info: Info,
    first: First = 50,
    after: After = None,
    subject: InSubject = None,
    search: TeacherSearch = None,
) -> Any:
    """A page of a school's teachers, as of the day that the school was asked for."""
    page = await info.context.loaders.teachers(root.id, asked_page(first, after), root.as_of, subject, search)
    return page_rows(page, after, root.as_of)
