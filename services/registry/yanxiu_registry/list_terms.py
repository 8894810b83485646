"""Answer the district's terms."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import ListTerms, Terms

from yanxiu_registry.context import Registry
from yanxiu_registry.store.terms import all_terms


async def list_terms(registry: Registry, district: str, _query: ListTerms, deadline: Deadline) -> Terms | Refused:
    """The terms, oldest first."""
    deadline.check()
    async with registry.dbs.read(district) as conn:
        return Terms(items=await all_terms(conn, district))
