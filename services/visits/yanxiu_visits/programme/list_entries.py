"""Pages of what base schools reached, as it was recorded."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import to_us
from yanxiu_footing.paging import bounded, cursor, few_enough, instant_and_id
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.programme import ContestHeld, ListProgrammeEntries, ProgrammeEntry, ProgrammeEntryPage
from yanxiu_wire.refusal import Refused

from yanxiu_visits.programme.batches import placed_at, read_batches
from yanxiu_visits.programme.entry_store import STANDS, may_see, page_entries
from yanxiu_visits.programme.tables import programme_entry
from yanxiu_visits.scope import RECORDERS, SCHOOL_ROLES, scope_of
from yanxiu_visits.service import Service


async def list_entries(
    service: Service, district: str, query: ListProgrammeEntries, _deadline: Deadline
) -> ProgrammeEntryPage | Refused:
    """Return a page of the entries in the caller's scope."""
    refused = bounded(query.page) or few_enough("ids", query.ids)
    after = instant_and_id(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    its = programme_entry.c
    wanted = {its.batch: query.batch, its.school: query.school, its.kind: query.kind}
    async with service.databases.read(district) as conn:
        where = [
            may_see(district, scope_of(query.caller), await _schools(conn, query.caller)),
            *(column == value for column, value in wanted.items() if value is not None),
            *([] if query.history else [STANDS]),
            *([_any_of(query.ids)] if query.ids else []),
        ]
        rows, total = await page_entries(conn, where, first=query.page.first + 1, after=after)
    items = tuple(shown(one, query.caller) for one in rows[: query.page.first])
    return ProgrammeEntryPage(
        items=items,
        cursors=tuple(cursor(to_us(one.recorded_at), one.id) for one in items),
        has_next=len(rows) > query.page.first,
        total=total,
    )


def _any_of(ids: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a row is of one of these entries, or is one of these versions (`id/version`)."""
    its = programme_entry.c
    whole = [one for one in ids if "/" not in one]
    versions = [(entry, int(number)) for entry, _, number in (one.partition("/") for one in ids) if number.isdecimal()]
    return sa.or_(its.id.in_(whole), sa.tuple_(its.id, its.version).in_(versions))


async def _schools(conn: AsyncConnection, caller: Caller) -> list[str]:
    if caller.role != "researcher" or caller.teacher is None:
        return []
    batches = await read_batches(conn, caller.district)
    return [school for one in batches for school in await placed_at(conn, caller.district, caller.teacher, one)]


def shown(entry: ProgrammeEntry, caller: Caller) -> ProgrammeEntry:
    """Return an entry as a caller may see it: days of birth are for those who record them."""
    content = entry.content
    if not isinstance(content, ContestHeld) or caller.role in RECORDERS | SCHOOL_ROLES:
        return entry
    entrants = tuple(msgspec.structs.replace(one, born_on=None) for one in content.entrants)
    return msgspec.structs.replace(entry, content=msgspec.structs.replace(content, entrants=entrants))
