"""Answer for a page of the registry's trail, with the reasons that were stated for seeing national ids."""

from __future__ import annotations

from msgspec.structs import replace
from yanxiu_footing.audit import list_audit as of_every_service
from yanxiu_wire.audit import AuditPage, ListAudit
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.store.audits import reasons_of


async def list_audit(registry: Registry, district: str, query: ListAudit, deadline: Deadline) -> AuditPage | Refused:
    """The lines asked for, newest first. Refused: OUT_OF_BOUNDS, CURSOR_MALFORMED."""
    page = await of_every_service.list_audit(registry, district, query, deadline)
    if isinstance(page, Refused):
        return page
    async with registry.dbs.read(district) as conn:
        stated = await reasons_of(conn, district, [one.seq for one in page.items])
    return replace(page, items=tuple(replace(one, reason=stated.get(one.seq)) for one in page.items))
