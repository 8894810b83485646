"""What a signed head answers for beside the entries, each row under one head: written down, and held against it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA
from yanxiu_wire.signed import Head

from yanxiu_credits.books.anchored import DAILY, Place, read_days, read_singles, told
from yanxiu_credits.books.tables import anchor
from yanxiu_credits.ledger import Broken, digest
from yanxiu_credits.transfer.tables import transfer
from yanxiu_credits.workflow.publicity_store import read_lines
from yanxiu_credits.workflow.results import digest_of
from yanxiu_credits.workflow.tables import publicity

# A day is covered when it is over on every replica's clock, and what was begun in it is stored or given up.
_SETTLING = timedelta(minutes=10)


async def anchor_new(conn: AsyncConnection, district: str, at: datetime, size: int) -> str:
    """Write down under the head of an instant and a size what no head answers for yet; return the digest over it."""
    day, until = at.astimezone(CHINA).date(), (at - _SETTLING).astimezone(CHINA).date()
    days = sa.select(sa.func.max(anchor.c.day)).where(anchor.c.district == district, anchor.c.what.in_(DAILY))
    last: date | None = await conn.scalar(days)
    # The head of a day leaves out that day, and with the minutes of settling the one before it.
    since = last - timedelta(days=2) if last is not None else None
    new = await read_singles(conn, district, new=True)
    passed = await read_days(conn, district, since, until)
    known = await conn.execute(
        sa.select(anchor.c.what, anchor.c.key).where(anchor.c.district == district, anchor.c.what.in_(DAILY))
    )
    before = {(what, key) for what, key in known}
    new |= {place: its for place, its in passed.items() if place not in before}
    rows = [
        {"district": district, "what": what, "key": key, "digest": its, "day": day, "size": size}
        for (what, key), its in new.items()
    ]
    if rows:
        await conn.execute(sa.insert(anchor), rows)
    return _over(new)


async def first_unanchored(conn: AsyncConnection, district: str, heads: Iterable[Head]) -> Broken | None:
    """Return the first row that a head answers for and that is gone or another; heads of before have nothing to say."""
    of_head: dict[tuple[date, int], dict[Place, str]] = {}
    for row in await conn.execute(sa.select(anchor).where(anchor.c.district == district)):
        of_head.setdefault((row.day, row.size), {})[row.what, row.key] = row.digest
    there = await read_singles(conn, district, new=False) | await read_days(conn, district)
    for head in heads:
        if head.beside is None:
            continue
        stated = of_head.get((head.day, head.size), {})
        for place, its in sorted(stated.items()):
            if there.get(place) != its:
                return _altered(head, *place, gone=place not in there)
        if _over(stated) != head.beside:
            zh = f"已改动：{head.day}签署的台账头所列的台账外各项"
            en = f"altered: the list of what the head of {head.day} answers for beside the entries"
            return Broken(seq=head.size, problem=f"{zh} {en}")
    return None


async def first_changed_list(conn: AsyncConnection, district: str) -> Broken | None:
    """Return the first public list whose lines no longer give its digest."""
    its = publicity.c
    rounds = await conn.execute(
        sa.select(its.process, its.round, its.digest).where(its.district == district).order_by(its.process, its.round)
    )
    for process, number, stated in rounds.all():
        if digest_of(await read_lines(conn, district, process, number)) != stated:
            zh, en = (
                f"已改动：事项{process}第{number}次公示的名单",
                f"altered: public list {number} of process {process}",
            )
            return Broken(seq=0, problem=f"{zh} {en}")
    return None


async def first_changed_document(conn: AsyncConnection, district: str) -> Broken | None:
    """Return the first transcript taken in from elsewhere that no longer gives its digest."""
    its = transfer.c
    rows = sa.select(its.id, its.digest, its.document).where(its.district == district).order_by(its.id)
    async with conn.stream(rows) as result:
        async for row in result:
            if hashlib.sha256(row.document.encode()).hexdigest() != row.digest:
                zh, en = f"已改动：转入的学分证明{row.id}", f"altered: the transcript of transfer {row.id}"
                return Broken(seq=0, problem=f"{zh} {en}")
    return None


def _over(rows: Mapping[Place, str]) -> str:
    parts: Sequence[str] = [f"{what} {key} {its}" for (what, key), its in sorted(rows.items())]
    return digest(*parts)


def _altered(head: Head, what: str, key: str, *, gone: bool) -> Broken:
    kind_zh, kind_en = told(what)
    zh = f"{'缺失' if gone else '已改动'}：{kind_zh}{key}，{head.day}签署的台账头载有它"
    en = f"{'missing' if gone else 'altered'}: {kind_en} {key}, for which the head of {head.day} answers"
    return Broken(seq=head.size, problem=f"{zh} {en}")
