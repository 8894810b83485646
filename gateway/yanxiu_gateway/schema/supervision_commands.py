"""appointSupervisionTeam, commitDraw, revealDraw, scheduleInspection, reportInspection and cancelInspection."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import supervision as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, carried_out, item_of
from yanxiu_gateway.schema.supervision import (
    Inspection,
    InspectionKind,
    SupervisionDraw,
    SupervisionSide,
    SupervisionTeam,
)
from yanxiu_gateway.schema.words import wire_word

INPUT = "输入。The input."
_NAMES = {"team": "teamId", "draw": "drawId", "inspection": "inspectionId", "school": "schoolId"}


@strawberry.type(name="SupervisionTeamPayload", description="任命团队的结果。What appointing a team came to.")
class SupervisionTeamPayload(Payload):
    """The team or errors."""

    team: SupervisionTeam | None = strawberry.field(resolver=item_of, description="团队。The team.")


@strawberry.type(name="SupervisionDrawPayload", description="抽签写操作的结果。What a change of a draw came to.")
class SupervisionDrawPayload(Payload):
    """The draw or errors."""

    draw: SupervisionDraw | None = strawberry.field(resolver=item_of, description="抽签。The draw.")


@strawberry.type(name="InspectionPayload", description="督导写操作的结果。What a change of an inspection came to.")
class InspectionPayload(Payload):
    """The inspection or errors."""

    inspection: Inspection | None = strawberry.field(resolver=item_of, description="督导。The inspection.")


@strawberry.input(name="SupervisorInput", description="一名成员。A member.")
class SupervisorInput:
    """A member."""

    person_id: strawberry.ID = strawberry.field(
        description="教师编号；不在花名册的行政人员填其登录主体。A teacher's id, or the token's subject of an official."
    )
    side: SupervisionSide = strawberry.field(description="行政或业务。His side.")


@strawberry.input(name="AppointSupervisionTeamInput", description="appointSupervisionTeam 的输入。Its input.")
class AppointSupervisionTeamInput:
    """A team."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    name: str = strawberry.field(description="名称。Its name.")
    since: date = strawberry.field(description="自哪天起。From which day.")
    members: list[SupervisorInput] = strawberry.field(description="成员，须有行政与业务两方。Members of both sides.")


@strawberry.input(name="ExemptedSchoolInput", description="未列入抽签的学校。A school left out of the draw.")
class ExemptedSchoolInput:
    """A school and the reason."""

    school_id: strawberry.ID = strawberry.field(description="学校编号。The school's id.")
    reason: str = strawberry.field(description="理由，将公开。The reason, which is published.")


@strawberry.input(name="CommitDrawInput", description="commitDraw 的输入。Input of commitDraw.")
class CommitDrawInput:
    """What to commit to."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    school_year: str = strawberry.field(description="学年，如2024-2025。The school year.")
    count: int = strawberry.field(description="抽几所。How many are drawn.")
    roster_on: date | None = strawberry.field(default=None, description="以哪天在办的学校为准，默认今天。Its day.")
    exempted: list[ExemptedSchoolInput] = strawberry.field(default_factory=list, description="未列入的。Left out.")


@strawberry.input(name="RevealDrawInput", description="revealDraw 的输入。Input of revealDraw.")
class RevealDrawInput:
    """What to reveal."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    draw_id: strawberry.ID = strawberry.field(description="抽签编号。The draw's id.")
    witness: str = strawberry.field(
        description="见证人在承诺之后给出的词，如当日彩票号码。A witness's word given after the commitment."
    )


@strawberry.input(name="ScheduleInspectionInput", description="scheduleInspection 的输入。Input of scheduleInspection.")
class ScheduleInspectionInput:
    """What to schedule."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    school_id: strawberry.ID = strawberry.field(description="学校编号。The school's id.")
    school_year: str = strawberry.field(description="学年，如2024-2025。The school year.")
    kind: InspectionKind = strawberry.field(description="定期或随机。Regular or random.")
    due_on: date = strawberry.field(description="安排在哪天。The day.")
    team_id: strawberry.ID = strawberry.field(description="团队编号。The team's id.")
    supervisor_ids: list[strawberry.ID] = strawberry.field(description="团队中实施督导的人。Who of the team holds it.")
    draw_id: strawberry.ID | None = strawberry.field(
        default=None, description="随机督导所依据的抽签。The draw, if random."
    )


@strawberry.input(name="InspectionLineInput", description="督导表的一行。A line of the form.")
class InspectionLineInput:
    """A line."""

    name: str = strawberry.field(description="项目。The line.")
    remark: str = strawberry.field(description="所见。What was seen.")


@strawberry.input(name="ReportInspectionInput", description="reportInspection 的输入。Input of reportInspection.")
class ReportInspectionInput:
    """A report."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    inspection_id: strawberry.ID = strawberry.field(description="督导编号。The inspection's id.")
    held_on: date = strawberry.field(description="实际哪天。The day it was held.")
    lines: list[InspectionLineInput] = strawberry.field(description="逐行所见，不得缺行。Every line of the form.")
    summary: str = strawberry.field(description="总体意见。The summary.")
    reporter_id: str | None = strawberry.field(
        default=None, description="代录时的报告人。Who reports, when an officer types for him."
    )


