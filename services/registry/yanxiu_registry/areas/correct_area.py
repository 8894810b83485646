"""Correct an area from a day on."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.area import Area, CorrectArea
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_registry.areas.area import AREAS
from yanxiu_registry.areas.area_use import area_used
from yanxiu_registry.areas.assess_area import corrected_area
from yanxiu_registry.areas.refusals import area_unknown
from yanxiu_registry.context import Registry
from yanxiu_registry.refusals import refused, version_conflict


async def correct_area(registry: Registry, district: str, command: CorrectArea, deadline: Deadline) -> Area | Refused:
    """The area with the correction in force.

    Refused: AREA_UNKNOWN, VERSION_CONFLICT, FIELD_UNKNOWN, VALUE_INVALID, DATE_OUT_OF_ORDER, AREA_NAME_TAKEN,
    AREA_IN_USE.
    """

    async def work(conn: AsyncConnection) -> Area | Refused:
        areas = await AREAS.shelf.all(conn, district)
        before = areas.get(command.area)
        if before is None:
            return refused(area_unknown("area", command.area))
        if command.expected_version not in (None, before.version):
            return refused(version_conflict(command.expected_version or 0, before.version))
        used = await area_used(conn, district, before.id)
        after, faults = corrected_area(before, command, areas.values(), used)
        if faults:
            return refused(*faults)
        return await AREAS.keep(registry, conn, district, before, after, command.caller, command.since)

    return await once(registry.dbs, district, command, Area, deadline, work, few_rows=True)
