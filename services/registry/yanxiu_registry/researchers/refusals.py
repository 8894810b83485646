"""The expected refusals about researchers and their absences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.researcher import Absence

from yanxiu_registry.refusals import item


def researcher_unknown(field: str, value: str) -> RefusalItem:
    """There is no such researcher."""
    return item(
        "RESEARCHER_UNKNOWN",
        field,
        value,
        ("没有此研训员", "请从研训员名录中选择，或先聘任"),
        ("there is no such researcher", "choose one of the register, or enrol the teacher first"),
    )


def researcher_exists(field: str, value: str, ends_on: date | None) -> RefusalItem:
    """The teacher is a researcher on that day already."""
    zh = f"至 {ends_on}" if ends_on else "，未定结束日"
    en = f" until {ends_on}" if ends_on else ""
    return item(
        "RESEARCHER_EXISTS",
        field,
        value,
        (f"此人已是研训员{zh}", "请更正已有的资料，或填写其结束日以后的日期"),
        (f"this person is a researcher already{en}", "correct the existing entry, or give a day after its end"),
    )


def not_at_work(field: str, day: date) -> RefusalItem:
    """The person works nowhere in the district on that day."""
    return item(
        "TEACHER_NOT_AT_WORK",
        field,
        day,
        (f"此人 {day} 在本区县没有任职", "请先登记其任职（研训机构也作为一个单位登记），或换一个日期"),
        (
            f"on {day} this person works nowhere in the district",
            "enter the employment first (an institute is entered as a school is), or choose another day",
        ),
    )


def absence_overlaps(field: str, day: date, other: Absence) -> RefusalItem:
    """The absence shares a day with another one."""
    zh, en = (f"至 {other.until}", f" to {other.until}") if other.until else ("起，未定结束日", " on")
    return item(
        "ABSENCE_OVERLAPS",
        field,
        day,
        (f"与另一段缺勤（{other.since} {zh}）重叠", "请调整起止日期，或更正那一段"),
        (f"it overlaps another absence, from {other.since}{en}", "choose other days, or correct that one"),
    )


def absence_unknown(begun_on: date, absences: Sequence[Absence]) -> RefusalItem:
    """No absence began on the day."""
    days = [str(one.since) for one in absences]
    return item(
        "ABSENCE_UNKNOWN",
        "begun_on",
        begun_on,
        (f"没有自 {begun_on} 起的缺勤", f"请填写某段缺勤的起始日：{'、'.join(days) or '无'}"),
        (f"no absence began on {begun_on}", f"give the day one began: {', '.join(days) or 'none'}"),
    )
