"""A district's own setting of a parameter: what the regulation leaves open, and whether a setting keeps to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from yanxiu_rulekit.errors import ParameterRefused, SettingRefused
from yanxiu_rulekit.numbers import plain
from yanxiu_rulekit.toml import known_keys, table_in

if TYPE_CHECKING:
    from yanxiu_rulekit.parameters import Parameter

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class Allowed(msgspec.Struct, frozen=True, kw_only=True):
    """What a district may set: a number from `min` to `max` (both included), or one of `one_of`, or either."""

    min: Decimal | None = None
    max: Decimal | None = None
    one_of: tuple[Any, ...] = ()

    def __str__(self) -> str:
        """Say it as an official would read it in a refusal."""
        said = []
        if self.min is not None or self.max is not None:
            low = f"from {plain(self.min)} " if self.min is not None else ""
            high = f"up to {plain(self.max)}" if self.max is not None else "upwards"
            said.append(f"a number {low}{high}")
        if self.one_of:
            said.append("one of " + ", ".join(shown(one) for one in self.one_of))
        return " or ".join(said)


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """A checked setting and the district's decision that allows it."""

    value: Any
    decided_by: str | None = None


def load_allowed(where: str, entry: Any) -> Allowed:
    """Read a `district_may_set`; raises `ParameterRefused`."""
    where = f"{where}: district_may_set"
    table = table_in(where, entry, ParameterRefused)
    known_keys(where, table, required=(), optional=("min", "max", "one_of"), refusal=ParameterRefused)
    bounds: dict[str, Decimal] = {}
    for key in ("min", "max"):
        bound = table.get(key)
        if bound is None:
            continue
        if isinstance(bound, bool) or not isinstance(bound, int | Decimal) or not Decimal(bound).is_finite():
            raise ParameterRefused(f"{where}: {key} must be a number, not {bound!r}")
        bounds[key] = Decimal(bound)
    choices = table.get("one_of", [])
    if not isinstance(choices, list) or not all(isinstance(one, bool | str | int | Decimal) for one in choices):
        raise ParameterRefused(f"{where}: one_of must be a list of numbers, texts or booleans, not {choices!r}")
    if not bounds and not choices:
        raise ParameterRefused(f"{where}: give min and max, or one_of; leave it out when a district may set nothing")
    if bounds.get("min", 0) > bounds.get("max", bounds.get("min", 0)):
        raise ParameterRefused(f"{where}: min {bounds['min']} is above max {bounds['max']}")
    exact = (Decimal(one) if isinstance(one, int) and not isinstance(one, bool) else one for one in choices)
    return Allowed(**bounds, one_of=tuple(exact))


def value_matches(allowed: Allowed, value: Any) -> bool:
    """Return whether a value (decimal, text or boolean) is one a district may set; types must match."""
    if any(type(one) is type(value) and one == value for one in allowed.one_of):
        return True
    if not isinstance(value, Decimal) or (allowed.min is None and allowed.max is None):
        return False
    return (allowed.min is None or value >= allowed.min) and (allowed.max is None or value <= allowed.max)


def checked_setting(parameter: Parameter | None, given: Any, name: str = "") -> Setting:
    """Return a district's setting as exact values; raises `SettingRefused` naming parameter, value and remedy."""
    if isinstance(given, Setting):
        return given
    if parameter is None:
        raise SettingRefused(parameter=name, value=given, problem="the rule pack has no such parameter")
    decided_by = None
    if isinstance(given, Mapping) and "value" in given and set(given) <= {"value", "decided_by"}:
        given, decided_by = given["value"], given.get("decided_by")
        if decided_by is not None and (not isinstance(decided_by, str) or not decided_by.strip()):
            _refuse(parameter, decided_by, "decided_by must name the district's decision")
    if parameter.allowed is None:
        _refuse(parameter, given, "the regulation leaves nothing to the district here")
    rows = parameter.values[0].value
    if not isinstance(rows, Mapping):
        return Setting(value=_checked(parameter, given), decided_by=decided_by)
    if not isinstance(given, Mapping) or not set(given) <= set(rows):
        _refuse(parameter, given, f"give a table with rows among {', '.join(rows)}")
    exact = {key: _checked(parameter, value) for key, value in given.items()}
    return Setting(value=MappingProxyType(exact), decided_by=decided_by)


def _checked(parameter: Parameter, given: Any) -> Any:
    if isinstance(given, float):
        _refuse(parameter, given, "a float is not exact; give the number as text")
    allowed = parameter.allowed or Allowed()
    exact = "none" if given is None else _as_number(given)
    for value in (given, exact):
        if isinstance(value, bool | str | Decimal) and value_matches(allowed, value):
            return value
    return _refuse(parameter, given, f"a district may set {allowed}")


def _as_number(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, int) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        return Decimal(value)
    return value


def _refuse(parameter: Parameter, value: Any, problem: str) -> Any:
    raise SettingRefused(parameter=parameter.name, value=value, problem=problem)


def shown(value: Any) -> str:
    """Return a value as it stands in a rule file."""
    if isinstance(value, Decimal):
        return plain(value)
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
