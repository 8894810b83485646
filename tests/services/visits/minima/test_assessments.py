"""What yearly assessments rest on: columns that a district chooses, pure, over a real bus, and as files."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook
from yanxiu_cli.__main__ import run
from yanxiu_visits.minima.assess_sheet import assess_columns, fill_in
from yanxiu_visits.minima.tables import assessment_sheet
from yanxiu_wire import field_records
from yanxiu_wire import work_assessment as wire
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.field_records import Figure
from yanxiu_wire.minima import Minimum, TermMinima
from yanxiu_wire.term import TERM_CHANGED, Term, TermChanged
from yanxiu_wire.work_assessment import SheetColumn

from tests.services.visits.conftest import TERMS
from tests.services.visits.field import Sender, new_id
from tests.services.visits.minima.test_minima import asker  # noqa: F401 - the fixture
from tests.services.visits.test_graphql import Asker
from tests.stores import never_changed

ErrorOf = Callable[[Any, str], Any]


def term(number: int, earned: str, *failed: str) -> TermMinima:
    found, on = TERMS[number - 1], TERMS[number - 1].ends_on
    days = Minimum(
        clause="C", measure="days", label_zh="天", label_en="days", unit="天", operator="at_least",
        threshold=Decimal(20), earned=Decimal(earned), shortfall=max(Decimal(0), 20 - Decimal(earned)),
        state="missed" if failed else "met", binding=True, best=None,
    )  # fmt: skip
    return TermMinima(
        researcher="r1", term=found.id, starts_on=found.starts_on, ends_on=on, as_of=on, state=days.state, placed=True,
        away=False, schools=(), days_left=0, weeks_left=0, minima=(days,), papers=(), failed=failed, warned=(),
    )  # fmt: skip


def test_columns_sum_up_the_year_or_show_one_term_and_stay_exact() -> None:
    terms = {1: term(1, "20.5"), 2: term(2, "18", "C")}
    figures = {number: (Figure(name="lessons", value=20 * number, ids=()),) for number in terms}
    columns = (
        SheetColumn(heading="到校", kind="earned", of="days"),
        SheetColumn(heading="到校（上）", kind="earned", of="days", term=1),
        SheetColumn(heading="差", kind="shortfall", of="days"),
        SheetColumn(heading="听课", kind="figure", of="lessons"),
        SheetColumn(heading="未达到", kind="failed"),
        SheetColumn(heading="已不及", kind="missed"),
        SheetColumn(heading="第三学期", kind="earned", of="days", term=3),
    )
    assert fill_in(columns, terms, figures) == ("38.5", "20.5", "2", "60", "C", "1", "")


def test_a_column_of_what_there_is_not_is_refused(error_of: ErrorOf) -> None:
    def wrong(**column: Any) -> Any:
        return assess_columns([SheetColumn(**{"heading": "列", "kind": "earned", **column})], ("days",), ("lessons",))

    assert wrong(of="days") is None
    assert wrong(kind="failed") is None
    error = error_of(wrong(of="lessons"), "NOT_ONE_OF")
    assert (error.field, error.value) == ("columns[0].of", "lessons")
    assert "days" in error.remedy_zh
    error_of(wrong(kind="failed", of="days"), "NOT_ONE_OF")
    error_of(wrong(of="days", heading=" "), "TEXT_MALFORMED")
    error_of(assess_columns([SheetColumn(heading="列", kind="missed")] * 101, (), ()), "TOO_MANY")


@pytest.fixture
async def seen(quick_house: Any) -> Any:
    me = Sender(district=quick_house.district)
    await quick_house.call(field_records.RECORD_WORK, me.observe(new_id("lesson"), lesson={"comment": "好"}))
    return quick_house


async def test_a_year_in_the_districts_own_columns(seen: Any, error_of: ErrorOf) -> None:
    columns = (SheetColumn(heading="听评课", kind="earned", of="lessons"), SheetColumn(heading="未达到", kind="failed"))

    async def year(**asked: Any) -> Any:
        given = {"school_year": "2024-2025", "columns": columns, **asked}
        return await seen.call(wire.LIST_WORK_ASSESSMENTS, wire.ListWorkAssessments(caller=seen.officer, **given))

    found = await year()
    assert [(one.researcher, one.values) for one in found.items] == [("r1", ("1", "MADE-3")), ("r2", ("0", "MADE-3"))]
    assert (found.terms, found.measures) == (("2024-2025-1",), ("lessons",))  # the second term has not begun
    later = await year(as_of=date(2025, 7, 1))
    assert [[one.term for one in row.terms] for row in later.items] == [["2024-2025-1", "2024-2025-2"]] * 2
    error_of(await year(school_year="2031-2032"), "SCHOOL_YEAR_UNKNOWN")
    error_of(await year(columns=(SheetColumn(heading="等次", kind="earned", of="grade"),)), "NOT_ONE_OF")


async def test_before_its_first_term_a_year_has_nobody_to_assess_and_no_fault_is_found_with_the_sheet(
    seen: Any,
) -> None:
    assert isinstance(await seen.call(wire.SET_ASSESSMENT_SHEET, sheet(seen, LESSONS)), wire.AssessmentSheet)
    following = Term(
        id="2025-2026-1", school_year="2025-2026", number=1, starts_on=date(2025, 9, 1), ends_on=date(2026, 1, 17)
    )
    await seen.tell(TERM_CHANGED, TermChanged(term=following))
    await seen.until(lambda rows: len(rows) == 3)
    for asked in ({"school_year": "2025-2026"}, {"school_year": "2024-2025", "as_of": date(2024, 8, 20)}):
        for columns in (None, (LESSONS,)):
            query = wire.ListWorkAssessments(caller=seen.officer, columns=columns, **asked)  # type: ignore[arg-type]
            found = await seen.call(wire.LIST_WORK_ASSESSMENTS, query)
            assert isinstance(found, wire.WorkAssessmentPage), found
            assert (found.items, found.total, found.terms, found.columns) == ((), 0, (), (LESSONS,))


def sheet(house: Any, *columns: SheetColumn, since: date = date(2024, 9, 1), **given_: Any) -> wire.SetAssessmentSheet:
    officer = house.caller("district-officer")
    given = {"caller": officer, "key": house.key(), "decided_by": "研训院〔2024〕3号", **given_}
    return wire.SetAssessmentSheet(since=since, columns=columns, **given)


LESSONS = SheetColumn(heading="听评课", kind="earned", of="lessons")


@pytest.fixture
async def seen_on_each(house: Any) -> Any:
    me = Sender(district=house.district)
    await house.call(field_records.RECORD_WORK, me.observe(new_id("lesson"), lesson={"comment": "好"}))
    return house


async def test_the_districts_sheet_is_set_from_a_day_on_and_fills_the_year_in(
    seen_on_each: Any, error_of: ErrorOf
) -> None:
    house = seen_on_each

    async def year(**asked: Any) -> Any:
        query = wire.ListWorkAssessments(caller=house.officer, school_year="2024-2025", **asked)
        return await house.call(wire.LIST_WORK_ASSESSMENTS, query)

    assert ((await year()).items[0].values, (await year()).sheet) == ((), None)
    first = await house.call(wire.SET_ASSESSMENT_SHEET, sheet(house, LESSONS))
    assert (first.version, first.decided_by) == (1, "研训院〔2024〕3号")
    found = await year()
    assert (found.sheet, found.columns, found.items[0].values) == (1, (LESSONS,), ("1",))
    late = SheetColumn(heading="未达到", kind="failed")
    error_of(await house.call(wire.SET_ASSESSMENT_SHEET, sheet(house, late)), "VERSION_CHANGED")
    later = sheet(house, late, since=date(2025, 2, 1), expected_version=1)
    assert (await house.call(wire.SET_ASSESSMENT_SHEET, later)).version == 2
    # Until February the first one is in force; a question with columns of its own asks for no sheet.
    assert (await year()).sheet == 1
    assert (await year(as_of=date(2025, 2, 20))).columns == (late,)
    own = await year(as_of=date(2025, 2, 20), columns=(LESSONS,))
    assert (own.sheet, own.columns) == (None, (LESSONS,))
    assert (await year(columns=())).items[0].values == ()
    listed = await house.call(wire.LIST_ASSESSMENT_SHEETS, wire.ListAssessmentSheets(caller=house.officer))
    assert [one.version for one in listed.items] == [2, 1]
    with never_changed():
        async with house.service.databases.write(house.district, Deadline.after(10)) as conn:
            await conn.execute(sa.delete(assessment_sheet))


async def test_a_sheet_that_cannot_be_filled_in_is_not_set(quick_house: Any, error_of: ErrorOf) -> None:
    async def refused(code: str, *columns: SheetColumn, **given: Any) -> Any:
        return error_of(await quick_house.call(wire.SET_ASSESSMENT_SHEET, sheet(quick_house, *columns, **given)), code)

    unknown = await refused("NOT_ONE_OF", SheetColumn(heading="等次", kind="earned", of="grade"))
    assert unknown.field == "columns[0].of"
    assert (await refused("TEXT_MALFORMED", LESSONS, decided_by=" ")).field == "decided_by"
    await refused("FORBIDDEN", LESSONS, caller=quick_house.officer)
    await refused("NOT_ONE_OF", SheetColumn(heading="等次", kind="figure", of="grade"), since=date(2030, 9, 1))


async def test_a_sheet_is_set_through_graphql_and_used(asker: Asker, seen: Any) -> None:  # noqa: F811 - the fixture
    mutation = """mutation($i: SetAssessmentSheetInput!) { setAssessmentSheet(input: $i) {
      sheet { version since columns { heading kind of term } } errors { code field } } }"""
    column = {"heading": "听课（上）", "kind": "FIGURE", "of": "lessons", "term": 1}
    given = {"since": "2024-09-01", "columns": [column], "decidedBy": "研训院〔2024〕3号"}
    made = await asker.do(seen.caller("district-officer"), mutation, **given)
    assert made == {"sheet": {"version": 1, "since": "2024-09-01", "columns": [column]}, "errors": []}
    query = """{ workAssessments(schoolYear: "2024-2025") { sheetVersion columns { heading } edges { node { values } } }
      assessmentSheets { decidedBy setBy } }"""
    found = await asker.ask(seen.officer, query)
    assert found["workAssessments"] == {
        "sheetVersion": 1, "columns": [{"heading": "听课（上）"}], "edges": [{"node": {"values": [n]}} for n in "10"],
    }  # fmt: skip
    assert found["assessmentSheets"] == [{"decidedBy": "研训院〔2024〕3号", "setBy": "test-district-officer"}]


async def test_through_graphql(asker: Asker, seen: Any) -> None:  # noqa: F811 - the fixture
    query = """query { workAssessments(schoolYear: "2024-2025", columns: [
      {heading: "听评课", kind: EARNED, of: "lessons"}, {heading: "听课", kind: FIGURE, of: "lessons", term: 1}]) {
      totalCount measures edges { node { values terms { state } rulings { kind } } } } }"""
    found = (await asker.ask(seen.officer, query))["workAssessments"]
    assert (found["totalCount"], found["measures"]) == (2, ["lessons"])
    assert found["edges"][0]["node"] == {"values": ["1", "1"], "terms": [{"state": "OPEN"}], "rulings": []}


async def test_a_sheet_is_written_as_the_district_lists_it(
    seen: Any, quick_nats: Any, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANXIU_NATS_URL", quick_nats.url)
    listed = tmp_path / "columns.csv"
    listed.write_text("听评课,earned,lessons\n未达到,failed\n听课（上）,figure,lessons,1\n", encoding="utf-8")
    words = ["visits", "assessments", "--district", seen.district, "--year", "2024-2025"]
    lines = [
        ["研训员 researcher", "听评课", "未达到", "听课（上）"],
        ["r1", "1", "MADE-3", "1"],
        ["r2", "0", "MADE-3", "0"],
    ]
    for name in ("year.csv", "year.xlsx"):
        output = tmp_path / name
        assert await asyncio.to_thread(run, [*words, "--columns", str(listed), "--output", str(output)]) == 0
        if name.endswith("csv"):
            found = list(csv.reader(output.read_text(encoding="utf-8-sig").splitlines()))
        else:
            found = CalamineWorkbook.from_path(str(output)).get_sheet_by_index(0).to_python()
        assert found == lines
    assert await asyncio.to_thread(run, words) == 0
    assert "2 researchers" in capsys.readouterr().out
    await seen.call(wire.SET_ASSESSMENT_SHEET, sheet(seen, SheetColumn(heading="本区县一列", kind="missed")))
    assert await asyncio.to_thread(run, words) == 0
    assert "本区县一列" in capsys.readouterr().out
    listed.write_text("听评课,grade\n", encoding="utf-8")
    assert await asyncio.to_thread(run, [*words, "--columns", str(listed)]) != 0
    assert "Line 1 must be heading,kind,of,term" in "".join(capsys.readouterr())
