"""Follow what the registry announces: schools, people, terms, groups, and the law that the district is bound to."""

from __future__ import annotations

from yanxiu_footing.follow_registry import Following, follow
from yanxiu_wire.visits import SERVICE

from yanxiu_visits.service import Service
from yanxiu_visits.store.facts import COPY


async def follow_registry(service: Service) -> Following:
    """Begin to follow; see `yanxiu_footing.follow_registry`."""
    return await follow(service, COPY, follower=SERVICE)
