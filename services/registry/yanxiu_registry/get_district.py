"""Answer for the caller's own district."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District, GetDistrict

from yanxiu_registry.context import Registry
from yanxiu_registry.refusals import district_unknown
from yanxiu_registry.store.districts import read_district


async def get_district(
    registry: Registry, district: str, _query: GetDistrict, deadline: Deadline
) -> District | Refused:
    """The district with its bindings; refused with DISTRICT_UNKNOWN when there is none."""
    deadline.check()
    async with registry.dbs.read(district) as conn:
        found = await read_district(conn, district)
    return district_unknown(district) if found is None else found
