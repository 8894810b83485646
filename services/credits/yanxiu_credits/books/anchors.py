"""What a signed head answers for beside the entries: signatures of processes, events of locks, public lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.stored import canonical
from yanxiu_wire.signed import Head

from yanxiu_credits.books.tables import anchor, lock_event
from yanxiu_credits.ledger import Broken, digest
from yanxiu_credits.workflow.publicity_store import read_lines
from yanxiu_credits.workflow.results import digest_of
from yanxiu_credits.workflow.tables import publicity, signature

SIGNATURE, LOCK, PUBLICITY = "signature", "lock", "publicity"
_ZH = {SIGNATURE: "签名", LOCK: "锁定或开锁", PUBLICITY: "公示名单"}
_EN = {SIGNATURE: "signature", LOCK: "lock or opening", PUBLICITY: "public list"}
Rows = Mapping[tuple[str, str], str]


async def anchor_new(conn: AsyncConnection, district: str, day: date, size: int) -> str:
    """Write down under a head (its day and size) what no head answers for yet; return the digest over it."""
    known = await conn.execute(sa.select(anchor.c.what, anchor.c.key).where(anchor.c.district == district))
    before = {(what, key) for what, key in known}
    new = {place: its for place, its in (await _there(conn, district)).items() if place not in before}
    rows = [
        {"district": district, "what": what, "key": key, "digest": its, "day": day, "size": size}
        for (what, key), its in new.items()
    ]
    if rows:
        await conn.execute(sa.insert(anchor), rows)
    return _over(new)


async def first_unanchored(conn: AsyncConnection, district: str, heads: Iterable[Head]) -> Broken | None:
    """Return the first row that a head answers for and that is gone or another; heads of before have nothing to say."""
    of_head: dict[tuple[date, int], dict[tuple[str, str], str]] = {}
    for row in await conn.execute(sa.select(anchor).where(anchor.c.district == district)):
        of_head.setdefault((row.day, row.size), {})[row.what, row.key] = row.digest
    there = await _there(conn, district)
    for head in heads:
        if head.beside is None:
            continue
        stated = of_head.get((head.day, head.size), {})
        for place, its in sorted(stated.items()):
            if there.get(place) != its:
                return _altered(head, *place, gone=place not in there)
        if _over(stated) != head.beside:
            zh = f"已改动：{head.day}签署的台账头所列的签名、锁定和公示名单"
            en = f"altered: the signatures, locks and public lists that the head of {head.day} answers for"
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


async def _there(conn: AsyncConnection, district: str) -> dict[tuple[str, str], str]:
    """Return the digest of every row that a head may answer for."""
    its, of = signature.c, publicity.c
    found: dict[tuple[str, str], str] = {}
    for process, seq, its_hash in await conn.execute(
        sa.select(its.process, its.seq, its.hash).where(its.district == district)
    ):
        found[SIGNATURE, f"{process}:{seq}"] = its_hash
    for process, number, stated in await conn.execute(
        sa.select(of.process, of.round, of.digest).where(of.district == district)
    ):
        found[PUBLICITY, f"{process}:{number}"] = stated
    for row in (await conn.execute(sa.select(lock_event).where(lock_event.c.district == district))).mappings():
        found[LOCK, row["id"]] = digest(canonical(dict(row)))
    return found


def _over(rows: Rows) -> str:
    parts: Sequence[str] = [f"{what} {key} {its}" for (what, key), its in sorted(rows.items())]
    return digest(*parts)


def _altered(head: Head, what: str, key: str, *, gone: bool) -> Broken:
    zh = f"{'缺失' if gone else '已改动'}：{_ZH[what]}{key}，{head.day}签署的台账头载有它"
    en = f"{'missing' if gone else 'altered'}: {_EN[what]} {key}, for which the head of {head.day} answers"
    return Broken(seq=head.size, problem=f"{zh} {en}")
