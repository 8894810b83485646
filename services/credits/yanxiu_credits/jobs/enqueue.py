"""Enter a job with its parts into the tables, in the transaction of whoever asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import to_us
from yanxiu_footing.stored import canonical
from yanxiu_wire.caller import Caller

from yanxiu_credits.jobs.tables import job, job_part
from yanxiu_credits.service import Service

# The kind of a job's last part is the job's own with this behind it.
END = "-end"


async def enqueue(
    conn: AsyncConnection,
    service: Service,
    district: str,
    kind: str,
    parts: Sequence[Mapping[str, Any]],
    by: Caller,
    *,
    last: Mapping[str, Any] | None = None,
    about: Mapping[str, Any] | None = None,
) -> str:
    """Enter a job and return its id; its parts are worked on, in any order and by any replica, after the commit.

    Each of `parts` is given to the handler of `kind` as it stands (texts, numbers, lists and mappings: it is stored as
    JSON). `last`, if given, goes to the handler of `<kind>-end` when all the others are done, and what that returns is
    the job's result; where a part failed, the last one is not begun. `about` is shown with the job.
    """
    job_id = str(uuid_utils.uuid7())
    now = to_us(service.clock.now())
    bodies = [(kind, body, "waiting") for body in parts]
    if last is not None:
        bodies.append((kind + END, last, "held" if bodies else "waiting"))
    row = {
        "district": district,
        "id": job_id,
        "kind": kind,
        "about": canonical(about or {}),
        "state": "running" if bodies else "done",
        "total": len(bodies),
        "done": 0,
        "failed": 0,
        "asked_by": by.subject,
        "created_us": now,
        "ended_us": None if bodies else now,
    }
    await conn.execute(sa.insert(job), row)
    if bodies:
        service.entered.note(district)
        await conn.execute(sa.insert(job_part), _parts(district, job_id, bodies))
    return job_id


def _parts(district: str, job_id: str, bodies: Sequence[tuple[str, Mapping[str, Any], str]]) -> list[dict[str, Any]]:
    return [
        {
            "district": district,
            "job": job_id,
            "no": no,
            "kind": kind,
            "body": canonical(body),
            "state": state,
            "tries": 0,
            "sends": 0,
        }
        for no, (kind, body, state) in enumerate(bodies, start=1)
    ]
