"""enrolResearcher, correctResearcher, endResearcher, recordAbsence and correctAbsence."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import researcher as wire

from yanxiu_gateway.schema.carry_out import carry_out, plain_ids
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.correct_school import EXPECTED_VERSION, SINCE, changes_of
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of
from yanxiu_gateway.schema.researcher import ABSENCE_KIND, CAPACITY, CONFLICT_KIND, Researcher, plain_researcher
from yanxiu_gateway.schema.stage import Stage
from yanxiu_gateway.schema.words import wire_word

RESEARCHER_ID = "研训员编号。The researcher's id."
SUBJECTS = "所负责的学科，整列填写。The subjects guided, the whole list."
STAGES = (
    "所负责的任教学段（九年一贯制分别写小学、初中）。The stages guided; those taught, so not NINE_YEAR or COMPLETE."
)
AREAS = "所负责的片区的编号，空列表为全区。Ids of the areas; an empty list is the whole district."
CONFLICTS = "需回避的学校，整列填写。The schools he may not be assigned to, the whole list."
_NAMES = {"areas": "areaIds"}


@strawberry.input(name="ConflictOfInterestInput", description="一项回避关系。A conflict of interest.")
class ConflictOfInterestInput:
    """A school and why not."""

    school_id: strawberry.ID = strawberry.field(description="学校编号。The school's id.")
    kind: str = strawberry.field(description=CONFLICT_KIND)


def conflict_rows(given: list[ConflictOfInterestInput]) -> tuple[wire.ConflictOfInterest, ...]:
    """As the wire has them."""
    return tuple(wire.ConflictOfInterest(school=plain_id("School", one.school_id), kind=one.kind) for one in given)


def stage_words(given: list[Stage]) -> tuple[Any, ...]:
    """As the wire has them."""
    return tuple(wire_word(one) for one in given)


@strawberry.type(name="ResearcherPayload", description="研训员写操作的结果。What a change of a researcher came to.")
class ResearcherPayload(Payload):
    """The researcher or errors."""

    researcher: Researcher | None = strawberry.field(
        resolver=item_of, description="改动后的研训员。The researcher as he now stands."
    )


@strawberry.input(name="EnrolResearcherInput", description="enrolResearcher 的输入。Input of enrolResearcher.")
class EnrolResearcherInput:
    """Whom to enrol."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    teacher_id: strawberry.ID = strawberry.field(
        description="教师编号，当日须在职（研训机构也登记为一个单位）。"
        "The teacher's id; at work on the day, at an institute too."
    )
    begins_on: date = strawberry.field(description="聘任第一天。First day as a researcher.")
    subjects: list[str] = strawberry.field(description=SUBJECTS)
    stages: list[Stage] = strawberry.field(description=STAGES)
    area_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description=AREAS)
    capacity: int = strawberry.field(default=1, description=CAPACITY)
    conflicts: list[ConflictOfInterestInput] = strawberry.field(default_factory=list, description=CONFLICTS)


