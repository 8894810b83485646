"""Answer for schools by id, as of a day."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import GetSchools, Schools

from yanxiu_registry.cards import school_card
from yanxiu_registry.context import Registry
from yanxiu_registry.own_school import reach
from yanxiu_registry.pages import MOST_IDS
from yanxiu_registry.refusals import too_many
from yanxiu_registry.store.schools import schools_by_id


async def get_schools(registry: Registry, district: str, query: GetSchools, deadline: Deadline) -> Schools | Refused:
    """The schools in the order asked for; None where unknown, out of scope, or not yet open on that day."""
    if len(query.ids) > MOST_IDS:
        return too_many("ids", len(query.ids), MOST_IDS)
    deadline.check()
    async with registry.dbs.read(district) as conn:
        scope = await reach(registry, conn, district, query.caller)
        seen = {one for one in query.ids if scope.sees_school(one)}
        files = await schools_by_id(conn, district, seen)
    return Schools(
        items=tuple(school_card(registry, files[one], query.as_of) if one in files else None for one in query.ids)
    )
