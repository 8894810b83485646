"""Make a teacher of the register a researcher."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.researcher import EnrolResearcher, Researcher

from yanxiu_registry.context import Registry
from yanxiu_registry.history import employed
from yanxiu_registry.refusals import refused, teacher_unknown
from yanxiu_registry.researchers.assess_researcher import enrolled
from yanxiu_registry.researchers.places_named import places_named
from yanxiu_registry.researchers.refusals import not_at_work
from yanxiu_registry.researchers.researcher import RESEARCHERS
from yanxiu_registry.store.teachers import teachers_by_id


async def enrol_researcher(
    registry: Registry, district: str, command: EnrolResearcher, deadline: Deadline
) -> Researcher | Refused:
    """The researcher from the first day on.

    Refused: TEACHER_UNKNOWN, TEACHER_NOT_AT_WORK, RESEARCHER_EXISTS, VALUE_INVALID, NAMED_TWICE, AREA_UNKNOWN,
    AREA_ENDED, SCHOOL_UNKNOWN, DATE_OUT_OF_ORDER.
    """

    async def work(conn: AsyncConnection) -> Researcher | Refused:
        teacher = (await teachers_by_id(conn, district, [command.teacher])).get(command.teacher)
        if teacher is None:
            return refused(teacher_unknown("teacher", command.teacher))
        if employed(teacher.employments, command.begins_on) is None:
            return refused(not_at_work("begins_on", command.begins_on))
        before = (await RESEARCHERS.shelf.by_id(conn, district, [teacher.id])).get(teacher.id)
        places = await places_named(conn, district, command.areas, command.conflicts)
        after, faults = enrolled(command, before, places)
        if faults:
            return refused(*faults)
        return await RESEARCHERS.keep(registry, conn, district, before, after, command.caller, command.begins_on)

    return await once(registry.dbs, district, command, Researcher, deadline, work, few_rows=True)
