"""A roster file as rows: CSV (UTF-8, GB18030) or a spreadsheet, Chinese or English headings, ids as text."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from python_calamine import CalamineError, CalamineWorkbook
from yanxiu_wire.roster import BY_HEADING, COLUMNS, Column, heading_form
from yanxiu_wire.roster_import import RosterRow

from yanxiu_cli.failed import Failed

TEXT = {".csv", ".txt", ".tsv"}
SHEETS = {".xlsx", ".xlsm", ".xls", ".ods"}
HEADING_WITHIN = 10  # a title and a note often stand above the headings
ENOUGH_HEADINGS = 2
EXACT_BELOW = 10**15  # a spreadsheet keeps 15 digits of a number
DAY_ZERO = date(1899, 12, 30)  # day 0 of a spreadsheet's calendar
DAY_NUMBERS = range(10_000, 80_000)  # 1927 to 2119
_GUARD = re.compile(r'="(.*)"', re.DOTALL)
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+")


class Problem(msgspec.Struct, frozen=True):
    """A cell that lost what it held before it came here: where it stands, what is seen of it, problem and remedy."""

    row: int
    column: str
    value: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


class Roster(msgspec.Struct, frozen=True):
    """A file's rows under an id that is the same for the same content and district, and the cells that are damaged."""

    id: str
    rows: list[RosterRow]
    headings: dict[str, str]
    problems: list[Problem]


def read_roster(path: Path, district: str, ignored: Sequence[str] = ()) -> Roster:
    """Read the file; raises Failed (code 2) when it cannot be read, or its headings are not those of a roster."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Failed(f"{path}：无法读取文件。", f"{path}: cannot be read ({error.strerror}).", code=2) from None
    table = _table(path, content)
    place, columns = _columns(table, {heading_form(one) for one in ignored})
    problems: list[Problem] = []
    rows: list[RosterRow] = []
    for number, values in enumerate(table[place + 1 :], start=place + 2):
        cells = _cells(number, values, columns, problems)
        if cells:
            rows.append(RosterRow(number=number, cells=cells))
    digest = hashlib.sha256(district.encode() + b"\0" + content).hexdigest()[:32]
    return Roster(digest, rows, {column.key: heading for column, heading in columns.values()}, problems)


# ---- the two kinds of file -------------------------------------------------------------------------------------


def _table(path: Path, content: bytes) -> list[list[Any]]:
    kind = path.suffix.lower()
    if kind in TEXT:
        return _text_table(path, content)
    if kind in SHEETS:
        return _sheet_table(path, content)
    known = ", ".join(sorted(TEXT | SHEETS))
    raise Failed(f"{path}：不认识的文件类型，可用 {known}。", f"{path}: unknown kind of file; use {known}.", code=2)


def _text_table(path: Path, content: bytes) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise Failed(
            f"{path}：既不是 UTF-8 也不是 GB18030 编码，请另存为 CSV UTF-8。",
            f"{path}: neither UTF-8 nor GB18030; save it as CSV UTF-8.",
            code=2,
        )
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)]
    except csv.Error as error:
        raise Failed(f"{path}：CSV 格式有误（{error}）。", f"{path}: not well-formed CSV ({error}).", code=2) from None


def _sheet_table(path: Path, content: bytes) -> list[list[Any]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise Failed(
            f"{path}：无法读取工作表（{error}）。", f"{path}: cannot read a sheet ({error}).", code=2
        ) from None


# ---- headings --------------------------------------------------------------------------------------------------


def _columns(table: list[list[Any]], ignored: set[str]) -> tuple[int, dict[int, tuple[Column, str]]]:
    """Where the headings stand, and the column under each of them with the heading as the file writes it."""
    for place, row in enumerate(table[:HEADING_WITHIN]):
        headings = {at: str(value).strip() for at, value in enumerate(row) if str(value).strip()}
        known = {at: BY_HEADING[heading_form(one)] for at, one in headings.items() if heading_form(one) in BY_HEADING}
        if len(known) >= ENOUGH_HEADINGS:
            unknown = [one for at, one in headings.items() if at not in known and heading_form(one) not in ignored]
            _check_headings(unknown, known.values())
            return place, {at: (column, headings[at]) for at, column in known.items()}
    raise Failed(
        f"前 {HEADING_WITHIN} 行中找不到表头。可用的列：{_names('zh')}。",
        f"No headings in the first {HEADING_WITHIN} rows. The columns are: {_names('en')}.",
        code=2,
    )


def _names(language: str) -> str:
    return ("、" if language == "zh" else ", ").join(getattr(column, language) for column in COLUMNS)


def _check_headings(unknown: list[str], known: Iterable[Column]) -> None:
    if unknown:
        raise Failed(
            f"不认识的列：{'、'.join(unknown)}。可用的列：{_names('zh')}。请改名、删除该列，或加 --ignore 列名。",
            f"Unknown columns: {', '.join(unknown)}. The columns are: {_names('en')}. "
            "Rename or delete the column, or give --ignore with its name.",
            code=2,
        )
    keys = [column.key for column in known]
    twice = sorted({column.zh for column in COLUMNS if keys.count(column.key) > 1})
    if twice:
        raise Failed(f"同一列出现两次：{'、'.join(twice)}。", f"A column stands twice: {', '.join(twice)}.", code=2)
    missing = [column for column in COLUMNS if column.required and column.key not in keys]
    if missing:
        raise Failed(
            f"缺少必需的列：{'、'.join(column.zh for column in missing)}。",
            f"Required columns are missing: {', '.join(column.en for column in missing)}.",
            code=2,
        )


# ---- cells -----------------------------------------------------------------------------------------------------


def _cells(
    number: int, values: list[Any], columns: dict[int, tuple[Column, str]], problems: list[Problem]
) -> dict[str, str]:
    cells: dict[str, str] = {}
    for at, (column, heading) in columns.items():
        value = values[at] if at < len(values) else ""
        text = _text(value, column)
        if text is None:
            problems.append(_damaged(number, heading, value, column))
        elif text:
            cells[column.key] = text
    return cells


def _text(value: Any, column: Column) -> str | None:
    """The cell's text; None when it cannot be what was once typed in."""
    if isinstance(value, str):
        plain = value.strip()
        guarded = _GUARD.fullmatch(plain)
        plain = (guarded[1] if guarded else plain).lstrip("'").strip()
        lost = column.key in ("national_id", "staff_number", "school_code") and _SCIENTIFIC.fullmatch(plain)
        return None if lost else plain
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return _number_text(value, column)


def _number_text(value: float, column: Column) -> str | None:
    if column.key == "national_id" or value != int(value) or abs(value) >= EXACT_BELOW:
        return None
    if column.is_date and int(value) in DAY_NUMBERS:
        return (DAY_ZERO + timedelta(days=int(value))).isoformat()
    return str(int(value))


def _damaged(number: int, heading: str, value: Any, column: Column) -> Problem:
    # So long a number is a national id more often than not, whatever column it stands in.
    long = isinstance(value, int | float) and abs(value) >= EXACT_BELOW
    seen = "***" if long or column.key == "national_id" else str(value)
    return Problem(
        number,
        heading,
        seen,
        f"单元格是数值，{column.zh}的末几位可能已丢失。",
        f"The cell holds a number; the last digits of the {column.en} may be lost.",
        "请先把该列设为“文本”格式，再从原始资料重新录入。",
        "Format the column as text, then enter it again from the source.",
    )
