"""Answer a page of each school's teachers, in staff-number order."""

from __future__ import annotations

from yanxiu_durable.looking import Look
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.teacher import ListTeachers, TeacherPage, TeacherPages

from yanxiu_registry.cards import teacher_card
from yanxiu_registry.context import Registry
from yanxiu_registry.own_school import reached
from yanxiu_registry.pages import MOST_IDS, MOST_SCHOOLS, page_fault
from yanxiu_registry.refusals import too_many
from yanxiu_registry.register import TeacherFile
from yanxiu_registry.scope import Scope
from yanxiu_registry.store.looks import teacher_pages_of, teachers_of
from yanxiu_registry.store.teacher_pages import IdPage, Wanted

NOTHING = IdPage([], 0)
# So many teachers are read in some three milliseconds; more are read beside the event loop.
FEW = 200


async def list_teachers(
    registry: Registry, district: str, query: ListTeachers, deadline: Deadline
) -> TeacherPages | Refused:
    """One page per school asked for, empty where the school is out of scope; the cursor of a row is its staff number.

    Without schools: one page of the caller's whole scope. Refused: VALUE_INVALID of the page, TOO_MANY.
    """
    if (fault := page_fault(query.page, query.search)) is not None:
        return fault
    if len(query.schools) > MOST_SCHOOLS:
        return too_many("schools", len(query.schools), MOST_SCHOOLS)
    deadline.check()
    first = query.page.first

    def found(look: Look) -> tuple[dict[str | None, IdPage], list[str], dict[str, TeacherFile]]:
        scope = reached(registry, look, district, query.caller)
        pages = teacher_pages_of(look, district, _wanted(registry, query, scope))
        ids = [one for page in pages.values() for one in page.ids[:first]]
        return pages, ids, teachers_of(look, district, ids) if len(ids) <= MOST_IDS else {}

    few = first * max(len(query.schools), 1) <= FEW
    pages, ids, files = await registry.dbs.look(district, found, few_rows=few)
    if len(ids) > MOST_IDS:
        return too_many("page.first", len(ids), MOST_IDS)
    keys = query.schools or tuple(pages)
    return TeacherPages(pages=tuple(_page(registry, district, query, pages.get(key, NOTHING), files) for key in keys))


def _wanted(registry: Registry, query: ListTeachers, scope: Scope) -> Wanted:
    """What the caller asks for, cut down to what the caller's scope holds."""
    schools: list[str] | None = [one for one in dict.fromkeys(query.schools) if scope.sees_school(one)]
    if not query.schools:
        schools = None if scope.whole or scope.teacher is not None else [scope.school or ""]
    return Wanted(
        schools=schools,
        day=query.as_of or registry.today(),
        first=query.page.first,
        after=query.page.after,
        only=None if scope.whole else scope.teacher,
        subject=query.subject,
        search=query.search,
    )


def _page(
    registry: Registry, district: str, query: ListTeachers, page: IdPage, files: dict[str, TeacherFile]
) -> TeacherPage:
    day = query.as_of or registry.today()
    cards = [teacher_card(registry, district, files[one], day) for one in page.ids[: query.page.first]]
    items = tuple(card for card in cards if card is not None)
    return TeacherPage(
        items=items,
        cursors=tuple(card.staff_number for card in items),
        has_next=len(page.ids) > query.page.first,
        total=page.total,
    )
