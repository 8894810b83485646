"""Schools' research themes (1+x) under the law of Ouhai: declared, filed as they stand, and judged by clause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_rulekit.visitfacts import VisitedSchool
from yanxiu_visits.programme.assess_themes import facts_of, labels_of
from yanxiu_visits.programme.tables import school_theme
from yanxiu_wire import themes as wire
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.message import Page
from yanxiu_wire.research_group import RESEARCH_GROUP_CHANGED, ResearchGroupChanged

from tests.services.credits.standings.live import gate
from tests.services.visits.programme.test_organisations import FORMED, group
from tests.services.visits.test_graphql import Asker
from tests.stores import never_changed

ErrorOf = Callable[[Any, str], Any]
YEAR = "2024-2025"
CLAUSE = "OUHAI-6-3b"


async def formed(house: Any) -> Any:
    """School s1 has two groups of its own, s2 one."""
    cards = (group(), group("g2", name="数学组", subject="数学"), group("g3", school="s2"))
    for card in cards:
        body = ResearchGroupChanged(group=card.id, version=1, history=((FORMED, card),))
        await house.tell(RESEARCH_GROUP_CHANGED, body)
    await house.until(lambda rows: len(rows) == len(cards), "research_group_fact")
    return house


@pytest.fixture
async def schools(ouhai: Any) -> Any:
    return await formed(ouhai)


@pytest.fixture
async def schools_on_each(ouhai_on_each: Any) -> Any:
    return await formed(ouhai_on_each)


def own(*titles: tuple[str, str]) -> tuple[wire.GroupTheme, ...]:
    return tuple(wire.GroupTheme(group=group_, title=title) for group_, title in titles)


WHOLE = own(("g1", "整本书阅读"), ("g2", "数形结合"))


async def declare(house: Any, school: str = "s1", caller: Any = None, **given: Any) -> Any:
    fields = {"school_year": YEAR, "common": ("作业改革",), "own": WHOLE, "key": house.key(), **given}
    command = wire.DeclareThemes(caller=caller or house.school(school), school=school, **fields)
    return await house.call(wire.DECLARE_THEMES, command)


async def file(house: Any, version: int, school: str = "s1", caller: Any = None, **given: Any) -> Any:
    fields = {"school_year": YEAR, "filed_on": date(2024, 10, 18), "key": house.key(), **given}
    command = wire.FileThemes(caller=caller or house.school(school), school=school, expected_version=version, **fields)
    return await house.call(wire.FILE_THEMES, command)


async def listed(house: Any, caller: Any = None, **asked: Any) -> Any:
    query = wire.ListSchoolThemes(caller=caller or house.officer, **{"school_year": YEAR, **asked})
    return await house.call(wire.LIST_SCHOOL_THEMES, query)


async def test_themes_are_declared_judged_filed_and_filed_anew_when_they_change(
    schools_on_each: Any, error_of: ErrorOf
) -> None:
    house = schools_on_each
    short = await declare(house, common=("作业改革", "课堂变革"), own=own(("g1", "整本书阅读")))
    assert (short.failed, short.without_own, short.themes.version) == ((CLAUSE,), ("g2",), 1)
    assert "数学组" in short.rulings[0].steps[0].zh
    whole = await declare(house, expected_version=1)
    assert (whole.failed, whole.without_own, whole.themes.filed_on) == ((), (), None)
    filed = await file(house, 2)
    assert (filed.themes.version, filed.themes.filed_on) == (3, date(2024, 10, 18))
    assert error_of(await file(house, 3), "FILED_ALREADY").value == "2024-10-18"
    assert error_of(await declare(house, expected_version=2), "VERSION_CHANGED").value == 3
    again = await declare(house, common=("课堂变革",), expected_version=3)
    assert again.themes.filed_on is None
    assert (await listed(house)).items[0].themes == again.themes
    with never_changed():
        async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
            await conn.execute(sa.delete(school_theme))


async def test_what_is_wrong_of_each_school_is_listed_with_its_clause(schools: Any) -> None:
    await declare(schools)
    await file(schools, 1)
    found = await listed(schools)
    rows = {one.school: one for one in found.items}
    assert [(one, rows[one].failed) for one in rows] == [("s1", ()), ("s2", (CLAUSE,)), ("s3", (CLAUSE,))]
    assert (rows["s2"].themes, rows["s2"].without_own, rows["s3"].groups) == (None, ("g3",), ())
    assert [one.school for one in (await listed(schools, failing=True)).items] == ["s2", "s3"]
    assert [one.school for one in (await listed(schools, filed=True)).items] == ["s1"]
    assert [one.school for one in (await listed(schools, filed=False)).items] == ["s2", "s3"]
    first = await listed(schools, page=Page(first=2))
    assert (first.has_next, first.total) == (True, 3)
    rest = await listed(schools, page=Page(first=2, after=first.cursors[-1]))
    assert [one.school for one in rest.items] == ["s3"]
    # The day before they were set down there were none; a school sees its own.
    assert (await listed(schools, as_of=date(2024, 10, 17))).items[0].themes is None
    assert [one.school for one in (await listed(schools, schools.school("s2"))).items] == ["s2"]


async def test_what_cannot_be_is_refused(schools: Any, quick_house: Any, error_of: ErrorOf) -> None:
    error_of(await declare(schools, caller=schools.school("s2")), "SCHOOL_UNKNOWN")
    error_of(await declare(schools, "s9", caller=schools.officer), "SCHOOL_UNKNOWN")
    other = error_of(await declare(schools, own=own(("g3", "别校"))), "RESEARCH_GROUP_UNKNOWN")
    assert other.field == "own[0].group"
    error_of(await declare(schools, common=("",)), "TEXT_MALFORMED")
    twice = error_of(await declare(schools, own=own(("g1", "同"), ("g2", "同"), ("g1", " 同"))), "THEME_TWICE")
    assert twice.field == "own[2].title"
    error_of(await declare(schools, school_year="2030-2031"), "SCHOOL_YEAR_UNKNOWN")
    error_of(await file(schools, 0), "VERSION_CHANGED")
    assert (await declare(schools)).themes.version == 1
    error_of(await file(schools, 1, filed_on=date(2024, 10, 17)), "FILED_BEFORE_DECLARED")
    error_of(await file(schools, 1, filed_on=date(2024, 10, 19)), "DAY_IN_FUTURE")
    error_of(await declare(quick_house, own=()), "NO_SUCH_RULE")
    error_of(await listed(quick_house), "NO_SUCH_RULE")


def test_two_groups_of_one_name_are_told_apart() -> None:
    assert labels_of([group("a"), group("b"), group("c", name="数学组")]) == {
        "a": "语文组（a）", "b": "语文组（b）", "c": "数学组",
    }  # fmt: skip


def test_a_theme_of_a_group_that_is_no_more_is_no_other_groups() -> None:
    themes = wire.ThemesDeclared(
        version=1, common=("作业改革",), own=own(("gone", "旧"), ("g1", "新")), declared_by="x",
        declared_at=datetime(2024, 9, 10, tzinfo=UTC),
    )  # fmt: skip
    facts = facts_of(VisitedSchool(id="s1", stage="primary"), {"g1": "语文组", "g2": "数学组"}, themes)
    assert (facts.common, facts.groups, facts.with_own) == (1, ("语文组", "数学组"), frozenset({"语文组"}))


DECLARE = """mutation($i: DeclareThemesInput!) { declareThemes(input: $i) {
  schoolThemes { failed withoutOwnIds themes { version } } errors { code field } } }"""
FILE = "mutation($i: FileThemesInput!) { fileThemes(input: $i) { schoolThemes { failed } errors { code field } } }"
PAGE = """{ schoolThemes(schoolYear: "2024-2025", filed: true) { totalCount edges { node {
  themes { common own { groupId title } filedOn } failed } } } }"""


async def test_a_school_declares_and_files_through_graphql(schools: Any, quick_nats: Any, tmp_path: Path) -> None:
    import httpx2

    async with gate(quick_nats.url, tmp_path / "keys") as door, httpx2.AsyncClient(trust_env=False) as http:
        asker = Asker(door, schools, http)
        theme = {"groupId": global_id("ResearchGroup", "g1"), "title": "整本书阅读"}
        given = {"schoolId": global_id("School", "s1"), "schoolYear": YEAR}
        wrong = {**theme, "groupId": global_id("ResearchGroup", "g3")}
        refused = await asker.do(schools.school(), DECLARE, common=["作业改革"], own=[wrong], **given)
        assert refused["errors"] == [{"code": "RESEARCH_GROUP_UNKNOWN", "field": "input.own[0].groupId"}]
        made = await asker.do(schools.school(), DECLARE, common=["作业改革"], own=[theme], **given)
        assert made["schoolThemes"]["failed"] == [CLAUSE]
        assert made["schoolThemes"]["withoutOwnIds"] == [global_id("ResearchGroup", "g2")]
        done = await asker.do(schools.school(), FILE, expectedVersion=1, filedOn="2024-10-18", **given)
        assert done["errors"] == []
        page = (await asker.ask(schools.caller("supervisor"), PAGE))["schoolThemes"]
    node = {"common": ["作业改革"], "own": [theme], "filedOn": "2024-10-18"}
    assert page == {"totalCount": 1, "edges": [{"node": {"themes": node, "failed": [CLAUSE]}}]}
