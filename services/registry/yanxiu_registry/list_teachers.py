"""Answer a page of each school's teachers, in the order asked for."""

from __future__ import annotations

from yanxiu_durable.looking import Look
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.teacher import ROW_FIELDS, ListTeachers, TeacherPage, TeacherPages

from yanxiu_registry.cards import teacher_card
from yanxiu_registry.context import Registry
from yanxiu_registry.national_id import sought
from yanxiu_registry.own_school import reached
from yanxiu_registry.pages import MOST_IDS, MOST_SCHOOLS, after_of, cursor_of, cursors_of, page_fault
from yanxiu_registry.refusals import too_many
from yanxiu_registry.register import TeacherFile
from yanxiu_registry.scope import Scope
from yanxiu_registry.store.looks import teacher_pages_of, teacher_rows_of, teachers_of
from yanxiu_registry.store.teacher_pages import IdPage, RowPage, Wanted

NOTHING = IdPage([], 0)
# So many teachers are read in some three milliseconds; more are read beside the event loop.
FEW = 200


async def list_teachers(
    registry: Registry, district: str, query: ListTeachers, deadline: Deadline
) -> TeacherPages | Refused:
    """One page per school asked for, empty where the school is out of scope.

    The cursor of a row is its staff number, in another order its id. Without schools: one page of the
    caller's whole scope. Refused: VALUE_INVALID of the page, TOO_MANY.
    """
    if (fault := page_fault(query.page, query.search)) is not None:
        return fault
    if len(query.schools) > MOST_SCHOOLS:
        return too_many("schools", len(query.schools), MOST_SCHOOLS)
    deadline.check()
    if query.fields and ROW_FIELDS.issuperset(query.fields):
        return await _in_part(registry, district, query)
    first = query.page.first

    def found(look: Look) -> tuple[dict[str | None, IdPage], list[str], dict[str, TeacherFile]]:
        scope = reached(registry, look, district, query.caller)
        pages = teacher_pages_of(look, district, _wanted(registry, query, scope))
        ids = [one for page in pages.values() for one in page.ids[:first]]
        return pages, ids, teachers_of(look, district, ids) if len(ids) <= MOST_IDS else {}

    pages, ids, files = await registry.dbs.look(district, found, few_rows=_few(query))
    if len(ids) > MOST_IDS:
        return too_many("page.first", len(ids), MOST_IDS)
    keys = query.schools or tuple(pages)
    return TeacherPages(pages=tuple(_page(registry, district, query, pages.get(key, NOTHING), files) for key in keys))


async def _in_part(registry: Registry, district: str, query: ListTeachers) -> TeacherPages | Refused:
    """The fields asked for of each teacher, from the statements that find the page: no history is read."""
    first = query.page.first

    def found(look: Look) -> dict[str | None, RowPage]:
        scope = reached(registry, look, district, query.caller)
        return teacher_rows_of(look, district, _wanted(registry, query, scope), query.fields)

    pages = await registry.dbs.look(district, found, few_rows=_few(query))
    shown = sum(min(len(page.rows), first) for page in pages.values())
    if shown > MOST_IDS:
        return too_many("page.first", shown, MOST_IDS)
    empty = RowPage([], [], 0)
    return TeacherPages(
        pages=tuple(
            TeacherPage(
                items=tuple(page.rows[:first]),
                cursors=cursors_of(page.cursors[:first]),
                has_next=len(page.rows) > first,
                total=page.total,
            )
            for page in (pages.get(key, empty) for key in query.schools or tuple(pages))
        )
    )


def _few(query: ListTeachers) -> bool:
    return query.page.first * max(len(query.schools), 1) <= FEW


def _wanted(registry: Registry, query: ListTeachers, scope: Scope) -> Wanted:
    """What the caller asks for, cut down to what the caller's scope holds."""
    schools: list[str] | None = [one for one in dict.fromkeys(query.schools) if scope.sees_school(one)]
    if not query.schools:
        schools = None if scope.whole or scope.teacher is not None else [scope.school or ""]
    return Wanted(
        schools=schools,
        day=query.as_of or registry.today(),
        first=query.page.first,
        after=after_of(query.page),
        only=None if scope.whole else scope.teacher,
        subject=sought(query.subject),
        search=sought(query.search),
        status=query.status,
        stage=query.stage,
        title=sought(query.title),
        order=query.order,
    )


def _page(
    registry: Registry, district: str, query: ListTeachers, page: IdPage, files: dict[str, TeacherFile]
) -> TeacherPage:
    day = query.as_of or registry.today()
    cards = [teacher_card(registry, district, files[one], day) for one in page.ids[: query.page.first]]
    items = tuple(card for card in cards if card is not None)
    return TeacherPage(
        items=items,
        cursors=tuple(cursor_of(card.staff_number if query.order == "staff-number" else card.id) for card in items),
        has_next=len(page.ids) > query.page.first,
        total=page.total,
    )
