"""Judge teachers' periods from the ledger and the copy of the registry's facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA
from yanxiu_footing.registry_facts import Person
from yanxiu_footing.stored import thaw
from yanxiu_rulekit import outcome
from yanxiu_rulekit.facts import CreditLine, Teacher
from yanxiu_rulekit.numbers import from_micro

from yanxiu_credits.laws import InForce
from yanxiu_credits.service import Service
from yanxiu_credits.standings.instants import known_until
from yanxiu_credits.standings.known import people_known
from yanxiu_credits.standings.lines import read_rows


async def judge_teachers(
    conn: AsyncConnection,
    service: Service,
    district: str,
    law: InForce,
    period: outcome.Period,
    teachers: Sequence[str],
    *,
    as_known_at: datetime | None = None,
) -> dict[str, outcome.Standing]:
    """Judge each teacher's period by `law` and return the standings by teacher; one who is not known is left out.

    Two statements, whatever the number of teachers. What counts are the registrations in the period that are not
    reversed. The teacher's facts are those of the period's last day, or of today where it has not come yet. With
    `as_known_at` (an aware instant) both are as they were recorded until then. Raises `RuleNotInForce` where the pack
    has no value on the period's last day.
    """
    known_us = known_until(as_known_at)
    people = await people_known(conn, district, teachers, known_us)
    lines = await read_lines(conn, district, list(people), law, period, known_us=known_us)
    return judge_all(law, period, lines, people.values(), today_of(service, as_known_at))


def today_of(service: Service, as_known_at: datetime | None) -> date:
    """Return the day on which a question stands: today, or the day in China of the past instant asked about."""
    return service.clock.today() if as_known_at is None else as_known_at.astimezone(CHINA).date()


async def read_lines(
    conn: AsyncConnection,
    district: str,
    teachers: Sequence[str],
    law: InForce,
    period: outcome.Period,
    *,
    known_us: int | None = None,
) -> dict[str, tuple[CreditLine, ...]]:
    """Return the lines by which a period is judged, by teacher, each in the order of its days.

    They reach out of the period where the law carries something on, or tells it beside the figures.
    """
    if not teachers:
        return {}
    since, until = law.pack.lines_between(period, law.settings, told=True)
    return lines_by_teacher(await read_rows(conn, district, teachers, since, until, known_us=known_us))


def lines_by_teacher(rows: Iterable[Any]) -> dict[str, tuple[CreditLine, ...]]:
    """Return rows that stand in the order of teachers as the lines of each."""
    return {teacher: tuple(_line(row) for row in own) for teacher, own in groupby(rows, key=lambda row: row.teacher)}


def _line(row: Any) -> CreditLine:
    return CreditLine(
        id=row.record,
        on=row.on,
        hours=from_micro(row.micro_hours),
        credits=from_micro(row.micro_credits),
        attributes=thaw(row.attributes),
    )


def judge(
    law: InForce, period: outcome.Period, lines: Iterable[CreditLine], person: Person, today: date
) -> outcome.Standing:
    """Judge one teacher's period as it is today; the teacher's facts are those of its last day, or of today before."""
    return law.pack.standing(period, lines, teacher_on(person, period, today), law.settings, today=today)


def judge_all(
    law: InForce,
    period: outcome.Period,
    lines: Mapping[str, tuple[CreditLine, ...]],
    people: Iterable[Person],
    today: date,
) -> dict[str, outcome.Standing]:
    """Judge the same period of many teachers from what was read of them."""
    return {one.id: judge(law, period, lines.get(one.id, ()), one, today) for one in people}


def teacher_on(person: Person, period: outcome.Period, today: date) -> Teacher:
    """Return what a rule may know of the teacher on the period's last day, or today where that has not come.

    A head teacher is who was one on any day of the period.
    """
    known = person.on(min(period.end, today))
    if known is None:
        return Teacher()
    return Teacher(
        hired_on=known.hired_on,
        head_teacher=any(
            since <= period.end and (until is None or until >= period.start)
            for since, until in known.head_teacher_periods
        ),
        stage=known.stage,
        subject=known.subject,
        title=known.title,
    )
