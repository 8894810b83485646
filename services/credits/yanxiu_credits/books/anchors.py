"""What a signed head answers for beside the entries, each row under one head: written down, and held against it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA
from yanxiu_wire.signed import Head

from yanxiu_credits.books.anchored import DAILY, Place, read_days, read_singles, told
from yanxiu_credits.books.redacted import DOCUMENT, read_redactions
from yanxiu_credits.books.tables import anchor as anchored
from yanxiu_credits.ledger import Broken, digest
from yanxiu_credits.transfer.tables import transfer
from yanxiu_credits.workflow.publicity_store import read_lines
from yanxiu_credits.workflow.results import digest_of
from yanxiu_credits.workflow.tables import publicity

# A day is covered when it is over on every replica's clock, and what was begun in it is stored or given up.
_SETTLING = timedelta(minutes=10)
# So many rows of a kind go under one head, which are written in one transaction; what is more, under the next.
_MOST = 20_000


async def gather_new(conn: AsyncConnection, district: str, at: datetime, check: Callable[[], None]) -> dict[Place, str]:
    """Return what no head answers for yet and one that is signed at this instant shall, each with its digest.

    A transaction that reads is enough, however much there is: what is entered after it is the next head's. `check` is
    called before each part, and ends the work by what it raises.
    """
    until = (at - _SETTLING).astimezone(CHINA).date()
    its = anchored.c
    daily = sa.and_(its.district == district, its.what.in_(DAILY))
    last: date | None = await conn.scalar(sa.select(sa.func.max(its.day)).where(daily))
    # The head of a day leaves out that day, and with the minutes of settling the one before it.
    since = last - timedelta(days=2) if last is not None else None
    redacted = await read_redactions(conn, district)
    new = await read_singles(conn, district, most=_MOST, check=check, redacted=redacted)
    passed = await read_days(conn, district, since, until, check, redacted)
    # No head answers for a day that was still to come.
    known = sa.select(its.what, its.key).where(daily, its.day >= since) if since is not None else None
    before = {(what, key) for what, key in await conn.execute(known)} if known is not None else set[Place]()
    return new | {place: its_digest for place, its_digest in passed.items() if place not in before}


async def anchor(conn: AsyncConnection, district: str, new: Mapping[Place, str], day: date, size: int) -> str:
    """Write down under the head of a day and size what was gathered for it; return the digest over it."""
    rows = [
        {"district": district, "what": what, "key": key, "digest": its, "day": day, "size": size}
        for (what, key), its in new.items()
    ]
    if rows:
        await conn.execute(sa.insert(anchored), rows)
    return _over(new)


async def first_unanchored(conn: AsyncConnection, district: str, heads: Iterable[Head]) -> Broken | None:
    """Return the first row that a head answers for and that is gone or another; heads of before have nothing to say."""
    of_head: dict[tuple[date, int], dict[Place, str]] = {}
    for row in await conn.execute(sa.select(anchored).where(anchored.c.district == district)):
        of_head.setdefault((row.day, row.size), {})[row.what, row.key] = row.digest
    redacted = await read_redactions(conn, district)
    there = await read_singles(conn, district, redacted=redacted) | await read_days(conn, district, redacted=redacted)
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
    its, redacted = transfer.c, await read_redactions(conn, district)
    rows = sa.select(its.id, its.digest, its.document).where(its.district == district).order_by(its.id)
    async with conn.stream(rows) as result:
        async for row in result:
            now = hashlib.sha256(row.document.encode()).hexdigest()
            if redacted.original(DOCUMENT, row.id, now) != row.digest:
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
