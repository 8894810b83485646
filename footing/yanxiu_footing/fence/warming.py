"""A cell made ready before anybody waits for it: its data opened, its district's law loaded."""

from __future__ import annotations

from yanxiu_wire.deadline import Deadline

from yanxiu_footing.fence.inside import Answer
from yanxiu_footing.follow_registry import Follower
from yanxiu_footing.registry_facts import read_district

WARM = "warm"


def warming(service: Follower, district: str) -> Answer:
    """What answers `WARM` in the cell of a district: nothing, once the law of today can be asked."""

    async def warm(_message: bytes, _deadline: Deadline) -> bytes:
        async with service.databases.read(district) as conn:
            bound = await read_district(conn, district)
        # A district without a law has none to load; why, its first request is told.
        service.laws.bound(bound, service.clock.today())
        return b""

    return warm
