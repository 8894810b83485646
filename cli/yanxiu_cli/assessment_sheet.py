"""`yanxiu visits assessments`: the inputs of yearly assessments as a table or a file, in a district's own columns."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path
from typing import Any, get_args

import msgspec
import xlsxwriter
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from yanxiu_wire import work_assessment as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.message import Page

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed
from yanxiu_cli.session import ask, connected

A_PAGE = 50
FIRST_COLUMN = "研训员 researcher"
LEAST, MOST = 2, 4  # cells of a line of the columns' file


def assessments(
    *, district: str, year: str, columns: Path | None = None, output: Path | None = None, data: Path = Path("var")
) -> None:
    """学年考核的依据：列由区县自定，可写成 CSV 或 XLSX。Inputs of yearly assessments, in the district's own columns.

    官方考核表未公布，平台不设官方列。各列写在 CSV 文件中，一行一列，如 到校天数,earned,visit_days,1。
    The official sheet is not published. A file has a line for each column: heading,kind,of,term.

    Parameters
    ----------
    district
        区县编号。The district's id.
    year
        学年，如 2024-2025。The school year.
    columns
        各列的文件；不填用本区县设定的考核表，尚未设定则为各项要求。
        The file of the columns; else the district's own sheet, or the law's measures where none is set.
    output
        写入的文件（.csv 或 .xlsx）；不填则打印。The file to write (.csv or .xlsx); else it is printed.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    if output is not None and output.suffix.lower() not in {".csv", ".xlsx"}:
        raise Failed(f"只写 .csv 或 .xlsx：{output}。", f"Only .csv or .xlsx can be written: {output}.")
    chosen = None if columns is None else _columns(columns)
    headings, rows = asyncio.run(_rows(district, year, chosen, data))
    if output is None:
        _print(headings, rows)
    else:
        _write(headings, rows, output)
    say(f"{year}：{len(rows)}人 / {len(rows)} researchers" + (f" → {output}" if output else ""))


def _columns(path: Path) -> tuple[wire.SheetColumn, ...]:
    kinds = get_args(wire.ColumnKind)
    found = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for number, cells in enumerate(csv.reader(lines), start=1):
            heading, kind, of, term = ([cell.strip() for cell in cells] + [""] * MOST)[:MOST]
            if not LEAST <= len(cells) <= MOST or kind not in kinds or (term and not term.isdecimal()):
                raise Failed(
                    f"第{number}行应为：表头,内容,名称,学期；内容为 {'、'.join(kinds)} 之一。",
                    f"Line {number} must be heading,kind,of,term; kind is one of {', '.join(kinds)}.",
                )
            column = {"heading": heading, "kind": kind, "of": of, "term": int(term) if term else None}
            found.append(msgspec.convert(column, wire.SheetColumn))
    return tuple(found)


async def _rows(
    district: str, year: str, columns: tuple[wire.SheetColumn, ...] | None, data: Path
) -> tuple[list[str], list[list[str]]]:
    """The headings and a line for each researcher."""
    caller = Caller(subject="yanxiu-cli", role="district-officer", district=district)
    rows: list[list[str]] = []
    async with connected(data) as bus:

        async def page(after: str | None, first: int = A_PAGE) -> Any:
            query = wire.ListWorkAssessments(
                caller=caller, school_year=year, columns=columns, page=Page(first=first, after=after)
            )
            return await ask(bus, wire.LIST_WORK_ASSESSMENTS, query, district=district)

        if columns is None:
            found = await page(None, 1)
            measures = (wire.SheetColumn(heading=one, kind="earned", of=one) for one in found.measures)
            failed = wire.SheetColumn(heading="failed", kind="failed")
            columns = tuple(found.columns) if found.sheet is not None else (*measures, failed)
        after, more = None, True
        while more:
            found = await page(after)
            rows += [[one.researcher, *one.values] for one in found.items]
            more, after = found.has_next, found.cursors[-1] if found.cursors else None
    return [FIRST_COLUMN, *(one.heading for one in columns)], rows


def _print(headings: list[str], rows: list[list[str]]) -> None:
    table = Table(*headings, box=SIMPLE)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _write(headings: list[str], rows: list[list[str]], output: Path) -> None:
    """Write texts as they are: a number stays exact, and a spreadsheet takes nothing for a formula."""
    lines = [headings, *rows]
    if output.suffix.lower() == ".csv":
        with output.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(lines)
        return
    with xlsxwriter.Workbook(output) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(lines):
            for place, cell in enumerate(cells):
                sheet.write_string(number, place, cell)
        sheet.autofit()
