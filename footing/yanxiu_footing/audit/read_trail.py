"""Lines of a district's trail as they are asked for: newest first, from a cursor that holds for every service."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.audit import AuditPage, AuditRecord, ListAudit
from yanxiu_wire.message import Page
from yanxiu_wire.refusal import Refused

from yanxiu_footing import paging, refusals
from yanxiu_footing.audit.tables import audit_object, audit_record
from yanxiu_footing.clock import CHINA, from_us, to_us

_ITS = audit_record.c
Conditions = list[sa.ColumnElement[bool]]


def asked_for(district: str, query: ListAudit) -> Conditions:
    """Return what lines must be for a question."""
    equal = {
        _ITS.subject: query.subject,
        _ITS.role: query.role,
        _ITS.kind: query.kind,
        _ITS.action: query.action,
        _ITS.outcome: query.outcome,
    }
    found: Conditions = [_ITS.district == district]
    found += [column == value for column, value in equal.items() if value is not None]
    found += [about(district, one) for one in query.about]
    if query.since is not None:
        found.append(_ITS.at_us >= to_us(query.since))
    if query.until is not None:
        found.append(_ITS.at_us < to_us(query.until))
    if query.as_of is not None:
        midnight = datetime.combine(query.as_of + timedelta(days=1), time(), CHINA)
        found.append(_ITS.at_us < to_us(midnight))
    return found


def about(district: str, one: str) -> sa.ColumnElement[bool]:
    """Return the condition that a line is about an id."""
    its = audit_object.c
    return _ITS.seq.in_(sa.select(its.seq).where(its.district == district, its.object == one))


def place(service: str, after: str | None) -> Conditions | Refused:
    """Return where a page begins: lines of one moment stand in the order of their services' names."""
    if after is None:
        return []
    key = paging.key_of(after, 2)
    if isinstance(key, Refused):
        return key
    at, last = key
    if not (at.isascii() and at.isdigit() and len(at) < 19):
        return refusals.cursor_malformed(after)
    return [_ITS.at_us <= int(at) if last < service else _ITS.at_us < int(at)]


async def read_page(connection: AsyncConnection, service: str, page: Page, wanted: Conditions) -> AuditPage | Refused:
    """Return a page of the lines that are `wanted`, or the refusal of its cursor."""
    begins = place(service, page.after)
    if isinstance(begins, Refused):
        return begins
    rows = sa.select(audit_record).where(*wanted, *begins).order_by(_ITS.at_us.desc()).limit(page.first + 1)
    found = (await connection.execute(rows)).mappings().all()
    total = await connection.scalar(sa.select(sa.func.count()).select_from(audit_record).where(*wanted))
    items = tuple(_record(service, row) for row in found[: page.first])
    return AuditPage(
        items=items,
        cursors=tuple(paging.cursor(row["at_us"], service) for row in found[: page.first]),
        has_next=len(found) > page.first,
        total=int(total or 0),
    )


def _record(service: str, row: Any) -> AuditRecord:
    return AuditRecord(
        service=service,
        seq=row["seq"],
        at=from_us(row["at_us"]),
        kind=row["kind"],
        action=row["action"],
        subject=row["subject"],
        role=row["role"],
        home=row["home"],
        grant=row["role_grant"],
        app=row["app"],
        operation=row["operation"],
        document=row["document"],
        policies=tuple(row["policies"].split()),
        outcome=row["outcome"],
        code=row["code"],
        fault_id=row["fault_id"],
        trace=row["trace"],
        key=row["key"],
        objects=tuple(row["objects"].split()),
        total=row["total"],
        question=msgspec.json.decode(row["question"]),
        hash=row["hash"],
    )
