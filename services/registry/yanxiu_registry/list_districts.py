"""Answer a page of the platform's districts: names and bindings, nothing of what is inside them."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District, DistrictPage, ListDistricts

from yanxiu_registry.context import Registry
from yanxiu_registry.pages import after_of, cursor_of, page_fault
from yanxiu_registry.store.districts import read_district


async def list_districts(
    registry: Registry, _district: str, query: ListDistricts, deadline: Deadline
) -> DistrictPage | Refused:
    """The page in id order; the cursor of a row is its id. Which district was asked does not matter."""
    if (fault := page_fault(query.page, None)) is not None:
        return fault
    names = await registry.dbs.districts()
    last = after_of(query.page)
    after = [name for name in names if last is None or name > last]
    shown: list[District] = []
    for name in after[: query.page.first]:
        deadline.check()
        async with registry.dbs.read(name) as conn:
            # A file without its row is a district that is being opened at this moment.
            if (found := await read_district(conn, name)) is not None:
                shown.append(found)
    return DistrictPage(
        items=tuple(shown),
        cursors=tuple(cursor_of(one.id) for one in shown),
        has_next=len(after) > query.page.first,
        total=len(names),
    )
