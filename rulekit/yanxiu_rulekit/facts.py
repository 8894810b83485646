"""The facts a decision may see: frozen, typed, exact, and refused by name when they are wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from yanxiu_rulekit.errors import FactsRefused
from yanxiu_rulekit.numbers import plain

# `field(name="class")` lets a fact bear a name that Python keeps for itself.
field = msgspec.field


class Facts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every facts class: keyword-only, immutable; a fact that the class does not name is refused."""


class Posted(Facts, frozen=True, kw_only=True):
    """What stands recognised of one period, which `ends` on a day: hours and credits in the units of the pack."""

    label: str
    ends: date
    hours: Decimal
    credits: Decimal


class Teacher(Facts, frozen=True, kw_only=True):
    """What a rule may know of a teacher on the day it judges; the registry states it, a pack never looks it up.

    `posted` is what stands recognised of the earlier periods with which this one adds up, in the order of their days.
    It is known only when a period is judged in order to be recognised; None where the question is another.
    """

    hired_on: date | None = None
    first_year: bool | None = None
    head_teacher: bool = False
    stage: str | None = None
    subject: str | None = None
    title: str | None = None
    posted: tuple[Posted, ...] | None = None


class CreditLine(Facts, frozen=True, kw_only=True):
    """One credited record as the ledger holds it.

    `hours` and `credits` are exact decimals in the units of the pack; `attributes` is what the pack itself said
    about the record (mode, level, module ...) and needs again when it judges a period.
    """

    id: str
    on: date
    hours: Decimal
    credits: Decimal
    attributes: Mapping[str, Any] = {}


class RecordFacts(Facts, frozen=True, kw_only=True):
    """Base of a pack's facts of one record; the credits service fills these three itself.

    `date` is the day the training was completed; an approval that is not stated is in order.
    """

    date: dt.date | None = None
    project_approved: bool = True
    project_approved_on: dt.date | None = None


# "1e99999999" is a short text and an endless number; no hours, money or ratio comes near these digits.
DIGITS = 12

# Nothing inexact can hide in these.
_ATOMS = frozenset({str, int, bool, type(None), dt.date})

F = TypeVar("F", bound=msgspec.Struct)


def read_facts(kind: type[F], given: Mapping[str, Any]) -> F:
    """Return `given` as `kind`: decimals from strings or integers, dates from ISO text.

    Raises `FactsRefused` naming the field, the value found and what is wanted. A float is refused: 59.5 must come as
    "59.5", since binary fractions are not the numbers of a regulation.
    """
    _refuse_inexact(given, "")
    try:
        facts = msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        field = path.rstrip("`").lstrip(".")
        if "unknown field" in message:
            field = ".".join(part for part in (field, message.split("`")[1]) if part)
        raise FactsRefused(field=field or "facts", value=value_at(given, field), problem=message) from None
    _refuse_inexact(facts, "")
    return facts


def _refuse_inexact(value: Any, path: str) -> None:
    """Refuse a float anywhere in what was given, and anywhere in what was read a decimal that no rule can mean."""
    if isinstance(value, float):
        raise FactsRefused(field=path, value=value, problem="a float; give an exact decimal as text")
    if isinstance(value, Decimal):
        _refuse_unusual(value, path)
    for key, inner in _inside(value):
        _refuse_inexact(inner, f"{path}{key}" if path else key.lstrip("."))


def _inside(value: Any) -> list[tuple[str, Any]]:
    """Return what a value holds besides atoms, each with the piece of path that leads there."""
    if isinstance(value, msgspec.Struct):
        held = [(key, getattr(value, key)) for key in value.__struct_fields__]
    elif isinstance(value, dict | Mapping):
        held = list(value.items())
    elif isinstance(value, list | tuple):
        return [(f"[{index}]", inner) for index, inner in enumerate(value) if type(inner) not in _ATOMS]
    else:
        return []
    return [(f".{key}", inner) for key, inner in held if type(inner) not in _ATOMS]


def _refuse_unusual(value: Decimal, path: str) -> None:
    if not value.is_finite():
        raise FactsRefused(field=path, value=str(value), problem="not a number; give an exact decimal")
    if value and not _usual(value):
        problem = f"no number of this size: at most {DIGITS} digits before and after the point"
        raise FactsRefused(field=path, value=str(value), problem=problem)


def _usual(value: Decimal) -> bool:
    return abs(value.adjusted()) < DIGITS and len(plain(value).partition(".")[2]) <= DIGITS


def value_at(given: Any, path: str) -> Any:
    """Return what stands in `given` at a path such as `records[2].score`, or None where nothing stands."""
    for part in path.replace("[", ".[").split("."):
        if not part:
            continue
        try:
            given = given[int(part[1:-1])] if part.startswith("[") else given[part]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return given
