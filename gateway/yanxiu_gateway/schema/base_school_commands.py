"""recordAchievement, recordContest, correctAchievement, correctContest and withdrawProgrammeEntry."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import programme as wire

from yanxiu_gateway.schema.base_school_programme import BATCH, AchievementKind, HonourLevel, ProgrammeEntry, entry_of
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, carried_out, item_of
from yanxiu_gateway.schema.words import wire_word

INPUT = "输入。The input."
EVIDENCE = "依据：文号、证书、公布处。Where it is proven: a document's number, a certificate, where it was published."
REASON = "更正或撤回的理由。Why it is corrected or withdrawn."
SEEN = "所见的版本；已有更新的一版则不予办理。The version that was seen; refused where there is a newer one."
_NAMES = {
    "entry": "entryId",
    "content.teacher": "teacherId",
    "content.entrants.teacher": "teacherId",
}


@strawberry.type(name="ProgrammeEntryPayload", description="登记写操作的结果。What a change of an entry came to.")
class ProgrammeEntryPayload(Payload):
    """The entry or errors."""

    entry: ProgrammeEntry | None = strawberry.field(resolver=item_of, description="最新一版。Its newest version.")


@strawberry.input(name="AchievementInput", description="取得的一项。What was reached.")
class AchievementInput:
    """Something reached."""

    kind: AchievementKind = strawberry.field(description="种类。Its kind.")
    reached_on: date = strawberry.field(description="取得的日期。The day it was reached.")
    title: str = strawberry.field(description="名称。Its title.")
    level: HonourLevel | None = strawberry.field(
        default=None, description="级别；示范基地、先进教研组须填。Its level; wanted of a base and of a group."
    )
    subject: str | None = strawberry.field(
        default=None, description="学科；先进教研组须填。The subject; wanted of a group."
    )
    teacher_id: strawberry.ID | None = strawberry.field(
        default=None, description="教师；名优教师须填。The teacher; wanted of a famous teacher."
    )


@strawberry.input(name="ContestEntrantInput", description="评比名单中的一位教师。A teacher of a contest's list.")
class ContestEntrantInput:
    """An entrant."""

    teacher_id: strawberry.ID = strawberry.field(description="教师。The teacher.")
    born_on: date = strawberry.field(description="出生日期，只用于核对年龄。Day of birth; it serves the age alone.")
    took_part: bool = strawberry.field(default=True, description="是否参评。Whether he took part.")
    award: str = strawberry.field(default="", description="所获奖项，空为没有。What he won; empty for nothing.")


@strawberry.input(
    name="ContestInput", description="一次优质课评比，列出本校应参评的教师。A contest with the school's list."
)
class ContestInput:
    """A contest."""

    name: str = strawberry.field(description="名称。Its name.")
    held_on: date = strawberry.field(description="评比之日。Its day.")
    entrants: list[ContestEntrantInput] = strawberry.field(
        description="本校教师，未参评的也列。The school's teachers, those who did not take part too."
    )


@strawberry.input
class EntryInput:
    """What every new entry says."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    batch: date = strawberry.field(description=BATCH)
    school_id: strawberry.ID = strawberry.field(description="基地学校。The base school.")
    evidence: str = strawberry.field(description=EVIDENCE)


@strawberry.input
class CorrectionInput:
    """What every correction says."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    entry_id: strawberry.ID = strawberry.field(description="登记编号。The entry's id.")
    expected_version: int = strawberry.field(description=SEEN)
    evidence: str = strawberry.field(description=EVIDENCE)
    reason: str = strawberry.field(description=REASON)


@strawberry.input(name="RecordAchievementInput", description="recordAchievement 的输入。Input of recordAchievement.")
class RecordAchievementInput(EntryInput):
    """Something reached."""

    content: AchievementInput = strawberry.field(description="取得的一项。What was reached.")


@strawberry.input(name="RecordContestInput", description="recordContest 的输入。Input of recordContest.")
class RecordContestInput(EntryInput):
    """A contest."""

    content: ContestInput = strawberry.field(description="评比与名单。The contest and its list.")


@strawberry.input(name="CorrectAchievementInput", description="correctAchievement 的输入。Input of correctAchievement.")
class CorrectAchievementInput(CorrectionInput):
    """Something reached, put right."""

    content: AchievementInput = strawberry.field(description="更正后的全部内容。All of it, as it should be.")


@strawberry.input(name="CorrectContestInput", description="correctContest 的输入。Input of correctContest.")
class CorrectContestInput(CorrectionInput):
    """A contest, put right."""

    content: ContestInput = strawberry.field(description="更正后的全部内容。All of it, as it should be.")


@strawberry.input(
    name="WithdrawProgrammeEntryInput", description="withdrawProgrammeEntry 的输入。Input of withdrawProgrammeEntry."
)
class WithdrawProgrammeEntryInput:
    """What to take back."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    entry_id: strawberry.ID = strawberry.field(description="登记编号。The entry's id.")
    expected_version: int = strawberry.field(description=SEEN)
    reason: str = strawberry.field(description=REASON)


