"""Dead letters in their table: kept once each, read by page or by id, settled with who did it and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.tables import CONSUMED
from yanxiu_wire.dead_letters import DeadLetter, DeadLetterPage, LetterState
from yanxiu_wire.events import GivenUp

from yanxiu_footing import paging
from yanxiu_footing.clock import from_us, to_us
from yanxiu_footing.copy_tables import dead_letter

OPEN: LetterState = "open"
MOST_SHOWN = 4000
_NATIONAL_ID = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
_state = sa.func.coalesce(dead_letter.c.resolution, OPEN)


async def keep(conn: AsyncConnection, letter: GivenUp, now_us: int) -> None:
    """Keep a letter; one that is there is opened again when it was replayed, and left alone when it was dropped."""
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    told = {
        "event": letter.event.name,
        "body": letter.data,
        "given_up_us": now_us,
        "consumer": letter.consumer,
        "tries": letter.tries,
        "problem": letter.problem,
        "announced_us": to_us(letter.announced_at),
    }
    row = insert(dead_letter).values(district=letter.district, message_id=letter.message_id, **told)
    again = {**told, "resolution": None, "resolved_us": None, "resolved_by": None, "reason": None}
    kept = row.on_conflict_do_update(
        index_elements=["district", "message_id"],
        set_=again,
        where=sa.or_(dead_letter.c.resolution.is_(None), dead_letter.c.resolution != "dropped"),
    )
    await conn.execute(kept)


async def rows_of(conn: AsyncConnection, district: str, ids: Sequence[str]) -> list[Any]:
    """Return the rows of these letters, oldest first."""
    query = sa.select(dead_letter).where(dead_letter.c.district == district, dead_letter.c.message_id.in_(ids))
    return list((await conn.execute(query.order_by(dead_letter.c.given_up_us, dead_letter.c.message_id))).all())


async def open_rows(conn: AsyncConnection, district: str, consumer: str, most: int) -> list[Any]:
    """Return the oldest open letters of a consumer."""
    query = (
        sa.select(dead_letter)
        .where(
            dead_letter.c.district == district,
            dead_letter.c.resolution.is_(None),
            dead_letter.c.consumer == consumer,
        )
        .order_by(dead_letter.c.given_up_us, dead_letter.c.message_id)
        .limit(most)
    )
    return list((await conn.execute(query)).all())


async def page_of(
    conn: AsyncConnection,
    district: str,
    state: LetterState | None,
    consumer: str | None,
    after: tuple[int, str] | None,
    first: int,
) -> DeadLetterPage:
    """Return a page of letters, the newest first."""
    asked = [dead_letter.c.district == district]
    asked += [_state == sa.literal(state)] if state is not None else []
    asked += [dead_letter.c.consumer == consumer] if consumer is not None else []
    total = await conn.scalar(sa.select(sa.func.count()).select_from(dead_letter).where(*asked))
    key = (dead_letter.c.given_up_us, dead_letter.c.message_id)
    beyond = [sa.tuple_(*key) < sa.tuple_(*map(sa.literal, after))] if after is not None else []
    query = sa.select(dead_letter).where(*asked, *beyond).order_by(*(one.desc() for one in key)).limit(first + 1)
    found = (await conn.execute(query)).all()
    return DeadLetterPage(
        items=tuple(map(told, found[:first])),
        cursors=tuple(paging.cursor(row.given_up_us, row.message_id) for row in found[:first]),
        has_next=len(found) > first,
        total=int(total or 0),
    )


async def settle(
    conn: AsyncConnection,
    district: str,
    message_id: str,
    resolution: LetterState,
    by: str,
    now_us: int,
    reason: str = "",
) -> None:
    """Note what became of a letter, and that its announcement is not to be applied any more when it comes again."""
    mine = sa.and_(dead_letter.c.district == district, dead_letter.c.message_id == message_id)
    values = {"resolution": resolution, "resolved_us": now_us, "resolved_by": by, "reason": reason or None}
    await conn.execute(sa.update(dead_letter).where(mine).values(values))
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    known = insert(CONSUMED).values(district=district, message_id=message_id, applied_ms=now_us // 1000)
    await conn.execute(known.on_conflict_do_nothing())


async def failed_again(conn: AsyncConnection, district: str, message_id: str, problem: str) -> None:
    """Note one more try that came to nothing."""
    mine = sa.and_(dead_letter.c.district == district, dead_letter.c.message_id == message_id)
    await conn.execute(sa.update(dead_letter).where(mine).values(tries=dead_letter.c.tries + 1, problem=problem))


async def dropped(conn: AsyncConnection, district: str) -> frozenset[str]:
    """Return the ids of the letters that were dropped."""
    query = sa.select(dead_letter.c.message_id).where(
        dead_letter.c.district == district, dead_letter.c.resolution == "dropped"
    )
    return frozenset((await conn.execute(query)).scalars())


def told(row: Any, *, whole: bool = False) -> DeadLetter:
    """Return a row as the operator sees it; `whole` with what it says."""
    return DeadLetter(
        id=row.message_id,
        consumer=row.consumer,
        event=row.event,
        tries=row.tries,
        problem=row.problem,
        announced_at=from_us(row.announced_us or row.given_up_us),
        given_up_at=from_us(row.given_up_us),
        state=row.resolution or OPEN,
        size=len(row.body),
        settled_at=from_us(row.resolved_us) if row.resolved_us is not None else None,
        settled_by=row.resolved_by,
        reason=row.reason,
        body=_masked(row.body) if whole else None,
    )


def _masked(body: bytes) -> str:
    return _NATIONAL_ID.sub("*" * 18, body.decode(errors="replace"))[:MOST_SHOWN]
