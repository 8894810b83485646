"""The numbers under which a reviewer sees nominations: his own, by chance, and without a gap."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.awards import AwardReviewer, Nomination

from yanxiu_visits.awards.assess_conflict import Interests, may_judge
from yanxiu_visits.awards.tables import award_review_number
from yanxiu_visits.supervising import lots

_ITS = award_review_number.c


async def deal_numbers(
    conn: AsyncConnection, district: str, reviewer: AwardReviewer, interests: Interests, nominated: Sequence[Nomination]
) -> None:
    """Number what the reviewer may judge, in each of his categories from 1 on; a category is dealt once.

    What he declares later takes nothing off his list: the number that vanished would tell him whose it was.
    """
    dealt = {category for category, _ in (await read_numbers(conn, district, reviewer.year, reviewer.id)).values()}
    fit = may_judge(interests, nominated)
    rows = []
    for category in reviewer.categories:
        own = [one.id for one in fit if one.category == category and category not in dealt]
        order = lots.in_lot_order(secrets.token_bytes(lots.SEED_BYTES), category, own)
        rows += [
            {"district": district, "year": reviewer.year, "reviewer": reviewer.id, "nomination": nomination}
            | {"category": category, "number": number}
            for number, nomination in enumerate(order, start=1)
        ]
    if rows:
        await conn.execute(sa.insert(award_review_number), rows)


async def read_numbers(conn: AsyncConnection, district: str, year: int, reviewer: str) -> dict[str, tuple[str, int]]:
    """Return a reviewer's numbers: nomination -> category and number."""
    asked = sa.select(_ITS.nomination, _ITS.category, _ITS.number)
    found = await conn.execute(asked.where(_ITS.district == district, _ITS.year == year, _ITS.reviewer == reviewer))
    return {row.nomination: (row.category, row.number) for row in found}
