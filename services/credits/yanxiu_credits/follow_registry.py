"""Follow what the registry announces, and keep every announcement with the instant at which it was known."""

from __future__ import annotations

from yanxiu_footing.follow_registry import Following, follow
from yanxiu_wire.credits import SERVICE

from yanxiu_credits.service import Service
from yanxiu_credits.standings.known import remember
from yanxiu_credits.store.facts import COPY


async def follow_registry(service: Service) -> Following:
    """Begin to follow; see `yanxiu_footing.follow_registry`."""
    return await follow(service, COPY, follower=SERVICE, remember=remember)
