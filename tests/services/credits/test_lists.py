"""Pages, totals and standings: the right rows, in few statements, however many teachers are asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from yanxiu_durable import looking
from yanxiu_wire import registry
from yanxiu_wire.credits import (
    GET_PROJECTS,
    GET_STANDINGS,
    GET_TOTALS,
    LIST_PROJECTS,
    LIST_RECORDS,
    GetProjects,
    GetStandings,
    GetTotals,
    ListProjects,
    ListRecords,
)
from yanxiu_wire.message import Page

# What the service does of its own accord, whenever it likes: its relay and its workers look for work, and claim it.
BY_ITSELF = ("outbox", "yanxiu_district", "job_part", "advisory", "audit_")


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every SELECT that is sent to a database meanwhile."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT") and not any(name in statement for name in BY_ITSELF):
            seen.append(statement)

    run = looking.SqliteLooks.execute

    def looked(connection: Any, sql: str, values: Any) -> Any:
        note(None, None, sql)
        return run(connection, sql, values)

    monkeypatch.setattr(looking.SqliteLooks, "execute", staticmethod(looked))
    sa.event.listen(Engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
async def class_of_50(house: Any) -> tuple[Any, tuple[str, ...]]:
    """Fifty teachers with three records each."""
    teachers = tuple(f"c{number}" for number in range(50))
    for teacher in teachers:
        await house.employ(teacher, wait=False)
    await house.until(lambda rows: set(teachers) <= {row["teacher"] for row in rows})
    for number, teacher in enumerate(teachers):
        for month in (3, 4, 5):
            await house.register(teacher, on=date(2024, month, 1), facts={"hours": str(number + month)})
    return house, teachers


async def test_fifty_teachers_cost_as_many_statements_as_one(
    class_of_50: tuple[Any, tuple[str, ...]], statements: list[str]
) -> None:
    house, teachers = class_of_50
    caller = house.caller("supervisor")

    async def counted(asked: tuple[str, ...]) -> list[int]:
        counts = []
        for endpoint, query in (
            (LIST_RECORDS, ListRecords(caller=caller, teachers=asked, page=Page(first=2), explain=True)),
            (GET_TOTALS, GetTotals(caller=caller, teachers=asked)),
            (GET_STANDINGS, GetStandings(caller=caller, teachers=asked, kind="year", on=date(2024, 7, 1))),
        ):
            statements.clear()
            await house.call(endpoint, query)
            counts.append(len(statements))
        return counts

    # Standings also read the facts once more within the judge, and what stands recognised of the period.
    assert await counted(teachers) == await counted(teachers[:1]) == [3, 2, 5]


async def test_each_teacher_has_a_page_totals_and_a_standing(class_of_50: tuple[Any, tuple[str, ...]]) -> None:
    house, teachers = class_of_50
    caller = house.caller("supervisor")
    pages = (await house.call(LIST_RECORDS, ListRecords(caller=caller, teachers=teachers, page=Page(first=2)))).pages
    for number, page in enumerate(pages):
        assert [(one.teacher, one.on.month, one.hours) for one in page.items] == [
            (teachers[number], 3, number + 3),
            (teachers[number], 4, number + 4),
        ]
        assert (page.total, page.has_next, page.items[0].explanation) == (3, True, None)
    totals = (await house.call(GET_TOTALS, GetTotals(caller=caller, teachers=teachers))).items
    assert [(one.teacher, one.hours, one.records) for one in totals] == [
        (teacher, 3 * number + 12, 3) for number, teacher in enumerate(teachers)
    ]
    asked = GetStandings(caller=caller, teachers=teachers, kind="year", on=date(2024, 7, 1))
    standings = (await house.call(GET_STANDINGS, asked)).items
    assert [one.verdict for one in standings] == ["FAIL" if 3 * n + 12 < 72 else "PASS" for n in range(50)]


async def test_fifty_standings_take_little_of_the_processor(class_of_50: tuple[Any, tuple[str, ...]]) -> None:
    house, teachers = class_of_50
    asked = GetStandings(caller=house.caller("supervisor"), teachers=teachers, kind="year", on=date(2024, 7, 1))
    await house.call(GET_STANDINGS, asked)
    before = time.process_time()
    await house.call(GET_STANDINGS, asked)
    # Everything is in this process: client, server's side, database and the made-up law.
    assert time.process_time() - before < 0.5


async def test_records_are_paged_to_the_end_without_loss_or_repetition(house: Any) -> None:
    days = [date(2024, 1, 1) + timedelta(days=number // 2) for number in range(11)]
    for number, day in enumerate(days):
        await house.register(on=day, facts={"hours": str(number + 1)})
    seen: list[Any] = []
    after = None
    while True:
        query = ListRecords(caller=house.officer, teachers=("t1",), page=Page(first=3, after=after))
        (page,) = (await house.call(LIST_RECORDS, query)).pages
        assert page.total == 11
        seen += page.items
        after = page.cursors[-1]
        if not page.has_next:
            break
    assert [one.on for one in seen] == days
    assert len({one.id for one in seen}) == 11
    within = ListRecords(caller=house.officer, since=date(2024, 1, 2), until=date(2024, 1, 3))
    assert {one.on.day for one in (await house.call(LIST_RECORDS, within)).pages[0].items} == {2, 3}


async def test_totals_between_two_days_count_both_ends(house: Any) -> None:
    for month in (1, 2, 3):
        await house.register(on=date(2024, month, 1), facts={"hours": "0.1", "coefficient": "1.5"})
    asked = GetTotals(caller=house.officer, teachers=("t1", "t2"), since=date(2024, 2, 1), until=date(2024, 3, 1))
    first, second = (await house.call(GET_TOTALS, asked)).items
    assert (first.hours, first.credits, first.records) == (Decimal("0.2"), Decimal("0.3"), 2)
    assert (second.hours, second.credits, second.records) == (0, 0, 0)


async def test_a_standing_names_each_requirement_with_its_shortfall_and_clause(house: Any) -> None:
    await house.register(facts={"hours": "60"})
    await house.register(on=date(2023, 12, 31), facts={"hours": "50"})
    asked = GetStandings(caller=house.officer, teachers=("t1",), kind="year", on=date(2024, 2, 1))
    (standing,) = (await house.call(GET_STANDINGS, asked)).items
    assert (standing.label, standing.starts_on, standing.ends_on) == ("2024", date(2024, 1, 1), date(2024, 12, 31))
    assert (standing.verdict, standing.credits, standing.credits_unit) == ("FAIL", 60, "学分")
    (finding,) = standing.findings
    assert (finding.clause, finding.threshold, finding.earned, finding.shortfall) == ("MADE-4", 72, 60, 12)
    assert finding.readings[0].parameter == "year_credits"
    assert {clause.id: clause.quotation for clause in standing.explanation.clauses} == {"MADE-4": "条文4"}
    await house.register(on=date(2024, 6, 1), facts={"hours": "12"})
    (standing,) = (await house.call(GET_STANDINGS, asked)).items
    assert (standing.verdict, standing.findings[0].shortfall) == ("PASS", 0)


async def test_a_running_year_is_judged_by_the_law_in_force_today(empty_house: Any) -> None:
    await empty_house.bind(
        registry.PackBinding(pack="made", since=date(2020, 1, 1)),
        registry.PackBinding(pack="other", since=date(2024, 6, 1)),
        registry.PackBinding(pack="broken", since=date(2026, 1, 1)),
    )
    await empty_house.employ("t1")
    packs = {}
    for year in (2023, 2024, 2025):
        asked = GetStandings(caller=empty_house.officer, teachers=("t1",), kind="year", on=date(year, 2, 1))
        (standing,) = (await empty_house.call(GET_STANDINGS, asked)).items
        packs[year] = standing.explanation.pack
    assert packs == {2023: "made-up-made", 2024: "made-up-other", 2025: "made-up-other"}


async def test_a_period_that_the_law_does_not_judge_is_refused(house: Any, error_of: Callable[[Any, str], Any]) -> None:
    asked = GetStandings(caller=house.officer, teachers=("t1",), kind="decade")
    error = error_of(await house.call(GET_STANDINGS, asked), "PERIOD_UNKNOWN")
    assert (error.field, error.value) == ("kind", "decade")
    assert "year" in error.remedy_en


async def test_pages_out_of_bounds_and_foreign_cursors_are_refused(
    house: Any, error_of: Callable[[Any, str], Any]
) -> None:
    for first in (0, -1, 1001):
        query = ListRecords(caller=house.officer, page=Page(first=first))
        error_of(await house.call(LIST_RECORDS, query), "TOO_MANY")
    for after in ("", "x", "????", "MjAyNC0xMy0wMXxh", "\N{SNOWMAN}"):
        query = ListRecords(caller=house.officer, page=Page(after=after))
        error_of(await house.call(LIST_RECORDS, query), "CURSOR_MALFORMED")
    error_of(await house.call(GET_TOTALS, GetTotals(caller=house.officer, teachers=("t",) * 1001)), "TOO_MANY")


async def test_projects_are_listed_newest_first_by_state_and_words(house: Any) -> None:
    made = [await house.project(approve=number % 2 == 0) for number in range(5)]
    newest = [one.id for one in reversed(made)]
    seen: list[str] = []
    page = await house.call(LIST_PROJECTS, ListProjects(caller=house.officer, page=Page(first=2)))
    while True:
        assert page.total == 5
        seen += [one.id for one in page.items]
        if not page.has_next:
            break
        further = Page(first=2, after=page.cursors[-1])
        page = await house.call(LIST_PROJECTS, ListProjects(caller=house.officer, page=further))
    assert seen == newest
    oldest = await house.call(LIST_PROJECTS, ListProjects(caller=house.officer, page=Page(first=2), oldest_first=True))
    further = Page(first=9, after=oldest.cursors[-1])
    rest = await house.call(LIST_PROJECTS, ListProjects(caller=house.officer, page=further, oldest_first=True))
    assert [one.id for one in (*oldest.items, *rest.items)] == newest[::-1]
    approved = await house.call(LIST_PROJECTS, ListProjects(caller=house.officer, state="approved"))
    assert [one.id for one in approved.items] == newest[::2]
    assert {one.approved_by for one in approved.items} == {"test-district-officer"}
    for word, count in (("课堂", 5), ("研修中心", 5), ("100%", 0), ("_", 0)):
        found = await house.call(LIST_PROJECTS, ListProjects(caller=house.officer, search=word))
        assert found.total == count
    by_id = await house.call(GET_PROJECTS, GetProjects(caller=house.officer, ids=(newest[1], "none", newest[0])))
    assert [one.id if one else None for one in by_id.items] == [newest[1], None, newest[0]]
