"""Processes by id, in full."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.paging import few_enough
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.process import Process
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import GetProcesses, Processes

from yanxiu_credits.service import Service
from yanxiu_credits.workflow.acting import everyone_he_acts_for, reaches, seen_by
from yanxiu_credits.workflow.assess_step import Actor
from yanxiu_credits.workflow.running import Running, gather
from yanxiu_credits.workflow.store import Row, read_processes
from yanxiu_credits.workflow.view import full_view


async def get_processes(
    service: Service, district: str, query: GetProcesses, _deadline: Deadline
) -> Processes | Refused:
    """Return the processes in the order asked for, None where unknown or out of the caller's scope.

    Those whom the caller acts for are in his scope too, and their steps are shown as his.
    """
    too_many = few_enough("ids", query.ids)
    if too_many is not None:
        return too_many
    async with service.databases.read(district) as conn:
        actors = await everyone_he_acts_for(conn, district, query.caller, service.clock.today())
        rows = await read_processes(conn, seen_by(district, actors), query.ids)
        found = await in_full(conn, service, district, query, actors, list(rows.values()))
    return Processes(items=tuple(found.get(one) for one in query.ids))


async def in_full(
    conn: AsyncConnection,
    service: Service,
    district: str,
    query: GetProcesses,
    actors: Sequence[Actor],
    rows: list[Row],
) -> dict[str, Process]:
    """Return the processes with their signatures and open steps, by id; one whose law is gone is left out."""
    loaded = await gather(conn, service, district, rows, query.caller, actors[0])
    running = [one for one in loaded if isinstance(one, Running)]
    return {one.row.id: full_view(one, [actor for actor in actors if reaches(actor, one.row)]) for one in running}
