"""Answer for a page of the trail, to the auditor alone."""

from __future__ import annotations

from yanxiu_wire.audit import AuditPage, ListAudit
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_footing import paging
from yanxiu_footing.audit.read_trail import asked_for, read_page
from yanxiu_footing.audit.trailing import Trailing


async def list_audit(service: Trailing, district: str, query: ListAudit, deadline: Deadline) -> AuditPage | Refused:
    """Return the lines asked for, newest first. Refused: OUT_OF_BOUNDS, CURSOR_MALFORMED."""
    refused = paging.bounded(query.page) or paging.few_enough("about", query.about)
    if refused is not None:
        return refused
    # What this process has seen so far belongs to the answer.
    await service.trail.write(district)
    deadline.check()
    async with service.databases.read(district) as connection:
        return await read_page(connection, service.databases.service, query.page, asked_for(district, query))