def _content(given: AchievementInput | ContestInput) -> wire.EntryContent:
    if isinstance(given, AchievementInput):
        return wire.Achieved(
            kind=wire_word(given.kind),
            reached_on=given.reached_on,
            title=given.title,
            level=wire_word(given.level),
            subject=given.subject,
            teacher=None if given.teacher_id is None else plain_id("Teacher", given.teacher_id),
        )
    entrants = tuple(
        wire.Entrant(
            teacher=plain_id("Teacher", one.teacher_id), born_on=one.born_on, took_part=one.took_part, award=one.award
        )
        for one in given.entrants
    )
    return wire.ContestHeld(name=given.name, held_on=given.held_on, entrants=entrants)


async def _record(info: Info, given: RecordAchievementInput | RecordContestInput) -> Any:
    command = wire.RecordProgrammeEntry(
        caller=info.context.caller,
        key=given.idempotency_key,
        batch=given.batch,
        school=plain_id("School", given.school_id),
        content=_content(given.content),
        evidence=given.evidence,
    )
    return await carried_out(info, info.context.backend.record_programme_entry, command, _NAMES)


async def _correct(info: Info, given: CorrectAchievementInput | CorrectContestInput) -> Any:
    command = wire.CorrectProgrammeEntry(
        caller=info.context.caller,
        key=given.idempotency_key,
        entry=entry_of(given.entry_id),
        expected_version=given.expected_version,
        content=_content(given.content),
        evidence=given.evidence,
        reason=given.reason,
    )
    return await carried_out(info, info.context.backend.correct_programme_entry, command, _NAMES)


async def record_achievement(
    info: Info, given: Annotated[RecordAchievementInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Record what a base school reached."""
    return await _record(info, given)


async def record_contest(
    info: Info, given: Annotated[RecordContestInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Record a base school's part in a contest."""
    return await _record(info, given)


async def correct_achievement(
    info: Info, given: Annotated[CorrectAchievementInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Put what was reached right."""
    return await _correct(info, given)


async def correct_contest(
    info: Info, given: Annotated[CorrectContestInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Put a contest right."""
    return await _correct(info, given)


async def withdraw_entry(
    info: Info, given: Annotated[WithdrawProgrammeEntryInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Take an entry back."""
    command = wire.WithdrawProgrammeEntry(
        caller=info.context.caller,
        key=given.idempotency_key,
        entry=entry_of(given.entry_id),
        expected_version=given.expected_version,
        reason=given.reason,
    )
    return await carried_out(info, info.context.backend.withdraw_programme_entry, command, _NAMES)


@strawberry.type(description="基地学校工作目标的写操作。What can be recorded of the base-school programme.")
class BaseSchoolMutations:
    """Root fields."""

    record_achievement: ProgrammeEntryPayload | None = strawberry.mutation(
        resolver=record_achievement,
        description="登记基地学校取得的一项（教研院，或蹲点该校的研训员）。"
        "Record what a base school reached (an officer, or a researcher placed there).",
    )
    record_contest: ProgrammeEntryPayload | None = strawberry.mutation(
        resolver=record_contest,
        description="登记本校青年教师参加优质课评比的情况（学校也可登记本校的）。"
        "Record a base school's part in a quality-lesson contest; a school records its own.",
    )
    correct_achievement: ProgrammeEntryPayload | None = strawberry.mutation(
        resolver=correct_achievement, description="更正取得的一项，旧版保留。Put it right; the old version stays."
    )
    correct_contest: ProgrammeEntryPayload | None = strawberry.mutation(
        resolver=correct_contest, description="更正评比与名单，旧版保留。Put a contest right; the old version stays."
    )
    withdraw_programme_entry: ProgrammeEntryPayload | None = strawberry.mutation(
        resolver=withdraw_entry, description="撤回一条登记，保留在档而不再计入。Take an entry back; it counts no more."
    )
