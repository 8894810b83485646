"""Answer which erasures there are: ids, documents and days, and nobody's name."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import Erasures, ListErasures
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.erasing.erasure_store import MOST, confirmed_since, read_confirmed, read_erasures
from yanxiu_registry.erasing.tables import erasure


async def list_erasures(
    registry: Registry, district: str, query: ListErasures, deadline: Deadline
) -> Erasures | Refused:
    """The erasures, oldest first: of those confirmed since an instant, by when they were."""
    deadline.check()
    which = [erasure.c.id == query.erasure] if query.erasure is not None else []
    which += [erasure.c.teacher == query.teacher] if query.teacher is not None else []
    async with registry.dbs.read(district) as conn:
        if query.since is not None:
            done = await read_confirmed(conn, district, *which, confirmed_since(query.since), most=MOST)
            return Erasures(items=done)
        return Erasures(items=await read_erasures(conn, district, *which))
