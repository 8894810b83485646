"""Answer for areas by id, as of a day."""

from __future__ import annotations

from yanxiu_wire.area import Areas, GetAreas
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_registry.areas.area import AREAS
from yanxiu_registry.context import Registry
from yanxiu_registry.pages import MOST_IDS
from yanxiu_registry.refusals import too_many


async def get_areas(registry: Registry, district: str, query: GetAreas, deadline: Deadline) -> Areas | Refused:
    """The areas in the order asked for; None where unknown or not yet there on that day. Refused: TOO_MANY."""
    if len(query.ids) > MOST_IDS:
        return too_many("ids", len(query.ids), MOST_IDS)
    deadline.check()
    async with registry.dbs.read(district) as conn:
        found = await AREAS.shelf.by_id(conn, district, query.ids)
    return Areas(items=AREAS.cards(registry, found, query.ids, query.as_of))
