"""setUpLeadingGroup and correctLeadingGroup."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import leading_group as wire

from yanxiu_gateway.schema.carry_out import carry_out
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.correct_school import EXPECTED_VERSION, SINCE, changes_of
from yanxiu_gateway.schema.leading_group import LEADING_KIND, POST, REMARK, LeadingGroup, LeadingPart
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of
from yanxiu_gateway.schema.words import wire_word

MEMBERS = "组成，整列填写，组长一人。The members, the whole list, with one head."


@strawberry.input(name="LeadingMemberInput", description="小组中的一席。A place in a leading group.")
class LeadingMemberInput:
    """A place."""

    part: LeadingPart = strawberry.field(description="分工。The part.")
    post: str = strawberry.field(description=POST)
    teacher_id: strawberry.ID | None = strawberry.field(
        default=None, description="教师编号；不是在册教师的为空。The teacher's id; null for one who is none."
    )


def member_rows(given: list[LeadingMemberInput]) -> tuple[wire.LeadingMember, ...]:
    """As the wire has them."""
    return tuple(
        wire.LeadingMember(
            part=wire_word(one.part),
            post=one.post,
            teacher=None if one.teacher_id is None else plain_id("Teacher", one.teacher_id),
        )
        for one in given
    )


@strawberry.type(name="LeadingGroupPayload", description="小组写操作的结果。What a change of a leading group came to.")
class LeadingGroupPayload(Payload):
    """The group or errors."""

    leading_group: LeadingGroup | None = strawberry.field(
        resolver=item_of, description="改动后的小组。The group as it now stands."
    )


@strawberry.input(name="SetUpLeadingGroupInput", description="setUpLeadingGroup 的输入。Input of setUpLeadingGroup.")
class SetUpLeadingGroupInput:
    """What to enter."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    kind: str = strawberry.field(description=LEADING_KIND)
    school_id: strawberry.ID | None = strawberry.field(
        default=None, description="所属学校；空为区县一级。Its school; null for one of the district."
    )
    members: list[LeadingMemberInput] = strawberry.field(description=MEMBERS)
    remark: str | None = strawberry.field(default=None, description=REMARK)
    begins_on: date = strawberry.field(description="成立日。First day.")


async def set_up_leading_group(
    info: Info,
    given: Annotated[SetUpLeadingGroupInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Enter a leading group."""
    command = wire.SetUpLeadingGroup(
        caller=info.context.caller,
        key=given.idempotency_key,
        kind=given.kind,
        school=None if given.school_id is None else plain_id("School", given.school_id),
        members=member_rows(given.members),
        remark=given.remark,
        begins_on=given.begins_on,
    )
    return await carry_out(info, info.context.backend.set_up_leading_group, command)


@strawberry.input(
    name="CorrectLeadingGroupInput",
    description="correctLeadingGroup 的输入；没有写的字段不变。"
    "Input of correctLeadingGroup; what is not given stays as it is.",
)
class CorrectLeadingGroupInput:
    """What to change."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    group_id: strawberry.ID = strawberry.field(description="小组编号。The group's id.")
    since: date = strawberry.field(description=SINCE)
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    members: list[LeadingMemberInput] | None = strawberry.field(default=strawberry.UNSET, description=MEMBERS)
    remark: str | None = strawberry.field(default=strawberry.UNSET, description=REMARK)
    begins_on: date | None = strawberry.field(default=strawberry.UNSET, description="成立日。First day.")
    ends_on: date | None = strawberry.field(
        default=strawberry.UNSET, description="最后一天；空为不撤销。Last day; null for none."
    )


async def correct_leading_group(
    info: Info,
    given: Annotated[CorrectLeadingGroupInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Change a leading group from a day on."""
    changes = changes_of(given, ("remark", "begins_on", "ends_on"))
    if given.members is not strawberry.UNSET:
        changes["members"] = None if given.members is None else member_rows(given.members)
    command = wire.CorrectLeadingGroup(
        caller=info.context.caller,
        key=given.idempotency_key,
        group=plain_id("LeadingGroup", given.group_id),
        since=given.since,
        expected_version=given.expected_version,
        changes=changes,
    )
    return await carry_out(info, info.context.backend.correct_leading_group, command)


@strawberry.type(description="领导小组的写操作。What can be done to leading groups.")
class LeadingGroupMutations:
    """Root fields."""

    set_up_leading_group: LeadingGroupPayload | None = strawberry.mutation(
        resolver=set_up_leading_group,
        description="登记区县的领导小组或学校的行动小组。"
        "Enter a leading group of the district or an action group of a school.",
    )
    correct_leading_group: LeadingGroupPayload | None = strawberry.mutation(
        resolver=correct_leading_group, description="自某日起更改小组的组成。Change a group's members from a day on."
    )
