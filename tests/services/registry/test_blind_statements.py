"""A statement that is reviewed blind names nobody of the school: the registry looks, and tells no name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from yanxiu_registry.__main__ import running
from yanxiu_registry.check_statement import MOST_TEXT
from yanxiu_registry.pages import MOST_IDS
from yanxiu_registry.settings import Settings
from yanxiu_rulekit.plugins import Rulebook
from yanxiu_wire import research_group as wire_group
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.blind_statement import CHECK_STATEMENT, StatementChecked
from yanxiu_wire.rpc import Bus

from tests.services.registry.conftest import NOW, Client, codes, open_district

SINCE = date(2026, 1, 1)


class Town:
    """At the first school Jia works; Yi did until last year's end, and leads a group there; Bing is at the second."""

    def __init__(self, officer: Client) -> None:
        self.officer = officer
        self.ids: dict[str, str] = {}

    async def fill(self) -> None:
        self.first, self.second = [(await self.officer.school(code)).id for code in ("1", "2")]
        for name, school in (("甲", self.first), ("乙", self.first), ("丙", self.second)):
            self.ids[name] = (await self.officer.teacher(school, f"GH-000{name}", name=f"虚构{name}")).id
        formed = await self.officer.ask(
            wire_group.FORM_RESEARCH_GROUP, kind="学科教研组", name="语文组", school=self.first, subject="语文",
            leader=self.ids["乙"], members=(self.ids["甲"],), formed_on=date(2021, 9, 1),
        )  # fmt: skip
        self.group = formed.id
        moved = {"teacher": self.ids["乙"], "school": self.second, "since": date(2025, 9, 1)}
        assert (await self.officer.ask(wire_teacher.EMPLOY_TEACHER, **moved)).school == self.second

    async def said(self, statement: str, client: Client | None = None, **given: Any) -> Any:
        asked = {"school": self.first, "since": SINCE, "statement": statement, **given}
        return await (client or self.officer).ask(CHECK_STATEMENT, **asked)


@pytest.fixture(scope="module")
async def town(nats_server: Any, tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> AsyncIterator[Town]:
    folder: Path = tmp_path_factory.mktemp("blind")
    settings = Settings(nats_url=nats_server.url, data=folder / "data", keys=folder / "keys", packs=("puer",))
    async with running(settings, rulebook, clock=lambda: NOW):
        bus = await Bus.connect(nats_server.url, name="blind")
        made = Town(await open_district(bus, "puer"))
        await made.fill()
        yield made
        await bus.close()


@pytest.mark.parametrize("statement", ["由虚构·甲带领", "工号gh000甲", "虚 构 甲"])
async def test_a_name_or_number_of_the_schools_staff_is_found_however_it_is_written(town: Town, statement: str) -> None:
    assert codes(await town.said(statement)) == ["STATEMENT_NOT_BLIND"]


async def test_who_left_before_is_sought_only_when_named_or_in_the_group(town: Town) -> None:
    assert await town.said("虚构乙与虚构丙的做法") == StatementChecked(people=1)
    assert codes(await town.said("虚构乙的做法", people=(town.ids["乙"],))) == ["STATEMENT_NOT_BLIND"]
    assert codes(await town.said("虚构乙的做法", groups=(town.group,))) == ["STATEMENT_NOT_BLIND"]
    assert codes(await town.said("虚构乙的做法", since=date(2025, 1, 1))) == ["STATEMENT_NOT_BLIND"]


async def test_nobody_tries_names_on_another_schools_staff(town: Town) -> None:
    other = town.officer.as_("school-leader", school=town.second)
    assert await town.said("虚构甲的做法", other, people=(town.ids["甲"],)) == StatementChecked(people=0)
    own = town.officer.as_("school-leader", school=town.first)
    assert codes(await town.said("虚构甲的做法", own)) == ["STATEMENT_NOT_BLIND"]


async def test_what_is_too_long_is_refused(town: Town) -> None:
    assert codes(await town.said("长" * (MOST_TEXT + 1))) == ["VALUE_INVALID"]
    assert codes(await town.said("短", people=("x",) * (MOST_IDS + 1))) == ["TOO_MANY"]
