"""Where teachers stand in a year or a cycle: every requirement of the law with its shortfall."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from yanxiu_rulekit import outcome
from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_rulekit.facts import CreditLine, Teacher
from yanxiu_rulekit.numbers import from_micro
from yanxiu_wire.credits import GetStandings, Standing, Standings
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District

from yanxiu_credits import refusals
from yanxiu_credits.explain import explanation, finding, step
from yanxiu_credits.laws import InForce, Laws
from yanxiu_credits.paging import few_enough
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.store.facts import Person, read_district, read_people
from yanxiu_credits.store.records import counted_lines
from yanxiu_credits.stored import thaw


async def get_standings(
    service: Service, district: str, query: GetStandings, _deadline: Deadline
) -> Standings | Refused:
    """Return each teacher's standing in the period that contains `on`; None for a teacher unknown or out of scope.

    Three statements in all, for any number of teachers. Refuses with PERIOD_UNKNOWN, LAW_NOT_IN_FORCE or
    LAW_UNUSABLE.
    """
    too_many = few_enough("teachers", query.teachers)
    if too_many is not None:
        return too_many
    today = service.clock.today()
    async with service.databases.read(district) as conn:
        chosen = period_and_law(service.laws, await read_district(conn, district), query.kind, query.on or today, today)
        if isinstance(chosen, Refused):
            return chosen
        period, law = chosen
        people = await read_people(conn, district, query.teachers)
        seen = _in_scope(query, people, min(period.end, today), today)
        rows = await counted_lines(conn, district, seen, period.start, period.end) if seen else []
    lines = {teacher: tuple(_line(row) for row in own) for teacher, own in groupby(rows, key=lambda row: row.teacher)}
    try:
        made = _judged(law, period, lines, [people[one] for one in seen], min(period.end, today))
    except RuleNotInForce:
        return refusals.law_not_in_force(period.end)
    return Standings(items=tuple(made.get(teacher) for teacher in query.teachers))


def period_and_law(
    laws: Laws, district: District | None, kind: str, day: date, today: date
) -> tuple[outcome.Period, InForce] | Refused:
    """Return the period of a kind that contains the day, and the law that judges it: that of its last day, or today's.

    A district that came under another pack within the period is judged by the one in force at its end.
    """
    begun = min(day, today)
    law = laws.in_force(district, begun)
    period = _period(law, kind, day)
    if isinstance(period, Refused):
        return period
    at_end = laws.in_force(district, max(min(period.end, today), begun))
    if isinstance(at_end, InForce) and isinstance(law, InForce) and at_end.pack is not law.pack:
        period = _period(at_end, kind, day)
    if isinstance(period, Refused):
        return period
    return at_end if isinstance(at_end, Refused) else (period, at_end)


def _period(law: InForce | Refused, kind: str, day: date) -> outcome.Period | Refused:
    if isinstance(law, Refused):
        return law
    kinds = [one.period for one in law.credit.standings]
    if kind not in kinds:
        return refusals.period_unknown(kind, kinds)
    try:
        return law.pack.period(kind, day, law.settings)
    except RuleNotInForce:
        return refusals.law_not_in_force(day)


def _in_scope(query: GetStandings, people: dict[str, Person], day: date, today: date) -> list[str]:
    scope = scope_of(query.caller)
    return [one.id for one in people.values() if scope.covers(one.id, one.school_on(today), one.school_on(day))]


def _judged(
    law: InForce,
    period: outcome.Period,
    lines: Mapping[str, tuple[CreditLine, ...]],
    people: Iterable[Person],
    day: date,
) -> dict[str, Standing]:
    return {one.id: judge(law, period, lines.get(one.id, ()), one, day) for one in people}


def _line(row: Any) -> CreditLine:
    return CreditLine(
        id=row.record,
        on=row.on,
        hours=from_micro(row.micro_hours),
        credits=from_micro(row.micro_credits),
        attributes=thaw(row.attributes),
    )


def judge(law: InForce, period: outcome.Period, lines: Iterable[CreditLine], person: Person, day: date) -> Standing:
    """Judge one teacher's period and return it with its explanation."""
    judged = law.pack.standing(period, lines, teacher_on(person, period, day), law.settings)
    findings = tuple(finding(one) for one in judged.findings)
    return Standing(
        teacher=person.id,
        kind=period.kind,
        label=period.label,
        starts_on=period.start,
        ends_on=period.end,
        verdict=judged.verdict,  # type: ignore[arg-type]  # the kit's text is one of the three by its contract
        hours=judged.hours,
        credits=judged.credits,
        recognised_hours=judged.recognised_hours,
        recognised_credits=judged.recognised_credits,
        hours_unit=law.credit.hours_unit,
        credits_unit=law.credit.credits_unit,
        findings=findings,
        explanation=explanation(
            law.pack,
            name=law.pack.name,
            version=law.pack.version,
            on=period.end,
            steps=tuple(step(one) for one in judged.steps),
            findings=findings,
        ),
    )


def teacher_on(person: Person, period: outcome.Period, day: date) -> Teacher:
    """Return what a rule may know of the teacher; a head teacher is who was one on any day of the period."""
    known = person.on(day)
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
