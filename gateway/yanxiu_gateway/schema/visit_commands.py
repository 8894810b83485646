"""planVisit, prepareVisit, arriveAtSchool, leaveSchool and cancelVisit."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import visiting as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.field_input import INPUT, FieldInput, NotedPayload, envelope, note
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import item_of
from yanxiu_gateway.schema.visit import Visit

NEW_VISIT = (
    "下校编号，由客户端在第一次提交前生成：8 到 64 个字母、数字或连字符。"
    "The visit's id, made by the client before the first try: 8 to 64 letters, digits or hyphens."
)
VISIT_ID = "下校编号：客户端生成的，或全局编号。The visit's id: the client's own, or the global one."
SCHOOL_ID = "学校编号。The school's id."
TERM_ID = "学期，如 2024-2025-1。The term, such as 2024-2025-1."
PHASE = "阶段，按本区规定的名称，如期初。The phase, by the law's name."


@strawberry.type(name="VisitPayload", description="下校写操作的结果。What a note of a visit came to.")
class VisitPayload(NotedPayload):
    """The visit or errors."""

    visit: Visit | None = strawberry.field(resolver=item_of, description="此刻的下校。The visit as it is now.")


@strawberry.input(name="PlannedDayInput", description="计划的一天。A planned day.")
class PlannedDayInput:
    """A day and how much of it."""

    on: date = strawberry.field(description="哪一天。The day.")
    half_days: int = strawberry.field(default=2, description="几个半天，1 或 2。Half days, 1 or 2.")


@strawberry.input(name="PlanVisitInput", description="planVisit 的输入。Input of planVisit.")
class PlanVisitInput(FieldInput):
    """What to plan."""

    visit_id: strawberry.ID = strawberry.field(description=NEW_VISIT)
    school_id: strawberry.ID = strawberry.field(description=SCHOOL_ID)
    term_id: strawberry.ID = strawberry.field(description=TERM_ID)
    days: list[PlannedDayInput] = strawberry.field(description="计划的日子，都在学期之内。The days, in the term.")
    phase: str | None = strawberry.field(default=None, description=PHASE)
    residency_id: strawberry.ID | None = strawberry.field(
        default=None, description="所属的蹲点安排。The residency that it belongs to."
    )
    goal: str = strawberry.field(default="", description="工作目标，可以稍后填写。The goal; may follow later.")
    focus: str = strawberry.field(default="", description="工作重点，可以稍后填写。The focus; may follow later.")
    tasks: list[str] = strawberry.field(default_factory=list, description="具体任务，可以稍后填写。The tasks.")


async def plan_visit(
    info: Info, given: Annotated[PlanVisitInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Plan a visit."""
    command = wire.PlanVisit(
        **envelope(info, given),
        visit=plain_id("Visit", given.visit_id),
        school=plain_id("School", given.school_id),
        term=plain_id("Term", given.term_id),
        days=tuple(wire.PlannedDay(on=day.on, half_days=day.half_days) for day in given.days),
        phase=given.phase,
        residency=None if given.residency_id is None else plain_id("Residency", given.residency_id),
        goal=given.goal,
        focus=given.focus,
        tasks=tuple(given.tasks),
    )
    return await note(info, info.context.backend.plan_visit, command, "visit")


@strawberry.input(
    name="PrepareVisitInput",
    description="prepareVisit 的输入；省略的保持不变。Input of prepareVisit; what is left out stays as it is.",
)
class PrepareVisitInput(FieldInput):
    """What to set down."""

    visit_id: strawberry.ID = strawberry.field(description=VISIT_ID)
    goal: str | None = strawberry.field(default=None, description="工作目标。The goal.")
    focus: str | None = strawberry.field(default=None, description="工作重点。The focus.")
    tasks: list[str] | None = strawberry.field(default=None, description="具体任务。The tasks.")


async def prepare_visit(
    info: Info, given: Annotated[PrepareVisitInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Set down goal, focus and tasks."""
    command = wire.PrepareVisit(
        **envelope(info, given),
        visit=plain_id("Visit", given.visit_id),
        goal=given.goal,
        focus=given.focus,
        tasks=None if given.tasks is None else tuple(given.tasks),
    )
    return await note(info, info.context.backend.prepare_visit, command, "visit")


@strawberry.input(name="ArriveAtSchoolInput", description="arriveAtSchool 的输入。Input of arriveAtSchool.")
class ArriveAtSchoolInput(FieldInput):
    """Where he has come."""

    visit_id: strawberry.ID = strawberry.field(description=NEW_VISIT)
    school_id: strawberry.ID = strawberry.field(description=SCHOOL_ID)
    term_id: strawberry.ID = strawberry.field(description=TERM_ID)
    phase: str | None = strawberry.field(default=None, description=PHASE)


async def arrive_at_school(
    info: Info, given: Annotated[ArriveAtSchoolInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Say that the visitor has come."""
    command = wire.ArriveAtSchool(
        **envelope(info, given),
        visit=plain_id("Visit", given.visit_id),
        school=plain_id("School", given.school_id),
        term=plain_id("Term", given.term_id),
        phase=given.phase,
    )
    return await note(info, info.context.backend.arrive_at_school, command, "visit")


@strawberry.input(name="LeaveSchoolInput", description="leaveSchool 的输入。Input of leaveSchool.")
class LeaveSchoolInput(FieldInput):
    """How much of a day it was."""

    visit_id: strawberry.ID = strawberry.field(description=VISIT_ID)
    half_days: int = strawberry.field(description="当天计几个半天，1 或 2。Half days of this day, 1 or 2.")


async def leave_school(
    info: Info, given: Annotated[LeaveSchoolInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Say that the visitor has gone."""
    command = wire.LeaveSchool(
        **envelope(info, given), visit=plain_id("Visit", given.visit_id), half_days=given.half_days
    )
    return await note(info, info.context.backend.leave_school, command, "visit")


@strawberry.input(name="CancelVisitInput", description="cancelVisit 的输入。Input of cancelVisit.")
class CancelVisitInput(FieldInput):
    """What to call off."""

    visit_id: strawberry.ID = strawberry.field(description=VISIT_ID)
    reason: str = strawberry.field(description="理由。Why.")


async def cancel_visit(
    info: Info, given: Annotated[CancelVisitInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Call a visit off."""
    command = wire.CancelVisit(**envelope(info, given), visit=plain_id("Visit", given.visit_id), reason=given.reason)
    return await note(info, info.context.backend.cancel_visit, command, "visit")


@strawberry.type(description="下校的记录。What can be noted of visits.")
class VisitMutations:
    """Root fields."""

    plan_visit: VisitPayload | None = strawberry.mutation(
        resolver=plan_visit, description="计划一次下校，或重新计划。Plan a visit, or plan it anew."
    )
    prepare_visit: VisitPayload | None = strawberry.mutation(
        resolver=prepare_visit, description="进校之前明确目标、重点、任务。Set down goal, focus and tasks."
    )
    arrive_at_school: VisitPayload | None = strawberry.mutation(
        resolver=arrive_at_school,
        description="到校；未经计划的也予记录。The visitor has come; a visit that nobody planned is recorded too.",
    )
    leave_school: VisitPayload | None = strawberry.mutation(
        resolver=leave_school, description="离校，并写明当天几个半天。The visitor has gone; how many half days it was."
    )
    cancel_visit: VisitPayload | None = strawberry.mutation(
        resolver=cancel_visit, description="取消一次下校。Call a visit off."
    )
