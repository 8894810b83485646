"""Lists of teachers in part: the same teachers, pages and values as whole ones, for every scope, day and filter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from yanxiu_registry.pages import cursor_of
from yanxiu_wire import registry as wire
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.teacher import ROW_FIELDS

from tests.services.registry.conftest import TODAY, Client, synthetic_id

MOVED = date(2024, 9, 1)
FIELDS = tuple(sorted(ROW_FIELDS))


async def both(client: Client, fields: tuple[str, ...], **asked: Any) -> tuple[Any, Any]:
    whole = await client.ask(wire_teacher.LIST_TEACHERS, **asked)
    part = await client.ask(wire_teacher.LIST_TEACHERS, fields=fields, **asked)
    return whole, part


def told(pages: wire_teacher.TeacherPages, fields: tuple[str, ...]) -> list[Any]:
    return [
        (
            [tuple(getattr(one, name) for name in fields) for one in page.items],
            page.cursors,
            page.has_next,
            page.total,
        )
        for page in pages.pages
    ]


async def test_teachers_in_part_are_the_whole_ones_cut_down(puer: Client) -> None:
    first, second = await puer.school("0001"), await puer.school("0002")
    people = [
        await puer.teacher(
            (first, second)[number % 2].id, f"T{number}", subject=("语文", None)[number % 2], hired_on=date(2019, 9, 1)
        )
        for number in range(5)
    ]
    await puer.teacher(first.id, "T9", national_id=synthetic_id(7), title="一级教师")
    await puer.ask(wire_teacher.EMPLOY_TEACHER, teacher=people[0].id, school=second.id, since=MOVED)
    change = {"title": "高级教师", "status": "on-leave"}
    await puer.ask(wire_teacher.CORRECT_TEACHER, teacher=people[1].id, since=MOVED, changes=change)
    ids = (second.id, "nowhere", first.id)
    for asked in (
        {"schools": ids},
        {"schools": ids, "as_of": date(2024, 8, 31)},
        {"schools": ids, "as_of": MOVED, "page": wire.Page(first=2)},
        {"schools": (first.id,), "page": wire.Page(first=1, after=cursor_of("T0"))},
        {"schools": ids, "page": wire.Page(first=2, after=cursor_of("T9"))},
        {"schools": ids, "order": "name", "page": wire.Page(first=2)},
        {"schools": ids, "order": "newest"},
        {"schools": ids, "order": "newest", "page": wire.Page(first=2)},
        {"subject": "语文", "search": "T"},
        {},
    ):
        whole, part = await both(puer, FIELDS, **asked)
        assert told(whole, FIELDS) == told(part, FIELDS), asked
    assert {type(one) for page in part.pages for one in page.items} == {wire_teacher.TeacherRow}


async def test_only_what_was_asked_for_is_sent_and_whole_teachers_where_a_row_cannot_tell_it(puer: Client) -> None:
    school = await puer.school("0001")
    await puer.teacher(school.id, "T1", national_id=synthetic_id(3))
    _, part = await both(puer, ("id", "name"))
    (row,) = part.pages[0].items
    sent = wire_teacher.TeacherRow(id=row.id, name=row.name)
    assert row == sent
    _, whole = await both(puer, ("id", "national_id"))
    assert isinstance(whole.pages[0].items[0], wire_teacher.Teacher)


@pytest.mark.parametrize("role", ["school-leader", "school-training-officer", "teacher"])
async def test_a_scope_cuts_a_list_in_part_as_it_cuts_a_whole_one(puer: Client, role: Any) -> None:
    first, second = await puer.school("0001"), await puer.school("0002")
    mine = await puer.teacher(first.id, "T1")
    await puer.teacher(first.id, "T2")
    await puer.teacher(second.id, "T3")
    scope = {"school": first.id} | ({"teacher": mine.id} if role == "teacher" else {})
    caller = puer.as_(role, **scope)
    for asked in ({}, {"schools": (first.id, second.id)}, {"as_of": TODAY}):
        whole, part = await both(caller, FIELDS, **asked)
        assert told(whole, FIELDS) == told(part, FIELDS)
    assert sum(page.total for page in part.pages) == (1 if role == "teacher" else 2)
