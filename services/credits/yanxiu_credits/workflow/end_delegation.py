"""End a delegation from now on."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.process import Delegation
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import EndDelegation

from yanxiu_credits.scope import OFFICERS
from yanxiu_credits.service import Service
from yanxiu_credits.workflow import refusals_of_people as people
from yanxiu_credits.workflow.delegate_steps import delegation_view
from yanxiu_credits.workflow.store import end_delegation_row, read_delegations
from yanxiu_credits.workflow.tables import delegation


async def end_delegation(
    service: Service, district: str, command: EndDelegation, deadline: Deadline
) -> Delegation | Refused:
    """End a delegation; its giver, its delegate and the district's officers may. One that has ended stays as it is.

    What was signed under it keeps both names. Refuses with DELEGATION_UNKNOWN.
    """

    async def work(conn: AsyncConnection) -> Delegation | Refused:
        its, caller = delegation.c, command.caller
        found = await read_delegations(conn, its.district == district, its.id == command.delegation)
        mine = found and (caller.role in OFFICERS or caller.subject in (found[0].from_subject, found[0].to_subject))
        if not mine:
            return people.not_yours_to_end(command.delegation)
        one = found[0]
        if one.ended_on is None:
            today = service.clock.today()
            await end_delegation_row(conn, one, on=today, by=caller.subject)
            one = msgspec.structs.replace(one, ended_on=today, ended_by=caller.subject)
        return delegation_view(one)

    return await once(service.databases, district, command, Delegation, deadline, work)
