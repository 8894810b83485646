"""Decide on an erasure that another person proposed: from then on names may be cleared, and it is not withdrawn."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import BeginErasure, Erasure
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.erasing.decidable import decidable
from yanxiu_registry.erasing.erasure_store import put_begun


async def begin_erasure(
    registry: Registry, district: str, command: BeginErasure, deadline: Deadline
) -> Erasure | Refused:
    """The erasure, begun; it is begun once, and by whoever did first.

    Refused: ERASURE_UNKNOWN, ERASURE_WITHDRAWN, ERASURE_SUPERSEDED, SAME_PERSON, TEACHER_EMPLOYED, TEACHER_SERVES,
    TEACHER_HOLDS_GRANT, STREAM_KEEPS_NAMES.
    """

    async def work(conn: AsyncConnection) -> Erasure | Refused:
        one = await decidable(registry, conn, district, command.caller, command.erasure)
        if isinstance(one, Refused) or one.confirmed_at is not None or one.begun_at is not None:
            return one
        stamp = registry.stamp(command.caller)
        await put_begun(conn, district, one.id, stamp)
        return msgspec.structs.replace(one, begun_by=stamp.by, begun_at=stamp.at)

    # The key is that of the confirmation, which is another command; a blank stands in no client's key.
    told = msgspec.structs.replace(command, key=f"{command.key} begin")
    return await once(registry.dbs, district, told, Erasure, deadline, work)
