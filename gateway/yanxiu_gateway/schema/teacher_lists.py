"""Pages of teachers: of the district, of a school."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import registry
from yanxiu_wire.teacher import ROW_FIELDS

from yanxiu_gateway.ahead import Above, Ahead, followed_by
from yanxiu_gateway.execution.batch import Rows, in_batch
from yanxiu_gateway.execution.reading import reads
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.dated_rows import by_day
from yanxiu_gateway.schema.nodes import After, AsOf, Dated, First, asked_page, page_rows, pages_rows, plain_id
from yanxiu_gateway.schema.order import TeacherOrder, TeachersIn
from yanxiu_gateway.schema.stage import Stage, TeacherStatus
from yanxiu_gateway.schema.words import wire_word

InSchool = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="只要这所学校的教师。Only teachers of this school."),
]
InSubject = Annotated[str | None, strawberry.argument(description="只要这个学科的教师。Only teachers of this subject.")]
TeacherSearch = Annotated[
    str | None,
    strawberry.argument(description="姓名或工号中含有的文字。Text that the name or staff number contains."),
]


OfStatus = Annotated[TeacherStatus | None, strawberry.argument(description="只要这个状态的。Only those who stand so.")]
OfStage = Annotated[Stage | None, strawberry.argument(description="只要任教这个学段的。Only teachers of this stage.")]
WithTitle = Annotated[str | None, strawberry.argument(description="只要这个职称的。Only those with this title.")]


def fields_read(info: Info) -> tuple[str, ...]:
    """What is read of a page of teachers; nothing where whole teachers are needed."""
    row = reads(info, "edges", "node")
    return tuple(sorted(row | {"id"})) if row is not None and row <= ROW_FIELDS else ()


async def list_teachers(
    info: Info,
    first: First = 50,
    after: After = None,
    school: InSchool = None,
    subject: InSubject = None,
    search: TeacherSearch = None,
    as_of: AsOf = None,
    status: OfStatus = None,
    stage: OfStage = None,
    title: WithTitle = None,
    order: TeachersIn = TeacherOrder.STAFF_NUMBER,
) -> Any:
    """A page of teachers in the caller's scope."""
    named = plain_id("School", school) if school is not None else None
    asked, loaders = asked_page(first, after), info.context.loaders
    loaders.count(first)
    chosen = _chosen(subject, search, status, stage, title, order)
    pages = loaders.teacher_pages(asked, as_of, chosen, whole=named is None, fields=fields_read(info))
    then = followed_by(pages, (named,), info, Above(as_of, first), "edges", "node")
    return page_rows(await pages.load(named, then), after, as_of)


def teachers_ahead(above: Above, info: Info, first: int, after: str | None, **chosen: Any) -> Ahead:
    """The pages that `list_teachers_of` asks for."""
    page, rows = asked_page(first, after), first * above.rows
    pages = info.context.loaders.teacher_pages(page, above.day, _chosen(**chosen), fields=fields_read(info))
    return Ahead(pages, "id", followed_by(pages, (None,), info, Above(above.day, rows), "edges", "node"), rows)


@in_batch(ahead=teachers_ahead)
async def list_teachers_of(
    rows: Rows[Dated[registry.School]],
    info: Info,
    first: First = 50,
    after: After = None,
    subject: InSubject = None,
    search: TeacherSearch = None,
    status: OfStatus = None,
    stage: OfStage = None,
    title: WithTitle = None,
    order: TeachersIn = TeacherOrder.STAFF_NUMBER,
) -> Any:
    """A page of each school's teachers, as of the day that the schools were asked for."""
    page, loaders = asked_page(first, after), info.context.loaders
    if refused := loaders.counted(first, len(rows)):
        return [refused] * len(rows)

    async def on_day(day: date | None, same: Rows[Dated[registry.School]]) -> Any:
        chosen = _chosen(subject, search, status, stage, title, order)
        teachers = loaders.teacher_pages(page, day, chosen, fields=fields_read(info))
        schools = [row.id for row in same]
        then = followed_by(teachers, schools, info, Above(day, first * len(same)), "edges", "node")
        pages = await teachers.load_all(schools, then)
        return pages_rows(pages, after, [day] * len(same))

    return await by_day(rows, on_day)


def _chosen(
    subject: str | None,
    search: str | None,
    status: TeacherStatus | None,
    stage: Stage | None,
    title: str | None,
    order: TeacherOrder,
) -> dict[str, Any]:
    return {
        "subject": subject, "search": search, "status": wire_word(status), "stage": wire_word(stage), "title": title,
        "order": order.value,
    }  # fmt: skip
