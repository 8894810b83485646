"""What teachers were told of their results."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA, from_us
from yanxiu_footing.paging import bounded, cursor, few_enough, key_of
from yanxiu_footing.registry_facts import read_people
from yanxiu_rulekit.numbers import from_micro
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.process import Notice, ProcessPeriod
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import ListNotices, NoticePage

from yanxiu_credits.books.tables import recognition, reversal
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.workflow.tables import notice

# Each notice with the recognition it tells of, and when that was taken back.
_NOTICES = (
    sa.select(
        *notice.c,
        reversal.c.recorded_us.label("revoked_us"),
        *(column.label(f"its_{column.name}") for column in recognition.c),
    )
    .join(
        recognition,
        sa.and_(recognition.c.district == notice.c.district, recognition.c.id == notice.c.recognition),
    )
    .outerjoin(reversal, sa.and_(reversal.c.district == notice.c.district, reversal.c.record == notice.c.recognition))
)


async def list_notices(
    service: Service, district: str, query: ListNotices, _deadline: Deadline
) -> NoticePage | Refused:
    """Return a page of notices, newest first; none of a teacher out of the caller's scope."""
    refused = bounded(query.page) or few_enough("ids", query.ids)
    if refused is not None:
        return refused
    key = key_of(query.page.after, 1) if query.page.after is not None else [None]
    if isinstance(key, Refused):
        return key
    async with service.databases.read(district) as conn:
        its = notice.c
        where = [its.district == district, its.teacher.in_(await _seen(conn, service, district, query))]
        where += [its.id.in_(query.ids)] if query.ids else []
        total = await conn.scalar(sa.select(sa.func.count()).select_from(notice).where(*where))
        beyond = [its.id < key[0]] if key[0] is not None else []
        rows = await conn.execute(_NOTICES.where(*where, *beyond).order_by(its.id.desc()).limit(query.page.first + 1))
        found = [_view(row) for row in rows]
    items = tuple(found[: query.page.first])
    return NoticePage(
        items=items,
        cursors=tuple(cursor(one.id) for one in items),
        has_next=len(found) > query.page.first,
        total=int(total or 0),
    )


async def _seen(conn: AsyncConnection, service: Service, district: str, query: ListNotices) -> list[str]:
    """Return the teachers asked about whom the caller may see."""
    asked = [query.teacher] if query.teacher is not None else []
    if query.ids:
        told = sa.select(notice.c.teacher).where(notice.c.district == district, notice.c.id.in_(query.ids)).distinct()
        of_ids = set((await conn.execute(told)).scalars())
        asked = sorted(of_ids if query.teacher is None else of_ids & {query.teacher})
    scope, today = scope_of(query.caller), service.clock.today()
    people = await read_people(conn, district, asked)
    return [one.id for one in people.values() if scope.covers(one.id, one.school_on(today))]


def _view(row: Any) -> Notice:
    return Notice(
        id=row.id,
        teacher=row.teacher,
        process=row.process,
        period=ProcessPeriod(
            kind=row.its_period_kind, label=row.its_label, starts_on=row.its_starts_on, ends_on=row.its_ends_on
        ),
        verdict=row.verdict,
        recognised_hours=from_micro(row.its_micro_hours),
        recognised_credits=from_micro(row.its_micro_credits),
        hours_unit=row.its_hours_unit,
        credits_unit=row.its_credits_unit,
        told_on=row.told_on,
        revoked_on=from_us(row.revoked_us).astimezone(CHINA).date() if row.revoked_us is not None else None,
    )
