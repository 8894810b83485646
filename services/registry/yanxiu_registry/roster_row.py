"""Pure: the cells of one roster row as typed values, and what is wrong with them cell by cell."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

import msgspec
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.roster import BY_KEY, COLUMNS, GENDERS, STAGES
from yanxiu_wire.roster_import import RosterRow, RowError

from yanxiu_registry.assess_text import text_fault
from yanxiu_registry.national_id import fault, mask, normal_form, without_ids
from yanxiu_registry.refusals import item, national_id_invalid, value_invalid

_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日)"
)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A row's values; None where the cell is empty, which leaves what the register has."""

    row: int
    staff_number: str
    name: str
    national_id: str | None = None
    school_code: str | None = None
    gender: str | None = None
    subject: str | None = None
    stage: str | None = None
    title: str | None = None
    hired_on: date | None = None
    employed_since: date | None = None
    post: str | None = None


def row_error(row: int, key: str, value: str, reason: RefusalItem) -> RowError:
    """An error under the heading people know the column by; identity numbers masked."""
    column = BY_KEY[key].zh if key in BY_KEY else key
    shown = mask(normal_form(value)) if key == "national_id" else without_ids(value)[:200]
    return RowError(row=row, column=column, value=shown, item=reason)


def read_date(text: str) -> date | None:
    """A date as people write it (2024-09-01, 2024/9/1, 2024.9.1, 2024年9月1日, 20240901), or None."""
    found = _DATE.fullmatch(text) or _DIGITS.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_row(row: RosterRow, today: date) -> tuple[Entry | None, list[RowError]]:
    """The row's values, or None with its errors."""
    errors: list[RowError] = []
    values: dict[str, Any] = {}
    for key, text in row.cells.items():
        if key not in BY_KEY:
            known = "、".join(column.zh for column in COLUMNS)
            names = ", ".join(column.en for column in COLUMNS)
            wrong = value_invalid(key, text, f"已知的列：{known}", f"a known column: {names}")
            errors.append(row_error(row.number, key, text, wrong))
            continue
        clean = unicodedata.normalize("NFKC", text).strip()
        if not clean:
            continue
        values[key], wrong = _read_cell(key, clean, today)
        if wrong is not None:
            errors.append(row_error(row.number, key, clean, wrong))
    for key in ("staff_number", "name"):
        if key not in values:
            errors.append(row_error(row.number, key, "", missing(key)))
    return (None, errors) if errors else (Entry(row=row.number, **values), [])


def missing(key: str) -> RefusalItem:
    """A cell that must not be empty."""
    column = BY_KEY[key]
    return item(
        "CELL_MISSING",
        key,
        "",
        (f"“{column.zh}”为空", f"请填写{column.zh}"),
        (f"the {column.en} is empty", f"fill in the {column.en}"),
    )


def _read_cell(key: str, text: str, today: date) -> tuple[Any, RefusalItem | None]:
    if key == "national_id":
        number = normal_form(text)
        wrong = fault(number, today)
        return number, national_id_invalid(key, number, *wrong) if wrong else None
    if BY_KEY[key].is_date:
        day = read_date(text)
        zh, en = "日期，如 2024-09-01", "a date such as 2024-09-01"
        return day, None if day else value_invalid(key, text, zh, en)
    if key in ("gender", "stage"):
        words = GENDERS if key == "gender" else STAGES
        value = words.get(text.lower())
        zh = "以下之一：" + "、".join(word for word in words if not word.isascii())
        en = "one of: " + ", ".join(word for word in words if word.isascii())
        return value, None if value else value_invalid(key, text, zh, en)
    return text, text_fault(key, text)
