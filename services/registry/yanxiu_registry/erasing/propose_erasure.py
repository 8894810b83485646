"""Propose to erase a person, by a document."""

from __future__ import annotations

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import Erasure, ProposeErasure
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_registry.assess_text import text_faults
from yanxiu_registry.context import Registry
from yanxiu_registry.erasing import refusals
from yanxiu_registry.erasing.assess_erasure import (
    kept_too_short,
    obstacles,
    stream_keeps_names,
    unfit_proposal,
    unfit_texts,
)
from yanxiu_registry.erasing.erasure_store import (
    after_those_before,
    put_erasure,
    read_erasures,
    stream_age,
)
from yanxiu_registry.erasing.offices import offices_of
from yanxiu_registry.erasing.tables import erasure, erasure_begun, erasure_done
from yanxiu_registry.grants.grant_store import grants_of, subjects_of
from yanxiu_registry.grants.tables import role_grant
from yanxiu_registry.refusals import refused, teacher_unknown
from yanxiu_registry.store.teachers import teachers_by_id


async def propose_erasure(
    registry: Registry, district: str, command: ProposeErasure, deadline: Deadline
) -> Erasure | Refused:
    """The proposal, which another person confirms; it takes the place of an earlier one that nobody confirmed.

    Refused: VALUE_INVALID, TEXT_NAMES_PERSON, TEACHER_UNKNOWN, ERASURE_EXISTS, ERASURE_BEGUN, TEACHER_EMPLOYED,
    TEACHER_SERVES, TEACHER_HOLDS_GRANT, STREAM_KEEPS_NAMES, RETENTION_RUNS, DATE_OUT_OF_ORDER, SAME_PERSON.
    """
    today = registry.today()
    faults = text_faults(reason=command.reason, document=command.document)
    if faults:
        return refused(*faults)

    async def work(conn: AsyncConnection) -> Erasure | Refused:
        own = await subjects_of(conn, district, [command.teacher])
        wrong = unfit_proposal(command.caller, command.teacher, command.retained_until, today, own)
        wrong += await against(registry, conn, district, command.teacher)
        file = (await teachers_by_id(conn, district, [command.teacher])).get(command.teacher)
        if file is not None:
            wrong += unfit_texts(command, file) + kept_too_short(command.retained_until, file)
        wrong += await _stands(conn, district, command.teacher)
        if wrong:
            return refused(*wrong)
        made = Erasure(
            id=str(uuid_utils.uuid7()),
            teacher=command.teacher,
            reason=command.reason.strip(),
            document=command.document.strip(),
            retained_until=command.retained_until,
            proposed_by=command.caller.subject,
            proposed_at=await after_those_before(conn, district, command.teacher, registry.clock()),
        )
        await put_erasure(conn, district, made)
        return made

    return await once(registry.dbs, district, command, Erasure, deadline, work)


async def _stands(conn: AsyncConnection, district: str, teacher: str) -> list[RefusalItem]:
    """An erasure of his that is done or begun, which nothing takes the place of."""
    standing = sa.or_(erasure_begun.c.begun_at.is_not(None), erasure_done.c.confirmed_at.is_not(None))
    before = await read_erasures(conn, district, erasure.c.teacher == teacher, standing)
    done = [one for one in before if one.confirmed_at is not None]
    if done:
        return [refusals.erasure_exists(done[0].id)]
    return [refusals.begun(one.id) for one in before if one.begun_at is not None]


async def against(registry: Registry, conn: AsyncConnection, district: str, teacher: str) -> list[RefusalItem]:
    """Why the register does not let him be erased."""
    file = (await teachers_by_id(conn, district, [teacher])).get(teacher)
    if file is None:
        return [teacher_unknown("teacher", teacher)]
    offices = await offices_of(conn, district, teacher, registry.today())
    grants = await grants_of(conn, district, role_grant.c.teacher == teacher)
    found = obstacles(file, offices, registry.today(), grants)
    return found + stream_keeps_names(*await stream_age(conn, district))
