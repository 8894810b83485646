"""Before the service answers: the end of every ledger is verified, and closed districts are named in the log."""

from __future__ import annotations

from yanxiu_wire import log

from yanxiu_credits.service import Service
from yanxiu_credits.store.facts import read_district
from yanxiu_credits.verify_ledger import verify_chain

_TAIL = 1000
_log = log.logger()


async def check_ledgers(service: Service) -> None:
    """Verify the newest rows of each district's ledger against its head, and close a district where they do not fit.

    A district whose rule pack is missing or broken is named too; the others are not touched by it.
    """
    for district in service.databases.districts():
        async with service.databases.read(district) as conn:
            found = await verify_chain(conn, district, tail=_TAIL)
            bound = await read_district(conn, district)
        if found.broken is not None:
            service.laws.close(district, f"row {found.broken.seq}: {found.broken.problem}")
        closed = service.laws.why_closed(district, bound)
        if closed is not None:
            _log.error("district-closed", district=district, reason=closed)
