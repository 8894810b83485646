"""Correct a stretch of a teacher's work, or take it back."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.teacher import CorrectEmployment, Teacher

from yanxiu_registry.announce import announce_teacher
from yanxiu_registry.assess_employment import (
    corrected_employment,
    employment_unknown,
    place_of,
    take_back_faults,
    without_employment,
)
from yanxiu_registry.cards import teacher_after
from yanxiu_registry.context import Registry
from yanxiu_registry.erasing.unchangeable import unchangeable
from yanxiu_registry.refusals import refused, teacher_unknown, version_conflict
from yanxiu_registry.register import TeacherFile
from yanxiu_registry.store.schools import schools_by_id
from yanxiu_registry.store.teachers import save_teachers, teachers_by_id


async def correct_employment(
    registry: Registry, district: str, command: CorrectEmployment, deadline: Deadline
) -> Teacher | Refused:
    """The teacher with the stretch corrected or gone; earlier versions stay in the register's history.

    Refused: TEACHER_UNKNOWN, TEACHER_ERASED, ERASURE_BEGUN, VERSION_CONFLICT, EMPLOYMENT_UNKNOWN, EMPLOYMENT_ONLY,
    EMPLOYMENT_OVERLAP, SCHOOL_UNKNOWN, DATE_OUT_OF_ORDER, FIELD_UNKNOWN, VALUE_INVALID.
    """

    async def work(conn: AsyncConnection) -> Teacher | Refused:
        before = (await teachers_by_id(conn, district, [command.teacher])).get(command.teacher)
        if before is None:
            return refused(teacher_unknown("teacher", command.teacher))
        if faults := await unchangeable(conn, district, before):
            return refused(*faults)
        if command.expected_version not in (None, before.version):
            return refused(version_conflict(command.expected_version or 0, before.version))
        after, faults = await _after(conn, district, before, command)
        if faults:
            return refused(*faults)
        if after != before:
            after = msgspec.structs.replace(after, version=before.version + 1)
            stamp = registry.stamp(command.caller)
            await save_teachers(conn, district, [(before, after)], stamp)
            await announce_teacher(conn, district, after, stamp.at)
        return teacher_after(registry, district, after, after.facts[0].since)

    return await once(registry.dbs, district, command, Teacher, deadline, work, few_rows=True)


async def _after(
    conn: AsyncConnection, district: str, before: TeacherFile, command: CorrectEmployment
) -> tuple[TeacherFile, list[RefusalItem]]:
    place = place_of(before, command.begun_on)
    if place is None:
        return before, [employment_unknown(before, command.begun_on)]
    if command.take_back:
        faults = take_back_faults(command)
        return (before, faults) if faults else without_employment(before, place)
    school = command.changes.get("school", before.employments[place].school)
    found = await schools_by_id(conn, district, [school]) if isinstance(school, str) else {}
    return corrected_employment(before, place, command, found.get(school))
