"""The kept balances of teachers, held against the ledger whose sums they are, and made of it anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.databases import Databases

from yanxiu_credits.store.ledger import SUMMED, Sums
from yanxiu_credits.tables import balance, ledger

# Teachers whose entries are added up in one state of the district: some ten thousand entries.
_TEACHERS = 100
_AMOUNTS = tuple(balance.c[name] for name in Sums.__struct_fields__)
_OF = ledger.c.district == sa.bindparam("of")
_OWED = (
    sa.select(ledger.c.teacher, *SUMMED, sa.func.max(ledger.c.seq))
    .where(_OF, ledger.c.teacher > sa.bindparam("after"))
    .group_by(ledger.c.teacher)
    .order_by(ledger.c.teacher)
    .limit(sa.bindparam("most"))
)
_KEPT = sa.select(balance.c.teacher, *_AMOUNTS, balance.c.up_to).where(
    balance.c.district == sa.bindparam("of"), balance.c.teacher > sa.bindparam("after")
)
_KEPT_UNTIL = _KEPT.where(balance.c.teacher <= sa.bindparam("until"))
_FORGET = sa.delete(balance).where(balance.c.district == sa.bindparam("of"))
_ADD_UP = sa.insert(balance).from_select(
    [balance.c.district, balance.c.teacher, *_AMOUNTS, balance.c.up_to],
    sa.select(ledger.c.district, ledger.c.teacher, *SUMMED, sa.func.max(ledger.c.seq))
    .where(_OF)
    .group_by(ledger.c.district, ledger.c.teacher),
)


async def count_wrong(databases: Databases, district: str, check: Callable[[], None] = lambda: None) -> int:
    """Return of how many teachers the balance is not what their entries come to.

    `check` is called before each part that is read, and ends the work by what it raises.
    """
    wrong, after = 0, ""
    while True:
        check()
        async with databases.read(district) as conn:
            found, last = await _differing(conn, district, after)
        wrong += found
        if last is None:
            return wrong
        after = last


async def remake_balances(conn: AsyncConnection, district: str) -> int:
    """Make every balance of the district anew, in the caller's transaction; return how many were not as they must."""
    wrong, after = 0, ""
    while True:
        found, last = await _differing(conn, district, after)
        wrong += found
        if last is None:
            break
        after = last
    await conn.execute(_FORGET, {"of": district})
    await conn.execute(_ADD_UP, {"of": district})
    return wrong


async def _differing(conn: AsyncConnection, district: str, after: str) -> tuple[int, str | None]:
    """Return how many of the next teachers have another balance, and the last of them; None where there are no more."""
    given = {"of": district, "after": after, "most": _TEACHERS}
    owed = _by_teacher(await conn.execute(_OWED, given))
    last = max(owed) if len(owed) == _TEACHERS else None
    kept = _by_teacher(
        await conn.execute(_KEPT, given) if last is None else await conn.execute(_KEPT_UNTIL, {**given, "until": last})
    )
    return sum(owed.get(one) != kept.get(one) for one in owed.keys() | kept.keys()), last


def _by_teacher(rows: Any) -> dict[str, tuple[int, ...]]:
    return {teacher: tuple(map(int, amounts)) for teacher, *amounts in rows}
