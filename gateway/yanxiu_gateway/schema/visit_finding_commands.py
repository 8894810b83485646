"""recordFinding, changeFinding, reportRemedy, recheckFinding and withdrawFinding."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import findings as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.field_input import INPUT, FieldInput, NotedPayload, envelope, note
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import item_of
from yanxiu_gateway.schema.visit_finding import VisitFinding

NEW_FINDING = (
    "问题编号，由客户端在第一次提交前生成：8 到 64 个字母、数字或连字符。"
    "The finding's id, made by the client before the first try."
)
FINDING_ID = "问题编号。The finding's id."
OWNER_ID = "责任人（学校教师）编号。The owner's id: a person of the school."


@strawberry.type(name="VisitFindingPayload", description="问题写操作的结果。What a note of a finding came to.")
class VisitFindingPayload(NotedPayload):
    """The finding or errors."""

    finding: VisitFinding | None = strawberry.field(
        resolver=item_of, description="此刻的问题。The finding as it is now."
    )


@strawberry.input(name="RecordFindingInput", description="recordFinding 的输入。Input of recordFinding.")
class RecordFindingInput(FieldInput):
    """What was found."""

    finding_id: strawberry.ID = strawberry.field(description=NEW_FINDING)
    school_id: strawberry.ID = strawberry.field(description="学校编号。The school's id.")
    text: str = strawberry.field(description="问题。What was found.")
    advice: str = strawberry.field(default="", description="建议。The advice given.")
    owner_id: strawberry.ID = strawberry.field(description=OWNER_ID)
    due_on: date = strawberry.field(description="整改期限。The last day for the remedy.")
    visit_id: strawberry.ID | None = strawberry.field(default=None, description="所属的下校。The visit of the finding.")
    inspection_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="发现于哪次督导（不与 visitId 同填）。The supervision it was found on, instead of a visit.",
    )


def _source_of(given: RecordFindingInput) -> dict[str, Any]:
    if given.inspection_id is not None:
        return {"source": "supervision", "source_id": plain_id("Inspection", given.inspection_id)}
    return {"source_id": None if given.visit_id is None else plain_id("Visit", given.visit_id)}


async def record_finding(
    info: Info, given: Annotated[RecordFindingInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Record a finding."""
    command = wire.RecordFinding(
        **envelope(info, given),
        finding=plain_id("VisitFinding", given.finding_id),
        school=plain_id("School", given.school_id),
        text=given.text,
        advice=given.advice,
        owner=plain_id("Teacher", given.owner_id),
        due_on=given.due_on,
        **_source_of(given),
    )
    return await note(info, info.context.backend.record_finding, command, "finding")


@strawberry.input(name="ChangeFindingInput", description="changeFinding 的输入。Input of changeFinding.")
class ChangeFindingInput(FieldInput):
    """Another owner or deadline."""

    finding_id: strawberry.ID = strawberry.field(description=FINDING_ID)
    reason: str = strawberry.field(description="理由。Why.")
    owner_id: strawberry.ID | None = strawberry.field(default=None, description=OWNER_ID)
    school_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="问题所在学校编号；更换责任人时必填。The finding's school; needed with another owner.",
    )
    due_on: date | None = strawberry.field(default=None, description="整改期限。The last day for the remedy.")


async def change_finding(
    info: Info, given: Annotated[ChangeFindingInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Give a finding another owner or deadline."""
    command = wire.ChangeFinding(
        **envelope(info, given),
        finding=plain_id("VisitFinding", given.finding_id),
        reason=given.reason,
        owner=None if given.owner_id is None else plain_id("Teacher", given.owner_id),
        school=None if given.school_id is None else plain_id("School", given.school_id),
        due_on=given.due_on,
    )
    return await note(info, info.context.backend.change_finding, command, "finding")


@strawberry.input(name="ReportRemedyInput", description="reportRemedy 的输入。Input of reportRemedy.")
class ReportRemedyInput(FieldInput):
    """What was done."""

    finding_id: strawberry.ID = strawberry.field(description=FINDING_ID)
    text: str = strawberry.field(description="整改情况。What was done.")


async def report_remedy(
    info: Info, given: Annotated[ReportRemedyInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Report what was done about a finding."""
    command = wire.ReportRemedy(
        **envelope(info, given), finding=plain_id("VisitFinding", given.finding_id), text=given.text
    )
    return await note(info, info.context.backend.report_remedy, command, "finding")


@strawberry.input(name="RecheckFindingInput", description="recheckFinding 的输入。Input of recheckFinding.")
class RecheckFindingInput(FieldInput):
    """What the check found."""

    finding_id: strawberry.ID = strawberry.field(description=FINDING_ID)
    passed: bool = strawberry.field(description="是否通过；通过即销号。Whether it passed; passed, it is closed.")
    seen: list[strawberry.ID] = strawberry.field(
        description="复查所依据的办理记录：复查人看到的问题的 steps，原样填写。"
        "What the check was taken on: the finding's `steps`, as the checker saw them."
    )
    remark: str = strawberry.field(default="", description="复查意见。A remark.")


async def recheck_finding(
    info: Info, given: Annotated[RecheckFindingInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Check a remedy, as a second person."""
    command = wire.RecheckFinding(
        **envelope(info, given),
        finding=plain_id("VisitFinding", given.finding_id),
        passed=given.passed,
        seen=tuple(given.seen),
        remark=given.remark,
    )
    return await note(info, info.context.backend.recheck_finding, command, "finding")


@strawberry.input(name="WithdrawFindingInput", description="withdrawFinding 的输入。Input of withdrawFinding.")
class WithdrawFindingInput(FieldInput):
    """What to take back."""

    finding_id: strawberry.ID = strawberry.field(description=FINDING_ID)
    reason: str = strawberry.field(description="理由。Why.")


async def withdraw_finding(
    info: Info, given: Annotated[WithdrawFindingInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Take a finding back as mistaken."""
    command = wire.WithdrawFinding(
        **envelope(info, given), finding=plain_id("VisitFinding", given.finding_id), reason=given.reason
    )
    return await note(info, info.context.backend.withdraw_finding, command, "finding")


@strawberry.type(description="问题的办理。What can be done about findings.")
class VisitFindingMutations:
    """Root fields."""

    record_finding: VisitFindingPayload | None = strawberry.mutation(
        resolver=record_finding, description="记录一个问题，定责任人与期限。Record a finding, its owner and deadline."
    )
    change_finding: VisitFindingPayload | None = strawberry.mutation(
        resolver=change_finding, description="更换责任人或期限。Give a finding another owner or deadline."
    )
    report_remedy: VisitFindingPayload | None = strawberry.mutation(
        resolver=report_remedy, description="学校报告整改情况。The school reports what was done."
    )
    recheck_finding: VisitFindingPayload | None = strawberry.mutation(
        resolver=recheck_finding,
        description="第二人复查；通过即销号。A second person checks the remedy; passed, the finding is closed.",
    )
    withdraw_finding: VisitFindingPayload | None = strawberry.mutation(
        resolver=withdraw_finding, description="撤回误记的问题。Take a finding back as mistaken."
    )
