"""Send a process back with a reason."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import ProcessMovedOn, ReturnProcess

from yanxiu_credits.service import Service
from yanxiu_credits.workflow import refusals as no
from yanxiu_credits.workflow.advance import Move, sign
from yanxiu_credits.workflow.assess_step import state_returned_to
from yanxiu_credits.workflow.publicity_store import close_rounds
from yanxiu_credits.workflow.running import load
from yanxiu_credits.workflow.signing import RETURN
from yanxiu_credits.workflow.take_step import moved_on

MOST_REASON = 1000


async def return_process(
    service: Service, district: str, command: ReturnProcess, deadline: Deadline
) -> ProcessMovedOn | Refused:
    """Return a process to where the next step's signer sends it; a publicity that was open ends with it.

    Refuses with PROCESS_UNKNOWN, DELEGATION_*, RETURN_NOT_YOURS, PROCESS_CHANGED, RETURN_NOT_FORESEEN, REASON_MISSING
    or LAW_UNUSABLE.
    """

    async def work(conn: AsyncConnection) -> ProcessMovedOn | Refused:
        running = await load(conn, service, district, command.caller, command.process, command.on_behalf_of)
        if isinstance(running, Refused):
            return running
        to = state_returned_to(running.workflow, running.situation, running.actor)
        if isinstance(to, Refused):
            return to
        if command.version != running.row.version:
            return no.process_changed(command.version, running.row.version)
        reason = command.reason.strip()
        if not reason or len(reason) > MOST_REASON:
            return no.reason_missing()
        await close_rounds(conn, district, running.row.id)
        moved = await sign(conn, service, running, Move(step=RETURN, to=to, reason=reason))
        return await moved_on(conn, service, district, command.caller, moved.id, command.on_behalf_of)

    return await once(service.databases, district, command, ProcessMovedOn, deadline, work)
