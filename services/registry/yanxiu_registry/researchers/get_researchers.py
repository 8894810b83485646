"""Answer for researchers by the teacher's id, as of a day."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.researcher import GetResearchers, Researchers

from yanxiu_registry.context import Registry
from yanxiu_registry.pages import MOST_IDS
from yanxiu_registry.refusals import too_many
from yanxiu_registry.researchers.researcher import RESEARCHERS, as_told_to


async def get_researchers(
    registry: Registry, district: str, query: GetResearchers, deadline: Deadline
) -> Researchers | Refused:
    """The researchers in the order asked for, None where unknown or not yet one; refused: TOO_MANY.

    Everybody in the district may see who they are and what they guide; absences and conflicts stay with those whom
    they concern.
    """
    if len(query.ids) > MOST_IDS:
        return too_many("ids", len(query.ids), MOST_IDS)
    deadline.check()
    async with registry.dbs.read(district) as conn:
        found = await RESEARCHERS.shelf.by_id(conn, district, query.ids)
    cards = RESEARCHERS.cards(registry, found, query.ids, query.as_of)
    return Researchers(items=tuple(None if card is None else as_told_to(query.caller, card) for card in cards))
