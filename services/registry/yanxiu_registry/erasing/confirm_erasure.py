"""Confirm an erasure that another person proposed: the person is cleared from the register in one transaction."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_footing.persons.sweep_cleared import sweep_cleared
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import ConfirmErasure, Erasure
from yanxiu_wire.refusal import Refused

from yanxiu_registry.announce import announce_teacher
from yanxiu_registry.context import Registry
from yanxiu_registry.erasing.announce_begun import announce_done, announced
from yanxiu_registry.erasing.assess_cleared import not_cleared
from yanxiu_registry.erasing.decidable import decidable
from yanxiu_registry.erasing.erase_whole import erase_whole
from yanxiu_registry.erasing.erasure_store import put_done
from yanxiu_registry.refusals import refused
from yanxiu_registry.store.teachers import teachers_by_id


async def confirm_erasure(
    registry: Registry, district: str, command: ConfirmErasure, deadline: Deadline
) -> Erasure | Refused:
    """The erasure with what was cleared; one that is done answers the same to whoever may confirm.

    Refused: ERASURE_UNKNOWN, ERASURE_WITHDRAWN, ERASURE_SUPERSEDED, SERVICES_NOT_CLEARED, SERVICE_OUTDATED,
    SAME_PERSON, TEACHER_EMPLOYED, TEACHER_SERVES, TEACHER_HOLDS_GRANT, STREAM_KEEPS_NAMES. Then the freed pages of a
    file are written anew, so that no byte of him is left in it.
    """

    async def work(conn: AsyncConnection) -> Erasure | Refused:
        one = await decidable(registry, conn, district, command.caller, command.erasure)
        if isinstance(one, Refused) or one.confirmed_at is not None:
            return one
        begun = await announced(conn, district, one)
        if wrong := not_cleared(command, one, begun.digest):
            return refused(wrong)
        stamp = registry.stamp(command.caller)
        counts = _elsewhere(command) | await erase_whole(conn, district, one, stamp)
        await put_done(conn, district, one.id, counts, stamp)
        await announce_done(conn, district, begun, stamp.at)
        file = (await teachers_by_id(conn, district, [one.teacher]))[one.teacher]
        await announce_teacher(conn, district, file, stamp.at)
        return msgspec.structs.replace(one, confirmed_by=stamp.by, confirmed_at=stamp.at, counts=counts)

    # What others cleared is no part of the command: it is empty where this is asked again.
    told = msgspec.structs.replace(command, cleared={}, by={})
    done = await once(registry.dbs, district, told, Erasure, deadline, work)
    if isinstance(done, Erasure):
        await sweep_cleared(registry.dbs, district)
    return done


def _elsewhere(command: ConfirmErasure) -> dict[str, int]:
    return {f"{service}.{table}": rows for service, its in command.cleared.items() for table, rows in its.items()}
