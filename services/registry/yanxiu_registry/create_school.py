"""Enter a school."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils import uuid7
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import CreateSchool, School

from yanxiu_registry.announce import announce_school
from yanxiu_registry.areas.area import AREAS
from yanxiu_registry.areas.refusals import area_faults
from yanxiu_registry.assess_school import new_school
from yanxiu_registry.context import Registry
from yanxiu_registry.refusals import refused, taken
from yanxiu_registry.register import school_as_of
from yanxiu_registry.store.schools import code_holder, save_school


async def create_school(
    registry: Registry, district: str, command: CreateSchool, deadline: Deadline
) -> School | Refused:
    """The new school as it opens.

    Refused: a bad text, SCHOOL_CODE_TAKEN, AREA_UNKNOWN, AREA_ENDED, DATE_OUT_OF_ORDER.
    """
    school, faults = new_school(command, str(uuid7()))

    async def work(conn: AsyncConnection) -> School | Refused:
        if await code_holder(conn, district, command.code) is not None:
            faults.append(taken("SCHOOL_CODE_TAKEN", "code", command.code, "学校代码", "school code"))
        if command.area is not None:
            areas = await AREAS.shelf.by_id(conn, district, [command.area])
            faults.extend(area_faults("area", command.area, areas.get(command.area), command.opened_on, "opened_on"))
        card = school_as_of(school, school.opened_on)
        if faults or card is None:
            return refused(*faults)
        await save_school(conn, district, None, school, registry.stamp(command.caller))
        await announce_school(conn, district, school)
        return card

    return await once(registry.dbs, district, command, School, deadline, work, few_rows=True)
