"""Withdraw a proposal of an erasure: one official is enough, for nothing was done yet."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import Erasure, WithdrawErasure
from yanxiu_wire.refusal import Refused

from yanxiu_registry.assess_text import text_faults
from yanxiu_registry.context import Registry
from yanxiu_registry.erasing import refusals
from yanxiu_registry.erasing.assess_erasure import unfit_withdrawal
from yanxiu_registry.erasing.erasure_store import put_withdrawn, read_erasures
from yanxiu_registry.erasing.tables import erasure
from yanxiu_registry.refusals import refused
from yanxiu_registry.store.teachers import teachers_by_id


async def withdraw_erasure(
    registry: Registry, district: str, command: WithdrawErasure, deadline: Deadline
) -> Erasure | Refused:
    """The proposal, withdrawn; one that was withdrawn before as it is.

    Refused: VALUE_INVALID, ERASURE_UNKNOWN, ERASURE_EXISTS, ERASURE_BEGUN, TEXT_NAMES_PERSON.
    """
    faults = text_faults(reason=command.reason)
    if faults:
        return refused(*faults)

    async def work(conn: AsyncConnection) -> Erasure | Refused:
        found = await read_erasures(conn, district, erasure.c.id == command.erasure)
        if not found:
            return refused(refusals.erasure_unknown(command.erasure))
        (one,) = found
        if one.withdrawn_at is not None:
            return one
        file = (await teachers_by_id(conn, district, [one.teacher])).get(one.teacher)
        if wrong := unfit_withdrawal(one, command.reason, file):
            return refused(*wrong)
        stamp, why = registry.stamp(command.caller), command.reason.strip()
        await put_withdrawn(conn, district, one.id, why, stamp)
        return msgspec.structs.replace(one, withdrawn_by=stamp.by, withdrawn_at=stamp.at, withdrawn_why=why)

    return await once(registry.dbs, district, command, Erasure, deadline, work)
