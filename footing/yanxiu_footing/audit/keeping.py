"""While a service runs its trail is kept: what expired goes daily, and nothing that waits is lost at the end."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from yanxiu_footing.audit.retention import expiring_daily
from yanxiu_footing.audit.trailing import Trailing


@contextlib.asynccontextmanager
async def keeping_trail(service: Trailing, days: int) -> AsyncIterator[None]:
    """Keep the trail until the block ends; reads stay `days` in it."""
    async with expiring_daily(service, days):
        try:
            yield
        finally:
            await service.trail.write_all()
