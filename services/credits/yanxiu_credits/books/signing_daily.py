"""Every ledger's head is signed once a day, by whichever process of the service comes first."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from yanxiu_footing.clock import CHINA
from yanxiu_wire import log
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.ending import end
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books.heads import last_head
from yanxiu_credits.books.sign_head import sign_now
from yanxiu_credits.service import Service

_SECONDS = 600.0
# At the end of the process the part in hand may take so long.
_GRACE = 10.0
_log = log.logger()


@contextlib.asynccontextmanager
async def signing_daily(service: Service, committed: Callable[[], None]) -> AsyncIterator[None]:
    """Sign every head at ten past midnight in China, and now those that today lacks, while the block runs.

    A process that was down at midnight catches up when it starts; `committed` wakes the relay of events.
    """

    work: set[asyncio.Task[None] | None] = set()
    stopping = asyncio.Event()

    def check() -> None:
        if stopping.is_set():
            raise _Stopping

    async def sign_all() -> None:
        mine = asyncio.current_task()
        work.add(mine)
        try:
            await sign_heads(service, check)
            committed()
        finally:
            work.discard(mine)

    scheduler = AsyncIOScheduler(timezone=CHINA)
    daily = CronTrigger(hour=0, minute=10, timezone=CHINA)
    scheduler.add_job(sign_all, daily, id="sign-heads", coalesce=True, misfire_grace_time=None, max_instances=1)
    scheduler.add_job(sign_all, id="sign-heads-now", misfire_grace_time=None)
    scheduler.start()
    try:
        yield
    finally:
        stopping.set()
        scheduler.pause()
        await _ended([one for one in work if one is not None])
        # It cancels what still runs.
        scheduler.shutdown(wait=False)


async def _ended(work: Sequence[asyncio.Task[None]]) -> None:
    """Wait for the part in hand; what waits longer for its turn is cut off and rolled back, for the next start."""
    if not work:
        return
    _, late = await asyncio.wait(work, timeout=_GRACE)
    await end(*late)
    await asyncio.gather(*work, return_exceptions=True)


class _Stopping(Exception):
    """The service ends; the next start signs."""


async def sign_heads(service: Service, check: Callable[[], None] | None = None) -> None:
    """Sign the head of every district that has none of today; one district's trouble is not the next one's.

    `check` is called before each part of the work.
    """
    for district in await service.databases.districts():
        try:
            async with service.databases.read(district) as conn:
                last = await last_head(conn, district)
            if last is not None and last.day >= service.clock.today():
                continue
            answer = await sign_now(service, district, Deadline.after(_SECONDS), check)
            if not isinstance(answer, Refused):
                _log.info("head-signed", district=district, size=answer.size, root=answer.root)
            elif answer.errors[0].code != "LEDGER_EMPTY":
                _log.error("head-not-signed", district=district, reason=answer.errors[0].message_en)
        except _Stopping:
            return
        except Exception:  # noqa: BLE001 - the log has it, and the next district is signed all the same
            _log.exception("head-not-signed", district=district)
