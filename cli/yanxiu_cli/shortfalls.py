"""`yanxiu shortfalls`: who falls short in a period, school by school, as a table or a CSV file."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_rulekit.numbers import plain
from yanxiu_wire import registry
from yanxiu_wire import teacher as wire_teacher
from yanxiu_wire.caller import Caller
from yanxiu_wire.message import Page
from yanxiu_wire.rpc import Bus
from yanxiu_wire.standings import (
    LIST_SHORTFALLS,
    SUMMARISE_SHORTFALLS,
    ListShortfalls,
    ShortfallRow,
    ShortfallSummary,
    SummariseShortfalls,
)

from yanxiu_cli.console import say
from yanxiu_cli.session import ask, connected

PAGE = 200
# More rows are for a file, not for a screen.
SHOWN = 50
VERDICTS = {"PASS": "达标", "FAIL": "未达标", "EXEMPT": "免考"}
HEADINGS = (
    *("学校代码 school code", "学校 school", "工号 staff number", "姓名 name", "结论 verdict"),
    *("条款 clause", "要求 requirement", "标准 threshold", "已得 earned", "差额 shortfall", "单位 unit"),
)


def shortfalls(
    *,
    district: str,
    kind: str,
    on: date | None = None,
    school: str | None = None,
    csv_file: Annotated[Path | None, Parameter(name="--csv")] = None,
    data: Path = Path("var"),
) -> int:
    """未达标名单：各校人数，每人差哪一项、差多少。Who falls short: counts by school, and what each misses.

    Parameters
    ----------
    district
        区县编号。The district's id.
    kind
        周期的种类，如 year、cycle、school_year。The kind of period, such as year, cycle or school_year.
    on
        取包含这一天的周期，默认今天。The period that contains this day; today by default.
    school
        只要这所学校（编号）。Only this school, by its id.
    csv_file
        写入这个 CSV 文件（UTF-8，带 BOM）。Write this CSV file (UTF-8 with BOM).
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    named = plain_id("School", school) if school is not None else None
    return asyncio.run(_run(_Asked(district, kind, on, named), csv_file, data))


async def _run(asked: _Asked, csv_file: Path | None, data: Path) -> int:
    async with connected(data) as bus:
        with Console(stderr=True).status("正在核算 judging …"):
            summary = await asked.summary(bus)
        rows = await asked.rows(bus, None if csv_file is not None else SHOWN)
        names = await _Names.of(bus, asked, rows, summary)
    written = _write(csv_file, rows, names) if csv_file is not None else 0
    _print_summary(summary, names)
    if csv_file is None:
        _print_rows(rows, names)
    else:
        say(f"已写入 {csv_file}：{len(rows)} 位教师，{written} 行。{written} lines about {len(rows)} teachers written.")
    return 0


class _Asked:
    """What was asked for, and the questions that answer it."""

    def __init__(self, district: str, kind: str, on: date | None, school: str | None) -> None:
        self.district = district
        self.caller = Caller(subject="cli", role="district-officer", district=district)
        self._given: dict[str, Any] = {"caller": self.caller, "kind": kind, "on": on, "school": school}

    async def summary(self, bus: Bus) -> ShortfallSummary:
        return await ask(bus, SUMMARISE_SHORTFALLS, SummariseShortfalls(**self._given), district=self.district)

    async def rows(self, bus: Bus, most: int | None) -> list[ShortfallRow]:
        """All rows, or the first so many, with a bar while they come."""
        found: list[ShortfallRow] = []
        after: str | None = None
        with _progress() as bar:
            task = bar.add_task("名单 rows", total=None)
            while most is None or len(found) < most:
                page = Page(first=min(PAGE, most or PAGE), after=after)
                answer = await ask(
                    bus, LIST_SHORTFALLS, ListShortfalls(**self._given, page=page), district=self.district
                )
                found += answer.items
                bar.update(task, completed=len(found), total=min(answer.total, most or answer.total))
                if not answer.has_next:
                    break
                after = answer.cursors[-1]
        return found


