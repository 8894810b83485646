"""The proposal that somebody decides on: it stands, he may decide, and nothing of the register is against it."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.caller import Caller
from yanxiu_wire.erasure import Erasure
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.erasing import refusals
from yanxiu_registry.erasing.assess_erasure import unfit_confirmation
from yanxiu_registry.erasing.erasure_store import newest_of, read_erasures
from yanxiu_registry.erasing.propose_erasure import against
from yanxiu_registry.erasing.tables import erasure
from yanxiu_registry.grants.grant_store import subjects_of, teachers_of
from yanxiu_registry.refusals import refused


async def decidable(
    registry: Registry, conn: AsyncConnection, district: str, caller: Caller, erasure_id: str
) -> Erasure | Refused:
    """Return it; one that is done as it is, whoever asks."""
    found = await read_erasures(conn, district, erasure.c.id == erasure_id)
    if not found:
        return refused(refusals.erasure_unknown(erasure_id))
    (one,) = found
    if one.confirmed_at is not None:
        return one
    if one.withdrawn_at is not None:
        return refused(refusals.withdrawn(one.id))
    newest = await newest_of(conn, district, one.teacher)
    if newest is not None and newest != one.id:
        return refused(refusals.superseded(newest))
    own = await subjects_of(conn, district, [one.teacher])
    proposers = await subjects_of(conn, district, await teachers_of(conn, district, one.proposed_by))
    wrong = unfit_confirmation(caller, one.teacher, one.proposed_by, own, proposers)
    wrong += await against(registry, conn, district, one.teacher)
    return refused(*wrong) if wrong else one
