"""Answer which erasures there are: ids, documents and days, and nobody's name."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import Erasures, ListErasures
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.erasing.erasure_store import MOST, confirmed_since, read_confirmed, read_erasures, read_page
from yanxiu_registry.erasing.tables import erasure
from yanxiu_registry.pages import after_of, cursor_of, page_fault


async def list_erasures(
    registry: Registry, district: str, query: ListErasures, deadline: Deadline
) -> Erasures | Refused:
    """The erasures, oldest first: of those confirmed since an instant, by when they were; of a page newest first.

    Refused: VALUE_INVALID of the page.
    """
    if query.page is not None and (fault := page_fault(query.page, None)) is not None:
        return fault
    deadline.check()
    which = [erasure.c.id == query.erasure] if query.erasure is not None else []
    which += [erasure.c.teacher == query.teacher] if query.teacher is not None else []
    async with registry.dbs.read(district) as conn:
        if query.page is not None:
            first = query.page.first
            found, total = await read_page(conn, district, which, first=first, after=after_of(query.page))
            cursors = tuple(cursor_of(one.id) for one in found[:first])
            return Erasures(items=tuple(found[:first]), cursors=cursors, has_next=len(found) > first, total=total)
        if query.since is not None:
            done = await read_confirmed(conn, district, *which, confirmed_since(query.since), most=MOST)
            return Erasures(items=done)
        return Erasures(items=await read_erasures(conn, district, *which))
