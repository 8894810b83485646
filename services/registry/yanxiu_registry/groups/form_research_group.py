"""Enter a research group."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils import uuid7
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.research_group import FormResearchGroup, ResearchGroup

from yanxiu_registry.context import Registry
from yanxiu_registry.groups.assess_research_group import new_group
from yanxiu_registry.groups.people_named import people_named
from yanxiu_registry.groups.place import place_faults
from yanxiu_registry.groups.research_group import RESEARCH_GROUPS
from yanxiu_registry.refusals import refused
from yanxiu_registry.scope import scope_of


async def form_research_group(
    registry: Registry, district: str, command: FormResearchGroup, deadline: Deadline
) -> ResearchGroup | Refused:
    """The group on its first day.

    Refused: GROUP_PLACE, SCHOOL_UNKNOWN, AREA_UNKNOWN, AREA_ENDED, OUT_OF_SCOPE, TEACHER_UNKNOWN, MEMBER_ELSEWHERE,
    NAMED_TWICE, VALUE_INVALID, DATE_OUT_OF_ORDER.
    """
    scope = scope_of(command.caller)

    async def work(conn: AsyncConnection) -> ResearchGroup | Refused:
        if faults := await place_faults(conn, district, command, scope):
            return refused(*faults)
        people = await people_named(conn, district, (command.leader, *command.members), scope)
        group, faults = new_group(command, str(uuid7()), people, registry.today())
        if faults:
            return refused(*faults)
        return await RESEARCH_GROUPS.keep(registry, conn, district, None, group, command.caller, command.formed_on)

    return await once(registry.dbs, district, command, ResearchGroup, deadline, work, few_rows=True)
