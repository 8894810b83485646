"""Lists of schools and teachers in each order, paged on without a gap or a repeat, with the same totals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from yanxiu_wire import registry as wire
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.message import Page

from tests.services.registry.conftest import Client

NAMES = ("虚构王一", "虚构李", "虚构王", "虚构李", "虚构|张")


async def paged(ask: Callable[[Page], Awaitable[Any]]) -> list[str]:
    """Ids in the order in which pages of two give them."""
    found: list[str] = []
    page = await ask(Page(first=2))
    while True:
        found += [one.id for one in page.items]
        assert page.total == len(NAMES)
        if not page.has_next:
            return found
        page = await ask(Page(first=2, after=page.cursors[-1]))


def expected(made: list[Any], order: str, number: Callable[[Any], str]) -> list[str]:
    by: dict[str, Callable[[Any], Any]] = {"name": lambda one: (one.name, one.id), "newest": lambda one: one.id}
    return [one.id for one in sorted(made, key=by.get(order, number), reverse=order == "newest")]


@pytest.mark.parametrize("order", ["code", "name", "newest"])
async def test_schools_come_in_the_order_asked_for(puer: Client, order: str) -> None:
    made = [await puer.school(f"000{9 - at}", name=name) for at, name in enumerate(NAMES)]

    async def ask(page: Page) -> Any:
        return await puer.ask(wire.LIST_SCHOOLS, page=page, order=order)

    assert await paged(ask) == expected(made, order, lambda one: one.code)


@pytest.mark.parametrize("order", ["staff-number", "name", "newest"])
async def test_teachers_come_in_the_order_asked_for(puer: Client, order: str) -> None:
    school = await puer.school("0001")
    made = [await puer.teacher(school.id, f"T{9 - at}", name=name) for at, name in enumerate(NAMES)]
    for whole in (True, False):
        for schools in ((), (school.id,)):
            fields = () if whole else ("id", "name")

            async def ask(page: Page, fields: Any = fields, schools: Any = schools) -> Any:
                given = {"page": page, "order": order, "fields": fields, "schools": schools}
                return (await puer.ask(wire_teacher.LIST_TEACHERS, **given)).pages[0]

            assert await paged(ask) == expected(made, order, lambda one: one.staff_number)


async def test_a_cursor_of_nobody_goes_on_behind_nobody(puer: Client) -> None:
    school = await puer.school("0001")
    await puer.teacher(school.id, "T1")
    first = (await puer.ask(wire_teacher.LIST_TEACHERS, order="staff-number")).pages[0]
    page = Page(after=first.cursors[0])
    assert (await puer.ask(wire_teacher.LIST_TEACHERS, order="name", page=page)).pages[0].items == ()
