"""What a training would bring a teacher: its worth, and where the teacher would then stand. Nothing is written."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import Clock
from yanxiu_footing.registry_facts import Person, read_district, read_people
from yanxiu_footing.stored import simple
from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_rulekit.facts import CreditLine
from yanxiu_rulekit.numbers import from_micro
from yanxiu_wire.credits import RegisterTraining
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rules import StandingTried, TrainingTried, TryTraining

from yanxiu_credits import refusals
from yanxiu_credits.explain import explanation, step
from yanxiu_credits.laws import InForce
from yanxiu_credits.record_training import Training
from yanxiu_credits.register_training import prepare
from yanxiu_credits.rules.bounds import small_enough
from yanxiu_credits.service import Service
from yanxiu_credits.standings.judge import judge, read_lines
from yanxiu_credits.standings.periods import period_and_law
from yanxiu_credits.standings.view import standing_view

# Its line stands behind all others of its day, as one that is entered last does.
_ITS_LINE = "~tried"
# A day further off is a slip of the pen; no cycle is longer.
_MOST_YEARS_AHEAD = 10


class _OnThatDay(Clock):
    """A clock that stands on a day to come."""

    def __init__(self, clock: Clock, on: date) -> None:
        self._clock = clock
        self._ahead = on - clock.today()

    def now(self) -> datetime:
        return self._clock.now() + self._ahead


async def try_training(
    service: Service, district: str, query: TryTraining, _deadline: Deadline
) -> TrainingTried | Refused:
    """Return what `register_training` would answer on that day, and every period that it would change, both ways.

    Refuses as `register_training` does, with DAY_TOO_FAR for a day more than ten years ahead, and with FACTS_TOO_LARGE.
    """
    refused = small_enough("facts", query.facts) or _too_far(service, query.on)
    if refused is not None:
        return refused
    today = max(query.on, service.clock.today())
    if query.on > service.clock.today():
        service = dataclasses.replace(service, clock=_OnThatDay(service.clock, query.on))
    command = RegisterTraining(
        caller=query.caller, key="-", teacher=query.teacher, on=query.on, project=query.project, facts=query.facts
    )
    async with service.databases.read(district) as conn:
        training = await prepare(service, conn, district, command)
        if isinstance(training, Refused):
            return training
        person = (await read_people(conn, district, [query.teacher]))[query.teacher]
        try:
            standings = await _standings(service, conn, district, training, person, today)
        except RuleNotInForce:
            return refusals.law_not_in_force(query.on)
    return standings if isinstance(standings, Refused) else _view(training, standings)


def _too_far(service: Service, on: date) -> Refused | None:
    last = service.clock.today() + timedelta(days=366 * _MOST_YEARS_AHEAD)
    if on <= last:
        return None
    return refusals.refuse(
        "DAY_TOO_FAR",
        field="on",
        value=on,
        zh=f"{on.isoformat()} 太远，至多试算到 {last.isoformat()}。",
        en=f"{on} is too far off; the last day that is tried is {last}.",
        remedy=("请核对日期。", "Check the day."),
    )


async def _standings(
    service: Service, conn: AsyncConnection, district: str, training: Training, person: Person, today: date
) -> list[StandingTried] | Refused:
    """Judge each period that the training changes, without it and with it; a record worth nothing changes none."""
    known, law, assessed = await read_district(conn, district), training.law, training.assessed
    attributes = assessed.assessment.attributes
    line = CreditLine(
        id=_ITS_LINE,
        on=training.command.on,
        hours=from_micro(assessed.micro_hours),
        credits=from_micro(assessed.micro_credits),
        attributes=attributes,
    )
    counted = assessed.assessment.status == "COUNTED"
    days = _days(law, line) if counted else [line.on]
    found: dict[tuple[str, date], StandingTried] = {}
    for kind in (rule.period for rule in law.credit.standings):
        for day in days:
            chosen = period_and_law(service.laws, known, kind, day, today)
            if isinstance(chosen, Refused):
                return chosen
            period, its_law = chosen
            if (kind, period.start) in found:
                continue
            lines = (await read_lines(conn, district, [person.id], its_law, period)).get(person.id, ())
            later = _with(lines, line) if counted else lines
            found[kind, period.start] = StandingTried(
                before=standing_view(its_law, judge(its_law, period, lines, person, today), lines, person, today),
                after=standing_view(its_law, judge(its_law, period, later, person, today), later, person, today),
            )
    return list(found.values())


def _days(law: InForce, line: CreditLine) -> Sequence[date]:
    touched = law.credit.touched(line.on, line.attributes, law.pack.law(line.on, law.settings))
    return list(dict.fromkeys((line.on, *touched)))


def _with(lines: Sequence[CreditLine], line: CreditLine) -> tuple[CreditLine, ...]:
    # Sorting is stable: behind all others of its day.
    return tuple(sorted((*lines, line), key=lambda one: one.on))


def _view(training: Training, standings: Sequence[StandingTried]) -> TrainingTried:
    law, assessed = training.law, training.assessed
    assessment = assessed.assessment
    decided = assessment.decided
    status: Any = assessment.status
    return TrainingTried(
        teacher=training.command.teacher,
        on=training.command.on,
        status=status,
        hours=from_micro(assessed.micro_hours),
        credits=from_micro(assessed.micro_credits),
        hours_unit=law.credit.hours_unit,
        credits_unit=law.credit.credits_unit,
        reasons=assessed.reasons,
        facts=simple(assessed.facts),
        explanation=explanation(
            law.pack,
            name=decided.pack,
            version=decided.version,
            on=decided.on,
            steps=tuple(step(one) for one in decided.steps),
        ),
        standings=tuple(standings),
    )
