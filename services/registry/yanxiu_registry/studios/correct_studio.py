"""Correct a studio from a day on: its name, level, leader, or the schools at which it is stationed."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.studio import CorrectStudio, Studio

from yanxiu_registry.context import Registry
from yanxiu_registry.groups.people_named import people_named
from yanxiu_registry.refusals import refused, version_conflict
from yanxiu_registry.scope import scope_of
from yanxiu_registry.store.schools import schools_by_id
from yanxiu_registry.studios.assess_studio import corrected_studio
from yanxiu_registry.studios.refusals import studio_unknown
from yanxiu_registry.studios.studio import STUDIOS


async def correct_studio(
    registry: Registry, district: str, command: CorrectStudio, deadline: Deadline
) -> Studio | Refused:
    """The studio with the correction in force.

    Refused: STUDIO_UNKNOWN, VERSION_CONFLICT, FIELD_UNKNOWN, VALUE_INVALID, DATE_OUT_OF_ORDER, TEACHER_UNKNOWN,
    MEMBER_ELSEWHERE, SCHOOL_UNKNOWN, NAMED_TWICE, STUDIO_NAME_TAKEN.
    """

    async def work(conn: AsyncConnection) -> Studio | Refused:
        studios = await STUDIOS.shelf.all(conn, district)
        before = studios.get(command.studio)
        if before is None:
            return refused(studio_unknown("studio", command.studio))
        if command.expected_version not in (None, before.version):
            return refused(version_conflict(command.expected_version or 0, before.version))
        people = await people_named(conn, district, [command.changes.get("leader")], scope_of(command.caller))
        schools = await schools_by_id(conn, district, _texts(command.changes.get("schools")))
        after, faults = corrected_studio(before, command, studios.values(), people, schools)
        if faults:
            return refused(*faults)
        return await STUDIOS.keep(registry, conn, district, before, after, command.caller, command.since)

    return await once(registry.dbs, district, command, Studio, deadline, work, few_rows=True)


def _texts(given: Any) -> list[str]:
    """The texts of a list as it came, before anybody looked whether it fits."""
    return [one for one in given if isinstance(one, str)] if isinstance(given, list | tuple) else []
