"""Enter a leading group of the district or of a school."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils import uuid7
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.leading_group import LeadingGroup, SetUpLeadingGroup
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_registry.assess_school import open_faults
from yanxiu_registry.context import Registry
from yanxiu_registry.groups.assess_leading_group import new_leading_group
from yanxiu_registry.groups.leading_group import LEADING_GROUPS
from yanxiu_registry.groups.leading_of_place import leading_groups_of
from yanxiu_registry.groups.people_named import people_named
from yanxiu_registry.refusals import forbidden, refused, school_unknown
from yanxiu_registry.scope import OFFICERS, Scope, scope_of
from yanxiu_registry.store.schools import schools_by_id


async def set_up_leading_group(
    registry: Registry, district: str, command: SetUpLeadingGroup, deadline: Deadline
) -> LeadingGroup | Refused:
    """The group on its first day; that of the district is entered by its officers (FORBIDDEN otherwise).

    Refused: SCHOOL_UNKNOWN, LEADING_GROUP_EXISTS, LEADING_GROUP_HEAD, TEACHER_UNKNOWN, MEMBER_ELSEWHERE, NAMED_TWICE,
    VALUE_INVALID, DATE_OUT_OF_ORDER.
    """
    scope = scope_of(command.caller)
    if command.school is None and not scope.whole:
        return forbidden(command.caller, OFFICERS)

    async def work(conn: AsyncConnection) -> LeadingGroup | Refused:
        if faults := await _school_faults(conn, district, command, scope):
            return refused(*faults)
        others = await leading_groups_of(conn, district, command.school)
        named = [one.teacher for one in command.members]
        people = await people_named(conn, district, named, scope)
        group, faults = new_leading_group(command, str(uuid7()), people, others)
        if faults:
            return refused(*faults)
        return await LEADING_GROUPS.keep(registry, conn, district, None, group, command.caller, command.begins_on)

    return await once(registry.dbs, district, command, LeadingGroup, deadline, work, few_rows=True)


async def _school_faults(
    conn: AsyncConnection, district: str, command: SetUpLeadingGroup, scope: Scope
) -> list[RefusalItem]:
    if command.school is None:
        return []
    school = (await schools_by_id(conn, district, [command.school])).get(command.school)
    if school is None or not scope.sees_school(school.id):
        return [school_unknown("school", command.school)]
    return open_faults("begins_on", command.begins_on, school)
