"""The share of a school's teachers who did not complete, by Pu'er's own rule, from the same rows as the lists."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from yanxiu_credits.__main__ import running
from yanxiu_credits.settings import Settings
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.message import Page
from yanxiu_wire.standings import LIST_SCHOOL_RATIOS, ListSchoolRatios, SchoolRatioPage

DAY = date(2025, 6, 1)


@pytest.fixture
async def puer(nats_server: Any, bus: Any, tmp_path: Path, clock: Any, house_of: Any) -> AsyncIterator[Any]:
    """A district under Pu'er's law: five teachers at school-1, one of whom left, four at school-2."""
    settings = Settings(nats_url=nats_server.url, data=tmp_path / "data", keys=tmp_path / "keys")
    async with running(settings, load_packs(), clock=clock) as service:
        house = house_of(service, bus, "ratios")
        await house.bind(registry.PackBinding(pack="puer", since=date(2024, 1, 1)))
        for number in range(5):
            await house.employ(f"t{number}", wait=False)
        gone = wire_teacher.Employment(school="school-1", since=date(2021, 9, 1), until=date(2025, 6, 30))
        await house.employ("left", gone, wait=False)
        for number in range(4):
            work = wire_teacher.Employment(school="school-2", since=date(2021, 9, 1))
            await house.employ(f"u{number}", work, wait=number == 3)
        yield house


async def complete(house: Any, teacher: str) -> None:
    """Give a teacher the year's hours and credits in each mode."""
    for mode, level in (("network", "county"), ("central", "county"), ("school", "school")):
        facts = {"mode": mode, "level": level, "hours_planned": "24"}
        if mode == "school":
            facts["project_credit"] = "1"
        project = await house.project(facts, starts_on=date(2025, 1, 1))
        answer = await house.register(
            teacher, project=project.id, on=date(2025, 5, 20), facts={"kind": "training", "score": "65"}
        )
        assert answer.record.status == "COUNTED", answer


async def ratios(house: Any, **asked: Any) -> SchoolRatioPage:
    given = {"caller": house.officer, "on": DAY, **asked}
    answer = await house.call(LIST_SCHOOL_RATIOS, ListSchoolRatios(**given))
    assert isinstance(answer, SchoolRatioPage), answer
    return answer


async def test_a_fifth_bars_a_school_and_less_does_not(puer: Any, clock: Any) -> None:
    assert clock.today() > date(2025, 12, 31), "the year of the test is over: the roster is of its last day"
    for name in ("t0", "t1", "t2", "t3", "u0", "u1", "u2", "u3"):
        await complete(puer, name)
    first, second = (await ratios(puer)).items
    assert (first.school, first.roster, first.not_completed, first.share, first.barred) == (
        "school-1", 5, 1, Decimal("0.2"), True,
    )  # fmt: skip
    assert (second.school, second.roster, second.not_completed, second.barred) == ("school-2", 4, 0, False)
    assert [one.id for one in first.explanation.clauses] == ["PUER-F2-5-3"]
    assert "名册5人，未完成1人，已达到" in first.explanation.steps[0].zh
    assert [one.school for one in (await ratios(puer, over=True)).items] == ["school-1"]
    await complete(puer, "t4")
    assert (await ratios(puer, over=True)).total == 0


async def test_a_school_sees_its_own_ratio_and_pages_go_on(puer: Any, error_of: Any) -> None:
    leader = puer.caller("school-leader", school="school-2")
    assert [one.school for one in (await ratios(puer, caller=leader)).items] == ["school-2"]
    assert (await ratios(puer, caller=leader, schools=("school-1",))).items == ()
    page = await ratios(puer, page=Page(first=1))
    assert ([one.school for one in page.items], page.has_next, page.total) == (["school-1"], True, 2)
    rest = await ratios(puer, page=Page(first=1, after=page.cursors[-1]))
    assert ([one.school for one in rest.items], rest.has_next) == (["school-2"], False)
    teacher = puer.caller("teacher", teacher="t1")
    error_of(await puer.call(LIST_SCHOOL_RATIOS, ListSchoolRatios(caller=teacher)), "FORBIDDEN")


async def test_a_law_without_such_a_rule_says_so(house: Any, error_of: Any) -> None:
    error_of(await house.call(LIST_SCHOOL_RATIOS, ListSchoolRatios(caller=house.officer)), "SCHOOL_RULE_UNKNOWN")
