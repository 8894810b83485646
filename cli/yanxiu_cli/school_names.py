"""The names of a district's schools, asked of the registry for a list that is shown."""

from __future__ import annotations

from collections.abc import Iterable

from yanxiu_wire import registry
from yanxiu_wire.caller import Caller
from yanxiu_wire.rpc import Bus

from yanxiu_cli.session import ask

BATCH = 200


def officer(district: str) -> Caller:
    """Who asks on the command line: an officer of the district."""
    return Caller(subject="yanxiu-cli", role="district-officer", district=district)


async def school_names(bus: Bus, caller: Caller, named: Iterable[str]) -> dict[str, str]:
    """Return the names of schools by id, a batch at a time; none for one that the registry does not know."""
    ids = list(dict.fromkeys(named))
    found: dict[str, str] = {}
    for start in range(0, len(ids), BATCH):
        query = registry.GetSchools(caller=caller, ids=tuple(ids[start : start + BATCH]))
        answer = await ask(bus, registry.GET_SCHOOLS, query, district=caller.district)
        found |= {one.id: one.name for one in answer.items if one is not None}
    return found
