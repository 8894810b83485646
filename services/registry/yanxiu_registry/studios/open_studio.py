"""Enter a studio."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils import uuid7
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.studio import OpenStudio, Studio

from yanxiu_registry.context import Registry
from yanxiu_registry.groups.people_named import people_named
from yanxiu_registry.refusals import refused
from yanxiu_registry.scope import scope_of
from yanxiu_registry.store.schools import schools_by_id
from yanxiu_registry.studios.assess_studio import new_studio
from yanxiu_registry.studios.studio import STUDIOS


async def open_studio(registry: Registry, district: str, command: OpenStudio, deadline: Deadline) -> Studio | Refused:
    """The new studio.

    Refused: VALUE_INVALID, TEACHER_UNKNOWN, MEMBER_ELSEWHERE, SCHOOL_UNKNOWN, NAMED_TWICE, STUDIO_NAME_TAKEN.
    """

    async def work(conn: AsyncConnection) -> Studio | Refused:
        others = (await STUDIOS.shelf.all(conn, district)).values()
        people = await people_named(conn, district, [command.leader], scope_of(command.caller))
        schools = await schools_by_id(conn, district, list(command.schools))
        studio, faults = new_studio(command, str(uuid7()), others, people, schools)
        if faults:
            return refused(*faults)
        return await STUDIOS.keep(registry, conn, district, None, studio, command.caller, studio.begins_on)

    return await once(registry.dbs, district, command, Studio, deadline, work, few_rows=True)