async def enrol_researcher(
    info: Info,
    given: Annotated[EnrolResearcherInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Make a teacher a researcher."""
    command = wire.EnrolResearcher(
        caller=info.context.caller,
        key=given.idempotency_key,
        teacher=plain_researcher(given.teacher_id),
        begins_on=given.begins_on,
        subjects=tuple(given.subjects),
        stages=stage_words(given.stages),
        areas=plain_ids("Area", given.area_ids),
        capacity=given.capacity,
        conflicts=conflict_rows(given.conflicts),
    )
    return await carry_out(info, info.context.backend.enrol_researcher, command, _NAMES)


@strawberry.input(
    name="CorrectResearcherInput",
    description="correctResearcher 的输入；没有写的字段不变。"
    "Input of correctResearcher; what is not given stays as it is.",
)
class CorrectResearcherInput:
    """What to change."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    researcher_id: strawberry.ID = strawberry.field(description=RESEARCHER_ID)
    since: date = strawberry.field(description=SINCE)
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    subjects: list[str] | None = strawberry.field(default=strawberry.UNSET, description=SUBJECTS)
    stages: list[Stage] | None = strawberry.field(default=strawberry.UNSET, description=STAGES)
    area_ids: list[strawberry.ID] | None = strawberry.field(default=strawberry.UNSET, description=AREAS)
    capacity: int | None = strawberry.field(default=strawberry.UNSET, description=CAPACITY)
    conflicts: list[ConflictOfInterestInput] | None = strawberry.field(default=strawberry.UNSET, description=CONFLICTS)
    begins_on: date | None = strawberry.field(default=strawberry.UNSET, description="聘任第一天。First day.")


async def correct_researcher(
    info: Info,
    given: Annotated[CorrectResearcherInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Change a researcher from a day on."""
    changes = changes_of(given, ("subjects", "capacity", "begins_on"))
    if given.stages is not strawberry.UNSET:
        changes["stages"] = None if given.stages is None else stage_words(given.stages)
    if given.area_ids is not strawberry.UNSET:
        changes["areas"] = None if given.area_ids is None else plain_ids("Area", given.area_ids)
    if given.conflicts is not strawberry.UNSET:
        changes["conflicts"] = None if given.conflicts is None else conflict_rows(given.conflicts)
    command = wire.CorrectResearcher(
        caller=info.context.caller,
        key=given.idempotency_key,
        researcher=plain_researcher(given.researcher_id),
        since=given.since,
        expected_version=given.expected_version,
        changes=changes,
    )
    return await carry_out(info, info.context.backend.correct_researcher, command, _NAMES)


@strawberry.input(name="EndResearcherInput", description="endResearcher 的输入。Input of endResearcher.")
class EndResearcherInput:
    """When the work ends."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    researcher_id: strawberry.ID = strawberry.field(description=RESEARCHER_ID)
    ends_on: date | None = strawberry.field(
        description="聘任最后一天；空为继续聘任。Last day as a researcher; null when he goes on after all."
    )
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)


async def end_researcher(
    info: Info,
    given: Annotated[EndResearcherInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Say when the work as a researcher ends."""
    command = wire.EndResearcher(
        caller=info.context.caller,
        key=given.idempotency_key,
        researcher=plain_researcher(given.researcher_id),
        ends_on=given.ends_on,
        expected_version=given.expected_version,
    )
    return await carry_out(info, info.context.backend.end_researcher, command)


@strawberry.input(name="RecordAbsenceInput", description="recordAbsence 的输入。Input of recordAbsence.")
class RecordAbsenceInput:
    """When somebody is absent."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    researcher_id: strawberry.ID = strawberry.field(description=RESEARCHER_ID)
    since: date = strawberry.field(description="自哪天起。First day.")
    until: date | None = strawberry.field(
        default=None, description="至哪天止，未定则为空。Last day; null while it goes on."
    )
    kind: str = strawberry.field(description=ABSENCE_KIND)


async def record_absence(
    info: Info,
    given: Annotated[RecordAbsenceInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Enter an absence."""
    command = wire.RecordAbsence(
        caller=info.context.caller,
        key=given.idempotency_key,
        researcher=plain_researcher(given.researcher_id),
        since=given.since,
        until=given.until,
        kind=given.kind,
    )
    return await carry_out(info, info.context.backend.record_absence, command)


@strawberry.input(
    name="CorrectAbsenceInput",
    description="correctAbsence 的输入；没有写的字段不变。Input of correctAbsence; what is not given stays as it is.",
)
class CorrectAbsenceInput:
    """What to change, or to take back."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    researcher_id: strawberry.ID = strawberry.field(description=RESEARCHER_ID)
    begun_on: date = strawberry.field(description="要更正的那段缺勤的第一天。First day of the absence meant.")
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    since: date | None = strawberry.field(default=strawberry.UNSET, description="自哪天起。First day.")
    until: date | None = strawberry.field(
        default=strawberry.UNSET, description="至哪天止，空为未定。Last day; null while it goes on."
    )
    kind: str | None = strawberry.field(default=strawberry.UNSET, description=ABSENCE_KIND)
    take_back: bool = strawberry.field(
        default=False, description="撤回这段缺勤，如同从未登记。Take it back as if it had never been entered."
    )


async def correct_absence(
    info: Info,
    given: Annotated[CorrectAbsenceInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Change or take back an absence."""
    command = wire.CorrectAbsence(
        caller=info.context.caller,
        key=given.idempotency_key,
        researcher=plain_researcher(given.researcher_id),
        begun_on=given.begun_on,
        expected_version=given.expected_version,
        changes=changes_of(given, ("since", "until", "kind")),
        take_back=given.take_back,
    )
    return await carry_out(info, info.context.backend.correct_absence, command)


@strawberry.type(description="研训员的写操作。What can be done about researchers.")
class ResearcherMutations:
    """Root fields."""

    enrol_researcher: ResearcherPayload | None = strawberry.mutation(
        resolver=enrol_researcher,
        description="聘任一位教师为研训员；曾聘者可再聘，其间记为未聘。"
        "Make a teacher a researcher; one who was before becomes one again, the days between kept as an absence.",
    )
    correct_researcher: ResearcherPayload | None = strawberry.mutation(
        resolver=correct_researcher, description="自某日起更改研训员信息。Change a researcher from a day on."
    )
    end_researcher: ResearcherPayload | None = strawberry.mutation(
        resolver=end_researcher, description="写明聘任的最后一天。Say on which day the work as a researcher ends."
    )
    record_absence: ResearcherPayload | None = strawberry.mutation(
        resolver=record_absence, description="登记研训员的一段缺勤。Enter a researcher's absence."
    )
    correct_absence: ResearcherPayload | None = strawberry.mutation(
        resolver=correct_absence, description="更正或撤回一段缺勤。Correct an absence, or take it back."
    )
