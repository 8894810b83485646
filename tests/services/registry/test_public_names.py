"""The names on a public list: told to the people of the school, and no oracle of anybody else's name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from yanxiu_registry.context import Registry
from yanxiu_registry.pages import MOST_IDS
from yanxiu_wire import registry as wire
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.public_names import GET_PUBLIC_NAMES
from yanxiu_wire.rpc import Bus

from tests.services.registry.conftest import TODAY, Client, codes, open_district
from tests.stores import Store, Stores

YEAR_END = date(2025, 12, 31)


class Schools:
    """Two schools: at the first Jia works and Yi did until the new year, at the second Bing works, and Yi does now."""

    def __init__(self, officer: Client) -> None:
        self.officer = officer
        self.ids: dict[str, str] = {}

    async def fill(self) -> None:
        first, second = [await self.officer.school(code) for code in ("1", "2")]
        for name, school in (("甲", first), ("乙", first), ("丙", second)):
            self.ids[name] = (await self.officer.teacher(school.id, name, name=f"虚构{name}")).id
        moved = await self.officer.ask(
            wire_teacher.EMPLOY_TEACHER, teacher=self.ids["乙"], school=second.id, since=date(2026, 1, 1)
        )
        assert moved.school == second.id
        self.first, self.second = first.id, second.id

    def himself(self, name: str, **token: str) -> Client:
        return self.officer.as_("teacher", teacher=self.ids[name], **token)

    async def told(self, client: Client, on: date = YEAR_END) -> list[str | None]:
        """Who of Jia, Yi, Bing and a stranger is named to him."""
        asked = (*self.ids.values(), "nobody")
        return list((await client.ask(GET_PUBLIC_NAMES, teachers=asked, on=on)).items)


@pytest.fixture
def database(stores: Stores) -> Store:
    """One statement that other tests run on both stores."""
    from yanxiu_registry.__main__ import MIGRATIONS

    return stores.new("sqlite", (wire.SERVICE, MIGRATIONS))


@pytest.fixture
async def schools(registry: Registry, bus: Bus) -> Schools:
    made = Schools(await open_district(bus, "puer"))
    await made.fill()
    return made


async def test_a_teacher_is_told_the_names_of_those_who_were_his_colleagues_on_the_day_of_the_list(
    schools: Schools,
) -> None:
    assert await schools.told(schools.himself("甲")) == ["虚构甲", "虚构乙", None, None]
    assert await schools.told(schools.himself("甲"), TODAY) == ["虚构甲", None, None, None]


async def test_a_teacher_of_another_school_is_told_no_names_of_this_one_whatever_his_token_says(
    schools: Schools,
) -> None:
    for client in (schools.himself("丙"), schools.himself("丙", school=schools.first)):
        assert await schools.told(client) == [None, "虚构乙", "虚构丙", None]
    gone = schools.himself("丙", school=schools.first)
    left = await schools.officer.ask(
        wire_teacher.CORRECT_TEACHER, teacher=schools.ids["丙"], since=TODAY, changes={"status": "left"}
    )
    assert left.status == "left"
    assert await schools.told(gone) == [None, None, None, None]


async def test_the_schools_leader_is_told_the_names_of_the_school_and_an_officer_all(schools: Schools) -> None:
    assert await schools.told(schools.officer.as_("school-leader", school=schools.first)) == [
        "虚构甲", "虚构乙", None, None,
    ]  # fmt: skip
    assert await schools.told(schools.officer.as_("auditor")) == ["虚构甲", "虚构乙", "虚构丙", None]
    for role in ("school-leader", "teacher"):
        assert await schools.told(schools.officer.as_(role)) == [None] * 4


async def test_nobody_of_another_district_is_answered(schools: Schools, bus: Bus) -> None:
    stranger = Client(bus, "puer", (await open_district(bus, "putuo")).who)
    refused = await stranger.ask(GET_PUBLIC_NAMES, teachers=tuple(schools.ids.values()), on=YEAR_END)
    assert codes(refused) == ["DISTRICT_UNKNOWN"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"on": date(2026, 3, 3)}, "VALUE_INVALID"), ({"teachers": ("x",) * (MOST_IDS + 1)}, "TOO_MANY")],
)
async def test_a_day_to_come_and_too_many_names_are_refused(schools: Schools, fields: Any, code: str) -> None:
    asked = {"teachers": (), "on": YEAR_END, **fields}
    assert codes(await schools.himself("甲").ask(GET_PUBLIC_NAMES, **asked)) == [code]
