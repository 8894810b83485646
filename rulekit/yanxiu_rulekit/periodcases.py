"""Cases that ask a period: a teacher's records of some days, and what the law says of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from yanxiu_rulekit.casefile import Case
from yanxiu_rulekit.errors import FactsRefused
from yanxiu_rulekit.facts import CreditLine, Facts, Teacher, read_facts
from yanxiu_rulekit.outcome import Decided, Standing
from yanxiu_rulekit.pack import RulePack

# A case of the kind `standing.school_year` asks the pack's standing of that period.
PREFIX = "standing."


class PeriodFacts(Facts, frozen=True, kw_only=True):
    """What a case gives of a period: the records with their facts and days, who the teacher is, and what day it is."""

    records: tuple[Mapping[str, Any], ...] = ()
    teacher: Teacher = Teacher()
    today: date | None = None


def asks_a_period(case: Case) -> bool:
    """Say whether a case asks a period."""
    return case.kind.startswith(PREFIX)


def decide_period(pack: RulePack, case: Case) -> Decided:
    """Judge the period around the day of a case from its records, each assessed by the law of its own day.

    Raises `FactsRefused`, and what the pack raises: `DecisionUnknown` for a period that it does not judge.
    """
    if case.on is None:
        raise FactsRefused(field="on", value=None, problem="missing; a day of the period that is judged")
    facts = read_facts(PeriodFacts, case.given)
    period = pack.period(case.kind.removeprefix(PREFIX), case.on, case.settings)
    lines = tuple(_lines(pack, facts, case.settings))
    judged = pack.standing(period, lines, facts.teacher, case.settings, today=facts.today)
    return Decided(
        kind=case.kind,
        pack=pack.name,
        version=pack.version,
        on=period.end,
        result=_result(judged),
        steps=judged.steps,
        refusals=(),
    )


def _lines(pack: RulePack, facts: PeriodFacts, settings: Mapping[str, Any]) -> Iterator[CreditLine]:
    """Yield the lines that the records make, as the ledger holds them; what does not count makes none."""
    for number, record in enumerate(facts.records):
        place = f"records[{number}]"
        if not isinstance(day := record.get("date"), date):
            raise FactsRefused(field=f"{place}.date", value=day, problem="missing; the day of the record, as a date")
        worth = pack.assess(record, on=day, settings=settings)
        if worth.decided.refusals:
            raise FactsRefused(field=place, value=dict(record), problem=worth.decided.refusals[0].en)
        if worth.status == "COUNTED":
            yield CreditLine(
                id=f"line-{number}", on=day, hours=worth.hours, credits=worth.credits, attributes=worth.attributes
            )


def _result(judged: Standing) -> Mapping[str, Any]:
    """Return what a case may expect: the verdict, the sums, what is missing by measure, and what the pack tells."""
    return {
        **judged.result,
        "verdict": judged.verdict,
        "period": judged.period.label,
        "start": judged.period.start,
        "end": judged.period.end,
        "hours": judged.hours,
        "credits": judged.credits,
        "recognised_hours": judged.recognised_hours,
        "recognised_credits": judged.recognised_credits,
        "missing": {one.measure: one.shortfall for one in judged.findings if not one.met},
    }
