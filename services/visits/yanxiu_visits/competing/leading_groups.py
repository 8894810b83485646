"""The leading groups of a school as the registry announced them."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import decode
from yanxiu_wire.leading_group import LeadingGroup, LeadingGroupChanged

from yanxiu_visits.tables import leading_group_fact


async def groups_of(conn: AsyncConnection, district: str, school: str, on: date) -> list[LeadingGroup]:
    """Return the groups of a school that there are on a day, each as it stands then."""
    its = leading_group_fact.c
    found = []
    for body in (await conn.execute(sa.select(its.body).where(its.district == district))).scalars():
        begun = [card for since, card in decode(LeadingGroupChanged, body.encode()).history if since <= on]
        card = begun[-1] if begun else None
        if card is not None and card.school == school and (card.ends_on is None or on <= card.ends_on):
            found.append(card)
    return found
