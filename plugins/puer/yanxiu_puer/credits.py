"""The record decision: what one training record is worth, and why (articles 10 to 13, 15, 20 to 22)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from yanxiu_rulekit import Law, decision

from yanxiu_puer.amounts import hours_stated
from yanxiu_puer.bar import hold_bars
from yanxiu_puer.conduct_bars import ZEROING
from yanxiu_puer.entry_bars import REJECTING, mark_missing
from yanxiu_puer.facts import (
    Record,
    RecordQuestion,
    allocation_of,
    certified_level,
    first_day,
    is_self_chosen,
    last_day,
    mode_of,
    sound,
)
from yanxiu_puer.grading import FAILED, MUST_PASS, grade_of
from yanxiu_puer.wording import NOTHING, SCHOOL_MODULE
from yanxiu_puer.worth import WORTH, tell_total

CLAUSES = (
    "PUER-5-1",
    "PUER-6-1",
    "PUER-6-3",
    "PUER-7-1",
    "PUER-8-2",
    "PUER-9-1",
    "PUER-10-4c",
    "PUER-10-16",
    "PUER-10-17",
    "PUER-11-0",
    "PUER-11-1",
    "PUER-11-1N",
    "PUER-11-1S",
    "PUER-11-1C",
    "PUER-11-1M",
    "PUER-11-1P",
    "PUER-11-1G",
    "PUER-11-1D",
    "PUER-11-2",
    "PUER-11-3",
    "PUER-11-3M",
    "PUER-11-3Z",
    "PUER-11-4",
    "PUER-11-5",
    "PUER-12-1",
    "PUER-13-0",
    "PUER-13-1",
    "PUER-13-1L",
    "PUER-13-1M",
    "PUER-13-2",
    "PUER-13-3",
    "PUER-13-3Z",
    "PUER-13-4",
    "PUER-13-4L",
    "PUER-13-5",
    "PUER-13-6",
    "PUER-15-3",
    "PUER-19-2",
    "PUER-20-1",
    "PUER-21-1",
    "PUER-22-1",
    "PUER-F2-3-3",
    "PUER-F2-3-4",
    "PUER-F2-4-1b",
    "PUER-F2-4-3c",
    "PUER-F2-4-3d",
    "PUER-F2-4-3e",
    "PUER-F2-4-3f",
    "PUER-F3-6-4b",
)


def day_of(question: RecordQuestion) -> date | None:
    """Return the day whose law governs: the completion of the training."""
    return last_day(question.record)


def worth_of(record: Record, law: Law) -> Mapping[str, Any]:
    """Return status, mode, grade, hours, coefficient, basic, merit and total credits, and the clauses breached.

    REJECTED: the file is returned and corrected. ZERO: the file is sound and earns nothing. Hours are in 学时,
    credits in 学分, all exact.
    """
    rejected = hold_bars(REJECTING, record, law)
    if rejected:
        return _nothing(record, "REJECTED", None, rejected)
    barred = hold_bars(ZEROING, record, law)
    if barred:
        failed = record.kind in MUST_PASS and grade_of(record, law.quiet()) == FAILED
        return _nothing(record, "ZERO", FAILED if failed else None, barred)
    unmarked = hold_bars((mark_missing,), record, law)
    if unmarked:
        return _nothing(record, "REJECTED", None, unmarked)
    if record.kind == "induction":
        return _induction(record, law)
    worth = WORTH[record.kind](record, law)
    earned = tell_total(record, worth, law)
    return {
        "status": "COUNTED",
        "mode": mode_of(record),
        "grade": worth.grade,
        "hours": worth.hours,
        "project_credit": worth.coefficient,
        "basic": earned.basic,
        "merit_coefficient": earned.coefficient,
        "merit": earned.merit,
        "total": earned.total,
        "reasons": [],
    }


def _nothing(record: Record, status: str, grade: str | None, reasons: list[str]) -> Mapping[str, Any]:
    none = None if status == "REJECTED" else NOTHING
    return {
        "status": status,
        "mode": mode_of(record),
        "grade": grade,
        "hours": none,
        "project_credit": None,
        "basic": none,
        "merit_coefficient": None,
        "merit": none,
        "total": none,
        "reasons": reasons,
    }


def _induction(record: Record, law: Law) -> Mapping[str, Any]:
    """PUER-10-4c: induction is registered on its own and adds nothing to universal training."""
    hours, practical = hours_stated(record) or NOTHING, record.practical_hours or NOTHING
    law.step(
        "induction",
        hours,
        unit="学时",
        zh="上岗培训{value}学时（其中实践性{practical}学时）单独登记，不计入全员培训学时学分。",
        en="{value} hours of induction ({practical} practical) are registered apart and add nothing to the totals.",
        clauses=("PUER-10-4c",),
        practical=practical,
    )
    counted = {"status": "COUNTED", "project_credit": None, "merit_coefficient": None}
    apart = {"induction_hours": hours, "practical_hours": practical}
    return {**_nothing(record, "ZERO", None, []), **counted, **apart}


def attributes(question: RecordQuestion, result: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what judging a period needs of a counted record (`CreditLine.attributes`)."""
    record = question.record
    said: dict[str, Any] = {
        "kind": record.kind,
        "mode": result["mode"],
        "level": certified_level(record),
        "basic": result["basic"],
        "module": SCHOOL_MODULE if result["mode"] == "school" else allocation_of(record),
        "self_chosen": is_self_chosen(record),
        "head_teacher_topic": record.head_teacher_topic,
    }
    for name in ("studio", "work", "hours_by_year", "study_year"):
        if getattr(record, name) is not None:
            said[name] = getattr(record, name)
    began, ended = first_day(record), last_day(record)
    if began is not None and ended is not None and began.year < ended.year:
        said["started_on"] = began
    if record.kind == "induction":
        said |= {"induction_hours": result["induction_hours"], "practical_hours": result["practical_hours"]}
    return said


@decision(
    "record",
    asks_zh="一条记录值多少学时学分：计入、不计，或退回更正",
    facts=RecordQuestion,
    clauses=CLAUSES,
    day=day_of,
)
def record_credit(question: RecordQuestion, law: Law) -> Mapping[str, Any]:
    """Say what one record is worth."""
    return worth_of(sound(question.record, "record"), law)
