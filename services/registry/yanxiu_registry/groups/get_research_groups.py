"""Answer for research groups by id, as of a day."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.research_group import GetResearchGroups, ResearchGroups

from yanxiu_registry.context import Registry
from yanxiu_registry.groups.research_group import RESEARCH_GROUPS
from yanxiu_registry.own_school import reach
from yanxiu_registry.pages import MOST_IDS
from yanxiu_registry.refusals import too_many


async def get_research_groups(
    registry: Registry, district: str, query: GetResearchGroups, deadline: Deadline
) -> ResearchGroups | Refused:
    """The groups in the order asked for, None where unknown, out of scope or not yet formed; refused: TOO_MANY.

    Groups of an area are everybody's to see, a school's those of the school and of who sees the district.
    """
    if len(query.ids) > MOST_IDS:
        return too_many("ids", len(query.ids), MOST_IDS)
    deadline.check()
    async with registry.dbs.read(district) as conn:
        scope = await reach(registry, conn, district, query.caller)
        found = await RESEARCH_GROUPS.shelf.by_id(conn, district, query.ids)
    schools = {one: group.facts[0].value.school for one, group in found.items()}
    seen = {one: found[one] for one, school in schools.items() if school is None or scope.sees_school(school)}
    return ResearchGroups(items=RESEARCH_GROUPS.cards(registry, seen, query.ids, query.as_of))
