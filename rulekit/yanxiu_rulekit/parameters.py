"""Dated parameters: every number of a regulation with its unit, the day it came into force and its clause."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import msgspec

from yanxiu_rulekit.errors import ParameterRefused, RuleNotInForce
from yanxiu_rulekit.outcome import Reading
from yanxiu_rulekit.setting import Allowed, Setting, checked_setting, load_allowed, value_matches
from yanxiu_rulekit.source import declared_clause
from yanxiu_rulekit.toml import File, date_in, known_keys, read_toml, table_in, text_in


class DatedValue(msgspec.Struct, frozen=True, kw_only=True):
    """A value from `since` on, until the next one: a decimal, a text, a boolean, or rows of these."""

    since: date
    value: Any
    cite: str


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter: how officials call it, its unit, its values by date, and what a district may set instead.

    `reading` is the id of a gap in the regulation that was filled, `reading_note` a sentence saying how.
    """

    name: str
    label: str
    label_en: str
    unit: str
    values: tuple[DatedValue, ...]
    reading: str = ""
    reading_note: str = ""
    allowed: Allowed | None = None

    def in_force(self, on: date) -> DatedValue:
        """Return the value of a day; raises `RuleNotInForce` before the first one."""
        index = bisect_right(self.values, on, key=lambda dated: dated.since)
        if index == 0:
            raise RuleNotInForce(f"{self.name}: no value in force on {on}; the first one starts {self.values[0].since}")
        return self.values[index - 1]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter as it stands on one day in one district."""

    parameter: Parameter
    value: Any
    since: date
    cite: str
    decided_by: str | None = None
    decided_rows: frozenset[str] = frozenset()

    def reading(self, value: Any, key: str | None = None) -> Reading:
        """Return the note of having read `value` (of the row `key` of a table) for an explanation."""
        decided = key is None or key in self.decided_rows
        return Reading(
            parameter=self.parameter.name,
            label=self.parameter.label,
            value=value,
            unit=self.parameter.unit,
            since=self.since,
            cite=self.cite,
            key=key,
            decided_by=self.decided_by if decided else None,
        )


class Parameters(Mapping[str, Parameter]):
    """All parameters of a pack by name."""

    def __init__(self, parameters: Mapping[str, Parameter], *, file: str) -> None:
        self._by_name = dict(parameters)
        self._found: dict[tuple[str, date], Found] = {}
        self.file = file

    def __getitem__(self, name: str) -> Parameter:
        try:
            return self._by_name[name]
        except KeyError:
            raise KeyError(f"{self.file}: no parameter {name!r}; add it there, or correct the name") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def value(self, name: str, on: date, settings: Mapping[str, Any] | None = None) -> Found:
        """Return what stands on a day under a district's settings.

        Raises KeyError for an unknown name, `RuleNotInForce` before the first value, `SettingRefused` for a setting
        that the regulation does not leave to the district.
        """
        parameter = self[name]
        dated = parameter.in_force(on)
        if not settings or name not in settings:
            return self._undecided(parameter, dated)
        found = {"parameter": parameter, "since": dated.since, "cite": dated.cite}
        setting = checked_setting(parameter, settings[name])
        if isinstance(setting.value, Mapping):
            rows = MappingProxyType({**dated.value, **setting.value})
            return Found(value=rows, decided_by=setting.decided_by, decided_rows=frozenset(setting.value), **found)
        return Found(value=setting.value, decided_by=setting.decided_by, **found)

    def _undecided(self, parameter: Parameter, dated: DatedValue) -> Found:
        """Return a value that no district has set, the same object each time: rules read it over and over."""
        key = (parameter.name, dated.since)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = Found(parameter=parameter, value=dated.value, since=dated.since, cite=dated.cite)
        return found

    def checked(self, settings: Mapping[str, Any]) -> Mapping[str, Setting]:
        """Return a district's settings checked against what each parameter leaves open.

        A setting is a value, or `{"value": ..., "decided_by": ...}` naming the district's decision. Raises
        `SettingRefused` naming parameter, value and what is allowed.
        """
        return MappingProxyType(
            {name: checked_setting(self._by_name.get(name), given, name) for name, given in settings.items()}
        )


def load_parameters(path: File, *, clauses: Collection[str]) -> Parameters:
    """Load a `parameters.toml` whose citations must be among `clauses`; raises `ParameterRefused`."""
    whole = read_toml(path, ParameterRefused)
    return Parameters({name: _parameter(path, name, entry, clauses) for name, entry in whole.items()}, file=str(path))


def overlaid(
    parameters: Parameters, values: Iterable[tuple[str, str, Mapping[str, Any]]], *, clauses: Collection[str]
) -> Parameters:
    """Return the parameters with further dated values, each (name, unit, `{since, value, cite}`), checked as a file is.

    A value of a day that has one already takes its place. Raises `ParameterRefused` naming parameter and problem: one
    that the pack does not have, another unit, a clause that is not its source's, another form.
    """
    changed = dict(parameters.items())
    for name, unit, entry in values:
        where = f"draft: [{name}]"
        known = changed.get(name)
        if known is None:
            raise ParameterRefused(f"{where}: the rule pack has no such parameter")
        if unit != known.unit:
            raise ParameterRefused(f"{where}: its unit is {known.unit!r}, not {unit!r}")
        new = _dated(where, dict(entry), clauses)
        if not _alike(new.value, known.values[-1].value):
            raise ParameterRefused(f"{where}: {new.value!r} is another kind of value than {known.values[-1].value!r}")
        kept = [{"since": one.since, "value": one.value, "cite": one.cite} for one in known.values]
        whole = [one for one in kept if one["since"] != new.since] + [dict(entry)]
        whole.sort(key=lambda one: one["since"])
        changed[name] = msgspec.structs.replace(known, values=_values(where, whole, clauses))
        _own_values_allowed(where, changed[name])
    return Parameters(changed, file=parameters.file)


def _alike(value: Any, other: Any) -> bool:
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        return all(_alike(inner, other[key]) for key, inner in value.items() if key in other)
    return type(value) is type(other)


def _parameter(path: File, name: str, entry: Any, clauses: Collection[str]) -> Parameter:
    where = f"{path}: [{name}]"
    if not name.isidentifier() or name != name.lower() or name.startswith("_"):
        raise ParameterRefused(f"{where}: a parameter is named in small letters, digits and underscores")
    table = table_in(where, entry, ParameterRefused)
    known_keys(
        where,
        table,
        required=("label", "label_en", "unit", "values"),
        optional=("reading", "reading_note", "district_may_set"),
        refusal=ParameterRefused,
    )
    texts = ("label", "label_en", "unit", "reading", "reading_note")
    parameter = Parameter(
        name=name,
        values=_values(where, table["values"], clauses),
        allowed=load_allowed(where, table["district_may_set"]) if "district_may_set" in table else None,
        **{key: text_in(where, table, key, refusal=ParameterRefused) for key in texts},
    )
    _own_values_allowed(where, parameter)
    return parameter


def _values(where: str, entries: Any, clauses: Collection[str]) -> tuple[DatedValue, ...]:
    if not isinstance(entries, list) or not entries:
        raise ParameterRefused(f"{where}: values must be a list of at least one {{ since, value, cite }}")
    values: list[DatedValue] = []
    for index, entry in enumerate(entries):
        dated = _dated(f"{where}: values[{index}]", entry, clauses)
        if values and dated.since <= values[-1].since:
            problem = "stands twice" if dated.since == values[-1].since else f"comes after {values[-1].since}"
            raise ParameterRefused(f"{where}: {dated.since} {problem}; order the values by date, one a day")
        if values and _shape(dated.value) != _shape(values[-1].value):
            raise ParameterRefused(f"{where}: {dated.since}: a table may not turn into a single value, nor lose rows")
        values.append(dated)
    return tuple(values)


def _dated(where: str, entry: Any, clauses: Collection[str]) -> DatedValue:
    table = table_in(where, entry, ParameterRefused)
    known_keys(where, table, required=("since", "value", "cite"), refusal=ParameterRefused)
    since = date_in(where, table, "since", ParameterRefused)
    cite = text_in(where, table, "cite", refusal=ParameterRefused)
    if declared_clause(cite, clauses) is None:
        raise ParameterRefused(
            f"{where} (since {since}): cite {cite!r} is no clause of source.toml; quote it there or correct it"
        )
    return DatedValue(since=since, value=_exact(f"{where} (since {since})", table["value"]), cite=cite)


def _exact(where: str, value: Any, *, rows: bool = True) -> Any:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | Decimal):
        number = Decimal(value)
        if number.is_finite():
            return number
    if isinstance(value, Mapping) and rows and value:
        return MappingProxyType({key: _exact(f"{where}: {key}", inner, rows=False) for key, inner in value.items()})
    wanted = "a number, a text, a boolean" + (", or a table of these" if rows else "")
    raise ParameterRefused(f"{where}: value must be {wanted}, not {value!r}")


def _shape(value: Any) -> Any:
    return sorted(value) if isinstance(value, Mapping) else None


def _own_values_allowed(where: str, parameter: Parameter) -> None:
    allowed = parameter.allowed
    if allowed is None:
        return
    for dated in parameter.values:
        rows = dated.value.values() if isinstance(dated.value, Mapping) else [dated.value]
        if not all(value_matches(allowed, value) for value in rows):
            raise ParameterRefused(
                f"{where}: the value since {dated.since} lies outside the parameter's own district_may_set"
            )
