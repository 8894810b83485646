"""What a teacher does: a plan, a growth bag that the school reviews, tasks and credits, reflection; who was there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import (
    Facts,
    FactsRefused,
    Law,
    clauses_broken,
    clauses_to_watch,
    decision,
    must_count,
    rows_that_hold,
)

REVIEWED, PLAN, CREDITS, BAG = "ANTU-6-3b", "ANTU-6-4a", "ANTU-6-4b", "ANTU-6-4c"
ATTENDANCE, WRITINGS = "ANTU-7-1b", "ANTU-8-1"
DAY = dt.timedelta(days=1)


class Bag(Facts, frozen=True, kw_only=True):
    """A teacher's growth bag of a year, and whether the school has reviewed it."""

    teacher: str
    year: int
    reviewed: bool = True


class BagsQuestion(Facts, frozen=True, kw_only=True):
    """Has every teacher a growth bag of the year, reviewed by the school?"""

    year: int
    teachers: tuple[str, ...]
    bags: tuple[Bag, ...] = ()


class PlansQuestion(Facts, frozen=True, kw_only=True):
    """Has every teacher a plan of his or her own?"""

    teachers: tuple[str, ...]
    with_plan: tuple[str, ...] = ()


class CreditsQuestion(Facts, frozen=True, kw_only=True):
    """Did a teacher complete the tasks and credits? `required` is by the college's standard (None: not given yet)."""

    earned: Decimal = Decimal(0)
    required: Decimal | None = None
    tasks: int = 0
    tasks_done: int = 0


class Entry(Facts, frozen=True, kw_only=True):
    """Attendance of one session: when it was held and entered, by whom, and when the teacher's bag was filled in."""

    held_on: dt.date
    recorded_on: dt.date
    recorder: str | None = None
    bag_on: dt.date | None = None


class AttendanceQuestion(Facts, frozen=True, kw_only=True):
    """Was attendance entered in time and by the person named? Days off, and weekend days worked instead."""

    entries: tuple[Entry, ...]
    named_person: str | None = None
    holidays: tuple[dt.date, ...] = ()
    workdays: tuple[dt.date, ...] = ()


class WritingsQuestion(Facts, frozen=True, kw_only=True):
    """What did teachers write in reflection? Kinds: 教育叙事, 教育教学随笔, or others."""

    writings: tuple[str, ...] = ()


@decision("growth_bags", asks_zh="成长记录袋是否每年填写并经学校审核", facts=BagsQuestion, clauses=(BAG, REVIEWED))
def growth_bags(question: BagsQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-6-4c: a bag for each teacher and year; 6-3b: reviewed by the school."""
    own = [one for one in question.bags if one.year == question.year]
    there = {one.teacher for one in own}
    missing = [one for one in question.teachers if one not in there]
    unreviewed = list(dict.fromkeys(one.teacher for one in own if not one.reviewed))
    told = (
        (BAG, not missing, f"没有成长记录袋：{'、'.join(missing)}", f"no growth bag: {', '.join(missing)}"),
        (REVIEWED, not unreviewed, f"学校没有审核：{'、'.join(unreviewed)}", f"not reviewed: {', '.join(unreviewed)}"),
    )
    return {"missing": missing, "unreviewed": unreviewed, "failed": clauses_broken(told, law)}


@decision("personal_plans", asks_zh="教师是否都有个人专业发展计划", facts=PlansQuestion, clauses=(PLAN,))
def personal_plans(question: PlansQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-6-4a: a plan for each teacher; by when is not said, so that a gap is pointed out."""
    missing = [one for one in question.teachers if one not in question.with_plan]
    told = ((PLAN, not missing, f"没有计划：{'、'.join(missing)}", f"no plan: {', '.join(missing)}"),)
    return {"missing": missing, "failed": [], "warnings": clauses_to_watch(told, law)}


@decision("teacher_credits", asks_zh="教师是否完成研修任务和学分", facts=CreditsQuestion, clauses=(CREDITS,))
def teacher_credits(question: CreditsQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-6-4b: all tasks, and the credits of the college's standard; without the standard only tasks are tested."""
    must_count("tasks", question.tasks)
    must_count("tasks_done", question.tasks_done, question.tasks)
    for name in ("earned", "required"):
        if (value := getattr(question, name)) is not None and value < 0:
            raise FactsRefused(field=name, value=value, problem="below zero; give credits")
    short = max(Decimal(0), (question.required or Decimal(0)) - question.earned)
    open_tasks = question.tasks - question.tasks_done
    told = (
        (CREDITS, not open_tasks, f"尚有{open_tasks}项任务没有完成", f"{open_tasks} tasks are open"),
        (CREDITS, not short, f"尚缺{short}学分", f"{short} credits are missing"),
    )
    failed = clauses_broken(told, law)
    known = (
        (CREDITS, question.required is not None, "进修学校尚未提供学分标准", "no standard of credits is given yet"),
    )
    return {"short": short, "open_tasks": open_tasks, "failed": failed, "warnings": clauses_to_watch(known, law)}


@decision("attendance_entries", asks_zh="出勤是否由专人及时记录", facts=AttendanceQuestion, clauses=(ATTENDANCE,))
def attendance_entries(question: AttendanceQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-7-1b: by the person named, within so many working days; teachers' bags likewise (G-A05)."""
    late: list[dt.date] = []
    others: list[str] = []
    for index, one in enumerate(question.entries):
        for name in ("recorded_on", "bag_on"):
            day = getattr(one, name)
            if day is not None and day < one.held_on:
                raise FactsRefused(field=f"entries[{index}].{name}", value=day, problem="before the session was held")
        last = _last_day(one.held_on, question, law)
        if one.recorded_on > last or (one.bag_on is not None and one.bag_on > last):
            late.append(one.held_on)
        if question.named_person is not None and one.recorder not in (None, question.named_person):
            others.append(str(one.recorder))
    days = "、".join(map(str, late))
    told = (
        (ATTENDANCE, not late, f"没有及时记录：{days}", f"not entered in time: {days}"),
        (ATTENDANCE, not others, f"不是专人记录：{'、'.join(others)}", f"entered by others: {', '.join(others)}"),
    )
    return {"late": late, "others": others, "failed": clauses_broken(told, law)}


@decision("writings", asks_zh="教学反思撰写了多少篇", facts=WritingsQuestion, clauses=(WRITINGS,))
def writings(question: WritingsQuestion, law: Law) -> Mapping[str, Any]:
    """ANTU-8-1: counted by kind; no number is set, so that none at all is pointed out."""
    kinds = {kind: question.writings.count(kind) for kind in rows_that_hold(law.writing_kinds)}
    kinds["其他"] = len(question.writings) - sum(kinds.values())
    told = ((WRITINGS, bool(question.writings), "没有反思写作", "nothing was written"),)
    return {"count": len(question.writings), "kinds": kinds, "failed": [], "warnings": clauses_to_watch(told, law)}


def _last_day(held_on: dt.date, question: AttendanceQuestion, law: Law) -> dt.date:
    """Return the last day in time: so many working days after the session."""
    left, day = int(law.record_days), held_on
    while left and day < dt.date.max:
        day += DAY
        off = day in question.holidays or (day.weekday() >= law.working_weekdays and day not in question.workdays)
        left -= 0 if off else 1
    return day
