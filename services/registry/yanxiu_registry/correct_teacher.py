"""Correct a teacher from a day on."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.teacher import CorrectTeacher, Teacher

from yanxiu_registry.announce import announce_teacher
from yanxiu_registry.assess_teacher import corrected_teacher
from yanxiu_registry.cards import first_shown, teacher_after
from yanxiu_registry.context import Registry
from yanxiu_registry.erasing.unchangeable import unchangeable
from yanxiu_registry.identity import national_id_holder_faults, remembered, seal, staff_number_faults
from yanxiu_registry.refusals import refused, teacher_unknown, version_conflict
from yanxiu_registry.register import TeacherFile
from yanxiu_registry.scope import scope_of
from yanxiu_registry.store.teachers import save_teachers, teachers_by_id

_GONE = {"status": "left"}


async def correct_teacher(
    registry: Registry, district: str, command: CorrectTeacher, deadline: Deadline
) -> Teacher | Refused:
    """The teacher with the correction in force, the national id masked.

    Refused: TEACHER_UNKNOWN, TEACHER_ERASED, ERASURE_BEGUN, VERSION_CONFLICT, FIELD_UNKNOWN, VALUE_INVALID,
    DATE_OUT_OF_ORDER, NATIONAL_ID_INVALID, NATIONAL_ID_TAKEN, STAFF_NUMBER_TAKEN.
    """
    scope = scope_of(command.caller)

    async def work(conn: AsyncConnection) -> Teacher | Refused:
        before = (await teachers_by_id(conn, district, [command.teacher])).get(command.teacher)
        if before is None or not scope.sees_teacher(before, first_shown(before, registry.today())):
            return refused(teacher_unknown("teacher", command.teacher))
        # That he works no more may be lost to a backup that was put back, and names nobody.
        if command.changes != _GONE and (faults := await unchangeable(conn, district, before)):
            return refused(*faults)
        if command.expected_version not in (None, before.version):
            return refused(version_conflict(command.expected_version or 0, before.version))
        after, faults = corrected_teacher(before, command, registry.today())
        faults += await _identity_faults(registry, conn, district, before, command)
        if faults:
            return refused(*faults)
        after = _with_national_id(registry, district, after, command)
        if after != before:
            after = msgspec.structs.replace(after, version=before.version + 1)
            stamp = registry.stamp(command.caller)
            await save_teachers(conn, district, [(before, after)], stamp)
            await announce_teacher(conn, district, after, stamp.at)
        return teacher_after(registry, district, after, command.since)

    return await once(
        registry.dbs, district, remembered(registry, district, command), Teacher, deadline, work, few_rows=True
    )


async def _identity_faults(
    registry: Registry, conn: AsyncConnection, district: str, before: TeacherFile, command: CorrectTeacher
) -> list[RefusalItem]:
    staff_number = command.changes.get("staff_number")
    number = command.changes.get("national_id")
    faults: list[RefusalItem] = []
    if isinstance(staff_number, str):
        field = "changes.staff_number"
        faults += await staff_number_faults(conn, district, field, staff_number, before.id)
    if isinstance(number, str):
        scope, field = scope_of(command.caller), "changes.national_id"
        faults += await national_id_holder_faults(registry, conn, district, field, number, before.id, scope)
    return faults


def _with_national_id(registry: Registry, district: str, file: TeacherFile, command: CorrectTeacher) -> TeacherFile:
    """The file with the changed national id; an equal one keeps its seal, so that nothing counts as changed."""
    if "national_id" not in command.changes:
        return file
    number = command.changes["national_id"]
    if number is None:
        return msgspec.structs.replace(file, sealed=None)
    sealed = seal(registry, district, file.id, number)
    same = file.sealed is not None and file.sealed.index == sealed.index
    return file if same else msgspec.structs.replace(file, sealed=sealed)