class _Names:
    """The schools and teachers of the lists, by their ids."""

    def __init__(self, teachers: dict[str, wire_teacher.Teacher], schools: dict[str, registry.School]) -> None:
        self._teachers = teachers
        self._schools = schools

    @classmethod
    async def of(cls, bus: Bus, asked: _Asked, rows: Sequence[ShortfallRow], summary: ShortfallSummary) -> _Names:
        """Ask the registry for all of them, a batch at a time."""
        teachers: dict[str, wire_teacher.Teacher] = {}
        for ids in _batches([row.teacher for row in rows]):
            query = wire_teacher.GetTeachers(caller=asked.caller, ids=ids)
            answer = await ask(bus, wire_teacher.GET_TEACHERS, query, district=asked.district)
            teachers |= {one.id: one for one in answer.items if one is not None}
        schools: dict[str, registry.School] = {}
        for ids in _batches([one.school for one in summary.schools]):
            query = registry.GetSchools(caller=asked.caller, ids=ids)
            answer = await ask(bus, registry.GET_SCHOOLS, query, district=asked.district)
            schools |= {one.id: one for one in answer.items if one is not None}
        return cls(teachers, schools)

    def school(self, school: str) -> tuple[str, str]:
        """Code and name; the id where the registry has none."""
        found = self._schools.get(school)
        return (found.code, found.name) if found else (school, "")

    def teacher(self, teacher: str) -> tuple[str, str]:
        """Staff number and name; the id where the registry has none."""
        found = self._teachers.get(teacher)
        return (found.staff_number, found.name) if found else (teacher, "")


def _batches(ids: Iterable[str]) -> Iterator[tuple[str, ...]]:
    listed = list(dict.fromkeys(ids))
    for start in range(0, len(listed), PAGE):
        yield tuple(listed[start : start + PAGE])


def _lines(rows: Iterable[ShortfallRow], names: _Names) -> Iterator[tuple[str, ...]]:
    for row in rows:
        who = (*names.school(row.school), *names.teacher(row.teacher), VERDICTS[row.verdict])
        for one in row.short:
            earned = plain(one.earned) if one.earned is not None else ""
            yield (*who, one.clause, one.label_zh, plain(one.threshold), earned, plain(one.shortfall), one.unit)


def _write(file: Path, rows: Sequence[ShortfallRow], names: _Names) -> int:
    written = 0
    # Spreadsheet programs read UTF-8 as Chinese only with a byte-order mark.
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        sheet = csv.writer(stream)
        sheet.writerow(HEADINGS)
        for line in _lines(rows, names):
            sheet.writerow([_plain_cell(cell) for cell in line])
            written += 1
    return written


def _plain_cell(text: str) -> str:
    """A text that a spreadsheet program would run as a formula is marked as text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _print_summary(summary: ShortfallSummary, names: _Names) -> None:
    title = f"{summary.label}（{summary.starts_on} 至 {summary.ends_on}），截至台账第 {summary.as_of_seq} 号"
    table = Table(title=title, box=SIMPLE)
    for heading in ("学校 school", "在职 teachers", "达标 pass", "未达标 fail", "免考 exempt"):
        table.add_column(heading, justify="left" if heading.startswith("学校") else "right")
    for one in (*summary.schools, summary.total):
        name = " ".join(names.school(one.school)) if one.school else "合计 total"
        table.add_row(name, *(str(count) for count in (one.teachers, one.passed, one.failed, one.exempt)))
    console = Console(width=max(Console().width, 100))
    console.print(table)
    missing = Table(box=SIMPLE)
    for heading in ("条款 clause", "要求 requirement", "未满足人数 short of it"):
        missing.add_column(heading)
    for duty, count in zip(summary.duties, summary.total.short, strict=True):
        missing.add_row(duty.clause, f"{duty.label_zh} {duty.label_en}", str(count))
    console.print(missing)


def _print_rows(rows: Sequence[ShortfallRow], names: _Names) -> None:
    table = Table(box=SIMPLE)
    for heading in HEADINGS:
        table.add_column(heading.replace(" ", "\n", 1))
    for line in _lines(rows, names):
        table.add_row(*line)
    Console(width=max(Console().width, 160)).print(table)
    if len(rows) == SHOWN:
        say(f"只显示前 {SHOWN} 位；全部请用 --csv 写入文件。The first {SHOWN}; --csv writes all of them.")


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