@strawberry.input(name="CancelInspectionInput", description="cancelInspection 的输入。Input of cancelInspection.")
class CancelInspectionInput:
    """What to cancel."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    inspection_id: strawberry.ID = strawberry.field(description="督导编号。The inspection's id.")
    reason: str = strawberry.field(description="理由。Why.")


async def appoint_team(
    info: Info, given: Annotated[AppointSupervisionTeamInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Appoint a team."""
    members = tuple(
        wire.Supervisor(person=plain_id("Teacher", one.person_id), side=wire_word(one.side)) for one in given.members
    )
    command = wire.AppointTeam(
        caller=info.context.caller, key=given.idempotency_key, name=given.name, since=given.since, members=members
    )
    return await carried_out(info, info.context.backend.appoint_team, command, _NAMES)


async def commit_draw(
    info: Info, given: Annotated[CommitDrawInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Commit to a draw."""
    exempted = tuple(
        wire.Exempted(school=plain_id("School", one.school_id), reason=one.reason) for one in given.exempted
    )
    command = wire.CommitDraw(
        caller=info.context.caller,
        key=given.idempotency_key,
        school_year=given.school_year,
        count=given.count,
        roster_on=given.roster_on,
        exempted=exempted,
    )
    return await carried_out(info, info.context.backend.commit_draw, command, _NAMES)


async def reveal_draw(
    info: Info, given: Annotated[RevealDrawInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Reveal a draw."""
    command = wire.RevealDraw(
        caller=info.context.caller,
        key=given.idempotency_key,
        draw=plain_id("SupervisionDraw", given.draw_id),
        witness=given.witness,
    )
    return await carried_out(info, info.context.backend.reveal_draw, command, _NAMES)


async def schedule_inspection(
    info: Info, given: Annotated[ScheduleInspectionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Schedule an inspection."""
    command = wire.ScheduleInspection(
        caller=info.context.caller,
        key=given.idempotency_key,
        school=plain_id("School", given.school_id),
        school_year=given.school_year,
        kind=wire_word(given.kind),
        due_on=given.due_on,
        team=plain_id("SupervisionTeam", given.team_id),
        supervisors=tuple(plain_id("Teacher", one) for one in given.supervisor_ids),
        draw=None if given.draw_id is None else plain_id("SupervisionDraw", given.draw_id),
    )
    return await carried_out(info, info.context.backend.schedule_inspection, command, _NAMES)


async def report_inspection(
    info: Info, given: Annotated[ReportInspectionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Report on an inspection."""
    command = wire.ReportInspection(
        caller=info.context.caller,
        key=given.idempotency_key,
        inspection=plain_id("Inspection", given.inspection_id),
        held_on=given.held_on,
        lines=tuple(wire.ReportLine(name=one.name, remark=one.remark) for one in given.lines),
        summary=given.summary,
        reporter=None if given.reporter_id is None else plain_id("Teacher", given.reporter_id),
    )
    return await carried_out(info, info.context.backend.report_inspection, command, _NAMES)


async def cancel_inspection(
    info: Info, given: Annotated[CancelInspectionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Cancel an inspection."""
    command = wire.CancelInspection(
        caller=info.context.caller,
        key=given.idempotency_key,
        inspection=plain_id("Inspection", given.inspection_id),
        reason=given.reason,
    )
    return await carried_out(info, info.context.backend.cancel_inspection, command, _NAMES)


@strawberry.type(description="督导的写操作。What can be done about supervision.")
class SupervisionMutations:
    """Root fields."""

    appoint_supervision_team: SupervisionTeamPayload | None = strawberry.mutation(
        resolver=appoint_team, description="任命督导团队，两方人员缺一不可。Appoint a team of both sides."
    )
    commit_draw: SupervisionDrawPayload | None = strawberry.mutation(
        resolver=commit_draw,
        description="公布抽签的承诺：名单、数量、种子的摘要。Commit to a roster, a count and a seed.",
    )
    reveal_draw: SupervisionDrawPayload | None = strawberry.mutation(
        resolver=reveal_draw,
        description="由第二人揭晓抽签：公布种子与抽出的学校。A second person reveals the seed and the schools.",
    )
    schedule_inspection: InspectionPayload | None = strawberry.mutation(
        resolver=schedule_inspection, description="安排一次督导。Schedule an inspection."
    )
    report_inspection: InspectionPayload | None = strawberry.mutation(
        resolver=report_inspection, description="报告一次督导，逐行填写。Report on an inspection, line by line."
    )
    cancel_inspection: InspectionPayload | None = strawberry.mutation(
        resolver=cancel_inspection, description="取消一次督导。Cancel a scheduled inspection."
    )
