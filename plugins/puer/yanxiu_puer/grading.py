"""Marks, grades and the merit that follows from them (article 11 item 3, article 13)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from yanxiu_rulekit import Law, choose, plain

from yanxiu_puer.facts import COURSES, Record
from yanxiu_puer.wording import NOTHING, grade_en

FAILED = "不合格"
PASSED = "合格"
GRADES = ("优", "良", "中", PASSED, FAILED)
NO_PRIZE = ("", "无", "none", "未获奖")

# Kinds that are marked or graded, of them those that must be passed, and where article 13 speaks of the grade.
GRADED = (*COURSES, "studio", "research")
MUST_PASS = (*COURSES, "studio")
STATED_ZH = {"studio": "年度考核等级", "research": "结题等级"}
GRADED_BY = {"studio": ("PUER-13-1M",), "research": ("PUER-13-4L",)}


def stated_grade(record: Record) -> str | None:
    """Return the grade as it was stated, in either field."""
    return record.grade or record.result


def prize_of(record: Record) -> str | None:
    """Return the prize of a contest, None where none was won; a grade in `result` is no prize."""
    said = record.prize or (record.result if record.result not in GRADES else None)
    return None if said is None or said.strip() in NO_PRIZE else said.strip()


def grade_of(record: Record, law: Law) -> str | None:
    """Return the grade from the mark (half-open bands, G-P06), or the grade that was stated.

    Studios and research projects are graded in the same five words, so their marks go by the same bands.
    """
    if record.kind not in GRADED:
        return None
    return stated_grade(record) if record.score is None else grade_of_mark(record.score, law)


def grade_of_mark(score: Decimal, law: Law) -> str:
    """PUER-11-3: the band into which a mark falls."""
    mark = score.to_integral_value(rounding=ROUND_HALF_UP) if law.score_rounding == "half_up" else score
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
    """Say which grade a mark falls into, with the floors read, or which grade was stated; return the grade."""
    grade = grade_of(record, law)
    said = grade_en(grade)
    clauses = ("PUER-11-3", *GRADED_BY.get(record.kind, ()))
    if record.score is None:
        return law.step(
            "grade",
            grade,
            zh=f"{STATED_ZH.get(record.kind, '成绩等级')}：“{{value}}”。",
            en=f"Grade stated: {said}.",
            clauses=clauses,
        )
    rounded = law.score_rounding == "half_up"
    return law.step(
        "grade",
        grade,
        zh=f"成绩{{mark}}分，{'四舍五入到整数后' if rounded else '不取整，'}等级为“{{value}}”。",
        en=f"A mark of {{mark}}{', rounded to a whole number,' if rounded else ''} is graded {said}.",
        clauses=clauses,
        mark=plain(record.score),
    )
