"""formResearchGroup, correctResearchGroup, fileResearchGroup and archiveResearchGroup."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import research_group as wire

from yanxiu_gateway.schema.carry_out import carry_out, plain_ids
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.correct_school import EXPECTED_VERSION, SINCE, changes_of
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of
from yanxiu_gateway.schema.research_group import (
    APPOINTED_BY,
    GROUP_KIND,
    LEADER_BACKBONE,
    LEADER_GROUNDS,
    ResearchGroup,
)

LEADER = "组长的教师编号。The leader's id as a teacher."
MEMBERS = "其他成员的教师编号，整列填写。Ids of the other members, the whole list."
CHANGEABLE = (
    "kind",
    "name",
    "subject",
    "leader_backbone",
    "leader_grounds",
    "appointed_by",
    "formed_on",
    "dissolved_on",
)
_NAMES = {"leader": "leaderId", "members": "memberIds"}


@strawberry.type(
    name="ResearchGroupPayload", description="教研组写操作的结果。What a change of a research group came to."
)
class ResearchGroupPayload(Payload):
    """The group or errors."""

    research_group: ResearchGroup | None = strawberry.field(
        resolver=item_of, description="改动后的教研组。The group as it now stands."
    )


@strawberry.input(name="FormResearchGroupInput", description="formResearchGroup 的输入。Input of formResearchGroup.")
class FormResearchGroupInput:
    """What to enter."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    kind: str = strawberry.field(description=GROUP_KIND)
    name: str = strawberry.field(description="名称。Its name.")
    subject: str | None = strawberry.field(default=None, description="学科。Its subject.")
    school_id: strawberry.ID | None = strawberry.field(
        default=None, description="所属学校；与 areaId 二者择一。Its school; either this or areaId."
    )
    area_id: strawberry.ID | None = strawberry.field(
        default=None, description="所属片区；由区县一级登记。Its area; entered at the district's level."
    )
    leader_id: strawberry.ID = strawberry.field(description=LEADER)
    member_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description=MEMBERS)
    leader_backbone: bool | None = strawberry.field(default=None, description=LEADER_BACKBONE)
    leader_grounds: str | None = strawberry.field(default=None, description=LEADER_GROUNDS)
    appointed_by: str | None = strawberry.field(default=None, description=APPOINTED_BY)
    formed_on: date = strawberry.field(description="组建日。The day it was formed.")
    filed_on: date | None = strawberry.field(
        default=None, description="同时报备的日期；空为以后再报备。The day it is filed, if at once."
    )


