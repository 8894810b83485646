"""A district's subjects: research days and minor subjects, set in versions; gatherings that fell off their day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from yanxiu_wire import subjects as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import AsOf, dated, global_id, plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, carried_out, item_of
from yanxiu_gateway.schema.researcher import Researcher
from yanxiu_gateway.schema.ruling import Ruling
from yanxiu_gateway.schema.semantic_null import NULL_IS_A_HOLE

WEEKDAY = "研修日是星期几，1（星期一）至7（星期日），空为未定。Its research day, 1 (Monday) to 7; null: none set."
MINOR = "是否小学科（课时少的学科）。Whether it is a minor subject."
OffRow = strawberry.Parent[wire.GatheringOnDay]


@strawberry.type(name="SubjectSetting", description="一个学科的设置。A subject's setting.")
class SubjectSetting:
    """A subject."""

    subject: str = strawberry.field(description="学科。The subject.")
    weekday: int | None = strawberry.field(description=WEEKDAY)
    minor: bool = strawberry.field(description=MINOR)


@strawberry.type(
    name="DistrictSubjects",
    description="本区县学科设置的一版，自某日起适用。A version of the district's subjects, in force from a day on.",
)
class DistrictSubjects:
    """A version."""

    version: int = strawberry.field(description="第几版，自1起。Which version, from 1.")
    since: date = strawberry.field(description="自哪天起适用。From which day on.")
    subjects: list[SubjectSetting] = strawberry.field(description="各学科。The subjects.")
    decided_by: str = strawberry.field(description="依据的决定或文号。The decision that it rests on.")
    set_by: str = strawberry.field(description="设定人。Who set it.")
    set_at: datetime = strawberry.field(description="设定时刻。When it was set.")


def record_of(root: OffRow) -> strawberry.ID:
    """The record's global id."""
    return global_id("FieldRecord", root.record)


async def researcher_of(root: OffRow, info: Info) -> Any:
    """Whose record it is."""
    return dated(await info.context.loaders.people.researcher(root.researcher, None), None)


@strawberry.type(
    name="GatheringOnDay", description="一次不在研修日的学科活动。A gathering of a subject that fell off its day."
)
class GatheringOnDay:
    """A gathering."""

    record_id: strawberry.ID = strawberry.field(resolver=record_of, description="记录。Its record.")
    researcher: Researcher | None = strawberry.field(resolver=researcher_of, description="研训员。The researcher.")
    subject: str = strawberry.field(description="学科。Its subject.")
    on: date = strawberry.field(description="哪一天。Its day.")
    weekday: int | None = strawberry.field(description=WEEKDAY)


@strawberry.type(
    name="ResearchDaysHeld", description="一学期的学科研修日。A term's gatherings against the research days."
)
class ResearchDaysHeld:
    """A term."""

    term: str = strawberry.field(description="学期。The term.")
    as_of: date = strawberry.field(description="以哪一天为准。As of which day.")
    gatherings: int = strawberry.field(
        description="片区、全区的学科活动共几次。How many gatherings of an area or the district there were."
    )
    off_day: list[GatheringOnDay] = strawberry.field(
        description="不在研修日的，或学科未定研修日的。Those off their day, or of a subject that has none."
    )
    failed: list[str] = strawberry.field(description="违反的条款。Clauses breached.")
    rulings: list[Ruling] = strawberry.field(description="规定的答复及理由。What the law answers, and why.")


InTerm = Annotated[str, strawberry.argument(description="学期，如 2024-2025-1。The term, such as 2024-2025-1.")]


async def list_subjects(info: Info) -> Any:
    """The versions."""
    return await info.context.loaders.programme.subjects()


async def get_research_days(info: Info, term: InTerm, as_of: AsOf = None) -> Any:
    """A term against the research days."""
    return await info.context.loaders.programme.research_days(term=plain_id("Term", term), as_of=as_of)


@strawberry.type(description="学科设置的查询。What can be asked about a district's subjects.")
class DistrictSubjectsQueries:
    """Root fields."""

    district_subjects: list[DistrictSubjects] | None = strawberry.field(
        resolver=list_subjects,
        description="本区县学科设置的各版，新的在前。The district's subjects, newest version first.",
    )
    research_days: ResearchDaysHeld | None = strawberry.field(
        resolver=get_research_days,
        metadata=NULL_IS_A_HOLE,
        description="片区、全区的学科活动是否在统一的学科研修日。"
        "Whether gatherings of an area or the district fell on the research days of their subjects.",
    )


@strawberry.type(name="DistrictSubjectsPayload", description="学科设置的结果。What setting the subjects came to.")
class DistrictSubjectsPayload(Payload):
    """The version or errors."""

    subjects: DistrictSubjects | None = strawberry.field(resolver=item_of, description="所设的一版。The version set.")


@strawberry.input(name="SubjectSettingInput", description="一个学科的设置。A subject's setting.")
class SubjectSettingInput:
    """A subject."""

    subject: str = strawberry.field(description="学科。The subject.")
    weekday: int | None = strawberry.field(default=None, description=WEEKDAY)
    minor: bool = strawberry.field(default=False, description=MINOR)


@strawberry.input(name="SetDistrictSubjectsInput", description="setDistrictSubjects 的输入。Its input.")
class SetDistrictSubjectsInput:
    """All subjects."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    since: date = strawberry.field(description="自哪天起适用。From which day on.")
    subjects: list[SubjectSettingInput] = strawberry.field(description="各学科，整列填写。The subjects, all of them.")
    decided_by: str = strawberry.field(description="依据的决定或文号。The decision that it rests on.")
    expected_version: int = strawberry.field(
        default=0, description="所见最新一版，尚无为 0；已有更新的一版则不予办理。The newest version that was seen."
    )


async def set_subjects(
    info: Info,
    given: Annotated[SetDistrictSubjectsInput, strawberry.argument(name="input", description="输入。Input.")],
) -> Any:
    """Set the subjects."""
    command = wire.SetDistrictSubjects(
        caller=info.context.caller,
        key=given.idempotency_key,
        since=given.since,
        subjects=tuple(
            wire.SubjectSetting(subject=one.subject, weekday=one.weekday, minor=one.minor) for one in given.subjects
        ),
        decided_by=given.decided_by,
        expected_version=given.expected_version,
    )
    return await carried_out(info, info.context.backend.set_district_subjects, command)


@strawberry.type(description="学科设置的写操作。What can be set of a district's subjects.")
class DistrictSubjectsMutations:
    """Root fields."""

    set_district_subjects: DistrictSubjectsPayload | None = strawberry.mutation(
        resolver=set_subjects,
        description="设定各学科的研修日和小学科，自某日起适用；旧版保留。"
        "Set the research day of each subject, and which are minor, from a day on; older versions stay.",
    )
