"""What a decision asks to be told: each fact by name, form, unit, choices and Chinese label, read from its class."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import inspect

from yanxiu_rulekit.factwords import WORDS
from yanxiu_rulekit.numbers import plain

# A record within a question within a list of them; nothing asks deeper.
_DEEPEST = 4
_ATOMS: tuple[tuple[type[inspect.Type], str], ...] = (
    (inspect.DecimalType, "decimal"),
    (inspect.IntType, "integer"),
    (inspect.BoolType, "boolean"),
    (inspect.DateType, "date"),
    (inspect.StrType, "text"),
    (inspect.LiteralType, "choice"),
)
_LISTS = (inspect.ListType, inspect.SetType, inspect.FrozenSetType, inspect.VarTupleType)


class FactField(msgspec.Struct, frozen=True, kw_only=True):
    """One fact: its name and form, whether it must be stated, what it is when it is not.

    `form` is one of decimal, integer, boolean, text, date, choice, list, table (names to values) and group (a fact
    that has facts of its own, in `fields`); `forms` are all that may be given. `of` is the form of what a list or a
    table holds. `label` and `unit` are empty where nobody has said them. `default` is the value as text where the law
    takes one for what is not stated.
    """

    name: str
    forms: tuple[str, ...]
    required: bool
    label: str = ""
    unit: str = ""
    choices: tuple[str, ...] = ()
    of: str = ""
    default: str | None = None
    fields: tuple[FactField, ...] = ()

    @property
    def form(self) -> str:
        """The first form in which it may be given."""
        return self.forms[0] if self.forms else "text"


@functools.cache
def fact_fields(facts: type[msgspec.Struct]) -> tuple[FactField, ...]:
    """Return the facts that a class asks for, in its order; the fields of several kinds of group are told together."""
    return _fields(inspect.type_info(facts), 0)


def _fields(of: inspect.Type, depth: int) -> tuple[FactField, ...]:
    """Return the fields of every struct in a type; one that several structs have is told once, and never required."""
    structs = [one for one in _parts(of) if isinstance(one, inspect.StructType)]
    found: dict[str, FactField] = {}
    for one in structs if depth < _DEEPEST else ():
        own = [*_tag(one), *(_field(field, depth) for field in one.fields)]
        for told in own:
            known = found.get(told.name)
            found[told.name] = told if known is None else _together(known, told)
    if len(structs) > 1:
        everywhere = set.intersection(*({field.encode_name for field in one.fields} for one in structs))
        return tuple(one if one.name in everywhere else _optional(one) for one in found.values())
    return tuple(found.values())


def _tag(one: inspect.StructType) -> Iterator[FactField]:
    """Yield the fact by which the kinds of a group are told apart, where there are several."""
    if one.tag_field is not None:
        label, unit = WORDS.get(one.tag_field, ("", ""))
        yield FactField(
            name=one.tag_field, forms=("choice",), required=True, label=label, unit=unit, choices=(str(one.tag),)
        )


def _optional(one: FactField) -> FactField:
    return msgspec.structs.replace(one, required=False) if one.required and one.forms != ("choice",) else one


def _together(one: FactField, other: FactField) -> FactField:
    return msgspec.structs.replace(
        one,
        forms=tuple(dict.fromkeys((*one.forms, *other.forms))),
        choices=tuple(dict.fromkeys((*one.choices, *other.choices))),
        required=one.required and other.required,
        fields=one.fields or other.fields,
    )


def _field(field: inspect.Field, depth: int) -> FactField:
    parts = list(_parts(field.type))
    said = next((one for one in _said(field.type)), {})
    label, unit = WORDS.get(field.encode_name, ("", ""))
    inner = [one for part in parts for one in _inner(part)]
    forms = tuple(dict.fromkeys(form for part in parts for form in _form(part)))
    counted = not {"decimal", "integer"}.isdisjoint(forms)
    return FactField(
        name=field.encode_name,
        forms=forms,
        required=field.required,
        label=said.get("title", label),
        unit=said.get("unit", unit if counted and not said else ""),
        choices=tuple(dict.fromkeys(text for part in (*parts, *inner) for text in _choices(part))),
        of=next((form for part in inner for form in _form(part)), ""),
        default=_default(field),
        fields=tuple(one for part in (*parts, *inner) for one in _fields(part, depth + 1)),
    )


def _parts(of: inspect.Type) -> Iterator[inspect.Type]:
    if isinstance(of, inspect.Metadata):
        yield from _parts(of.type)
    elif isinstance(of, inspect.UnionType):
        for one in of.types:
            yield from _parts(one)
    else:
        yield of


def _said(of: inspect.Type) -> Iterator[dict[str, str]]:
    """Yield what `msgspec.Meta` says of a fact: its title, and its unit in `extra_json_schema`."""
    if isinstance(of, inspect.Metadata):
        said = of.extra_json_schema or {}
        yield {key: str(said[key]) for key in ("title", "unit") if key in said}
    elif isinstance(of, inspect.UnionType):
        for one in of.types:
            yield from _said(one)


def _form(of: inspect.Type) -> Iterator[str]:
    for kind, form in _ATOMS:
        if isinstance(of, kind):
            yield form
    if isinstance(of, (*_LISTS, inspect.TupleType)):
        yield "list"
    elif isinstance(of, inspect.DictType):
        yield "table"
    elif isinstance(of, inspect.StructType):
        yield "group"


def _inner(of: inspect.Type) -> Iterator[inspect.Type]:
    if isinstance(of, _LISTS):
        yield from _parts(of.item_type)
    elif isinstance(of, inspect.TupleType):
        for one in of.item_types:
            yield from _parts(one)
    elif isinstance(of, inspect.DictType):
        yield from _parts(of.value_type)


def _choices(of: inspect.Type) -> Iterator[str]:
    if isinstance(of, inspect.LiteralType):
        yield from (str(one) for one in of.values)


def _default(field: inspect.Field) -> str | None:
    value: Any = field.default
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str | int) else None
