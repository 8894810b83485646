"""Correct a school from a day on."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.registry import CorrectSchool, School

from yanxiu_registry.announce import announce_school
from yanxiu_registry.areas.area import AREAS
from yanxiu_registry.areas.refusals import area_faults
from yanxiu_registry.assess_school import corrected_school
from yanxiu_registry.cards import first_shown
from yanxiu_registry.context import Registry
from yanxiu_registry.refusals import refused, school_unknown, taken, version_conflict
from yanxiu_registry.register import SchoolFile, school_as_of
from yanxiu_registry.store.schools import code_holder, first_employment, save_school, schools_by_id


async def correct_school(
    registry: Registry, district: str, command: CorrectSchool, deadline: Deadline
) -> School | Refused:
    """The school with the correction in force.

    Refused: SCHOOL_UNKNOWN, VERSION_CONFLICT, FIELD_UNKNOWN, VALUE_INVALID, DATE_OUT_OF_ORDER, SCHOOL_CODE_TAKEN,
    AREA_UNKNOWN, AREA_ENDED.
    """

    async def work(conn: AsyncConnection) -> School | Refused:
        before = (await schools_by_id(conn, district, [command.school])).get(command.school)
        if before is None:
            return refused(school_unknown("school", command.school))
        if command.expected_version not in (None, before.version):
            return refused(version_conflict(command.expected_version or 0, before.version))
        begun = await first_employment(conn, district, before.id)
        after, faults = corrected_school(before, command, begun)
        faults += await _code_faults(conn, district, before, after)
        faults += await _area_faults(conn, district, command)
        if faults:
            return refused(*faults)
        if after != before:
            after = msgspec.structs.replace(after, version=before.version + 1)
            await save_school(conn, district, before, after, registry.stamp(command.caller))
            await announce_school(conn, district, after)
        card = school_as_of(after, max(command.since, first_shown(after, registry.today())))
        return refused(school_unknown("school", command.school)) if card is None else card

    return await once(registry.dbs, district, command, School, deadline, work, few_rows=True)


async def _area_faults(conn: AsyncConnection, district: str, command: CorrectSchool) -> list[RefusalItem]:
    area = command.changes.get("area")
    if not isinstance(area, str):
        return []
    found = await AREAS.shelf.by_id(conn, district, [area])
    return area_faults("changes.area", area, found.get(area), command.since)


async def _code_faults(
    conn: AsyncConnection, district: str, before: SchoolFile, after: SchoolFile
) -> list[RefusalItem]:
    if after.code == before.code or await code_holder(conn, district, after.code) in (None, before.id):
        return []
    return [taken("SCHOOL_CODE_TAKEN", "changes.code", after.code, "学校代码", "school code")]
