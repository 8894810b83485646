"""The signed heads of a district's ledger: for whoever keeps them outside."""

from __future__ import annotations

from datetime import date

from yanxiu_footing.paging import bounded, cursor, key_of
from yanxiu_wire.books import ListHeads, SignedHeadPage
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.books.heads import page_heads
from yanxiu_credits.service import Service


async def list_heads(
    service: Service, district: str, query: ListHeads, _deadline: Deadline
) -> SignedHeadPage | Refused:
    """Return a page of signed heads from a day on."""
    after = _after(query.page.after)
    if isinstance(after, Refused):
        return after
    refused = bounded(query.page)
    if refused is not None:
        return refused
    async with service.databases.read(district) as conn:
        items, total = await page_heads(
            conn, district, since=query.since, first=query.page.first + 1, after=after, newest=query.newest_first
        )
    shown = tuple(items[: query.page.first])
    return SignedHeadPage(
        items=shown,
        cursors=tuple(cursor(one.day.isoformat(), one.size) for one in shown),
        has_next=len(items) > query.page.first,
        total=total,
    )


def _after(given: str | None) -> tuple[date, int] | Refused | None:
    if given is None:
        return None
    key = key_of(given, 2)
    if isinstance(key, Refused):
        return key
    try:
        return date.fromisoformat(key[0]), int(key[1])
    except ValueError:
        return refusals.cursor_malformed(given)
