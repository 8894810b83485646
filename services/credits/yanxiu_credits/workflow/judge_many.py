"""Judge the period of many teachers for a process: by columns, exactly as each would be judged alone."""

from __future__ import annotations

import asyncio
from collections.abc import Container, Sequence

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import Person, read_people
from yanxiu_rulekit import outcome
from yanxiu_rulekit.columns import LineColumns, StandingColumns, standings_of

from yanxiu_credits.books.adding_up import posted_before
from yanxiu_credits.laws import InForce
from yanxiu_credits.prefecture.read_columns import read_lines_of, twelve_months
from yanxiu_credits.sealing.kept_lines import lines_of
from yanxiu_credits.service import Service
from yanxiu_credits.standings.judge import judge_teachers, teacher_on

# Teachers read with one pair of statements.
PART = 500
# So few are judged one at a time: laying out columns takes longer than judging them.
FEW = 8
# From so many on, the ledger is read page by page for everybody, not teacher by teacher.
MANY = 2000


async def judge_many(
    conn: AsyncConnection,
    service: Service,
    district: str,
    law: InForce,
    period: outcome.Period,
    teachers: Sequence[str],
) -> dict[str, outcome.Standing]:
    """Return the standings by teacher; one who is not known is left out. Raises `RuleNotInForce`.

    Verdict, amounts and findings are those of `judge_teachers`; measures and result, which no process keeps, are
    told only of those who were judged one at a time. Teachers whose lines no column holds are judged alone within.
    Where periods add up, a teacher is judged by what stands recognised of the earlier ones.
    """
    posted = await posted_before(conn, district, law, period, teachers)
    if len(teachers) <= FEW and posted is None:
        return await judge_teachers(conn, service, district, law, period, teachers)
    people = await _people(conn, district, teachers)
    today = service.clock.today()
    lines = await _lines(conn, service, district, law, period, list(people))
    known = {one.id: teacher_on(one, period, today) for one in people.values()}
    if posted is not None:
        known = {one: replace(facts, posted=posted[one]) for one, facts in known.items()}
    columns = lines.knowing(known)
    judged = await asyncio.to_thread(law.pack.standing_columns, period, columns, law.settings, today=today)
    return await asyncio.to_thread(_standings, judged, people)


def _standings(judged: StandingColumns, people: Container[str]) -> dict[str, outcome.Standing]:
    rows = [row for row, one in enumerate(judged.teachers) if one in people]
    return dict(zip((judged.teachers[row] for row in rows), standings_of(judged, rows), strict=True))


async def _people(conn: AsyncConnection, district: str, teachers: Sequence[str]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for start in range(0, len(teachers), PART):
        found |= await read_people(conn, district, teachers[start : start + PART])
    return found


async def _lines(
    conn: AsyncConnection,
    service: Service,
    district: str,
    law: InForce,
    period: outcome.Period,
    teachers: Sequence[str],
) -> LineColumns:
    """Return the lines by which the period is judged; where all are read, also those of teachers who were not named."""
    since, until = law.pack.lines_between(period, law.settings)
    if len(teachers) >= MANY:
        return await lines_of(conn, service, district, twelve_months(since, until), teachers)
    return await read_lines_of(conn, district, since, until, teachers)
