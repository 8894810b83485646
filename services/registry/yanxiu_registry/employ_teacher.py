"""Move a teacher to a school from a day on."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.teacher import EmployTeacher, Teacher

from yanxiu_registry.announce import announce_teacher
from yanxiu_registry.assess_teacher import moved_teacher
from yanxiu_registry.cards import first_shown, teacher_after
from yanxiu_registry.context import Registry
from yanxiu_registry.erasing.unchangeable import unchangeable
from yanxiu_registry.refusals import refused, school_unknown, teacher_unknown
from yanxiu_registry.scope import scope_of
from yanxiu_registry.store.schools import schools_by_id
from yanxiu_registry.store.teachers import save_teachers, teachers_by_id


async def employ_teacher(
    registry: Registry, district: str, command: EmployTeacher, deadline: Deadline
) -> Teacher | Refused:
    """The teacher at the new place of work; the running employment ends the day before.

    Refused: TEACHER_UNKNOWN, TEACHER_ERASED, ERASURE_BEGUN, SCHOOL_UNKNOWN, DATE_OUT_OF_ORDER, EMPLOYMENT_UNCHANGED,
    VALUE_INVALID.
    """
    scope = scope_of(command.caller)

    async def work(conn: AsyncConnection) -> Teacher | Refused:
        before = (await teachers_by_id(conn, district, [command.teacher])).get(command.teacher)
        if before is None or not scope.sees_teacher(before, first_shown(before, registry.today())):
            return refused(teacher_unknown("teacher", command.teacher))
        if faults := await unchangeable(conn, district, before):
            return refused(*faults)
        schools = await schools_by_id(conn, district, [command.school])
        if command.school not in schools or not scope.sees_school(command.school):
            return refused(school_unknown("school", command.school))
        after, faults = moved_teacher(before, command, schools[command.school])
        if faults:
            return refused(*faults)
        after = msgspec.structs.replace(after, version=before.version + 1)
        stamp = registry.stamp(command.caller)
        await save_teachers(conn, district, [(before, after)], stamp)
        await announce_teacher(conn, district, after, stamp.at)
        return teacher_after(registry, district, after, command.since)

    return await once(registry.dbs, district, command, Teacher, deadline, work, few_rows=True)
