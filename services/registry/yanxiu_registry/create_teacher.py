"""Enter a teacher with a first employment."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils import uuid7
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.teacher import CreateTeacher, Teacher

from yanxiu_registry.announce import announce_teacher
from yanxiu_registry.assess_teacher import new_teacher
from yanxiu_registry.cards import teacher_after
from yanxiu_registry.context import Registry
from yanxiu_registry.identity import national_id_holder_faults, remembered, seal, staff_number_faults
from yanxiu_registry.refusals import refused, school_unknown
from yanxiu_registry.scope import scope_of
from yanxiu_registry.store.schools import schools_by_id
from yanxiu_registry.store.teachers import save_teachers


async def create_teacher(
    registry: Registry, district: str, command: CreateTeacher, deadline: Deadline
) -> Teacher | Refused:
    """The new teacher on the first day at work, the national id masked.

    Refused: SCHOOL_UNKNOWN, VALUE_INVALID, NATIONAL_ID_INVALID, NATIONAL_ID_TAKEN, STAFF_NUMBER_TAKEN,
    DATE_OUT_OF_ORDER.
    """
    scope = scope_of(command.caller)

    async def work(conn: AsyncConnection) -> Teacher | Refused:
        schools = await schools_by_id(conn, district, [command.school])
        if command.school not in schools or not scope.sees_school(command.school):
            return refused(school_unknown("school", command.school))
        teacher, faults = new_teacher(command, str(uuid7()), schools[command.school], registry.today())
        faults += await staff_number_faults(conn, district, "staff_number", command.staff_number, teacher.id)
        if command.national_id is not None:
            faults += await national_id_holder_faults(
                registry, conn, district, "national_id", command.national_id, teacher.id, scope
            )
        if faults:
            return refused(*faults)
        if command.national_id is not None:
            sealed = seal(registry, district, teacher.id, command.national_id)
            teacher = msgspec.structs.replace(teacher, sealed=sealed)
        stamp = registry.stamp(command.caller)
        await save_teachers(conn, district, [(None, teacher)], stamp)
        await announce_teacher(conn, district, teacher, stamp.at)
        return teacher_after(registry, district, teacher, command.employed_since)

    return await once(
        registry.dbs, district, remembered(registry, district, command), Teacher, deadline, work, few_rows=True
    )
