"""What one record of a transcript is worth here: recognised, not recognised, or to be reviewed, and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from yanxiu_rulekit.decision import Moved
from yanxiu_rulekit.errors import FactsRefused, RuleNotInForce
from yanxiu_rulekit.outcome import Assessment, Decided
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.transfer import TransferOutcome

from yanxiu_credits.assess import exact_micro, malformed
from yanxiu_credits.law_facts import known_facts, read_values
from yanxiu_credits.laws import InForce
from yanxiu_credits.refusals import fact_path
from yanxiu_credits.transfer import refusals


class BroughtRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One record of a transcript: its entry there, its day, its facts, what it counted and in which units.

    `source` says where it was first entered (`<district>:<entry>`): the origin, or where it had been brought from.
    `training` names what was trained, `<district>:<activity>` of its first entry: a correction keeps it, and so does
    every district that it comes through.
    """

    entry: str
    source: str
    training: str
    on: date
    jurisdiction: str
    facts: Mapping[str, Any]
    hours: Decimal
    credits: Decimal
    hours_unit: str
    credits_unit: str
    reversed: bool = False


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """A verified transcript: who issued it for whom (the origin's own id, no name), when, and the records in it."""

    origin: str
    teacher: str
    issued_at: datetime
    records: tuple[BroughtRecord, ...]


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """What the receiving official states of the move."""

    within_city: bool
    same_stage: bool


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What a record comes to: outcome, amounts in millionths, the law's clauses, the service's doubts.

    `attributes` is what later judging needs of a recognised record; `decided` the law's word, None where it is silent.
    """

    outcome: TransferOutcome
    micro_hours: int = 0
    micro_credits: int = 0
    clauses: tuple[str, ...] = ()
    doubts: tuple[RefusalItem, ...] = ()
    attributes: Mapping[str, Any] | None = None
    decided: Decided | None = None


def assess_transfer(
    one: BroughtRecord,
    stated: Stated,
    law: InForce,
    today: date,
    standing: str | None,
    *,
    own: bool = False,
    doubt: RefusalItem | None = None,
) -> Judged:
    """Judge one record by the law of the day on which it is received.

    `standing` is the record that was made here of the same entry and counts; `own` says that it was first entered in
    this district, and so never left its ledger; `doubt` what earlier transfers leave to an official. Nothing is
    converted: a record in other units, or whose facts this law cannot read, is left to an official, whatever the law
    says of transfers.
    """
    if one.reversed:
        # What stands here of an entry that the origin took back is an official's to settle.
        outcome: TransferOutcome = "not-recognised" if standing is None else "review"
        return Judged(outcome=outcome, doubts=(refusals.reversed_there(standing),))
    if own:
        return Judged(outcome="not-recognised", doubts=(refusals.never_left(one.source),))
    if standing is not None:
        return Judged(outcome="not-recognised", doubts=(refusals.transferred_before(standing),))
    doubts = [*([doubt] if doubt is not None else []), *_of_units(one, law)]
    if law.credit.transfer is None:
        return Judged(outcome="review", doubts=(refusals.law_silent(law.pack.jurisdiction), *doubts))
    try:
        decided = law.pack.transferred(_moved(one, stated), on=today, settings=law.settings)
    except FactsRefused:
        return Judged(outcome="review", doubts=(refusals.unreadable_here(), *doubts))
    clauses = tuple(str(clause) for clause in decided.result.get("reasons", ()))
    recognised = decided.result["recognised"]
    if recognised is None or recognised is False:
        outcome = "review" if recognised is None else "not-recognised"
        return Judged(outcome=outcome, clauses=clauses, doubts=tuple(doubts), decided=decided)
    return _recognised(one, law, today, decided, clauses, doubts)


def _recognised(
    one: BroughtRecord,
    law: InForce,
    today: date,
    decided: Decided,
    clauses: tuple[str, ...],
    doubts: list[RefusalItem],
) -> Judged:
    """The law recognises it: it counts unless the service has a doubt of its own."""
    amounts = [Decimal(decided.result[name]) for name in ("hours", "credits")]
    micro = [exact_micro(amount) for amount in amounts]
    doubts += [refusals.amount_inexact(n) for n, exact in zip(amounts, micro, strict=True) if exact is None]
    attributes = attributes_here(law, one.facts, one.on, today)
    if attributes is None:
        doubts.append(refusals.unreadable_here())
    hours, credit = micro
    if doubts or hours is None or credit is None:
        return Judged(outcome="review", clauses=clauses, doubts=tuple(doubts), decided=decided)
    return Judged(
        outcome="recognised",
        micro_hours=hours,
        micro_credits=credit,
        clauses=clauses,
        attributes=attributes,
        decided=decided,
    )


def _of_units(one: BroughtRecord, law: InForce) -> list[RefusalItem]:
    theirs, ours = (one.hours_unit, one.credits_unit), (law.credit.hours_unit, law.credit.credits_unit)
    return [] if theirs == ours else [refusals.units_differ(theirs, ours)]


def same_units(hours_unit: str, credits_unit: str, law: InForce) -> bool:
    """Say whether amounts in these units are amounts under this law."""
    return (hours_unit, credits_unit) == (law.credit.hours_unit, law.credit.credits_unit)


def _moved(one: BroughtRecord, stated: Stated) -> Moved:
    return Moved(
        jurisdiction=one.jurisdiction,
        on=one.on,
        record=one.facts,
        hours=one.hours,
        credits=one.credits,
        hours_unit=one.hours_unit,
        credits_unit=one.credits_unit,
        within_city=stated.within_city,
        same_stage=stated.same_stage,
    )


def attributes_here(law: InForce, facts: Mapping[str, Any], on: date, today: date) -> Mapping[str, Any] | None:
    """Return what this law's judgement of a period needs of a record with these facts; None as in `worth_here`."""
    said = worth_here(law, facts, on, today)
    return said.attributes if said is not None else None


def worth_here(law: InForce, facts: Mapping[str, Any], on: date, today: date) -> Assessment | None:
    """Return what a record with these facts would be worth under this law.

    The law of the record's day is asked, or today's where none was in force then. None where it cannot read the facts,
    refuses them or finds them worth nothing.
    """
    for day in (on, today):
        try:
            said = law.pack.assess(
                read_values(law.pack, {**facts, "date": day.isoformat()}), on=day, settings=law.settings
            )
        except FactsRefused:
            return None
        except RuleNotInForce:
            continue
        return said if said.status == "COUNTED" and not said.decided.refusals else None
    return None


def unreadable_fact(law: InForce, facts: Mapping[str, Any], on: date, today: date) -> str | None:
    """Return the fact that keeps this law from reading a record, missing or not as it must be; None where none does."""
    for day in (on, today):
        try:
            given = read_values(law.pack, {**facts, "date": day.isoformat()})
            said = law.pack.assess(given, on=day, settings=law.settings)
        except FactsRefused as wrong:
            return malformed(wrong, law, known_facts(law.pack)).errors[0].field
        except RuleNotInForce:
            continue
        return next((fact_path(one.field) for one in said.decided.refusals), None)
    return None
