"""Answer the studios that there are on a day."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.studio import ListStudios, Studios

from yanxiu_registry.context import Registry
from yanxiu_registry.studios.studio import STUDIOS


async def list_studios(registry: Registry, district: str, query: ListStudios, deadline: Deadline) -> Studios | Refused:
    """The studios by name: a district has few of them."""
    deadline.check()
    day = query.as_of or registry.today()
    async with registry.dbs.read(district) as conn:
        found = await STUDIOS.shelf.all(conn, district)
    there = [one for one, entry in found.items() if entry.there_on(day)]
    cards = [card for card in STUDIOS.cards(registry, found, there, day) if card is not None]
    named = set(query.ids)
    wanted = [
        card
        for card in cards
        if (query.school is None or query.school in card.schools) and (not named or card.id in named)
    ]
    return Studios(items=tuple(sorted(wanted, key=lambda card: (card.name, card.id))))
