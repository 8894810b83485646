"""Recognise anew, when an opened period is locked again, whatever is no longer what is judged."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.outcome import Period
from yanxiu_wire.caller import Caller
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.books.standing_recognitions import STANDS
from yanxiu_credits.books.tables import recognition
from yanxiu_credits.laws import InForce
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger_state import is_closed
from yanxiu_credits.workflow.recognise import Deciding, enter
from yanxiu_credits.workflow.results import judged, judging
from yanxiu_credits.workflow.store import Row, read_process


async def recognise_anew(
    conn: AsyncConnection,
    service: Service,
    district: str,
    *,
    school: str | None,
    period: Period,
    by: Caller,
    reason: str,
) -> Mapping[str, int] | Refused:
    """Judge every teacher whose recognition of the period stands; reverse and post anew what differs.

    `school` None means every school of the district. Returns how many were recognised anew, by the school they were
    recognised for ("" for the whole district); none that has none. Refuses with LEDGER_BROKEN where something is to be
    posted, LATER_RECOGNISED, LAW_NOT_IN_FORCE or LAW_UNUSABLE.
    """
    done: dict[str, int] = {}
    for (process, its_school), teachers in (await by_process(conn, district, school, period)).items():
        row = await read_process(conn, district, process) if process is not None else None
        law = await law_of(conn, service, district, row, period)
        standings = law if isinstance(law, Refused) else await judged(conn, service, district, law, period, teachers)
        if isinstance(law, Refused) or isinstance(standings, Refused):
            return law if isinstance(law, Refused) else standings  # type: ignore[return-value]  # one of them refused
        deciding = Deciding(
            district=district,
            process=process,
            school=its_school,
            period=period,
            on=min(period.end, service.clock.today()),
            by=by,
            at=service.clock.now(),
        )
        entered = await enter(conn, service, deciding, law, standings, reason=reason)
        if isinstance(entered, Refused):
            return entered
        if entered:
            done[its_school] = done.get(its_school, 0) + entered
    return refusals.ledger_broken(district) if done and await is_closed(conn, district) else done


async def by_process(
    conn: AsyncConnection, district: str, school: str | None, period: Period
) -> dict[tuple[str | None, str], list[str]]:
    """Return the teachers whose recognition stands, by the process and school that it was made for."""
    its = recognition.c
    where = [its.district == district, its.period_kind == period.kind, its.label == period.label, STANDS]
    found = await conn.execute(
        sa.select(its.process, its.school, its.teacher)
        .where(*where, *([its.school == school] if school is not None else []))
        .order_by(its.teacher)
    )
    groups: dict[tuple[str | None, str], list[str]] = {}
    for process, its_school, teacher in found:
        groups.setdefault((process, its_school or ""), []).append(teacher)
    return groups


async def law_of(
    conn: AsyncConnection, service: Service, district: str, row: Row | None, period: Period
) -> InForce | Refused:
    """Return the law of the process, as it was recognised by; without one, the law of the period's last day."""
    known = await read_district(conn, district)
    if row is None:
        return service.laws.in_force(known, min(period.end, service.clock.today()))
    bound = service.laws.bound(known, row.law_on)
    return bound if isinstance(bound, Refused) else judging(bound)
