"""Whether a plan's days, a day's half days and the texts of a preparation can be kept. Pure."""

from __future__ import annotations

from yanxiu_wire.refusal import Refused
from yanxiu_wire.visiting import PlanVisit

from yanxiu_visits import refusals as general
from yanxiu_visits.visiting import refusals
from yanxiu_visits.visiting.assess_note import assess_text

MOST_DAYS = 60
MOST_TASKS = 20
HALVES = (1, 2)


def assess_plan(plan: PlanVisit) -> Refused | None:
    """Return why a plan cannot be kept: no day, too many, one twice, or half days that no day has."""
    days = [day.on for day in plan.days]
    if not 1 <= len(days) <= MOST_DAYS:
        return general.out_of_bounds("days", len(days), 1, MOST_DAYS)
    if len(set(days)) != len(days):
        twice = next(day for day in days if days.count(day) > 1)
        return refusals.days_malformed("days", twice, "A day stands twice in the plan.", "同一天在计划中出现两次。")
    halves = next((one for one in (assess_half_days(day.half_days) for day in plan.days) if one), None)
    if halves is not None:
        return halves
    return assess_preparation(plan.goal, plan.focus, plan.tasks) or assess_text(
        "residency", plan.residency or "", most=100, empty=True
    )


def assess_half_days(half_days: int) -> Refused | None:
    """Return the refusal of half days that are not one or two."""
    if half_days in HALVES:
        return None
    return refusals.days_malformed("half_days", half_days, "A day has one half day or two.", "一天计1个或2个半天。")


def assess_preparation(goal: str | None, focus: str | None, tasks: tuple[str, ...] | None) -> Refused | None:
    """Return the refusal of texts that are too long, of an empty task, or of too many."""
    if tasks and len(tasks) > MOST_TASKS:
        return general.out_of_bounds("tasks", len(tasks), 0, MOST_TASKS)
    texts = [assess_text("goal", goal or "", empty=True), assess_text("focus", focus or "", empty=True)]
    return next((one for one in (*texts, *(assess_text("tasks", task) for task in tasks or ())) if one), None)
