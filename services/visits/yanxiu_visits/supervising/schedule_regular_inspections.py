"""Enter the regular inspections of a school year for many schools at once, each row by itself."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.regular_inspections import (
    RegularInspection,
    RegularInspectionsScheduled,
    RowRefused,
    ScheduleRegularInspections,
)
from yanxiu_wire.supervision import Inspection

from yanxiu_visits import refusals as general
from yanxiu_visits.service import Service
from yanxiu_visits.supervising import refusals
from yanxiu_visits.supervising.inspection_store import add_inspections, regular_in
from yanxiu_visits.supervising.new_inspection import Entering, begin_entering

MOST_ROWS = 1000


async def schedule_regular_inspections(
    service: Service, district: str, command: ScheduleRegularInspections, deadline: Deadline
) -> RegularInspectionsScheduled | Refused:
    """Enter every row that can be; the whole is refused only for its year, its team, or too many rows."""
    if not 1 <= len(command.rows) <= MOST_ROWS:
        return general.out_of_bounds("rows", len(command.rows), 1, MOST_ROWS)

    async def work(conn: AsyncConnection) -> RegularInspectionsScheduled | Refused:
        entering = await begin_entering(service, conn, district, command.school_year, command.team)
        if isinstance(entering, Refused):
            return entering
        there = await regular_in(conn, district, command.school_year)
        entered: list[Inspection] = []
        refused: list[RowRefused] = []
        for number, row in enumerate(command.rows):
            made = await _made(entering, row, row.supervisors or command.supervisors, there)
            if isinstance(made, Refused):
                refused.append(RowRefused(row=number, school=row.school, errors=made.errors))
            else:
                entered.append(made)
                there[row.school] = made.id
        await add_inspections(conn, district, entered)
        return RegularInspectionsScheduled(entered=tuple(entered), refused=tuple(refused))

    return await once(service.databases, district, command, RegularInspectionsScheduled, deadline, work)


async def _made(
    entering: Entering, row: RegularInspection, supervisors: tuple[str, ...], there: dict[str, str]
) -> Inspection | Refused:
    wrong = await entering.wrong(row.school, row.due_on, supervisors)
    if wrong is None and row.school in there:
        wrong = refusals.already_scheduled(there[row.school], entering.year.clauses)
    return wrong or await entering.made(row.school, row.due_on, supervisors)
