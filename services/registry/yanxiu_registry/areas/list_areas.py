"""Answer the areas that there are on a day."""

from __future__ import annotations

from yanxiu_wire.area import Areas, ListAreas
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_registry.areas.area import AREAS
from yanxiu_registry.context import Registry


async def list_areas(registry: Registry, district: str, query: ListAreas, deadline: Deadline) -> Areas | Refused:
    """The areas by name: a district has few of them."""
    deadline.check()
    day = query.as_of or registry.today()
    async with registry.dbs.read(district) as conn:
        found = await AREAS.shelf.all(conn, district)
    there = [one for one, entry in found.items() if entry.there_on(day)]
    cards = [card for card in AREAS.cards(registry, found, there, day) if card is not None]
    cards.sort(key=lambda card: (card.name, card.id))
    return Areas(items=tuple(cards))
