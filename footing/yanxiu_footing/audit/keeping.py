"""While a service runs its trail is kept: what expired goes daily, and nothing that waits is lost at the end.

What an erasure freed when the process before ended is swept.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from yanxiu_footing.audit.retention import expiring_daily
from yanxiu_footing.audit.trailing import Trailing
from yanxiu_footing.persons.sweep_cleared import sweeping_cleared


@contextlib.asynccontextmanager
async def keeping_trail(service: Trailing, days: int) -> AsyncIterator[None]:
    """Keep the trail until the block ends; reads stay `days` in it."""
    async with expiring_daily(service, days), sweeping_cleared(service.databases):
        try:
            yield
        finally:
            await service.trail.write_all()
