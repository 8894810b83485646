"""Where a research group is: one school or one area, as far as the caller may enter groups there."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.research_group import FormResearchGroup

from yanxiu_registry.areas.area import AREAS
from yanxiu_registry.areas.refusals import area_faults
from yanxiu_registry.assess_school import open_faults
from yanxiu_registry.groups.refusals import area_groups_by_officers, group_place
from yanxiu_registry.refusals import school_unknown
from yanxiu_registry.scope import Scope
from yanxiu_registry.store.schools import schools_by_id


async def place_faults(
    conn: AsyncConnection, district: str, command: FormResearchGroup, scope: Scope
) -> list[RefusalItem]:
    """Why the group cannot be where the command says: neither or both named, unknown, out of scope, not there then."""
    if (command.school is None) == (command.area is None):
        return [group_place(command.school)]
    if command.area is not None:
        if not scope.whole:
            return [area_groups_by_officers(command.area)]
        areas = await AREAS.shelf.by_id(conn, district, [command.area])
        return area_faults("area", command.area, areas.get(command.area), command.formed_on, "formed_on")
    school = command.school or ""
    schools = await schools_by_id(conn, district, [school])
    if school not in schools or not scope.sees_school(school):
        return [school_unknown("school", school)]
    return open_faults("formed_on", command.formed_on, schools[school])
