"""Schedule an inspection of a school: the year's regular one, or a random one that a draw led to."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.supervision import Inspection, ScheduleInspection

from yanxiu_visits.service import Service
from yanxiu_visits.supervising import refusals
from yanxiu_visits.supervising.draw_store import read_draws, revealed_on
from yanxiu_visits.supervising.inspection_store import add_inspections, of_draw, regular_in
from yanxiu_visits.supervising.new_inspection import Entering, begin_entering


async def schedule_inspection(
    service: Service, district: str, command: ScheduleInspection, deadline: Deadline
) -> Inspection | Refused:
    """Schedule; its form is what the law names on that day, each line by name."""

    async def work(conn: AsyncConnection) -> Inspection | Refused:
        entering = await begin_entering(service, conn, district, command.school_year, command.team)
        if isinstance(entering, Refused):
            return entering
        refused = await entering.wrong(command.school, command.due_on, command.supervisors) or await _entered(
            conn, district, command, entering.year.clauses
        )
        if refused is not None:
            return refused
        made = await _made(entering, command)
        if isinstance(made, Inspection):
            await add_inspections(conn, district, [made])
        return made

    return await once(service.databases, district, command, Inspection, deadline, work)


async def _made(entering: Entering, command: ScheduleInspection) -> Inspection | Refused:
    return await entering.made(
        command.school, command.due_on, command.supervisors, kind=command.kind, draw=command.draw
    )


async def _entered(
    conn: AsyncConnection, district: str, command: ScheduleInspection, clauses: tuple[str, ...]
) -> Refused | None:
    """Return why it is not entered: no draw led to it, it lies before the draw, or it was entered before."""
    if command.kind == "regular" and command.draw is None:
        other = (await regular_in(conn, district, command.school_year)).get(command.school)
        return None if other is None else refusals.already_scheduled(other, clauses)
    return await _not_drawn(conn, district, command, clauses)


async def _not_drawn(
    conn: AsyncConnection, district: str, command: ScheduleInspection, clauses: tuple[str, ...]
) -> Refused | None:
    if command.draw is None:
        return refusals.not_drawn(command.school, clauses)
    draw = (await read_draws(conn, district, [command.draw])).get(command.draw)
    if draw is None:
        return refusals.unknown("draw", "抽签", "draw", command.draw)
    of_it = command.kind == "random" and draw.school_year == command.school_year
    if not of_it or command.school not in draw.drawn:
        return refusals.not_drawn(command.school, clauses)
    if command.due_on < revealed_on(draw):
        return refusals.before_draw("due_on", command.due_on, revealed_on(draw), clauses)
    other = await of_draw(conn, district, command.draw, command.school)
    return None if other is None else refusals.already_scheduled(other.id, clauses)
