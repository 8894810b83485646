"""A rule pack as it travels: the regulation, clauses, parameters over time, and questions with their facts. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_rulekit.factfields import FactField as KitField
from yanxiu_rulekit.factfields import fact_fields
from yanxiu_rulekit.numbers import plain
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import DatedValue as KitValue
from yanxiu_rulekit.parameters import Parameter
from yanxiu_rulekit.setting import Allowed as KitAllowed
from yanxiu_rulekit.setting import shown
from yanxiu_rulekit.source import Clause as KitClause
from yanxiu_rulekit.source import declared_clause
from yanxiu_wire import rules as wire
from yanxiu_wire.explanation import Clause

from yanxiu_credits.rules.chosen import Chosen
from yanxiu_credits.rules.examples import examples_of


def pack_view(chosen: Chosen, parts: Collection[wire.Part] = ()) -> wire.RulePack:
    """Return a pack on its day with the parts that are asked for."""
    pack, source = chosen.pack, chosen.pack.source
    return wire.RulePack(
        jurisdiction=pack.jurisdiction,
        name=pack.name,
        version=pack.version,
        on=chosen.on,
        in_force=chosen.on >= source.applies_from,
        governs=chosen.governs,
        title=source.title,
        title_en=source.title_en,
        number=source.number,
        issuer=source.issuer,
        issuer_en=source.issuer_en,
        signed_on=source.signed_on,
        published_on=source.published_on,
        applies_from=source.applies_from,
        url=source.url,
        note=source.note,
        hours_unit=pack.credit.hours_unit if pack.credit else None,
        credits_unit=pack.credit.credits_unit if pack.credit else None,
        periods=tuple(rule.period for rule in pack.credit.standings) if pack.credit else (),
        clause_count=len(source.clauses),
        not_modelled_count=len(source.not_modelled),
        parameter_count=len(pack.parameters),
        clauses=tuple(clause_view(pack, one) for one in source.clauses.values()) if "clauses" in parts else (),
        parameters=parameter_views(pack.parameters.values(), chosen.on) if "parameters" in parts else (),
        decisions=decision_views(pack, pack.decisions) if "decisions" in parts else (),
        settings=_settings(chosen) if "settings" in parts else (),
    )


def clause_view(pack: RulePack, one: KitClause) -> wire.RuleClause:
    """Return a clause with its words, and the reason where nothing is computed of it."""
    return wire.RuleClause(
        clause=Clause(id=one.id, heading=one.heading, quotation=one.quotation, note=one.note),
        says_zh=one.says_zh,
        says_en=one.says_en,
        not_modelled=pack.source.not_modelled.get(one.id),
    )


def parameter_views(parameters: Iterable[Parameter], on: date) -> tuple[wire.RuleParameter, ...]:
    """Return parameters with their values over time, and the one in force on the day."""
    return tuple(_parameter(one, on) for one in parameters)


def _parameter(one: Parameter, on: date) -> wire.RuleParameter:
    try:
        in_force = _dated(one.in_force(on))
    except RuleNotInForce:
        in_force = None
    return wire.RuleParameter(
        name=one.name,
        label=one.label,
        label_en=one.label_en,
        unit=one.unit,
        values=tuple(_dated(dated) for dated in one.values),
        in_force=in_force,
        reading=one.reading,
        reading_note=one.reading_note,
        allowed=_allowed(one.allowed) if one.allowed is not None else None,
    )


def _dated(dated: KitValue) -> wire.DatedValue:
    value, rows = _value(dated.value)
    return wire.DatedValue(since=dated.since, value=value, rows=rows, clause=dated.cite)


def _value(value: Any) -> tuple[str | None, Mapping[str, str]]:
    """Return a single value as text, or the rows of a table."""
    if isinstance(value, Mapping):
        return None, {str(key): shown(inner) for key, inner in value.items()}
    return shown(value), {}


def _allowed(allowed: KitAllowed) -> wire.Allowed:
    return wire.Allowed(
        least=plain(allowed.min) if allowed.min is not None else None,
        most=plain(allowed.max) if allowed.max is not None else None,
        one_of=tuple(shown(one) for one in allowed.one_of),
    )


def _settings(chosen: Chosen) -> tuple[wire.DistrictSetting, ...]:
    """Return what the caller's own district set; the values were checked when the pack was bound."""
    found: list[wire.DistrictSetting] = []
    for name, setting in chosen.pack.parameters.checked(chosen.settings).items():
        parameter = chosen.pack.parameters[name]
        value, rows = _value(setting.value)
        found.append(
            wire.DistrictSetting(
                parameter=name,
                label=parameter.label,
                unit=parameter.unit,
                value=value,
                rows=rows,
                decided_by=setting.decided_by,
            )
        )
    return tuple(found)


def decision_views(pack: RulePack, kinds: Iterable[str]) -> tuple[wire.RuleDecision, ...]:
    """Return questions with the facts that each takes, in the pack's order."""
    examples = Counter(one.kind for one in examples_of(pack))
    record = pack.credit.record if pack.credit else None
    wanted = set(kinds)
    return tuple(
        wire.RuleDecision(
            kind=kind,
            asks_zh=one.asks_zh,
            clauses=one.clauses,
            facts=tuple(_field(each) for each in fact_fields(one.facts)),
            about="record" if kind == record else "other",
            examples=examples[kind],
        )
        for kind, one in pack.decisions.items()
        if kind in wanted
    )


def _field(one: KitField) -> wire.FactField:
    return wire.FactField(
        name=one.name,
        form=one.form,
        forms=one.forms,
        required=one.required,
        label=one.label,
        unit=one.unit,
        choices=one.choices,
        of=one.of,
        default=one.default,
        fields=tuple(_field(each) for each in one.fields),
    )


def answering(pack: RulePack, clause: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the kinds of question and the workflows that answer for a clause."""
    clauses = pack.source.clauses

    def named(told: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
        return tuple(name for name, cites in told if clause in {declared_clause(cite, clauses) for cite in cites})

    return named((kind, one.clauses) for kind, one in pack.decisions.items()), named(pack.carried_out())


def resting_on(pack: RulePack, clause: str) -> list[Parameter]:
    """Return the parameters of which a value cites the clause."""
    clauses = pack.source.clauses
    return [
        one
        for one in pack.parameters.values()
        if clause in {declared_clause(dated.cite, clauses) for dated in one.values}
    ]
