"""Object to what a process makes public."""

from __future__ import annotations

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import ObjectionAnswered, RaiseObjection

from yanxiu_credits.service import Service
from yanxiu_credits.tables import record
from yanxiu_credits.workflow import refusals_of_people as people
from yanxiu_credits.workflow.advance import tell_move
from yanxiu_credits.workflow.publicity_store import Raised, add_objection, read_lines
from yanxiu_credits.workflow.running import Running, load

MOST_TEXT = 2000


async def raise_objection(
    service: Service, district: str, command: RaiseObjection, deadline: Deadline
) -> ObjectionAnswered | Refused:
    """Enter an objection while the list is public; whoever may see the process may object, every teacher of the school.

    It names a teacher on the list, a record of one, or only what is wrong. Refuses with PROCESS_UNKNOWN,
    NOT_IN_PUBLICITY, TEXT_MALFORMED or NOT_ON_THE_LIST.
    """

    async def work(conn: AsyncConnection) -> ObjectionAnswered | Refused:
        running = await load(conn, service, district, command.caller, command.process, None)
        if isinstance(running, Refused):
            return running
        if running.round is None or not running.round.open:
            return people.not_public(command.process)
        if not command.text.strip() or len(command.text) > MOST_TEXT:
            return people.text_missing()
        about = await _about(conn, running, command)
        if isinstance(about, Refused):
            return about
        one = Raised(
            district=district,
            id=str(uuid_utils.uuid7()),
            process=running.row.id,
            teacher=about,
            record=command.record,
            text=command.text.strip(),
            raised_by=command.caller.subject,
            raised_on=running.today,
        )
        await add_objection(conn, one)
        await tell_move(conn, running.row, what="objection", step="raise")
        return ObjectionAnswered(process=running.row.id, objection=one.view)

    return await once(service.databases, district, command, ObjectionAnswered, deadline, work)


async def _about(conn: AsyncConnection, running: Running, command: RaiseObjection) -> str | Refused | None:
    """Return the teacher whom the objection concerns: named, or the one whose record is named."""
    if running.round is None:
        return None
    row, period = running.row, running.row.its_period
    listed = {line.teacher for line in await read_lines(conn, row.district, row.id, running.round.round)}
    if command.teacher is not None and command.teacher not in listed:
        return people.not_on_the_list("teacher", command.teacher)
    if command.record is None or period is None:
        return command.teacher
    its = record.c
    owner = await conn.scalar(
        sa.select(its.teacher).where(
            its.district == row.district, its.id == command.record, its.on >= period.start, its.on <= period.end
        )
    )
    if owner is None or owner not in listed or command.teacher not in (None, owner):
        return people.not_on_the_list("record", command.record)
    return owner
