"""Two laws side by side, or one law on two days: what each asks of a teacher, its parameters, its questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_rulekit.facts import Teacher
from yanxiu_rulekit.numbers import plain
from yanxiu_rulekit.outcome import Finding, Period
from yanxiu_rulekit.pack import RulePack
from yanxiu_rulekit.parameters import DatedValue, Parameter
from yanxiu_rulekit.setting import Allowed, shown
from yanxiu_rulekit.valuewords import in_chinese

OPERATOR_ZH = {"at_least": "不少于", "at_most": "不超过", "below": "低于"}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What one side says in a row: its words, and the clause and the day they rest on, where there are any."""

    text: str
    clause: str = ""
    since: date | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a comparison: what is compared, and what each side says; None where it says nothing."""

    name: str
    label: str
    first: Told | None
    second: Told | None

    @property
    def differs(self) -> bool:
        """Whether the two sides say different things; the clause and the day alone make no difference."""
        here, there = (one.text if one is not None else None for one in (self.first, self.second))
        return here != there


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Two laws on their days: who they are, what they ask of a teacher, their parameters and their questions.

    `parameters` holds one row for each name that either has; two laws share a row only where they share the name.
    """

    source: tuple[Row, ...]
    duties: tuple[Row, ...]
    parameters: tuple[Row, ...]
    questions: tuple[Row, ...]


class PackOn(msgspec.Struct, frozen=True):
    """A pack, and the day on which it is looked at."""

    pack: RulePack
    on: date


def compare_packs(first: PackOn, second: PackOn) -> Compared:
    """Return the two side by side, every row of both, whether it differs or not; what a district sets is no part."""
    return Compared(
        source=tuple(_source(first, second)),
        duties=tuple(_paired(_duties(first), _duties(second))),
        parameters=tuple(_paired(_parameters(first), _parameters(second))),
        questions=tuple(_paired(_questions(first.pack), _questions(second.pack))),
    )


def days_of_change(pack: RulePack) -> tuple[date, ...]:
    """Return the days on which any value of the pack changes, the first day of each parameter left out, in order."""
    return tuple(sorted({dated.since for one in pack.parameters.values() for dated in one.values[1:]}))


_Side = Mapping[str, tuple[str, Told]]


def _paired(first: _Side, second: _Side) -> Iterator[Row]:
    for name in dict.fromkeys([*first, *second]):
        here, there = first.get(name), second.get(name)
        label = (here or there or ("", None))[0]
        yield Row(name=name, label=label, first=here[1] if here else None, second=there[1] if there else None)


def _source(first: PackOn, second: PackOn) -> Iterator[Row]:
    sides = [_head(one) for one in (first, second)]
    yield from _paired(*sides)


def _head(side: PackOn) -> _Side:
    source, credit = side.pack.source, side.pack.credit
    told = {
        "title": ("文件", source.title),
        "issuer": ("制定机关", source.issuer),
        "applies_from": ("适用自", source.applies_from.isoformat()),
        "on": ("以哪天为准", side.on.isoformat()),
        "release": ("规则包", f"{side.pack.name} {side.pack.version}"),
        "units": ("计量", f"{credit.hours_unit}、{credit.credits_unit}" if credit else "不计学分"),
        "clauses": ("条款", f"{len(source.clauses)}条，未建模{len(source.not_modelled)}条"),
    }
    return {name: (label, Told(text=text)) for name, (label, text) in told.items() if text}


def duties_on(pack: RulePack, on: date) -> Iterator[tuple[Period, Finding]]:
    """Yield what each period that contains the day asks of a teacher of whom nothing is known, with its threshold.

    Nothing for a period on whose last day the law has no value.
    """
    for rule in pack.credit.standings if pack.credit else ():
        try:
            period = pack.period(rule.period, on)
            judged = pack.standing(period, (), Teacher())
        except RuleNotInForce:
            continue
        for found in judged.findings:
            yield period, found


def _duties(side: PackOn) -> _Side:
    """Return what is asked, by period and measure; two of one measure are told apart by clause."""
    found: dict[str, tuple[str, Told]] = {}
    labels = {rule.period: rule.label_zh for rule in side.pack.credit.standings} if side.pack.credit else {}
    for period, one in duties_on(side.pack, side.on):
        text = _asked(one) + ("" if one.binding else "（只作提示）")
        name = f"{period.kind}.{one.measure}"
        name = f"{name}.{one.clause}" if name in found else name
        label = f"{labels[period.kind]}：{one.label_zh}"
        since = max((reading.since for reading in one.readings), default=None)
        found[name] = (label, Told(text=text, clause=one.clause, since=since))
    return found


def _asked(found: Finding) -> str:
    """Say a threshold; one that is a share of what is earned comes to nothing while nothing is."""
    if found.operator == "at_least" and not found.threshold:
        return "按所得的比例"
    return f"{OPERATOR_ZH.get(found.operator, found.operator)}{plain(found.threshold)} {found.unit}".rstrip()


def _parameters(side: PackOn) -> _Side:
    found: dict[str, tuple[str, Told]] = {}
    for one in side.pack.parameters.values():
        try:
            dated = one.in_force(side.on)
        except RuleNotInForce:
            continue
        found[one.name] = (one.label, Told(text=value_text(one, dated), clause=dated.cite, since=dated.since))
    return found


def value_text(parameter: Parameter, dated: DatedValue) -> str:
    """Return a value as an official reads it: with its unit, a table row by row."""
    # Yes and no need no unit; such a parameter bears the word for the choice.
    unit = "" if _chosen(dated.value) else parameter.unit
    if not isinstance(dated.value, Mapping):
        return f"{one_value(dated.value)} {unit}".rstrip()
    rows = "、".join(f"{one_value(key)} {one_value(value)}" for key, value in dated.value.items())
    return f"{rows}（{unit}）" if unit else rows


def _chosen(value: Any) -> bool:
    values = value.values() if isinstance(value, Mapping) else (value,)
    return all(isinstance(one, bool) for one in values)


def allowed_text(allowed: Allowed) -> str:
    """Return what a district may set, as an official reads it: a range, single values, or both."""
    bounds = [f"不小于{plain(allowed.min)}"] if allowed.min is not None else []
    bounds += [f"不大于{plain(allowed.max)}"] if allowed.max is not None else []
    if allowed.min is not None and allowed.max is not None:
        bounds = [f"{plain(allowed.min)}至{plain(allowed.max)}"]
    return "，或".join([*bounds, *(["、".join(one_value(one) for one in allowed.one_of)] if allowed.one_of else [])])


def one_value(value: Any) -> str:
    """Return one value as text: yes and no in Chinese."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return in_chinese(shown(value))


def _questions(pack: RulePack) -> _Side:
    found: dict[str, tuple[str, Told]] = {}
    for kind, one in pack.decisions.items():
        found[kind] = (kind, Told(text=one.asks_zh or kind, clause=_first(one.clauses)))
    for name, workflow in pack.workflows.items():
        found[f"workflow.{name}"] = (f"流程 {name}", Told(text=workflow.label, clause=_first(workflow.clauses)))
    return found


def _first(clauses: Iterable[str]) -> str:
    return next(iter(clauses), "")
