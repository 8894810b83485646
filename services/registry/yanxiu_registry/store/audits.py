"""Who was shown which national id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from uuid_utils import uuid7
from yanxiu_wire.caller import Caller

from yanxiu_registry.tables import id_audit


async def record_reveals(
    conn: AsyncConnection, district: str, teachers: Sequence[str], caller: Caller, reason: str, at: datetime
) -> None:
    """Note that the caller was shown these teachers' national ids."""
    rows = [
        {
            "district": district,
            "id": str(uuid7()),
            "teacher": one,
            "revealed_to": caller.subject,
            "role": caller.role,
            "reason": reason,
            "revealed_at": at,
        }
        for one in teachers
    ]
    if rows:
        await conn.execute(sa.insert(id_audit), rows)
