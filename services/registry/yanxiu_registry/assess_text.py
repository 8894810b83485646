"""Pure checks of single values: texts, and the `changes` of a correction against the fields that can be changed."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, get_args, get_origin

import msgspec
from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.national_id import holds_id
from yanxiu_registry.refusals import field_unknown, national_id_misplaced, out_of_order, value_invalid

LONGEST = {
    "code": 64,
    "staff_number": 64,
    "name": 100,
    "subject": 60,
    "subjects": 60,
    "title": 60,
    "post": 60,
    "kind": 60,
    "search": 100,
}
_ROUGH = 200
MAY_HOLD_ID = {"national_id", "search"}  # sealed before it is kept, and never kept


def text_fault(field: str, value: str | None) -> RefusalItem | None:
    """An empty or too long text, one with control characters, or a national id out of its place; None is fine."""
    if value is None:
        return None
    name = field.rpartition(".")[2].partition("[")[0]
    if name not in MAY_HOLD_ID and holds_id(value):
        return national_id_misplaced(field, value)
    longest = LONGEST.get(name, _ROUGH)
    clean = value.strip() and all(unicodedata.category(letter)[0] != "C" for letter in value)
    if clean and len(value) <= longest:
        return None
    return value_invalid(
        field, value, f"1 至 {longest} 个字符的文字，不含控制字符", f"a text of 1 to {longest} printable characters"
    )


def text_faults(**values: str | None) -> list[RefusalItem]:
    """The faults among several texts, by field."""
    return [fault for field, value in values.items() if (fault := text_fault(field, value))]


def _expected(kind: Any) -> tuple[str, str]:
    """What a field of this type takes, in Chinese and English."""
    parts = get_args(kind)
    if get_origin(kind) is Literal:
        names = ", ".join(map(str, parts))
        return f"以下之一：{names}", f"one of: {names}"
    if kind is date:
        return "日期（YYYY-MM-DD）", "a date (YYYY-MM-DD)"
    if kind is str:
        return "文字", "a text"
    if kind is int:
        return "整数", "a whole number"
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        names = ", ".join(kind.__struct_fields__)
        return f"一组 {names}", f"a set of {names}"
    if get_origin(kind) is tuple:
        if get_origin(parts[0]) is tuple:
            return "起止日期对的列表", "a list of pairs of dates"
        zh, en = _expected(parts[0])
        return f"列表，每项为{zh}", f"a list, each of it {en}"
    some = [_expected(part) for part in parts if part is not type(None)]
    return "或".join(zh for zh, _ in some) + "，或 null", " or ".join(en for _, en in some) + ", or null"


def read_changes(kinds: Mapping[str, Any], changes: Mapping[str, Any]) -> tuple[dict[str, Any], list[RefusalItem]]:
    """The changes as typed values, and what is wrong with them: unknown fields, values a field does not take."""
    values: dict[str, Any] = {}
    faults: list[RefusalItem] = []
    for field, value in changes.items():
        if field not in kinds:
            faults.append(field_unknown(field, kinds))
            continue
        try:
            values[field] = msgspec.convert(value, kinds[field])
        except msgspec.ValidationError:
            faults.append(value_invalid(f"changes.{field}", value, *_expected(kinds[field])))
            continue
        if isinstance(value, str) and (fault := text_fault(f"changes.{field}", value)):
            faults.append(fault)
    if not changes:
        faults.append(value_invalid("changes", "", "至少一个要更正的字段", "at least one field to change"))
    return values, faults


def period_faults(field: str, periods: tuple[tuple[date, date | None], ...]) -> list[RefusalItem]:
    """Periods that end before they begin, or begin before the one before them has ended."""
    faults: list[RefusalItem] = []
    for place, (since, until) in enumerate(periods):
        if until is not None and until < since:
            faults.append(out_of_order(f"{field}[{place}]", until, since, "该段起始日", "the period's first day"))
        if place:
            earlier_end = periods[place - 1][1] or date.max
            if since <= earlier_end:
                zh, en = "上一段的结束日", "the end of the period before"
                faults.append(out_of_order(f"{field}[{place}]", since, earlier_end, zh, en))
    return faults
