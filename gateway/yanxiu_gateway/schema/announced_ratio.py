"""What was announced of the schools' ratios: the list, and announceSchoolRatios."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import announced_ratios as wire

from yanxiu_gateway.schema.carry_out import plain_ids
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.explanation import Explanation
from yanxiu_gateway.schema.named_rows import named_school
from yanxiu_gateway.schema.nodes import After, Connection, First, asked_page, page_rows, plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, carried_out, item_of
from yanxiu_gateway.schema.school import School

value = strawberry.enum_value


@strawberry.enum(name="RatioState", description="公布的状态。How an announcement stands.")
class RatioState(Enum):
    """States; the values are the wire's."""

    ANNOUNCED = value("announced", description="已公布。Announced.")
    WITHDRAWN = value("withdrawn", description="已撤回：周期已开锁或认定已撤销。Withdrawn: the period was opened.")


@strawberry.enum(name="RatioLeftOut", description="未公布的原因。Why nothing was announced.")
class RatioLeftOut(Enum):
    """Reasons; the values are the wire's."""

    OPEN = value("open", description="该校该周期尚未锁定（认定）。The school's period is not locked.")
    WITHOUT_TEACHERS = value("without-teachers", description="期末没有在职教师。No teachers on the last day.")


school_of = named_school("school")


@strawberry.type(
    name="AnnouncedRatio", description="一所学校未完成占比的一次公布。An announcement of a school's ratio."
)
class AnnouncedRatio:
    """An announcement."""

    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    label: str = strawberry.field(description="周期，如 2025。The period.")
    starts_on: date = strawberry.field(description="周期首日。The period's first day.")
    ends_on: date = strawberry.field(description="周期末日；受限的是这一天所在年份的评选。Its last day.")
    version: int = strawberry.field(description="同校同周期的第几次公布。Which announcement of the school and period.")
    state: RatioState = strawberry.field(
        resolver=lambda root: RatioState(root.state), description="状态。How it stands."
    )
    barred: bool = strawberry.field(description="是否因此受限。Whether the school is barred by it.")
    roster: int = strawberry.field(description="期末在职教师数。Teachers in employ on the last day.")
    not_completed: int = strawberry.field(description="未完成人数。How many did not complete.")
    share: Decimal | None = strawberry.field(description="占比（显示值）。The share as shown.")
    clauses: list[str] = strawberry.field(description="依据的条款。The clauses.")
    explanation: Explanation = strawberry.field(description="依据。How it came about.")
    exception: str | None = strawberry.field(description="不受限的例外决定及理由。Why it is excepted from the bar.")
    announced_by: str = strawberry.field(description="由谁公布。Who announced it.")
    announced_at: datetime = strawberry.field(description="何时公布。When.")
    superseded: bool = strawberry.field(description="是否已被后一次取代。Whether a later one superseded it.")


@strawberry.type(name="RatioLeftOutSchool", description="未公布的一所学校。A school of which nothing was announced.")
class RatioLeftOutSchool:
    """A school and why."""

    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    why: RatioLeftOut = strawberry.field(resolver=lambda root: RatioLeftOut(root.why), description="原因。Why.")


@strawberry.type(name="AnnouncedRatios", description="一次公布的结果，以学校计。What announcing came to, in schools.")
class AnnouncedRatios:
    """Counts."""

    label: str = strawberry.field(description="周期。The period.")
    announced: int = strawberry.field(description="新公布或取代前次的。Announced, or in place of before.")
    unchanged: int = strawberry.field(description="与前次相同、不再公布的。The same as before.")
    withdrawn: int = strawberry.field(description="前次公布因开锁而撤回的。Withdrawn, since the period is open.")
    barred: list[str] = strawberry.field(description="受限学校的编号。Ids of the schools that are barred.")
    left_out: list[RatioLeftOutSchool] = strawberry.field(description="未公布的学校。Schools left out.")


@strawberry.type(name="AnnounceSchoolRatiosPayload", description="公布的结果。What announcing came to.")
class AnnounceSchoolRatiosPayload(Payload):
    """Counts or errors."""

    announced: AnnouncedRatios | None = strawberry.field(resolver=item_of, description="结果。The counts.")


@strawberry.input(
    name="ReasonedExceptionInput", description="例外（原则上）。An exception from what holds in principle."
)
class ReasonedExceptionInput:
    """A school and why."""

    school_id: strawberry.ID = strawberry.field(description="学校编号。The school's id.")
    reason: str = strawberry.field(description="决定文号与理由；留空即终止例外。The decision and why; empty ends it.")


@strawberry.input(name="AnnounceSchoolRatiosInput", description="announceSchoolRatios 的输入。Its input.")
class AnnounceSchoolRatiosInput:
    """A period and schools."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    on: date = strawberry.field(description="周期内的任一天；周期须已结束。A day of the period, which is over.")
    school_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="只公布这些学校；默认全部。Of these schools alone; of all by default."
    )
    exceptions: list[ReasonedExceptionInput] = strawberry.field(
        default_factory=list,
        description="例外，由教育局决定；终止前一直有效。Exceptions, the bureau's; they stand until ended.",
    )


async def announce_school_ratios(
    info: Info,
    given: Annotated[AnnounceSchoolRatiosInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Announce."""
    command = wire.AnnounceSchoolRatios(
        caller=info.context.caller,
        key=given.idempotency_key,
        on=given.on,
        schools=plain_ids("School", given.school_ids),
        exceptions=tuple(
            wire.ReasonedException(school=plain_id("School", one.school_id), reason=one.reason)
            for one in given.exceptions
        ),
    )
    return await carried_out(info, info.context.backend.announce_school_ratios, command, {"schools": "schoolIds"})


OnDay = Annotated[date | None, strawberry.argument(description="只要包含这一天的周期。Of the period of this day.")]
OfSchool = Annotated[strawberry.ID | None, strawberry.argument(description="只要这所学校。Of this school alone.")]
Barred = Annotated[bool | None, strawberry.argument(description="只要受限（或不受限）的。Only barred, or only not.")]
Every = Annotated[bool, strawberry.argument(description="连同已被取代的。Those superseded too.")]


async def list_announced_ratios(
    info: Info,
    on: OnDay = None,
    school: OfSchool = None,
    barred: Barred = None,
    every_version: Every = False,
    first: First = 50,
    after: After = None,
) -> Any:
    """A page of announcements."""
    query = wire.ListAnnouncedRatios(
        caller=info.context.caller,
        on=on,
        school=None if school is None else plain_id("School", school),
        barred=barred,
        every_version=every_version,
        page=asked_page(first, after),
    )
    return page_rows(await info.context.loaders.announced_ratios(query), after)


@strawberry.type(description="已公布占比的查询。What can be asked about announced ratios.")
class AnnouncedRatioQueries:
    """Root fields."""

    announced_school_ratios: Connection[AnnouncedRatio] | None = strawberry.field(
        resolver=list_announced_ratios,
        description="已公布的各校未完成占比；学校只见本校的。What was announced; a school sees its own.",
    )


@strawberry.type(description="公布占比。Announcing ratios.")
class AnnouncedRatioMutations:
    """Root fields."""

    announce_school_ratios: AnnounceSchoolRatiosPayload | None = strawberry.mutation(
        resolver=announce_school_ratios,
        description="公布已结束并锁定的周期的各校未完成占比；再次公布取代前次。"
        "Announce the ratios of a period that is over and locked; announced anew, it supersedes.",
    )
