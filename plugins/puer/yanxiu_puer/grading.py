"""Marks, grades and the merit that follows from them (article 11 item 3, article 13)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from yanxiu_rulekit import Law, choose, plain

from yanxiu_puer.facts import COURSES, Record
from yanxiu_puer.wording import NOTHING

FAILED = "不合格"
PASSED = "合格"
OTHER_PRIZE = "其他奖"


def grade_of(record: Record, law: Law) -> str | None:
    """Return the grade of a course from its mark (half-open bands, G-P06), or the grade that was stated."""
    if record.score is None:
        return record.grade or record.result
    mark = record.score
    if law.score_rounding == "half_up":
        mark = mark.to_integral_value(rounding=ROUND_HALF_UP)
    floor = law.grade_floor
    return choose(
        (mark >= floor["优"], "优"),
        (mark >= floor["良"], "良"),
        (mark >= floor["中"], "中"),
        (mark >= floor[PASSED], PASSED),
        otherwise=FAILED,
    )


def merit_of(record: Record, grade: str | None, law: Law) -> Decimal:
    """Return the merit coefficient that a grade, a yearly result or a prize earns; 0 where none is listed."""
    if record.kind == "contest":
        prize = law.grand_prize_as if grade == "特等奖" else grade
        return _row(law.prize_merit, prize)
    if record.kind == "studio":
        return _row(law.studio_merit, grade)
    if record.kind == "research":
        return _row(law.research_merit, grade)
    return _row(law.merit, grade) if record.kind in COURSES else NOTHING


def _row(table: Mapping[str, Decimal], key: str | None) -> Decimal:
    return NOTHING if key is None else table.get(key, NOTHING)


def tell_mark(record: Record, law: Law) -> str | None:
    """Say which grade a course's mark falls into, with the range of marks and the floors read."""
    grade = grade_of(record, law)
    if record.score is None:
        return law.step("grade", grade, zh="成绩等级：{value}。", en="Grade stated: {value}.", clauses=("PUER-11-3",))
    limits = law.mark_range
    return law.step(
        "grade",
        grade,
        zh="成绩{mark}分（{lowest}—{highest}分制，不取整），等级为{value}。",
        en="A mark of {mark} (out of {highest}) is graded {value}.",
        clauses=("PUER-11-3",),
        mark=plain(record.score),
        lowest=limits["lowest"],
        highest=limits["highest"],
    )
