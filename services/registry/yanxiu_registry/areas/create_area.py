"""Enter an area."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils import uuid7
from yanxiu_durable import once
from yanxiu_wire.area import Area, CreateArea
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_registry.areas.area import AREAS
from yanxiu_registry.areas.assess_area import new_area
from yanxiu_registry.context import Registry
from yanxiu_registry.refusals import refused


async def create_area(registry: Registry, district: str, command: CreateArea, deadline: Deadline) -> Area | Refused:
    """The new area; refused: a bad name (VALUE_INVALID), AREA_NAME_TAKEN."""

    async def work(conn: AsyncConnection) -> Area | Refused:
        others = (await AREAS.shelf.all(conn, district)).values()
        area, faults = new_area(command, str(uuid7()), others)
        if faults:
            return refused(*faults)
        return await AREAS.keep(registry, conn, district, None, area, command.caller, area.begins_on)

    return await once(registry.dbs, district, command, Area, deadline, work, few_rows=True)
