"""Answer a teacher who it was that saw or changed his data: a person may know what is done with his own."""

from __future__ import annotations

from msgspec.structs import replace
from yanxiu_wire.audit import AuditPage, AuditRecord, ListAudit, ListSeenBy
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_footing import paging
from yanxiu_footing.audit.read_trail import asked_for, read_page
from yanxiu_footing.audit.tables import audit_record
from yanxiu_footing.audit.trailing import Trailing


async def list_seen_by(service: Trailing, district: str, query: ListSeenBy, deadline: Deadline) -> AuditPage | Refused:
    """Return the lines about the caller's own record, without whom else they are about; not what he did himself."""
    refused = paging.bounded(query.page)
    if refused is not None:
        return refused
    own = query.caller.teacher
    if own is None:
        return AuditPage(items=(), cursors=(), has_next=False, total=0)
    await service.trail.write(district)
    deadline.check()
    wanted = asked_for(district, ListAudit(caller=query.caller, about=(own,)))
    wanted += [audit_record.c.subject != query.caller.subject, audit_record.c.outcome.in_(("done", "replayed"))]
    async with service.databases.read(district) as connection:
        page = await read_page(connection, service.databases.service, query.page, wanted)
    if isinstance(page, Refused):
        return page
    return replace(page, items=tuple(_to_him(one, own) for one in page.items))


def _to_him(one: AuditRecord, own: str) -> AuditRecord:
    """Return a line as the person it is about may see it: who, when, what; no other person, and nothing technical."""
    return AuditRecord(
        service=one.service,
        seq=one.seq,
        at=one.at,
        kind=one.kind,
        action=one.action,
        subject=one.subject,
        role=one.role,
        home=one.home,
        outcome=one.outcome,
        objects=(own,),
        total=1,
    )
