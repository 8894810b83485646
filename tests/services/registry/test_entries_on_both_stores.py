"""Dated entries on SQLite and on PostgreSQL: lists found in, pages in one order, what is on file guarded."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from yanxiu_registry.context import Registry
from yanxiu_wire import area as wire_area
from yanxiu_wire import leading_group as wire_leading
from yanxiu_wire import research_group as wire_group
from yanxiu_wire import researcher as wire_researcher
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page

from tests.services.registry.conftest import Client, codes, fresh_key, open_district
from tests.services.registry.test_areas_and_people import MAY, TERM, researcher_of
from tests.stores import never_changed


async def test_what_a_list_holds_is_found_as_a_whole_word_on_the_day_asked_for(puer: Client) -> None:
    one = await researcher_of(puer)
    changes = {"subjects": ["数学", '"50%_"']}
    await puer.ask(wire_researcher.CORRECT_RESEARCHER, researcher=one.id, since=TERM, changes=changes)

    async def found(subject: str, **wanted: Any) -> int:
        return (await puer.ask(wire_researcher.LIST_RESEARCHERS, subject=subject, **wanted)).total

    assert [await found(name) for name in ("数学", '"50%_"', "数", "%", "50")] == [1, 1, 0, 0, 0]
    assert await found('"50%_"', as_of=MAY) == 0
    head = (wire_leading.LeadingMember(part="head", post="局长"),)
    made = await puer.ask(wire_leading.SET_UP_LEADING_GROUP, kind="领导小组", members=head, begins_on=TERM)
    assert (await puer.ask(wire_leading.GET_LEADING_GROUPS, ids=(made.id,))).items == (made,)


async def test_what_stands_on_file_is_not_deleted_nor_rewritten(puer: Client, registry: Registry) -> None:
    one = await researcher_of(puer)
    await puer.ask(wire_researcher.CORRECT_RESEARCHER, researcher=one.id, since=TERM, changes={"capacity": 3})
    for statement in (
        "DELETE FROM researcher_fact",
        "DELETE FROM researcher",
        "UPDATE researcher_fact SET capacity = 9 WHERE superseded IS NOT NULL",
    ):
        with never_changed():
            async with registry.dbs.write("puer", Deadline.after(5)) as conn:
                await conn.execute(sa.text(statement))


async def test_the_same_command_again_changes_nothing_and_pages_go_on(puer: Client) -> None:
    key = fresh_key()
    first = await puer.ask(wire_area.CREATE_AREA, key=key, name="甲", begins_on=TERM)
    assert await puer.ask(wire_area.CREATE_AREA, key=key, name="甲", begins_on=TERM) == first
    school = await puer.school("0001")
    teacher = await puer.teacher(school.id, "T1")
    made = [
        await puer.ask(
            wire_group.FORM_RESEARCH_GROUP,
            kind="项目教研组",
            name=f"{n}",
            school=school.id,
            leader=teacher.id,
            formed_on=TERM,
        )
        for n in range(3)
    ]
    page = await puer.ask(wire_group.LIST_RESEARCH_GROUPS, page=Page(first=2))
    rest = await puer.ask(wire_group.LIST_RESEARCH_GROUPS, page=Page(first=2, after=page.cursors[-1]))
    assert (page.has_next, rest.has_next, page.total, rest.total) == (True, False, 3, 3)
    assert [*page.items, *rest.items] == sorted(made, key=lambda one: one.id)
    assert codes(await puer.ask(wire_group.LIST_RESEARCH_GROUPS, page=Page(first=0))) == ["VALUE_INVALID"]


async def test_another_district_has_none_of_it(puer: Client) -> None:
    area = await puer.ask(wire_area.CREATE_AREA, name="甲", begins_on=TERM)
    researcher = await researcher_of(puer)
    other = await open_district(puer.bus, "putuo")
    assert (await other.ask(wire_area.GET_AREAS, ids=(area.id,))).items == (None,)
    assert (await other.ask(wire_area.LIST_AREAS)).items == ()
    assert (await other.ask(wire_researcher.GET_RESEARCHERS, ids=(researcher.id,))).items == (None,)
    assert (await other.ask(wire_researcher.LIST_RESEARCHERS)).total == 0
    changes = {"researcher": researcher.id, "since": TERM, "changes": {"capacity": 2}}
    assert codes(await other.ask(wire_researcher.CORRECT_RESEARCHER, **changes)) == ["RESEARCHER_UNKNOWN"]
    assert (await other.ask(wire_area.CREATE_AREA, name="甲", begins_on=TERM)).id != area.id
