"""Withdraw a nomination before it is an award; it stays to be seen, with who withdrew it and why."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.award_endings import WithdrawNomination
from yanxiu_wire.awards import Nomination
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits.awards import refusals
from yanxiu_visits.awards.award_store import end_nomination, read_nomination, read_year, shown_to
from yanxiu_visits.scope import OFFICERS
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text


async def withdraw_nomination(
    service: Service, district: str, command: WithdrawNomination, deadline: Deadline
) -> Nomination | Refused:
    """Withdraw; a school its own. While nominations are open the same recipient may be nominated anew.

    Marks that were given stay and count for nobody; whoever is next in line moves up.
    """
    refused = assess_text("reason", command.reason, most=1000)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> Nomination | Refused:
        one = await read_nomination(conn, district, command.nomination)
        caller = command.caller
        if one is None or (caller.role not in OFFICERS and one.school != caller.school):
            return refusals.nomination_unknown(command.nomination)
        if one.state != "nominated":
            return refusals.year_not_so(one.state, ["nominated"])
        found = await read_year(conn, district, one.year)
        if found is None or found[0].state == "closed":
            return refusals.year_not_so("closed", ["nominating", "scoring", "ranked"])
        made = msgspec.structs.replace(
            one,
            state="withdrawn",
            reason=command.reason.strip(),
            ended_by=caller.subject,
            ended_at=service.clock.now(),
        )
        await end_nomination(conn, district, made, had=None, freed=False, role=caller.role)
        return shown_to(made, caller.role)

    return await once(service.databases, district, command, Nomination, deadline, work)
