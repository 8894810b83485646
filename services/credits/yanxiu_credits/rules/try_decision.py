"""Put a question to any installed law: what it would say of given facts, and why. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from yanxiu_footing.stored import simple
from yanxiu_rulekit.decision import Decision
from yanxiu_rulekit.errors import FactsRefused, RuleNotInForce, SettingRefused
from yanxiu_rulekit.factfields import FactField, fact_fields
from yanxiu_rulekit.facts import read_facts
from yanxiu_rulekit.outcome import Decided
from yanxiu_rulekit.pack import RulePack
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District
from yanxiu_wire.rules import DecisionTried, PackAsked, TryDecision

from yanxiu_credits import refusals
from yanxiu_credits.explain import explanation, step
from yanxiu_credits.fact_refusals import fact_malformed
from yanxiu_credits.law_facts import choices, read_values
from yanxiu_credits.laws import Laws
from yanxiu_credits.policy.refuse import setting_refused
from yanxiu_credits.rules import refusals as own_refusals
from yanxiu_credits.rules.bounds import small_enough
from yanxiu_credits.rules.chosen import Chosen, choose, own_district
from yanxiu_credits.service import Service

_RECORD = "record"


async def try_decision(
    service: Service, district: str, query: TryDecision, _deadline: Deadline
) -> DecisionTried | Refused:
    """Return what the law says of the facts on the day: the one given, else the one that the facts name, else today.

    What the law itself refuses is part of the answer. Refuses with RULE_PACK_UNKNOWN, LAW_NOT_IN_FORCE, LAW_UNUSABLE,
    QUESTION_UNKNOWN, FACTS_TOO_LARGE, FACT_MALFORMED or SETTING_REFUSED.
    """
    refused = small_enough("facts", query.facts) or small_enough("settings", query.settings or {})
    if refused is not None:
        return refused
    known = await own_district(service, district)
    return tried(service.laws, known, query, service.clock.today())


def tried(laws: Laws, known: District | None, query: TryDecision, today: date) -> DecisionTried | Refused:
    """Answer without looking anything up: by the law of the day that governs, under its settings."""
    chosen = choose(laws, known, query.law, today)
    if isinstance(chosen, Refused):
        return chosen
    day = _day(chosen.pack, query, today)
    if isinstance(day, date) and day != chosen.on:
        # On the day that the facts name another pack may govern the district.
        chosen = choose(laws, known, PackAsked(jurisdiction=query.law.jurisdiction, on=day), today)
    for one in (day, chosen):
        if isinstance(one, Refused):
            return one
    return _answer(chosen, query)  # type: ignore[arg-type]  # refusals were returned above


def _day(pack: RulePack, query: TryDecision, today: date) -> date | Refused:
    """Return the day that governs: the one given, else the one that the facts name, else today."""
    asked = _question(pack, query.kind)
    if query.law.on is not None or isinstance(asked, Refused):
        return asked if isinstance(asked, Refused) else query.law.on or today
    try:
        return asked.day(read_facts(asked.facts, _given(pack, asked, query.facts, None))) or today
    except FactsRefused as wrong:
        return _malformed(wrong, pack, asked, query)


def _answer(chosen: Chosen, query: TryDecision) -> DecisionTried | Refused:
    pack, day = chosen.pack, chosen.on
    asked = _question(pack, query.kind)
    if isinstance(asked, Refused):
        return asked
    if day < pack.source.applies_from:
        return refusals.law_not_in_force(day, field="law.on", since=pack.source.applies_from)
    settings = {**chosen.settings, **(query.settings or {})}
    given = _given(pack, asked, query.facts, query.law.on)
    try:
        decided = pack.decide(asked.kind, given, on=day, settings=settings)
    except FactsRefused as wrong:
        return _malformed(wrong, pack, asked, query)
    except RuleNotInForce:
        return refusals.law_not_in_force(day, field="law.on")
    except SettingRefused as wrong:
        return setting_refused(wrong.parameter, wrong.value, wrong.problem)
    return _view(chosen, asked, decided, settings, query)


def _question(pack: RulePack, kind: str | None) -> Decision | Refused:
    asked = kind or (pack.credit.record if pack.credit else "")
    found = pack.decisions.get(asked)
    return found if found is not None else own_refusals.question_unknown(kind, tuple(pack.decisions))


def _given(pack: RulePack, asked: Decision, facts: Mapping[str, Any], on: date | None) -> dict[str, Any]:
    """Return the question's facts; those of a record may stand by themselves, as they are registered, with its day."""
    if not _is_record(pack, asked):
        return dict(facts)
    nested = _is_nested(facts)
    record = read_values(pack, facts[_RECORD] if nested else facts)
    if on is not None:
        record.setdefault("date", on)
    return {**(facts if nested else {}), _RECORD: record}


def _is_record(pack: RulePack, asked: Decision) -> bool:
    return pack.credit is not None and asked.kind == pack.credit.record


def _is_nested(facts: Mapping[str, Any]) -> bool:
    return isinstance(facts.get(_RECORD), Mapping)


def _place(pack: RulePack, asked: Decision, query: TryDecision, field: str) -> str:
    """Return where a fact that the law names stands in what was asked; the day may stand outside the facts."""
    flat = _is_record(pack, asked) and not _is_nested(query.facts)
    inner = field.removeprefix(_RECORD).lstrip(".") if flat else field
    if inner == "date" and query.law.on is not None and "date" not in query.facts:
        return "law.on"
    return f"facts.{inner}" if inner and inner != "facts" else "facts"


def _malformed(wrong: FactsRefused, pack: RulePack, asked: Decision, query: TryDecision) -> Refused:
    """Return the refusal of a fact that cannot be read: its path as it was given, and what can be given there."""
    _, _, missing = wrong.problem.partition("missing required field `")
    field, value = wrong.field, wrong.value
    if missing:
        field, value = ".".join(part for part in (field, missing.partition("`")[0]) if part != "facts"), None
    path = _place(pack, asked, query, field)
    fields = _beside(fact_fields(asked.facts), field)
    listed = next((one.choices for one in fields if one.name == field.rpartition(".")[2]), ())
    listed = listed or (choices(pack, field.removeprefix("record.")) if _is_record(pack, asked) else ())
    return fact_malformed(path, value, wrong.problem, [one.name for one in fields], listed)


def _beside(fields: tuple[FactField, ...], path: str) -> tuple[FactField, ...]:
    """Return the facts that stand where a path leads, such as those of a record for `records[2].score`."""
    for part in path.split(".")[:-1]:
        name = part.partition("[")[0]
        inner = next((one.fields for one in fields if one.name == name), ())
        fields = inner or fields
    return fields


def _view(
    chosen: Chosen, asked: Decision, decided: Decided, settings: Mapping[str, Any], query: TryDecision
) -> DecisionTried:
    pack = chosen.pack
    told = explanation(
        pack,
        name=decided.pack,
        version=decided.version,
        on=decided.on,
        steps=tuple(step(one) for one in decided.steps),
    )
    refused = zip(decided.refusals, refusals.by_law(decided.refusals), strict=True)
    return DecisionTried(
        jurisdiction=pack.jurisdiction,
        kind=decided.kind,
        on=decided.on,
        result=simple(decided.result),
        settings=simple(settings),
        explanation=told,
        refusals=tuple(
            msgspec.structs.replace(item, field=_place(pack, asked, query, one.field)) for one, item in refused
        ),
    )
