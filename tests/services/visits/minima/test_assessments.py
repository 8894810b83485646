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
from python_calamine import CalamineWorkbook
from yanxiu_cli.__main__ import run
from yanxiu_visits.minima.assess_sheet import assess_columns, fill_in
from yanxiu_wire import field_records
from yanxiu_wire import work_assessment as wire
from yanxiu_wire.field_records import Figure
from yanxiu_wire.minima import Minimum, TermMinima
from yanxiu_wire.work_assessment import SheetColumn

from tests.services.visits.conftest import TERMS
from tests.services.visits.field import Sender, new_id
from tests.services.visits.minima.test_minima import asker  # noqa: F401 - the fixture
from tests.services.visits.test_graphql import Asker

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
    sheet = tmp_path / "columns.csv"
    sheet.write_text("听评课,earned,lessons\n未达到,failed\n听课（上）,figure,lessons,1\n", encoding="utf-8")
    words = ["visits", "assessments", "--district", seen.district, "--year", "2024-2025"]
    lines = [
        ["研训员 researcher", "听评课", "未达到", "听课（上）"],
        ["r1", "1", "MADE-3", "1"],
        ["r2", "0", "MADE-3", "0"],
    ]
    for name in ("year.csv", "year.xlsx"):
        output = tmp_path / name
        assert await asyncio.to_thread(run, [*words, "--columns", str(sheet), "--output", str(output)]) == 0
        if name.endswith("csv"):
            found = list(csv.reader(output.read_text(encoding="utf-8-sig").splitlines()))
        else:
            found = CalamineWorkbook.from_path(str(output)).get_sheet_by_index(0).to_python()
        assert found == lines
    assert await asyncio.to_thread(run, words) == 0
    assert "2 researchers" in capsys.readouterr().out
    sheet.write_text("听评课,grade\n", encoding="utf-8")
    assert await asyncio.to_thread(run, [*words, "--columns", str(sheet)]) != 0
    assert "Line 1 must be heading,kind,of,term" in "".join(capsys.readouterr())
