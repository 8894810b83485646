"""Answer for leading groups by id, as of a day."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.leading_group import GetLeadingGroups, LeadingGroups
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.groups.leading_group import LEADING_GROUPS
from yanxiu_registry.own_school import reach
from yanxiu_registry.pages import MOST_IDS
from yanxiu_registry.refusals import too_many


async def get_leading_groups(
    registry: Registry, district: str, query: GetLeadingGroups, deadline: Deadline
) -> LeadingGroups | Refused:
    """The groups in the order asked for, None where unknown, out of scope or not yet there; refused: TOO_MANY."""
    if len(query.ids) > MOST_IDS:
        return too_many("ids", len(query.ids), MOST_IDS)
    deadline.check()
    async with registry.dbs.read(district) as conn:
        scope = await reach(registry, conn, district, query.caller)
        found = await LEADING_GROUPS.shelf.by_id(conn, district, query.ids)
    schools = {one: group.facts[0].value.school for one, group in found.items()}
    seen = {one: found[one] for one, school in schools.items() if school is None or scope.sees_school(school)}
    return LeadingGroups(items=LEADING_GROUPS.cards(registry, seen, query.ids, query.as_of))
