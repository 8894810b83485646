"""Object to a published nomination, and settle an objection: upheld, the nomination is struck and the next moves up."""

from __future__ import annotations

import msgspec
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.awards import AwardObjection, RaiseAwardObjection, SettleAwardObjection
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits.awards import refusals
from yanxiu_visits.awards.award_store import put_nomination, read_nomination
from yanxiu_visits.awards.objection_store import open_objections, put_objection, read_objection
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text


async def raise_award_objection(
    service: Service, district: str, command: RaiseAwardObjection, deadline: Deadline
) -> AwardObjection | Refused:
    """Object, by the last day of objection."""
    refused = assess_text("text", command.text)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> AwardObjection | Refused:
        one = await read_nomination(conn, district, command.nomination)
        if one is None or one.objections_until is None:
            return refusals.nomination_unknown(command.nomination)
        if one.state != "nominated":
            return refusals.year_not_so(one.state, ["nominated"])
        if service.clock.today() > one.objections_until:
            return refusals.objections_over(one.objections_until)
        standing = await open_objections(conn, district, [one.id])
        before = next((each for each in standing if _by(each, command.caller)), None)
        if before is not None:
            return refusals.objected_before(before.id)
        made = AwardObjection(
            id=str(uuid_utils.uuid7()),
            nomination=one.id,
            text=command.text.strip(),
            raised_by=command.caller.subject,
            raised_person=command.caller.teacher,
            raised_at=service.clock.now(),
        )
        await put_objection(conn, district, one, made)
        return made

    return await once(service.databases, district, command, AwardObjection, deadline, work)


async def settle_award_objection(
    service: Service, district: str, command: SettleAwardObjection, deadline: Deadline
) -> AwardObjection | Refused:
    """Settle, with an answer; by another than who raised it."""
    refused = assess_text("answer", command.answer)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> AwardObjection | Refused:
        found = await read_objection(conn, district, command.objection)
        one = await read_nomination(conn, district, found.nomination) if found is not None else None
        if found is None or one is None or found.upheld is not None:
            return refusals.objection_unknown(command.objection)
        if _by(found, command.caller):
            return refusals.same_person(found.raised_by)
        done = msgspec.structs.replace(
            found,
            upheld=command.upheld,
            answer=command.answer.strip(),
            settled_by=command.caller.subject,
            settled_at=service.clock.now(),
        )
        await put_objection(conn, district, one, done)
        if command.upheld and one.state == "nominated":
            await put_nomination(conn, district, msgspec.structs.replace(one, state="struck", reason=done.answer))
        return done

    return await once(service.databases, district, command, AwardObjection, deadline, work)


def _by(objection: AwardObjection, caller: Caller) -> bool:
    """Say whether the caller raised it: by the same token's subject, or as the same person of the register."""
    known = objection.raised_person is not None and objection.raised_person == caller.teacher
    return known or objection.raised_by == caller.subject
