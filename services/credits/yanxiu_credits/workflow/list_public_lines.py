"""What a process makes public, teacher by teacher."""

from __future__ import annotations

from collections.abc import Sequence

from yanxiu_footing.paging import bounded, cursor, key_of
from yanxiu_wire.caller import Caller
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
    first = query.page.first
    found = await lists_of(service, district, query.caller, [query.process], first=first, after=key[0])
    return found.get(query.process) or no.process_unknown(query.process)


async def lists_of(
    service: Service, district: str, caller: Caller, processes: Sequence[str], *, first: int, after: str | None
) -> dict[str, PublicLinePage]:
    """Return a page of the newest list of each process that the caller may see, by its id."""
    async with service.databases.read(district) as conn:
        actors = await everyone_he_acts_for(conn, district, caller, service.clock.today())
        rows = await read_processes(conn, seen_by(district, actors), list(dict.fromkeys(processes)))
        rounds = await newest_rounds(conn, district, list(rows))
        pages = {name: PublicLinePage(items=(), cursors=(), has_next=False, total=0) for name in rows}
        for name, one in rounds.items():
            own = [caller.teacher or ""] if caller.role == "teacher" and not one.open else None
            found, total = await page_lines(conn, one, first=first + 1, after=after, only=own)
            pages[name] = PublicLinePage(
                items=tuple(found[:first]),
                cursors=tuple(cursor(line.teacher) for line in found[:first]),
                has_next=len(found) > first,
                total=total,
                on=min(rows[name].ends_on or one.opened_on, one.opened_on),
            )
    return pages
