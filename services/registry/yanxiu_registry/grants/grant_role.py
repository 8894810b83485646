"""Give a role to a subject of the issuer."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils import uuid7
from yanxiu_durable import announce, once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.grants import GRANT_CHANGED, Grant, GrantChanged, GrantRole
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_registry.assess_school import open_faults
from yanxiu_registry.context import Registry
from yanxiu_registry.erasing.unchangeable import unchangeable
from yanxiu_registry.grants.assess_grant import grant_faults
from yanxiu_registry.grants.grant_store import ends_at, grants_of, save_grant
from yanxiu_registry.grants.tables import role_grant
from yanxiu_registry.history import employed
from yanxiu_registry.refusals import refused, school_unknown, teacher_unknown
from yanxiu_registry.store.schools import schools_by_id
from yanxiu_registry.store.teachers import teachers_by_id


async def grant_role(registry: Registry, district: str, command: GrantRole, deadline: Deadline) -> Grant | Refused:
    """The grant.

    Refused: GRANT_NOT_YOURS, GRANT_TO_ONESELF, GRANT_EXISTS, SCHOOL_UNKNOWN, TEACHER_UNKNOWN, TEACHER_ERASED,
    ERASURE_BEGUN, VALUE_INVALID, DATE_OUT_OF_ORDER.
    """
    stamp = registry.stamp(command.caller)

    async def work(conn: AsyncConnection) -> Grant | Refused:
        works_at, faults = await _places(registry, conn, district, command)
        others = await grants_of(conn, district, role_grant.c.subject == command.subject)
        if wrong := grant_faults(command, others, works_at, registry.today()) or faults:
            return refused(*wrong)
        new = Grant(
            id=str(uuid7()),
            subject=command.subject,
            role=command.role,
            school=command.school,
            teacher=command.teacher,
            since=command.since,
            until=command.until,
            ends_at=ends_at(command.until),
            decision=command.decision,
            granted_by=stamp.by,
            granted_at=stamp.at,
        )
        await save_grant(conn, district, new, stamp)
        await announce(conn, GRANT_CHANGED, district, GrantChanged(grant=new.id, subject=new.subject))
        return new

    return await once(registry.dbs, district, command, Grant, deadline, work, few_rows=True)


async def _places(
    registry: Registry, conn: AsyncConnection, district: str, command: GrantRole
) -> tuple[str | None, list[RefusalItem]]:
    """Where the teacher works, and what is wrong with the school and the teacher that are named."""
    faults: list[RefusalItem] = []
    if command.school is not None:
        school = (await schools_by_id(conn, district, [command.school])).get(command.school)
        faults += (
            [school_unknown("school", command.school)]
            if school is None
            else open_faults("since", command.since, school)
        )
    if command.teacher is None:
        return None, faults
    file = (await teachers_by_id(conn, district, [command.teacher])).get(command.teacher)
    if file is None:
        return None, [*faults, teacher_unknown("teacher", command.teacher)]
    faults += await unchangeable(conn, district, file)
    at_work = employed(file.employments, registry.today())
    return at_work.school if at_work else None, faults
