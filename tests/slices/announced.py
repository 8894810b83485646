"""What was announced of a ledger: the stream told again from its beginning, until all of it is there."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from yanxiu_wire.credits import CREDIT_RECOGNISED, LedgerEntry
from yanxiu_wire.events import replay
from yanxiu_wire.faults import WireFault
from yanxiu_wire.rpc import Bus

_SECONDS = 60.0
# What a relay sends again or a reader reads in a second, and more.
_A_SECOND = 200


async def announced_entries(
    bus: Bus, enough: int, *, of: str = "", seconds: float = _SECONDS
) -> dict[str, LedgerEntry]:
    """Return the announced entries by id, once there are so many; each says the same however often it was announced.

    `of` is their district, every one when it is empty.

    Looks again meanwhile: the relay may still be sending, or the server coming back. `TimeoutError` after `seconds`,
    later where they are very many, with how many there were.
    """
    told: dict[str, LedgerEntry] = {}

    async def keep(district: str, _event: Any, body: Any, _id: str) -> None:
        if of not in ("", district):
            return
        assert told.setdefault(body.entry.id, body.entry) == body.entry

    try:
        async with asyncio.timeout(seconds + enough / _A_SECOND):
            while len(told) < enough:
                with contextlib.suppress(WireFault, TimeoutError):
                    await replay(bus, [CREDIT_RECOGNISED], keep)
                await asyncio.sleep(0.1)  # the relay tells nobody when it is done
    except TimeoutError:
        raise TimeoutError(f"{len(told)} of {enough} entries were announced") from None
    return told
