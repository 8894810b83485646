"""Schedule an inspection of a school: the year's regular one, or a random one that a draw led to."""

from __future__ import annotations

import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.supervision import Inspection, ScheduleInspection

from yanxiu_visits import refusals as general
from yanxiu_visits.service import Service
from yanxiu_visits.supervising import refusals
from yanxiu_visits.supervising.draw_store import read_draws
from yanxiu_visits.supervising.ground import law_on, open_schools, read_year
from yanxiu_visits.supervising.inspection_store import of_draw, put_inspection, read_team


async def schedule_inspection(
    service: Service, district: str, command: ScheduleInspection, deadline: Deadline
) -> Inspection | Refused:
    """Schedule; its form is what the law names on that day, each line by name."""

    async def work(conn: AsyncConnection) -> Inspection | Refused:
        refused = await _wrong(conn, district, command) or await _not_drawn(conn, district, command)
        if refused is not None:
            return refused
        law = await law_on(service, conn, district, command.due_on, field="due_on")
        if isinstance(law, Refused):
            return law
        form = law.visits.supervision_form(law.law())
        made = Inspection(
            id=str(uuid_utils.uuid7()),
            school=command.school,
            school_year=command.school_year,
            kind=command.kind,
            state="scheduled",
            due_on=command.due_on,
            team=command.team,
            supervisors=command.supervisors,
            form=tuple(one.name for one in form),
            form_clauses=tuple(dict.fromkeys(clause for one in form for clause in one.clauses)),
            draw=command.draw,
        )
        await put_inspection(conn, district, made)
        return made

    return await once(service.databases, district, command, Inspection, deadline, work)


async def _wrong(conn: AsyncConnection, district: str, command: ScheduleInspection) -> Refused | None:
    year = await read_year(conn, district, command.school_year)
    if isinstance(year, Refused):
        return year
    if not year.holds(command.due_on):
        return refusals.day_outside("due_on", command.due_on, year.id)
    if command.school not in await open_schools(conn, district, command.due_on):
        return general.school_unknown(command.school)
    team = await read_team(conn, district, command.team)
    if team is None or team.since > command.due_on:
        return refusals.unknown("team", "督导团队", "team", command.team)
    members = {one.person for one in team.members}
    if not command.supervisors:
        return refusals.not_in_team("")
    outsider = next((one for one in command.supervisors if one not in members), None)
    return None if outsider is None else refusals.not_in_team(outsider)


async def _not_drawn(conn: AsyncConnection, district: str, command: ScheduleInspection) -> Refused | None:
    if command.draw is None:
        return refusals.not_drawn(command.school) if command.kind == "random" else None
    draw = (await read_draws(conn, district, [command.draw])).get(command.draw)
    if draw is None:
        return refusals.unknown("draw", "抽签", "draw", command.draw)
    of_it = command.kind == "random" and draw.school_year == command.school_year
    if not of_it or command.school not in draw.drawn:
        return refusals.not_drawn(command.school)
    other = await of_draw(conn, district, command.draw, command.school)
    return None if other is None else refusals.already_scheduled(other.id)
