"""Uphold an objection or dismiss it; upheld, the record that it names is taken back."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import ObjectionAnswered, SettleObjection

from yanxiu_credits.books.kinds import REGISTRATION
from yanxiu_credits.books.lineage import fate_of, last_of, wordings_of
from yanxiu_credits.books.reverse import reverse
from yanxiu_credits.scope import OFFICERS
from yanxiu_credits.service import Service
from yanxiu_credits.tables import ledger, record
from yanxiu_credits.workflow import refusals as no
from yanxiu_credits.workflow import refusals_of_people as people
from yanxiu_credits.workflow.acting import as_caller
from yanxiu_credits.workflow.advance import tell_move
from yanxiu_credits.workflow.publicity_store import Raised, read_objection, settle
from yanxiu_credits.workflow.running import Running, load

MOST_REASON = 1000


async def settle_objection(
    service: Service, district: str, command: SettleObjection, deadline: Deadline
) -> ObjectionAnswered | Refused:
    """Settle an objection with a reason: by those who opened the publicity or take the process on from there.

    About a record an officer may, and alone may where the record is another school's. Never who raised it, who
    registered any wording of the record, or the teacher whom it concerns. Upheld, the entry of the record that it
    names is reversed in the same transaction. Refuses with OBJECTION_UNKNOWN, OBJECTION_SETTLED,
    OBJECTION_NOT_YOURS, REASON_MISSING, DELEGATION_*, PERIOD_LOCKED or LEDGER_BROKEN.
    """

    async def work(conn: AsyncConnection) -> ObjectionAnswered | Refused:
        one = await read_objection(conn, district, command.objection)
        if one is None:
            return people.objection_unknown(command.objection)
        running = await load(conn, service, district, command.caller, one.process, command.on_behalf_of)
        if isinstance(running, Refused):
            unseen = running.errors[0].code == "PROCESS_UNKNOWN"
            return people.objection_unknown(command.objection) if unseen else running
        refused = await _not_his(conn, running, one) or _form(one, command)
        if refused is not None:
            return refused
        reversed_entry: str | Refused | None = None
        if command.upheld and one.record is not None:
            reversed_entry = await _take_back(conn, service, running, one.record, command.reason)
            if isinstance(reversed_entry, Refused):
                return reversed_entry
        settled = msgspec.structs.replace(
            one,
            state="upheld" if command.upheld else "dismissed",
            reason=command.reason.strip(),
            settled_by=running.actor.subject,
            settled_on=running.today,
            reversed_entry=reversed_entry,
        )
        await settle(conn, settled)
        await tell_move(conn, running.row, what="objection", step="settle")
        return ObjectionAnswered(process=one.process, objection=settled.view)

    return await once(service.databases, district, command, ObjectionAnswered, deadline, work)


async def _not_his(conn: AsyncConnection, running: Running, one: Raised) -> Refused | None:
    disputed = await _disputed(conn, running.row.district, one.record) if one.record is not None else []
    roles = _settlers(running)
    if any(made.school != running.row.school for made in disputed):
        roles = tuple(sorted(OFFICERS))
    elif disputed:
        roles = (*roles, *(role for role in sorted(OFFICERS) if role not in roles))
    if running.actor.role not in roles or one.raised_by in running.actor.people:
        return people.not_yours_to_settle(running.actor.role, roles)
    if {made.registered_by for made in disputed} & running.actor.people or one.teacher in (
        running.caller.teacher or "",
    ):
        return people.settles_own_matter(roles)
    return None


def _settlers(running: Running) -> tuple[str, ...]:
    opened = [step for step in running.workflow.steps if step.effect == "open_publicity"]
    leave = [step for step in running.workflow.steps if {made.to for made in opened} & set(step.from_states)]
    return tuple(dict.fromkeys(role for step in (*opened, *leave) for role in step.by))


async def _disputed(conn: AsyncConnection, district: str, named: str) -> list[Any]:
    """Return school and registrar of every wording of the record that is objected to, before and after it.

    Who entered the first wording has his own word settled too, whoever corrected it since.
    """
    its = record.c
    chain = await wordings_of(conn, district, named)
    found = await conn.execute(
        sa.select(its.school, its.registered_by).where(its.district == district, its.id.in_(chain))
    )
    return list(found)


def _form(one: Raised, command: SettleObjection) -> Refused | None:
    if one.state != "open":
        return people.objection_settled(one.id, one.state)
    reason = command.reason.strip()
    return no.reason_missing() if not reason or len(reason) > MOST_REASON else None


async def _take_back(
    conn: AsyncConnection, service: Service, running: Running, disputed: str, reason: str
) -> str | Refused | None:
    """Reverse the registration of a record, or of the one that corrects it meanwhile; return the id of the new entry.

    None where there is nothing to take back: the record was worth nothing, or the school has taken it back itself.
    """
    its, district = ledger.c, running.row.district
    named = await fate_of(conn, district, disputed)
    last = await last_of(conn, district, named) if named is not None else None
    if last is None or last.reversed_why is not None:
        return None
    entry = await conn.scalar(
        sa.select(its.entry_id).where(its.district == district, its.record == last.record, its.kind == REGISTRATION)
    )
    if entry is None:
        return None
    by = as_caller(running.actor, running.caller)
    posted = await reverse(conn, service, district, entry, reason=reason, by=by, why="objection")
    return posted if isinstance(posted, Refused) else posted.id
