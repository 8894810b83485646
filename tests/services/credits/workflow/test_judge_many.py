"""Many teachers are judged by columns for a process, to the last figure as each is judged alone."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from yanxiu_credits.__main__ import running
from yanxiu_credits.laws import Bound, InForce
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings
from yanxiu_credits.standings.judge import judge_teachers
from yanxiu_credits.workflow import judge_many as many
from yanxiu_credits.workflow.recognise import standing_text
from yanxiu_credits.workflow.results import judging, line_of
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.credits import TrainingRegistered

from tests.services.credits.conftest import FixedClock, House

TEACHERS = 14
YEAR = date(2024, 1, 1)


@pytest.fixture(scope="module")
async def service(nats_server: Any, database: Any, clock: FixedClock) -> AsyncIterator[Service]:
    """The credits service under the installed laws."""
    fields = database.fields
    settings = Settings(nats_url=nats_server.url, keys=fields["data"] / "keys", **fields)
    async with running(settings, load_packs(), clock=clock) as made:
        yield made


async def a_year(house: House) -> House:
    """A district of Pu'er's law: teachers with nothing, little, enough, and more a day than the law counts."""
    await house.bind(registry.PackBinding(pack="puer", since=YEAR))
    for number in range(TEACHERS + 1):
        school = wire_teacher.Employment(
            school="school-2" if number == TEACHERS else house.school, since=date(2021, 9, 1)
        )
        hired = (date(2010, 9, 1), date(2023, 9, 1))[number % 4 == 0]
        await house.employ(f"t{number}", school, wait=number == TEACHERS, hired_on=hired)
    chance = random.Random(16)
    for number in range(1, TEACHERS + 1):
        for nth in range(chance.choice((1, 4, 9))):
            day = YEAR + timedelta(days=chance.choice((0, 365, 5 + nth // 3, chance.randint(0, 365))))
            hours = f"{nth + chance.choice((0, 3, 9))}.{chance.choice((5, 25))}"
            facts = {
                "kind": "lecture",
                "level": chance.choice(("county", "school")),
                "class_hours": hours,
                "lecture": f"讲座{nth}",
            }
            done = await house.register(f"t{number}", on=day, facts=facts)
            assert isinstance(done, TrainingRegistered), done
    return house


async def test_many_are_judged_as_each_is_judged_alone(
    service: Service, empty_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await a_year(empty_house)
    asked = [f"t{number}" for number in range(TEACHERS)]
    async with service.databases.read(house.district) as conn:
        bound = service.laws.bound(await read_district(conn, house.district), YEAR)
        assert isinstance(bound, Bound)
        law = judging(bound)
        assert isinstance(law, InForce)
        period = law.pack.period("year", YEAR, law.settings)
        given = (conn, service, house.district, law, period, [*asked, "nobody"])
        alone = await judge_teachers(*given)
        assert sorted(alone) == sorted(asked)
        assert len({one.credits for one in alone.values()}) > TEACHERS // 2
        looked = []
        monkeypatch.setattr(many, "judge_teachers", lambda *_given: looked.append("alone"))
        # School by school, then as a district that is read page by page: another school's teacher is left out.
        for least in (10**9, 1):
            monkeypatch.setattr(many, "MANY", least)
            found = await many.judge_many(*given)
            assert {one: standing_text(standing) for one, standing in found.items()} == {
                one: standing_text(standing) for one, standing in alone.items()
            }
            assert [line_of(one, found[one], law) for one in asked] == [line_of(one, alone[one], law) for one in asked]
        assert looked == []


async def test_a_handful_is_judged_one_at_a_time(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    async def alone(*given: Any) -> dict[str, Any]:
        seen.append(len(given[-1]))
        return {}

    async def none_add_up(*_given: Any) -> None:
        return None

    monkeypatch.setattr(many, "judge_teachers", alone)
    monkeypatch.setattr(many, "posted_before", none_add_up)
    nobody: Any = None
    await many.judge_many(nobody, service, "d", nobody, nobody, ["t"] * many.FEW)
    assert seen == [many.FEW]
