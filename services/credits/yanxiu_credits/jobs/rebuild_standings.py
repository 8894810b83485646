"""The job `rebuild-standings`: forget the rows that lists of standings are read from, and judge every period anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import read_district
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_credits.jobs.work import Work
from yanxiu_credits.service import Service
from yanxiu_credits.standings.batch import up_to_date
from yanxiu_credits.standings.batch_state import Batch
from yanxiu_credits.standings.periods import period_and_law
from yanxiu_credits.standings.tables import standing_batch, standing_row
from yanxiu_credits.tables import ledger

KIND = "rebuild-standings"
_SECONDS = 1800.0

Part = Mapping[str, Any]


async def plan_rebuild(
    service: Service, conn: AsyncConnection, district: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return a part for each period, of each kind that the law judges, in which there are entries."""
    known, today = await read_district(conn, district), service.clock.today()
    spread = sa.select(sa.func.min(ledger.c.on), sa.func.max(ledger.c.on)).where(ledger.c.district == district)
    first, last = (await conn.execute(spread)).one()
    law = service.laws.in_force(known, today)
    if isinstance(law, Refused) or first is None:
        return [], {}
    found: dict[tuple[str, date], None] = {}
    # Half a year is as long as the shortest period that a law judges has days in it.
    days = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 7, 12)]
    for kind in (one.period for one in law.credit.standings):
        for day in days:
            chosen = period_and_law(service.laws, known, kind, day, today)
            if not isinstance(chosen, Refused):
                found[kind, chosen[0].start] = None
    return [{"kind": kind, "on": start.isoformat()} for kind, start in found], {}


async def judge_anew(service: Service, district: str, part: Part) -> dict[str, Any] | Refused:
    """Forget a period's rows and judge everybody; rows are derived, so that doing it twice leaves the same."""
    kind, on = part["kind"], date.fromisoformat(part["on"])
    async with service.databases.write(district, Deadline.after(_SECONDS)) as conn:
        for table in (standing_row, standing_batch):
            its = sa.and_(table.c.district == district, table.c.kind == kind, table.c.starts_on == on)
            await conn.execute(sa.delete(table).where(its))

    async def count(conn: AsyncConnection, batch: Batch) -> dict[str, Any]:
        teachers = await conn.scalar(sa.select(sa.func.count()).select_from(standing_row).where(*batch.rows()))
        return {"kind": kind, "label": batch.period.label, "teachers": int(teachers or 0)}

    return await up_to_date(service, district, kind, on, Deadline.after(_SECONDS), count)


async def note(
    _service: Service, _district: str, _part: Part, _conn: AsyncConnection, judged: dict[str, Any]
) -> dict[str, Any]:
    """Remember what was judged; the rows are written already."""
    return judged


async def conclude(_service: Service, _district: str, part: Part, _conn: AsyncConnection) -> dict[str, Any]:
    """Say how many periods there were: every part but this one."""
    return {"periods": part["part"] - 1}


WORKS = {KIND: Work(gather=judge_anew, write=note), f"{KIND}-end": Work(write=conclude)}
