"""Studios of famous teachers as of a day, and openStudio and correctStudio."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import studio as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.correct_school import EXPECTED_VERSION, changes_of
from yanxiu_gateway.schema.named_rows import named_schools, named_teacher
from yanxiu_gateway.schema.nodes import AsOf, Node, plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, carried_out, item_of
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.teacher import Teacher

INPUT = "输入。The input."
LEVEL = "级别，如区级。Its level, such as 区级."
SCHOOLS = "定点入驻的学校，整列填写。The schools at which it is stationed, the whole list."
Row = strawberry.Parent[wire.Studio]


leader_of = named_teacher("leader")


schools_of = named_schools("schools")


@strawberry.type(name="Studio", description="一个名师工作室在某一天的情况。A famous teacher's studio as of a day.")
class Studio(Node):
    """A studio."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A studio of the registry is shown as this type."""
        return isinstance(getattr(obj, "view", obj), wire.Studio)

    name: str = strawberry.field(description="名称。Its name.")
    level: str = strawberry.field(description=LEVEL)
    leader: Teacher | None = strawberry.field(resolver=leader_of, description="主持人。Who leads it.")
    schools: list[School] = strawberry.field(
        resolver=schools_of, description="定点入驻的学校。The schools at which it is stationed."
    )
    begins_on: date = strawberry.field(description="第一天。First day.")
    ends_on: date | None = strawberry.field(description="最后一天，未撤销则为空。Last day; null while it goes on.")
    version: int = strawberry.field(description="版本号，每次改动加一。Grows by one with every change.")


AtSchool = Annotated[strawberry.ID | None, strawberry.argument(description="只要入驻这所学校的。Only those there.")]


async def list_studios(info: Info, as_of: AsOf = None, school: AtSchool = None) -> Any:
    """The studios."""
    return await info.context.loaders.programme.studios(
        as_of=as_of, school=None if school is None else plain_id("School", school)
    )


@strawberry.type(description="名师工作室的查询。What can be asked about studios.")
class StudioQueries:
    """Root fields."""

    studios: list[Studio] | None = strawberry.field(
        resolver=list_studios,
        description="当日的名师工作室，按名称排列；是否入驻薄弱学校见 schoolOrganisations 的 district。"
        "The studios of the day, by name; whether each is at a weak school, `schoolOrganisations` tells.",
    )


@strawberry.type(name="StudioPayload", description="工作室写操作的结果。What a change of a studio came to.")
class StudioPayload(Payload):
    """The studio or errors."""

    studio: Studio | None = strawberry.field(resolver=item_of, description="改动后的工作室。The studio as it stands.")


@strawberry.input(name="OpenStudioInput", description="openStudio 的输入。Input of openStudio.")
class OpenStudioInput:
    """What to enter."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    name: str = strawberry.field(description="名称，同一时期区内唯一。Its name; no two studios bear it at a time.")
    level: str = strawberry.field(description=LEVEL)
    leader_id: strawberry.ID = strawberry.field(description="主持人的教师编号。The leader's id as a teacher.")
    school_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description=SCHOOLS)
    begins_on: date = strawberry.field(description="第一天。First day.")


@strawberry.input(
    name="CorrectStudioInput",
    description="correctStudio 的输入；没有写的字段不变。Input of correctStudio; what is not given stays as it is.",
)
class CorrectStudioInput:
    """What to change."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    studio_id: strawberry.ID = strawberry.field(description="工作室编号。The studio's id.")
    since: date = strawberry.field(description="自哪天起改。From which day on.")
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    name: str | None = strawberry.field(default=strawberry.UNSET, description="名称。Its name.")
    level: str | None = strawberry.field(default=strawberry.UNSET, description=LEVEL)
    leader_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="主持人。Who leads it.")
    school_ids: list[strawberry.ID] | None = strawberry.field(default=strawberry.UNSET, description=SCHOOLS)
    begins_on: date | None = strawberry.field(default=strawberry.UNSET, description="第一天。First day.")
    ends_on: date | None = strawberry.field(
        default=strawberry.UNSET, description="最后一天；空为不撤销。Last day; null for none."
    )


_NAMES = {"studio": "studioId", "leader": "leaderId", "schools": "schoolIds"}


async def open_studio(
    info: Info, given: Annotated[OpenStudioInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Enter a studio."""
    command = wire.OpenStudio(
        caller=info.context.caller,
        key=given.idempotency_key,
        name=given.name,
        level=given.level,
        leader=plain_id("Teacher", given.leader_id),
        schools=tuple(plain_id("School", one) for one in given.school_ids),
        begins_on=given.begins_on,
    )
    return await carried_out(info, info.context.backend.open_studio, command, _NAMES)


async def correct_studio(
    info: Info, given: Annotated[CorrectStudioInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Change a studio from a day on."""
    changes = changes_of(given, ("name", "level", "begins_on", "ends_on"))
    if given.leader_id is not strawberry.UNSET:
        changes["leader"] = None if given.leader_id is None else plain_id("Teacher", given.leader_id)
    if given.school_ids is not strawberry.UNSET:
        changes["schools"] = None if given.school_ids is None else [plain_id("School", one) for one in given.school_ids]
    command = wire.CorrectStudio(
        caller=info.context.caller,
        key=given.idempotency_key,
        studio=plain_id("Studio", given.studio_id),
        since=given.since,
        expected_version=given.expected_version,
        changes=changes,
    )
    return await carried_out(info, info.context.backend.correct_studio, command, _NAMES)


@strawberry.type(description="名师工作室的写操作。What can be done to studios.")
class StudioMutations:
    """Root fields."""

    open_studio: StudioPayload | None = strawberry.mutation(
        resolver=open_studio, description="登记一个名师工作室。Enter a studio."
    )
    correct_studio: StudioPayload | None = strawberry.mutation(
        resolver=correct_studio,
        description="自某日起更改工作室，如定点入驻的学校。Change a studio from a day on, such as its schools.",
    )
