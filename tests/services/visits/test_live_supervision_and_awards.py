"""Inspections, draws and awards as they change, over both transports; each sees what his query would show, no more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from yanxiu_wire import awards as wire
from yanxiu_wire import supervision

from tests.services.credits.standings.live import Gate, gate
from tests.services.visits.awards.test_awards import CASE, YEAR, appoint, done, items, name, opened, score
from tests.services.visits.live_both import TRANSPORTS, subscribed
from tests.services.visits.supervising import test_supervision as at

INSPECTIONS = """subscription { inspectionsChanged(schoolYear: "2024-2025") {
  totalCount edges { node { state } } } }"""
DRAWS = """subscription { supervisionDrawsChanged(schoolYear: "2024-2025") { edges { node { state drawnIds } } } }"""
YEARS = "subscription { awardYearChanged(year: 2024) { state rulesFrozen } }"
NOMINATIONS = """subscription { nominationsChanged(year: 2024) { edges { node { recipient state } } } }"""
OBJECTIONS = """subscription { awardObjectionsChanged(year: 2024) { edges { node { text upheld } } } }"""


@pytest.fixture
async def door(quick_nats: Any, tmp_path: Path) -> AsyncIterator[Gate]:
    async with gate(quick_nats.url, tmp_path / "keys") as found:
        yield found


def states(page: Any) -> list[str]:
    return [edge["node"]["state"] for edge in page["edges"]]


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_inspections_and_draws_are_told_as_they_change(ouhai: Any, door: Gate, transport: str) -> None:
    team = (await at.appoint(ouhai)).id
    officer, school = door.token(ouhai.officer), door.token(ouhai.school("s1"))
    async with (
        subscribed(door, officer, transport, INSPECTIONS) as all_of_them,
        subscribed(door, school, transport, INSPECTIONS) as its_own,
        subscribed(door, door.token(ouhai.caller("teacher", teacher="t1")), transport, DRAWS) as draws,
    ):
        assert (await all_of_them())["totalCount"] == (await its_own())["totalCount"] == 0
        assert (await draws())["edges"] == []
        other = await at.schedule(ouhai, team, "s2")
        assert states(await all_of_them()) == ["SCHEDULED"]
        made = await at.schedule(ouhai, team, "s1")
        assert states(await all_of_them()) == ["SCHEDULED", "SCHEDULED"]
        await at.report(ouhai, other)
        assert sorted(states(await all_of_them())) == ["REPORTED", "SCHEDULED"]
        # The first that the school is told is its own report: what was scheduled, and the other's, it never saw.
        await at.report(ouhai, made)
        assert states(await its_own()) == ["REPORTED"]
        draw = await done(ouhai, supervision.COMMIT_DRAW, supervision.CommitDraw, school_year=at.YEAR, count=1)
        assert [edge["node"]["state"] for edge in (await draws())["edges"]] == ["committed"]
        reveal = {"draw": draw.id, "witness": "x"}
        other_hand = ouhai.caller("district-officer")
        shown = await done(ouhai, supervision.REVEAL_DRAW, supervision.RevealDraw, other_hand, **reveal)
        assert (await draws())["edges"] == [{"node": {"state": "revealed", "drawnIds": list(shown.drawn)}}]


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_an_award_year_is_told_to_each_as_far_as_he_may_see_it(ouhai: Any, door: Gate, transport: str) -> None:
    officer, teacher = door.token(ouhai.officer), door.token(ouhai.caller("teacher", teacher="t3"))
    async with (
        subscribed(door, teacher, transport, YEARS) as years,
        subscribed(door, door.token(ouhai.school("s2")), transport, NOMINATIONS) as of_another,
        subscribed(door, door.token(ouhai.school("s1")), transport, NOMINATIONS) as of_its_own,
        subscribed(door, officer, transport, OBJECTIONS) as objections,
    ):
        assert await years() is None
        assert (await of_another())["edges"] == (await of_its_own())["edges"] == (await objections())["edges"] == []
        await opened(ouhai)
        assert (await years())["state"] == "NOMINATING"
        one = await name(ouhai, CASE, "案例一")
        assert states(await of_its_own()) == ["NOMINATED"]
        await scored(ouhai)
        while (shown := await years())["state"] != "RANKED":
            assert shown["state"] in ("NOMINATING", "SCORING")
        assert shown["rulesFrozen"]
        # What is public is the first that another school is told of it.
        await done(ouhai, wire.PUBLISH_AWARDS, wire.PublishAwards, year=YEAR, category=CASE)
        assert states(await of_another()) == ["NOMINATED"]
        objection = {"nomination": one.id, "text": "数据不实"}
        await done(ouhai, wire.RAISE_AWARD_OBJECTION, wire.RaiseAwardObjection, ouhai.school("s2"), **objection)
        assert (await objections())["edges"] == [{"node": {"text": "数据不实", "upheld": None}}]


async def scored(house: Any) -> None:
    """The year's only nomination is reviewed by r1, and the year ranked."""
    await appoint(house, "r1", categories=(CASE,))
    await done(house, wire.START_SCORING, wire.StartScoring, year=YEAR)
    (item,) = await items(house, "r1")
    await score(house, "r1", CASE, item.number, 80)
    await done(house, wire.RANK_AWARDS, wire.RankAwards, year=YEAR)
