"""Pages of transfers, newest first."""

from __future__ import annotations

from yanxiu_footing.paging import cursor, key_of
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.transfer import ListTransfers, TransferPage

from yanxiu_credits import refusals as general
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.transfer.tables import transfer
from yanxiu_credits.transfer.transfer_store import WAITING, may_see, page_transfers, read_transfers

MOST_ROWS = 20


async def list_transfers(
    service: Service, district: str, query: ListTransfers, _deadline: Deadline
) -> TransferPage | Refused:
    """Return a page of the transfers in the caller's scope, of one teacher, or of those that wait for a decision."""
    page = query.page
    if not 1 <= page.first <= MOST_ROWS:
        return general.out_of_bounds("page.first", page.first, 1, MOST_ROWS)
    key = key_of(page.after, 1) if page.after is not None else [None]
    if isinstance(key, Refused):
        return key
    seen = may_see(district, scope_of(query.caller), service.clock.today())
    where = [seen]
    if query.teacher is not None:
        where.append(transfer.c.teacher == query.teacher)
    if query.review is not None:
        where.append(WAITING if query.review else ~WAITING)
    async with service.databases.read(district) as conn:
        ids, total = await page_transfers(conn, where, first=page.first + 1, before=key[0])
        found = await read_transfers(conn, service.laws, district, seen, ids[: page.first])
    items = tuple(found[one] for one in ids[: page.first])
    return TransferPage(
        items=items, cursors=tuple(cursor(one.id) for one in items), has_next=len(ids) > page.first, total=total
    )
