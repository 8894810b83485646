"""At the start: the end of every ledger before the service answers, the whole of each while it does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from yanxiu_footing.registry_facts import read_district
from yanxiu_wire import log
from yanxiu_wire.ending import end

from yanxiu_credits.ledger import Verified
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger_state import read_state
from yanxiu_credits.verify_ledger import close_district, verify_chain, verify_whole
from yanxiu_credits.vital_facts import VERIFICATIONS, VERIFIED_AT

_TAIL = 1000
# At the end of the process the part in hand may take so long.
_GRACE = 5.0
_log = log.logger()


async def check_ledgers(service: Service) -> None:
    """Verify the newest rows of each district's ledger against its head, and close a district where they do not fit.

    A district that is closed from before stays closed. It is named in the log, and so is one whose rule pack is
    missing or broken; the others are not touched by it.
    """
    for district in await service.databases.districts():
        async with service.databases.read(district) as conn:
            state = await read_state(conn, district)
            bound = await read_district(conn, district)
        if state is not None and state.closed:
            _log.error("ledger-closed", district=district, seq=state.first_bad, reason=state.reason)
        else:
            keys = service.signer.keys
            found = await verify_chain(service.databases, district, tail=_TAIL, keys=keys)
            await close_district(service, district, found)
        unusable = service.laws.why_unusable(bound)
        if unusable is not None:
            _log.error("law-unusable", district=district, reason=unusable)


@contextlib.asynccontextmanager
async def checking_wholes(service: Service) -> AsyncIterator[None]:
    """Verify every ledger from its first row on, one after the other, while the block runs; its end ends the work."""
    stopping = asyncio.Event()
    work = asyncio.create_task(_check_wholes(service, stopping))
    try:
        yield
    finally:
        stopping.set()
        # It ends between two parts; of a long ledger a part of the books can take long, and changes nothing.
        await asyncio.wait((work,), timeout=_GRACE)
        await end(work)


def _outcome(found: Verified) -> str:
    if found.broken is not None:
        return "broken"
    return "balances" if found.wrong_balances else "whole"


class _Stopping(Exception):
    """The service ends; the next start checks again."""


async def _check_wholes(service: Service, stopping: asyncio.Event) -> None:
    def check() -> None:
        if stopping.is_set():
            raise _Stopping

    for district in await service.databases.districts():
        try:
            # One of the processes of this service is enough.
            async with service.databases.claim(district, "verify") as mine:
                if mine:
                    found, _ = await verify_whole(service, district, check)
                    VERIFICATIONS.add(district, _outcome(found))
                    VERIFIED_AT.labels(district).set_to_current_time()
                    if found.broken is None:
                        _log.info("ledger-verified", district=district, entries=found.entries)
        except _Stopping:
            return
        except Exception:  # noqa: BLE001 - one district's trouble is not the next one's; the log has it
            VERIFICATIONS.add(district, "failed")
            _log.exception("ledger-not-verified", district=district)
