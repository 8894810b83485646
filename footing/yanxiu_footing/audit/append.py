"""Put lines at the end of a district's chain, in the transaction of whoever calls."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.directly import add_later, heads_of, rows_of

from yanxiu_footing.audit.chain import digest
from yanxiu_footing.audit.entry import Entry, told_operation
from yanxiu_footing.audit.tables import audit_object, audit_record

_ITS = audit_record.c
_LAST = (
    sa.select(_ITS.seq, _ITS.at_us, _ITS.hash)
    .where(_ITS.district == sa.bindparam("of"))
    .order_by(_ITS.seq.desc())
    .limit(1)
)
# A millisecond: then everybody else in the process has a turn.
_IN_ONE_GO = 50
_INSERT, _INSERT_OBJECTS = sa.insert(audit_record), sa.insert(audit_object)


async def append(connection: AsyncConnection, district: str, entries: Sequence[Entry]) -> int:
    """Write lines, in a transaction that holds the district's write lock; return the number of the first.

    A line's time is later than that of the one before, by a microsecond where the clock says otherwise.
    """
    heads = heads_of(connection)
    last = heads.get(audit_record.name) or next(iter(await rows_of(connection, _LAST, {"of": district})), None)
    seq, at_us, before = last if last is not None else (0, 0, "")
    first = seq + 1
    rows: list[dict[str, Any]] = []
    for seq, entry in enumerate(entries, first):
        at_us = max(at_us + 1, entry.at_us)
        row = _row(district, seq, at_us, entry)
        row["hash"] = before = digest(before, row)
        rows.append(row)
        if len(rows) % _IN_ONE_GO == 0:
            await asyncio.sleep(0)
    await add_later(connection, _INSERT, rows)
    places = [
        {"district": district, "object": one, "seq": first + number}
        for number, entry in enumerate(entries)
        for one in entry.objects
    ]
    if places:
        await add_later(connection, _INSERT_OBJECTS, places)
    heads[audit_record.name] = (seq, at_us, before)
    return first


def _row(district: str, seq: int, at_us: int, entry: Entry) -> dict[str, Any]:
    caller = entry.caller
    return {
        "district": district,
        "seq": seq,
        "at_us": at_us,
        "kind": entry.kind,
        "action": entry.action,
        "subject": caller.subject,
        "role": caller.role,
        "home": caller.district,
        "role_grant": caller.grant,
        "app": caller.app,
        "operation": told_operation(caller.operation),
        "document": caller.document,
        "policies": " ".join(entry.policies),
        "outcome": entry.outcome,
        "code": entry.code,
        "fault_id": entry.fault_id,
        "trace": entry.trace,
        "key": entry.key,
        "objects": " ".join(entry.objects),
        "total": entry.total,
        "question": msgspec.json.encode(entry.question, order="sorted").decode(),
    }
