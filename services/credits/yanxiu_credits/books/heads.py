"""Signed heads as they are stored, and the signing of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.announce import announce
from yanxiu_footing.clock import CHINA, from_us, to_us
from yanxiu_wire.books import HEAD_SIGNED, HeadSigned, SignedHead
from yanxiu_wire.refusal import Refused
from yanxiu_wire.signed import Head, fingerprint

from yanxiu_credits import refusals
from yanxiu_credits.books import refusals as no
from yanxiu_credits.books.anchored import Place
from yanxiu_credits.books.anchors import anchor
from yanxiu_credits.books.tables import signed_head
from yanxiu_credits.books.tree import catch_up, read_root
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger import read_head
from yanxiu_credits.store.ledger_state import is_closed

_encoder = msgspec.json.Encoder(order="sorted")
_ADD = sa.insert(signed_head)
_MINE = signed_head.c.district == sa.bindparam("of")
_LAST = sa.select(signed_head).where(_MINE).order_by(signed_head.c.size.desc(), signed_head.c.day.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Prepared:
    """From when on a head is being prepared, and the token of the last one then."""

    at: datetime
    last: str | None

    @property
    def day(self) -> date:
        """The day of the head."""
        return self.at.astimezone(CHINA).date()


async def needs_none(conn: AsyncConnection, service: Service, district: str) -> SignedHead | Refused | None:
    """Return the head that was signed today at this size, or why none can be: LEDGER_BROKEN, LEDGER_EMPTY."""
    if await is_closed(conn, district):
        return refusals.ledger_broken(district)
    (size, _), last = await read_head(conn, district), await last_head(conn, district)
    if size == 0:
        return no.ledger_empty(district)
    return last if last is not None and (last.day, last.size) == (service.clock.today(), size) else None


async def prepare(conn: AsyncConnection, service: Service, district: str) -> Prepared:
    """Return what a head that is signed later must still find as it is."""
    last = await last_head(conn, district)
    return Prepared(at=service.clock.now(), last=last.token if last is not None else None)


async def sign(
    conn: AsyncConnection, service: Service, district: str, prepared: Prepared, beside: Mapping[Place, str]
) -> SignedHead | Refused | None:
    """Sign the ledger as it stands, in the caller's transaction, with what was gathered beside it.

    None where another head was signed or another day began since that was prepared, or the tree lags far behind. The
    head before must still be the beginning of this one: a ledger that does not continue what was signed, or is closed,
    is not signed (LEDGER_BROKEN).
    """
    if await is_closed(conn, district):
        return refusals.ledger_broken(district)
    (size, head), last = await read_head(conn, district), await last_head(conn, district)
    now = Prepared(at=service.clock.now(), last=last.token if last is not None else None)
    if (now.day, now.last) != (prepared.day, prepared.last) or not await catch_up(conn, district, size):
        return None
    if last is not None and (last.size > size or await read_root(conn, district, last.size) != last.root):
        return refusals.ledger_broken(district)
    stated = Head(
        origin=district,
        size=size,
        root=await read_root(conn, district, size),
        head=head,
        day=now.day,
        time=now.at,
        previous=fingerprint(last.token) if last is not None else None,
        beside=await anchor(conn, district, beside, now.day, size),
    )
    return await _keep(conn, service, stated)


async def _keep(conn: AsyncConnection, service: Service, stated: Head) -> SignedHead:
    row = {
        "district": stated.origin,
        "day": stated.day,
        "size": stated.size,
        "root": stated.root,
        "head": stated.head,
        "signed_us": to_us(stated.time),
        "kid": service.signer.kid,
        "token": service.signer.sign(_encoder.encode(stated)),
    }
    await conn.execute(_ADD, row)
    made = head_view(row)
    await announce(conn, HEAD_SIGNED, stated.origin, HeadSigned(head=made))
    return made


async def last_head(conn: AsyncConnection, district: str) -> SignedHead | None:
    """Return the newest signed head, None before the first."""
    row = (await conn.execute(_LAST, {"of": district})).mappings().first()
    return head_view(row) if row is not None else None


async def read_heads(conn: AsyncConnection, district: str) -> list[SignedHead]:
    """Return every signed head in the order in which they were signed."""
    found = await conn.execute(
        sa.select(signed_head).where(_MINE).order_by(signed_head.c.size, signed_head.c.day), {"of": district}
    )
    return [head_view(row) for row in found.mappings()]


async def page_heads(
    conn: AsyncConnection,
    district: str,
    *,
    since: date | None,
    first: int,
    after: tuple[date, int] | None,
    newest: bool = False,
) -> tuple[list[SignedHead], int]:
    """Return at most `first` heads after the cursor, oldest or newest first, and how many there are from a day on."""
    its = signed_head.c
    key = sa.tuple_(its.day, its.size)
    where: Sequence[sa.ColumnElement[bool]] = [its.district == district, *([its.day >= since] if since else [])]
    total = await conn.scalar(sa.select(sa.func.count()).select_from(signed_head).where(*where))
    last = sa.tuple_(*map(sa.literal, after)) if after is not None else None
    beyond = [] if last is None else [key < last if newest else key > last]
    order = (its.day.desc(), its.size.desc()) if newest else (its.day, its.size)
    rows = await conn.execute(sa.select(signed_head).where(*where, *beyond).order_by(*order).limit(first))
    return [head_view(row) for row in rows.mappings()], int(total or 0)


def head_view(row: Any) -> SignedHead:
    """Return a stored row as it travels."""
    same = {name: row[name] for name in ("district", "day", "size", "root", "head", "token")}
    return SignedHead(**same, signed_at=from_us(row["signed_us"]))
