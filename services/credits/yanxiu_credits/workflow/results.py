"""The results of a process's teachers: judged, made public as they will be recognised, recognised, and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA
from yanxiu_footing.stored import canonical
from yanxiu_rulekit import outcome
from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_rulekit.numbers import to_micro
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.laws import Bound, InForce
from yanxiu_credits.ledger import digest
from yanxiu_credits.service import Service
from yanxiu_credits.tables import teacher_place
from yanxiu_credits.workflow.foreseen import Foreseen, unchanged
from yanxiu_credits.workflow.judge_many import judge_many
from yanxiu_credits.workflow.publicity_store import Line, Round, add_notices, add_round, told_of


async def teachers_of(conn: AsyncConnection, district: str, school: str, day: date) -> list[str]:
    """Return the teachers who work at the school (empty: at any) on a day, by id."""
    its = teacher_place.c
    where = [its.district == district, its.since <= day, sa.or_(its.until.is_(None), its.until >= day)]
    if school:
        where.append(its.school == school)
    found = await conn.execute(sa.select(its.teacher).where(*where).distinct().order_by(its.teacher))
    return list(found.scalars())


def judging(law: Bound) -> InForce | Refused:
    """Return the law with its credit rules, or LAW_UNUSABLE where it credits nothing."""
    if law.pack.credit is None:
        return refusals.law_unusable(law.pack.jurisdiction)
    return InForce(pack=law.pack, credit=law.pack.credit, settings=law.settings)


async def judged(
    conn: AsyncConnection,
    service: Service,
    district: str,
    law: InForce,
    period: outcome.Period,
    teachers: Sequence[str],
    foreseen: Foreseen | None = None,
) -> dict[str, outcome.Standing] | Refused:
    """Judge teachers' periods, many by columns; refuses with LAW_NOT_IN_FORCE.

    With `foreseen` only those are judged of whom something came since.
    """
    known: dict[str, outcome.Standing] = {}
    if foreseen is not None:
        today = service.clock.today()
        still = await unchanged(conn, district, foreseen, law=law, period=period, today=today)
        known = {one: foreseen.standings[one] for one in teachers if one in still and one in foreseen.standings}
        teachers = [one for one in teachers if one not in still]
    try:
        found = await judge_many(conn, service, district, law, period, teachers) if teachers else {}
    except RuleNotInForce:
        return refusals.law_not_in_force(period.end)
    return as_recognised(law, {**known, **found})


def as_recognised(law: InForce, standings: Mapping[str, outcome.Standing]) -> dict[str, outcome.Standing]:
    """Return standings as they are recognised: nothing of whom the law does not address, the decision all the same."""

    def one(standing: outcome.Standing) -> outcome.Standing:
        if standing.verdict != "EXEMPT" or not law.pack.standing_rule(standing.period.kind).exempt_is_unaddressed:
            return standing
        nothing = Decimal(0)
        return msgspec.structs.replace(standing, recognised_hours=nothing, recognised_credits=nothing)

    return {teacher: one(standing) for teacher, standing in standings.items()}


def line_of(teacher: str, standing: outcome.Standing, law: InForce) -> Line:
    """Return what a public list says of a standing."""
    return Line(
        teacher=teacher,
        verdict=standing.verdict,
        micro_hours=to_micro(standing.hours),
        micro_credits=to_micro(standing.credits),
        micro_recognised_hours=to_micro(standing.recognised_hours),
        micro_recognised_credits=to_micro(standing.recognised_credits),
        hours_unit=law.credit.hours_unit,
        credits_unit=law.credit.credits_unit,
    )


async def make_public(
    conn: AsyncConnection,
    service: Service,
    district: str,
    law: InForce,
    period: outcome.Period,
    *,
    process: str,
    school: str,
    before: Round | None,
    today: date,
    foreseen: Foreseen | None = None,
) -> Round | Refused:
    """Fix the list of results that is made public, and return it with its digest."""
    teachers = await teachers_of(conn, district, school, min(period.end, today))
    standings = await judged(conn, service, district, law, period, teachers, foreseen)
    if isinstance(standings, Refused):
        return standings
    lines = [line_of(teacher, standing, law) for teacher, standing in sorted(standings.items())]
    one = Round(
        district=district,
        process=process,
        round=before.round + 1 if before else 1,
        teachers=len(lines),
        opened_on=today,
        digest=digest_of(lines),
        open=True,
    )
    await add_round(conn, one, lines)
    return one


def digest_of(lines: Sequence[Line]) -> str:
    """Return the digest of a public list."""
    return digest(*(canonical(msgspec.structs.asdict(line)) for line in lines))


async def tell(
    conn: AsyncConnection, district: str, process: str, recognised: Sequence[Any], told: set[str], today: date
) -> int:
    """Tell each teacher the result that was recognised, once; returns how many were told now."""
    rows = [
        {
            "district": district,
            "id": str(uuid_utils.uuid7()),
            "teacher": one["teacher"],
            "process": process,
            "recognition": one["id"],
            "verdict": msgspec.json.decode(one["standing"]).get("verdict", ""),
            "told_on": today,
        }
        for one in recognised
        if one["id"] not in told
    ]
    await add_notices(conn, rows)
    return len(rows)


async def tell_again(
    conn: AsyncConnection,
    district: str,
    before: Mapping[str, str],
    anew: Mapping[str, Mapping[str, Any]],
    at: datetime,
) -> None:
    """Tell the result that was recognised anew to whoever had been told the one before (`before`: id to teacher)."""
    told = [(one.process, anew[before[one.recognition]]) for one in await told_of(conn, district, list(before))]
    today = at.astimezone(CHINA).date()
    for process in {process for process, _ in told}:
        await tell(conn, district, process, [row for of, row in told if of == process], set(), today)
