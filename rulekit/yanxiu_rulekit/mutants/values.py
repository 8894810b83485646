"""The mutants of a pack's parameters: a changed number, a swapped row, a turned truth, a moved date."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from yanxiu_rulekit.compare import told
from yanxiu_rulekit.mutants.mutant import Mutant
from yanxiu_rulekit.parameters import DatedValue, Parameter, Parameters

_DAY = timedelta(days=1)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class OtherValue(msgspec.Struct, frozen=True, kw_only=True):
    """A mutant of a parameter: the parameter as it would be."""

    mutant: Mutant
    parameter: Parameter


def other_values(parameters: Parameters, read: Iterable[str], root: Path) -> Iterator[OtherValue]:
    """Yield every change of the parameters that are read, in the file's order."""
    file, wanted = Path(parameters.file), frozenset(read)
    lines = _lines(file.read_text(encoding="utf-8"))
    for name, parameter in parameters.items():
        if name not in wanted:
            continue
        seen: defaultdict[tuple[str, str], int] = defaultdict(int)
        for place, change, original, mutant, dated in _changed(parameter):
            values = (*parameter.values[:place], dated, *parameter.values[place + 1 :])
            told_of = Mutant(
                file=file.relative_to(root).as_posix(),
                line=lines[name],
                within=name,
                change=change,
                original=original,
                mutant=mutant,
                nth=seen[original, mutant],
            )
            seen[original, mutant] += 1
            yield OtherValue(mutant=told_of, parameter=msgspec.structs.replace(parameter, values=values))


def alike(parameters: Parameters) -> Mapping[str, str]:
    """Return for each parameter the next of the same form and another value, where there is one."""
    forms: defaultdict[Any, list[str]] = defaultdict(list)
    for name, parameter in parameters.items():
        forms[_form(parameter.values[0].value)].append(name)
    found: dict[str, str] = {}
    for names in forms.values():
        for index, name in enumerate(names):
            others = (*names[index + 1 :], *names[:index])
            mine = parameters[name].values[-1].value
            other = next((one for one in others if parameters[one].values[-1].value != mine), None)
            if other is not None:
                found[name] = other
    return found


def with_parameter(parameters: Parameters, changed: Parameter) -> Parameters:
    """Return the parameters with one of them changed."""
    return Parameters({**parameters, changed.name: changed}, file=parameters.file)


def _form(value: Any) -> Any:
    return ("rows", *sorted(value)) if isinstance(value, Mapping) else type(value)


def _lines(text: str) -> dict[str, int]:
    found = (re.match(r"\[([a-z0-9_]+)\]", line) for line in text.splitlines())
    return {match[1]: number for number, match in enumerate(found, 1) if match}


def _changed(parameter: Parameter) -> Iterator[tuple[int, str, str, str, DatedValue]]:
    for place, dated in enumerate(parameter.values):
        for change, original, mutant, value in _other(dated.value, parameter):
            yield place, change, original, mutant, msgspec.structs.replace(dated, value=value)
        for days in (_DAY, -_DAY) if place else (_DAY,):
            since = dated.since + days
            before = parameter.values[place - 1].since if place else date.min
            after = parameter.values[place + 1].since if place + 1 < len(parameter.values) else date.max
            if before < since < after:
                moved = msgspec.structs.replace(dated, since=since)
                yield place, "date moved", f"since {dated.since}", f"since {since}", moved


def _other(value: Any, parameter: Parameter) -> Iterator[tuple[str, str, str, Any]]:
    if not isinstance(value, Mapping):
        for change, other in _others(value, parameter):
            yield change, told(value), told(other), other
        return
    for key, row in value.items():
        for change, other in _others(row, parameter):
            yield f"row {key}: {change}", f"{key} = {told(row)}", f"{key} = {told(other)}", _with(value, {key: other})
    for one, two in pairwise(value):
        if value[one] != value[two] and not isinstance(value[one], bool):
            swapped = _with(value, {one: value[two], two: value[one]})
            yield "rows swapped", f"{one}, {two}", f"{two}, {one}", swapped


def _with(rows: Mapping[str, Any], changed: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType({**rows, **changed})


def _others(value: Any, parameter: Parameter) -> Iterator[tuple[str, Any]]:
    if isinstance(value, bool):
        yield "turned", not value
    elif isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        unit = Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else Decimal(1)
        yield "one more", value + unit
        yield "one less", value - unit
    elif _ISO.fullmatch(value):
        for days in (_DAY, -_DAY):
            yield "date moved", (date.fromisoformat(value) + days).isoformat()
    else:
        choices = parameter.allowed.one_of if parameter.allowed is not None else ()
        other = next((one for one in choices or () if one != value and isinstance(one, str)), f"{value}×")
        yield "text", other
