"""Answer for schools by id, as of a day."""

from __future__ import annotations

from yanxiu_durable.looking import Look
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import GetSchools, Schools

from yanxiu_registry.cards import school_card
from yanxiu_registry.context import Registry
from yanxiu_registry.own_school import reached
from yanxiu_registry.pages import MOST_IDS
from yanxiu_registry.refusals import too_many
from yanxiu_registry.register import SchoolFile
from yanxiu_registry.store.looks import schools_of


async def get_schools(registry: Registry, district: str, query: GetSchools, deadline: Deadline) -> Schools | Refused:
    """The schools in the order asked for; None where unknown, out of scope, or not yet open on that day."""
    if len(query.ids) > MOST_IDS:
        return too_many("ids", len(query.ids), MOST_IDS)
    deadline.check()

    def found(look: Look) -> dict[str, SchoolFile]:
        scope = reached(registry, look, district, query.caller)
        return schools_of(look, district, {one for one in query.ids if scope.sees_school(one)})

    files = await registry.dbs.look(district, found)
    return Schools(
        items=tuple(school_card(registry, files[one], query.as_of) if one in files else None for one in query.ids)
    )
