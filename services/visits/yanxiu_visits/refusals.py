"""Every 'no' that the service gives in more than one area, each with field, value, sentence and remedy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from yanxiu_footing.refusals import (
    cursor_malformed,
    day_in_future,
    district_unknown,
    forbidden,
    instant_without_zone,
    law_not_in_force,
    law_unusable,
    out_of_bounds,
    refuse,
    shown,
    stream_empty,
    text_malformed,
    told,
)
from yanxiu_wire.refusal import Refused

# Those that every service gives stand here too: a use case finds its refusals in one place.
__all__ = [
    "cursor_malformed",
    "day_in_future",
    "district_unknown",
    "forbidden",
    "instant_in_future",
    "instant_without_zone",
    "law_not_in_force",
    "law_unusable",
    "no_visit_rules",
    "not_one_of",
    "out_of_bounds",
    "person_unknown",
    "refuse",
    "researcher_unknown",
    "school_unknown",
    "shown",
    "stream_empty",
    "term_unknown",
    "text_malformed",
    "told",
]


def no_visit_rules(pack: str, *, field: str, on: date) -> Refused:
    """The law of that day says nothing of visits."""
    return refuse(
        "NO_VISIT_RULES",
        field=field,
        value=on,
        zh=f"{on.isoformat()}当日适用的规定（{shown(pack)}）未规定研训员蹲点视导。",
        en=f"The law in force on {on.isoformat()} ({shown(pack)}) orders no visits of researchers.",
        remedy=("请核对日期或本区县适用的规则包。", "Check the date, or the rule pack that the district is bound to."),
    )


def school_unknown(school: str | None, *, field: str = "school") -> Refused:
    """Unknown, out of the caller's scope, or not arrived from the registry yet: all answer alike."""
    return refuse(
        "SCHOOL_UNKNOWN",
        field=field,
        value=school,
        zh="没有这所学校，或不在您的管理范围内。",
        en="There is no such school, or not in your scope.",
        remedy=(
            "请核对学校编号；刚登记的学校可能尚在同步，请稍后用同一幂等键重试。",
            "Check the school's id; one entered just now may still be arriving: retry with the same key.",
        ),
    )


def researcher_unknown(researcher: str | None, *, field: str = "researcher") -> Refused:
    """Unknown, no researcher on the day, out of the caller's scope, or not arrived yet: all answer alike."""
    return refuse(
        "RESEARCHER_UNKNOWN",
        field=field,
        value=researcher,
        zh="没有这位研训员，当日未受聘，或不在您的管理范围内。",
        en="There is no such researcher, he was none on that day, or he is not in your scope.",
        remedy=(
            "请核对研训员编号与日期；刚登记的可能尚在同步，请稍后用同一幂等键重试。",
            "Check the researcher's id and the day; one entered just now may be arriving: retry with the same key.",
        ),
    )


def person_unknown(person: str, *, field: str) -> Refused:
    """No teacher of that id, or none at the place that matters here: all answer alike."""
    return refuse(
        "PERSON_UNKNOWN",
        field=field,
        value=person,
        zh="没有这位教师，或不在该校任职。",
        en="There is no such teacher, or not at that school.",
        remedy=("请核对教师编号与任职学校。", "Check the teacher's id and the school of employment."),
    )


def term_unknown(term: str, *, field: str = "term") -> Refused:
    """No such term in the district's calendar."""
    return refuse(
        "TERM_UNKNOWN",
        field=field,
        value=term,
        zh="校历中没有这个学期。",
        en="The district's calendar has no such term.",
        remedy=(
            "请先登记学期，或核对学期编号，如2024-2025-1。",
            "Enter the term first, or check its id, such as 2024-2025-1.",
        ),
    )


def not_one_of(field: str, value: str, known: Collection[str]) -> Refused:
    """A word that is none of those that the law, or the form, knows here."""
    listed_zh, listed_en = "、".join(known), ", ".join(known)
    return refuse(
        "NOT_ONE_OF",
        field=field,
        value=value,
        zh=f"“{shown(value)}”不在可选范围内。" if known else "此处不填。",
        en=f"{shown(value)} is none of those allowed here." if known else "Nothing may stand here.",
        remedy=(f"可选：{listed_zh}。", f"Allowed: {listed_en}.") if known else ("请留空。", "Leave it empty."),
    )


def instant_in_future(field: str, at: datetime, now: datetime) -> Refused:
    """An instant that has not come yet, by more than clocks may differ."""
    return refuse(
        "INSTANT_IN_FUTURE",
        field=field,
        value=at.isoformat(),
        zh=f"{told(at)}晚于现在{told(now)}。",
        en=f"{told(at)} lies after now, {told(now)}, by more than two clocks may differ.",
        remedy=("请校准设备的时钟后重新记录。", "Set the device's clock, then record it again."),
    )