async def form_research_group(
    info: Info,
    given: Annotated[FormResearchGroupInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Enter a research group."""
    command = wire.FormResearchGroup(
        caller=info.context.caller,
        key=given.idempotency_key,
        kind=given.kind,
        name=given.name,
        subject=given.subject,
        school=None if given.school_id is None else plain_id("School", given.school_id),
        area=None if given.area_id is None else plain_id("Area", given.area_id),
        leader=plain_id("Teacher", given.leader_id),
        members=plain_ids("Teacher", given.member_ids),
        leader_backbone=given.leader_backbone,
        leader_grounds=given.leader_grounds,
        appointed_by=given.appointed_by,
        formed_on=given.formed_on,
        filed_on=given.filed_on,
    )
    return await carry_out(info, info.context.backend.form_research_group, command, _NAMES)


@strawberry.input(
    name="CorrectResearchGroupInput",
    description="correctResearchGroup 的输入；没有写的字段不变。"
    "Input of correctResearchGroup; what is not given stays as it is.",
)
class CorrectResearchGroupInput:
    """What to change."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    group_id: strawberry.ID = strawberry.field(description="教研组编号。The group's id.")
    since: date = strawberry.field(description=SINCE)
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    kind: str | None = strawberry.field(default=strawberry.UNSET, description=GROUP_KIND)
    name: str | None = strawberry.field(default=strawberry.UNSET, description="名称。Its name.")
    subject: str | None = strawberry.field(default=strawberry.UNSET, description="学科。Its subject.")
    leader_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description=LEADER)
    member_ids: list[strawberry.ID] | None = strawberry.field(default=strawberry.UNSET, description=MEMBERS)
    leader_backbone: bool | None = strawberry.field(default=strawberry.UNSET, description=LEADER_BACKBONE)
    leader_grounds: str | None = strawberry.field(default=strawberry.UNSET, description=LEADER_GROUNDS)
    appointed_by: str | None = strawberry.field(default=strawberry.UNSET, description=APPOINTED_BY)
    formed_on: date | None = strawberry.field(default=strawberry.UNSET, description="组建日。The day it was formed.")
    dissolved_on: date | None = strawberry.field(
        default=strawberry.UNSET, description="最后一天；空为不撤销。Last day; null for none."
    )


async def correct_research_group(
    info: Info,
    given: Annotated[CorrectResearchGroupInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Change a research group from a day on."""
    changes = changes_of(given, CHANGEABLE)
    if given.leader_id is not strawberry.UNSET:
        changes["leader"] = None if given.leader_id is None else plain_id("Teacher", given.leader_id)
    if given.member_ids is not strawberry.UNSET:
        changes["members"] = None if given.member_ids is None else plain_ids("Teacher", given.member_ids)
    command = wire.CorrectResearchGroup(
        caller=info.context.caller,
        key=given.idempotency_key,
        group=plain_id("ResearchGroup", given.group_id),
        since=given.since,
        expected_version=given.expected_version,
        changes=changes,
    )
    return await carry_out(info, info.context.backend.correct_research_group, command, _NAMES)


@strawberry.input(name="FileResearchGroupInput", description="fileResearchGroup 的输入。Input of fileResearchGroup.")
class FileResearchGroupInput:
    """When it was filed."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    group_id: strawberry.ID = strawberry.field(description="教研组编号。The group's id.")
    filed_on: date = strawberry.field(description="报备日期，不晚于今天。The day of the filing, today at the latest.")
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)


async def file_research_group(
    info: Info,
    given: Annotated[FileResearchGroupInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """File a research group with the district."""
    command = wire.FileResearchGroup(
        caller=info.context.caller,
        key=given.idempotency_key,
        group=plain_id("ResearchGroup", given.group_id),
        filed_on=given.filed_on,
        expected_version=given.expected_version,
    )
    return await carry_out(info, info.context.backend.file_research_group, command)


@strawberry.input(
    name="ArchiveResearchGroupInput", description="archiveResearchGroup 的输入。Input of archiveResearchGroup."
)
class ArchiveResearchGroupInput:
    """When it was archived."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    group_id: strawberry.ID = strawberry.field(description="教研组编号。The group's id.")
    archived_on: date = strawberry.field(
        description="存档日期，不早于报备日。The day of archiving, not before the filing."
    )
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)


async def archive_research_group(
    info: Info,
    given: Annotated[ArchiveResearchGroupInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Put a filing away."""
    command = wire.ArchiveResearchGroup(
        caller=info.context.caller,
        key=given.idempotency_key,
        group=plain_id("ResearchGroup", given.group_id),
        archived_on=given.archived_on,
        expected_version=given.expected_version,
    )
    return await carry_out(info, info.context.backend.archive_research_group, command)


@strawberry.type(description="教研组的写操作。What can be done to research groups.")
class ResearchGroupMutations:
    """Root fields."""

    form_research_group: ResearchGroupPayload | None = strawberry.mutation(
        resolver=form_research_group, description="登记一个教研组。Enter a research group."
    )
    correct_research_group: ResearchGroupPayload | None = strawberry.mutation(
        resolver=correct_research_group,
        description="自某日起更改教研组；改动后须重新报备。Change a group from a day on; it is to be filed anew.",
    )
    file_research_group: ResearchGroupPayload | None = strawberry.mutation(
        resolver=file_research_group,
        description="将教研组按现有组成报备；报备即告知，无须批准。"
        "File a group as it stands with the district: a notice, nobody approves it.",
    )
    archive_research_group: ResearchGroupPayload | None = strawberry.mutation(
        resolver=archive_research_group,
        description="将报备存档（区县一级）。Archive a filing (the district's officers).",
    )
