"""Confirm an erasure that another person proposed: the person is cleared from the register in one transaction."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import ConfirmErasure, Erasure
from yanxiu_wire.refusal import Refused

from yanxiu_registry.announce import announce_teacher
from yanxiu_registry.context import Registry
from yanxiu_registry.erasing import refusals
from yanxiu_registry.erasing.assess_erasure import unfit_confirmation
from yanxiu_registry.erasing.erase_rows import erase_rows
from yanxiu_registry.erasing.erasure_store import put_done, read_erasures
from yanxiu_registry.erasing.propose_erasure import against
from yanxiu_registry.erasing.tables import erasure
from yanxiu_registry.grants.grant_store import subjects_of, teachers_of
from yanxiu_registry.refusals import refused
from yanxiu_registry.store.teachers import teachers_by_id


async def confirm_erasure(
    registry: Registry, district: str, command: ConfirmErasure, deadline: Deadline
) -> Erasure | Refused:
    """The erasure with what was cleared; one that is done answers the same to whoever may confirm.

    Refused: ERASURE_UNKNOWN, ERASURE_SUPERSEDED, SAME_PERSON, TEACHER_EMPLOYED, TEACHER_SERVES, TEACHER_HOLDS_GRANT,
    STREAM_KEEPS_NAMES. Then the freed pages of a file are written anew, so that no byte of him is left in it.
    """

    async def work(conn: AsyncConnection) -> Erasure | Refused:
        found = await read_erasures(conn, district, erasure.c.id == command.erasure)
        if not found:
            return refused(refusals.erasure_unknown(command.erasure))
        (one,) = found
        if one.confirmed_at is not None:
            return one
        of_him = await read_erasures(conn, district, erasure.c.teacher == one.teacher)
        if of_him[-1].id != one.id:
            return refused(refusals.superseded(of_him[-1].id))
        own = await subjects_of(conn, district, [one.teacher])
        proposers = await subjects_of(conn, district, await teachers_of(conn, district, one.proposed_by))
        wrong = unfit_confirmation(command.caller, one.teacher, one.proposed_by, own, proposers)
        wrong += await against(registry, conn, district, one.teacher)
        if wrong:
            return refused(*wrong)
        stamp = registry.stamp(command.caller)
        counts = await erase_rows(conn, district, one.teacher, stamp)
        await put_done(conn, district, one.id, counts, stamp)
        file = (await teachers_by_id(conn, district, [one.teacher]))[one.teacher]
        await announce_teacher(conn, district, file, stamp.at)
        return msgspec.structs.replace(one, confirmed_by=stamp.by, confirmed_at=stamp.at, counts=counts)

    done = await once(registry.dbs, district, command, Erasure, deadline, work)
    if isinstance(done, Erasure):
        await registry.dbs.sweep_freed(district)
    return done
