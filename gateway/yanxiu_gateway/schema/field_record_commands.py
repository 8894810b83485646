"""recordObservation, recordGathering, recordTask, handInPaper, submitSummary, submitReport, and what changes them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import field_records as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import FactInput, named
from yanxiu_gateway.schema.field_input import INPUT, FieldInput, NotedPayload, envelope, note
from yanxiu_gateway.schema.field_record import FieldRecord, GatheringKind, Reach
from yanxiu_gateway.schema.figure import FigureInput, kind_of
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import item_of
from yanxiu_gateway.schema.words import wire_word

NEW_RECORD = (
    "记录编号，由客户端在第一次提交前生成：8 到 64 个字母、数字或连字符；同一编号再次记录即为更正。"
    "The record's id, made by the client before the first try; recorded again under it, it is put right."
)
RECORD_ID = "记录编号：客户端生成的，或全局编号。The record's id: the client's own, or the global one."


@strawberry.type(name="FieldRecordPayload", description="工作记录写操作的结果。What a note of a record came to.")
class FieldRecordPayload(NotedPayload):
    """The record or errors."""

    record: FieldRecord | None = strawberry.field(resolver=item_of, description="此刻的记录。The record as it is now.")


@strawberry.input
class RecordInput(FieldInput):
    """What every record says."""

    record_id: strawberry.ID = strawberry.field(description=NEW_RECORD)
    on: date = strawberry.field(description="哪一天（北京时间），在学期之内。Its day in China, in the term.")
    term_id: strawberry.ID = strawberry.field(description="学期，如 2024-2025-1。The term.")
    school_id: strawberry.ID | None = strawberry.field(default=None, description="学校。The school.")
    visit_id: strawberry.ID | None = strawberry.field(
        default=None, description="所属的下校，可以稍后到达。The visit that it belongs to; it may arrive later."
    )


async def record(info: Info, given: RecordInput, content: wire.Content) -> Any:
    """Send a record of that content."""
    command = wire.RecordWork(
        **envelope(info, given),
        record=plain_id("FieldRecord", given.record_id),
        on=given.on,
        term=plain_id("Term", given.term_id),
        school=None if given.school_id is None else plain_id("School", given.school_id),
        visit=None if given.visit_id is None else plain_id("Visit", given.visit_id),
        content=content,
    )
    return await note(info, info.context.backend.record_work, command, "record")


@strawberry.input(name="RecordObservationInput", description="recordObservation 的输入。Input of recordObservation.")
class RecordObservationInput(RecordInput):
    """A lesson."""

    subject: str = strawberry.field(description="学科。The subject.")
    title: str = strawberry.field(description="课题。The lesson's title.")
    teacher_id: strawberry.ID | None = strawberry.field(default=None, description="授课教师。Who taught.")
    grade: str = strawberry.field(default="", description="年级、班级。Grade and class.")
    form_id: strawberry.ID | None = strawberry.field(
        default=None, description="听评课表的版本。The version of the form."
    )
    answers: list[FactInput] | None = strawberry.field(default=None, description="各项填写。The answers, by name.")
    comment: str = strawberry.field(default="", description="评语，可以稍后填写。The comment; may follow later.")


async def record_observation(
    info: Info, given: Annotated[RecordObservationInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Record an observed lesson."""
    content = wire.Observation(
        subject=given.subject,
        title=given.title,
        teacher=None if given.teacher_id is None else plain_id("Teacher", given.teacher_id),
        grade=given.grade,
        form=None if given.form_id is None else plain_id("Form", given.form_id),
        answers=named(given.answers),
        comment=given.comment,
    )
    return await record(info, given, content)


@strawberry.input(name="RecordGatheringInput", description="recordGathering 的输入。Input of recordGathering.")
class RecordGatheringInput(RecordInput):
    """A gathering."""

    kind: GatheringKind = strawberry.field(description="种类。Its kind.")
    reach: Reach = strawberry.field(description="面向的范围。How far it reaches.")
    title: str = strawberry.field(description="主题。Its title.")
    subject: str | None = strawberry.field(default=None, description="学科。Its subject.")
    organised: bool = strawberry.field(default=False, description="是否由本人组织。Whether he organised it.")


