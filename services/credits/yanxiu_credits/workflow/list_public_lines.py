"""What a process makes public, teacher by teacher."""

from __future__ import annotations

from yanxiu_footing.paging import bounded, cursor, key_of
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import ListPublicLines, PublicLinePage

from yanxiu_credits.service import Service
from yanxiu_credits.workflow import refusals as no
from yanxiu_credits.workflow.acting import everyone_he_acts_for, seen_by
from yanxiu_credits.workflow.publicity_store import newest_rounds, page_lines
from yanxiu_credits.workflow.store import read_processes


async def list_public_lines(
    service: Service, district: str, query: ListPublicLines, _deadline: Deadline
) -> PublicLinePage | Refused:
    """Return a page of the newest public list; a teacher sees the others' while it is public, afterwards his own.

    Refuses with PROCESS_UNKNOWN for a process that the caller may not see; one that was never public has no lines.
    """
    refused = bounded(query.page)
    if refused is not None:
        return refused
    key = key_of(query.page.after, 1) if query.page.after is not None else [None]
    if isinstance(key, Refused):
        return key
    caller = query.caller
    async with service.databases.read(district) as conn:
        actors = await everyone_he_acts_for(conn, district, caller, service.clock.today())
        row = (await read_processes(conn, seen_by(district, actors), [query.process])).get(query.process)
        if row is None:
            return no.process_unknown(query.process)
        one = (await newest_rounds(conn, district, [query.process])).get(query.process)
        if one is None:
            return PublicLinePage(items=(), cursors=(), has_next=False, total=0)
        own = [caller.teacher or ""] if caller.role == "teacher" and not one.open else None
        found, total = await page_lines(conn, one, first=query.page.first + 1, after=key[0], only=own)
    items = tuple(found[: query.page.first])
    return PublicLinePage(
        items=items,
        cursors=tuple(cursor(line.teacher) for line in items),
        has_next=len(found) > query.page.first,
        total=total,
        on=min(row.ends_on or one.opened_on, one.opened_on),
    )
