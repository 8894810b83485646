"""Pure: whether a term may be entered or corrected as asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.term import SetTerm, Term

from yanxiu_registry.refusals import item, out_of_order, value_invalid

_YEAR = re.compile(r"(\d{4})-(\d{4})")
_MOST_TERMS = 4


def term_of(command: SetTerm, terms: Sequence[Term]) -> Term:
    """The term that the command describes, one version after the one it corrects."""
    term_id = f"{command.school_year}-{command.number}"
    version = next((one.version + 1 for one in terms if one.id == term_id), 1)
    return Term(
        id=term_id,
        school_year=command.school_year,
        number=command.number,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        version=version,
    )


def term_faults(new: Term, terms: Sequence[Term]) -> list[RefusalItem]:
    """A school year that is none, a number out of range, an end before the beginning, an overlap, a wrong order."""
    faults: list[RefusalItem] = []
    year = _YEAR.fullmatch(new.school_year)
    if year is None or int(year[2]) != int(year[1]) + 1:
        zh, en = "学年（如 2024-2025）", "a school year such as 2024-2025"
        faults.append(value_invalid("school_year", new.school_year, zh, en))
    if not 1 <= new.number <= _MOST_TERMS:
        zh, en = f"1 至 {_MOST_TERMS} 的整数", f"a number from 1 to {_MOST_TERMS}"
        faults.append(value_invalid("number", new.number, zh, en))
    if new.ends_on < new.starts_on:
        zh, en = "学期开始日", "the term's first day"
        faults.append(out_of_order("ends_on", new.ends_on, new.starts_on, zh, en))
    faults += [_overlap(new, one) for one in terms if one.id != new.id and _overlaps(new, one)]
    return faults


def _overlaps(new: Term, other: Term) -> bool:
    return new.starts_on <= other.ends_on and other.starts_on <= new.ends_on


def _overlap(new: Term, other: Term) -> RefusalItem:
    days = f"{other.starts_on} – {other.ends_on}"
    return item(
        "TERM_OVERLAP",
        "starts_on",
        new.starts_on,
        (f"与学期 {other.id}（{days}）重叠", "请调整起止日期，或先更正该学期"),
        (f"it overlaps the term {other.id} ({days})", "choose other days, or correct that term first"),
    )