async def record_gathering(
    info: Info, given: Annotated[RecordGatheringInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Record a gathering."""
    content = wire.Gathering(
        kind=wire_word(given.kind),
        reach=wire_word(given.reach),
        title=given.title,
        subject=given.subject,
        organised=given.organised,
    )
    return await record(info, given, content)


@strawberry.input(name="RecordTaskInput", description="recordTask 的输入。Input of recordTask.")
class RecordTaskInput(RecordInput):
    """An entry of a task."""

    task: str = strawberry.field(description="任务，按规定的名称。The task, by the law's name.")
    text: str = strawberry.field(description="所做的工作。What was done.")


async def record_task(
    info: Info, given: Annotated[RecordTaskInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Record something done towards a task."""
    return await record(info, given, wire.TaskDone(task=given.task, text=given.text))


@strawberry.input(name="HandInPaperInput", description="handInPaper 的输入。Input of handInPaper.")
class HandInPaperInput(RecordInput):
    """A document."""

    paper: str = strawberry.field(description="种类，按规定的名称。Its name in the law.")
    title: str = strawberry.field(description="标题。Its title.")
    digest: str = strawberry.field(description="文件的 SHA-256，64 位小写十六进制。The SHA-256 of its file, in hex.")


async def hand_in_paper(
    info: Info, given: Annotated[HandInPaperInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Hand in a document."""
    return await record(info, given, wire.Paper(paper=given.paper, title=given.title, digest=given.digest))


@strawberry.input(name="SubmitSummaryInput", description="submitSummary 的输入。Input of submitSummary.")
class SubmitSummaryInput(RecordInput):
    """A month's summary."""

    month: str = strawberry.field(description="月份，如 2024-10。The month.")
    text: str = strawberry.field(description="正文。Its text.")
    figures: list[FigureInput] = strawberry.field(description="草稿中的数据，原样交回。The draft's figures.")


async def submit_summary(
    info: Info, given: Annotated[SubmitSummaryInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Submit a monthly summary."""
    return await record(info, given, wire.Summary(month=given.month, text=given.text, figures=figures(given.figures)))


@strawberry.input(name="SubmitReportInput", description="submitReport 的输入。Input of submitReport.")
class SubmitReportInput(RecordInput):
    """A term's report."""

    title: str = strawberry.field(description="标题。Its title.")
    text: str = strawberry.field(description="正文。Its text.")
    paper: str | None = strawberry.field(
        default=None, description="作为规定的哪一种材料，如蹲点调研工作报告。The document of the law that it is."
    )
    figures: list[FigureInput] = strawberry.field(description="草稿中的数据，原样交回。The draft's figures.")


async def submit_report(
    info: Info, given: Annotated[SubmitReportInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Submit a term's report."""
    content = wire.Report(title=given.title, paper=given.paper, text=given.text, figures=figures(given.figures))
    return await record(info, given, content)


def figures(given: list[FigureInput]) -> tuple[wire.Figure, ...]:
    """Figures as the wire has them."""
    return tuple(
        wire.Figure(name=one.name, value=one.value, ids=tuple(plain_id(kind_of(one.name), plain) for plain in one.ids))
        for one in given
    )


@strawberry.input(name="CommentOnLessonInput", description="commentOnLesson 的输入。Input of commentOnLesson.")
class CommentOnLessonInput(FieldInput):
    """A comment."""

    record_id: strawberry.ID = strawberry.field(description=RECORD_ID)
    comment: str = strawberry.field(description="评语。The comment.")


async def comment_on_lesson(
    info: Info, given: Annotated[CommentOnLessonInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Comment on an observed lesson."""
    command = wire.CommentOnLesson(
        **envelope(info, given), record=plain_id("FieldRecord", given.record_id), comment=given.comment
    )
    return await note(info, info.context.backend.comment_on_lesson, command, "record")


@strawberry.input(name="WithdrawRecordInput", description="withdrawRecord 的输入。Input of withdrawRecord.")
class WithdrawRecordInput(FieldInput):
    """What to take back."""

    record_id: strawberry.ID = strawberry.field(description=RECORD_ID)
    reason: str = strawberry.field(description="理由。Why.")


async def withdraw_record(
    info: Info, given: Annotated[WithdrawRecordInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Take a record back."""
    command = wire.WithdrawRecord(
        **envelope(info, given), record=plain_id("FieldRecord", given.record_id), reason=given.reason
    )
    return await note(info, info.context.backend.withdraw_record, command, "record")


@strawberry.type(description="工作记录的填写。What can be recorded of work.")
class FieldRecordMutations:
    """Root fields."""

    record_observation: FieldRecordPayload | None = strawberry.mutation(
        resolver=record_observation, description="记录一节听课，或更正。Record an observed lesson, or put it right."
    )
    record_gathering: FieldRecordPayload | None = strawberry.mutation(
        resolver=record_gathering, description="记录一次教研活动，或更正。Record a gathering, or put it right."
    )
    record_task: FieldRecordPayload | None = strawberry.mutation(
        resolver=record_task, description="记录一项任务的工作，或更正。Record something done towards a task."
    )
    hand_in_paper: FieldRecordPayload | None = strawberry.mutation(
        resolver=hand_in_paper, description="提交一份材料（只存标题与摘要）。Hand in a document: title and digest."
    )
    submit_summary: FieldRecordPayload | None = strawberry.mutation(
        resolver=submit_summary, description="提交月小结；提交后不再更改。Submit a month's summary; it stays as it is."
    )
    submit_report: FieldRecordPayload | None = strawberry.mutation(
        resolver=submit_report, description="提交学期报告；提交后不再更改。Submit a term's report; it stays as it is."
    )
    comment_on_lesson: FieldRecordPayload | None = strawberry.mutation(
        resolver=comment_on_lesson, description="填写评语（评课）。Comment on an observed lesson."
    )
    withdraw_record: FieldRecordPayload | None = strawberry.mutation(
        resolver=withdraw_record, description="撤回一条记录。Take a record back."
    )
