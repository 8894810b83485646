"""What facts a pack's law knows of a record, and whether a value fits one of them. Pure."""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from yanxiu_rulekit.errors import FactsRefused
from yanxiu_rulekit.facts import read_facts
from yanxiu_rulekit.pack import RulePack

# Stated by the service from the command and the project; a record does not state them.
STATED_BY_SERVICE = ("date", "project_approved", "project_approved_on")


def known_facts(pack: RulePack) -> tuple[str, ...]:
    """Return the names of the facts that a record may state under this law, sorted."""
    names = {field.encode_name for kind in _record_kinds(pack) for field in _fields(kind)}
    tags = {kind.__struct_config__.tag_field or "" for kind in _record_kinds(pack)} - {""}
    return tuple(sorted((names | tags) - set(STATED_BY_SERVICE)))


def read_values(pack: RulePack, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts that were given as text in the form that this law has for them; what has none stays as it is.

    A front end may name any fact with a text: `true` and `false` become a boolean where the law asks for one, whole
    numbers an integer, a JSON object a table of exact decimals. Where the law takes a text, or reads one itself
    (decimals, days), it stays a text.
    """
    forms = _forms(tuple(kind for kind in _record_kinds(pack) if _may_be(kind, given)))
    return {
        name: _in_form(value, forms.get(name, ())) if isinstance(value, str) else value for name, value in given.items()
    }


@functools.lru_cache(maxsize=1024)
def _forms(kinds: tuple[type[msgspec.Struct], ...]) -> Mapping[str, Sequence[Any]]:
    """Return by name what types the records of these kinds have for a fact."""
    forms: dict[str, list[Any]] = {}
    for kind in kinds:
        for field in _fields(kind):
            forms.setdefault(field.encode_name, []).append(field.type)
    return forms


def _may_be(kind: type[msgspec.Struct], given: Mapping[str, Any]) -> bool:
    config = kind.__struct_config__
    return config.tag_field is None or given.get(config.tag_field, config.tag) == config.tag


def _in_form(text: str, forms: Sequence[Any]) -> Any:
    table = text.lstrip().startswith("{")
    if not table and any(_fits(text, form) for form in forms):
        return text
    for form in forms:
        try:
            value = msgspec.json.decode(text, type=form)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            continue
        if isinstance(value, bool | int | Mapping):
            return value
    return text


def _fits(value: Any, form: Any) -> bool:
    try:
        msgspec.convert(value, form)
    except msgspec.ValidationError:
        return False
    return True


def choices(pack: RulePack, name: str) -> tuple[str, ...]:
    """Return the texts that can be chosen for a fact, in the law's order; none where the law leaves the text open."""
    fields = [field for kind in _record_kinds(pack) for field in _fields(kind)]
    texts = [text for field in fields if field.encode_name == name for text in _literals(field.type)]
    return tuple(dict.fromkeys(text for text in texts if isinstance(text, str)))


def _literals(annotation: Any) -> Iterator[Any]:
    if typing.get_origin(annotation) is typing.Literal:
        yield from typing.get_args(annotation)
    elif typing.get_origin(annotation) in (typing.Union, types.UnionType):
        for one in typing.get_args(annotation):
            yield from _literals(one)


def read_question(pack: RulePack, given: Mapping[str, Any]) -> Any:
    """Return the question about one record as the law reads it (its facts in `.record`); raises `FactsRefused`."""
    return read_facts(pack.decisions[_credit(pack).record].facts, {"record": given})


def read_project(pack: RulePack, given: Mapping[str, Any]) -> None:
    """Check the facts that a project fixes: each must be one the law lets a project fix, with a value of its form.

    Raises `FactsRefused`. Whether the values agree with each other is seen when a record is assessed.
    """
    allowed = _credit(pack).project_facts
    for name, value in given.items():
        if name not in allowed:
            raise FactsRefused(field=name, value=value, problem=f"a project fixes only {', '.join(sorted(allowed))}")
    read_stated(pack, given)


def read_stated(pack: RulePack, given: Mapping[str, Any]) -> None:
    """Check facts before there is a record: each must be known to the law, with a value of its form (`FactsRefused`).

    What the service states itself, such as the day, nobody else does.
    """
    for name, value in given.items():
        if name in STATED_BY_SERVICE:
            raise FactsRefused(field=name, value=value, problem="no record of this law has it")
        if isinstance(value, float):
            raise FactsRefused(field=name, value=value, problem="a float; give an exact decimal as text")
        _fits_some(pack, name, value)


def _fits_some(pack: RulePack, name: str, value: Any) -> None:
    problem = "no record of this law has it"
    for kind in _record_kinds(pack):
        config = kind.__struct_config__
        if name == config.tag_field and value == config.tag:
            return
        for field in _fields(kind):
            if field.encode_name != name:
                continue
            try:
                msgspec.convert(value, field.type)
            except msgspec.ValidationError as error:
                problem = str(error)
            else:
                return
    raise FactsRefused(field=name, value=value, problem=problem)


def _record_kinds(pack: RulePack) -> tuple[type[msgspec.Struct], ...]:
    credit = _credit(pack)
    return _kinds_of(pack.decisions[credit.record].facts)


# Both evaluate every annotation anew each time, which takes longer than judging a record does.
_fields = functools.cache(msgspec.structs.fields)


@functools.cache
def _kinds_of(facts: type[msgspec.Struct]) -> tuple[type[msgspec.Struct], ...]:
    hints = typing.get_type_hints(facts, include_extras=True)
    return tuple(_structs(hints["record"]))


def _structs(annotation: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
    elif typing.get_origin(annotation) in (typing.Union, types.UnionType, typing.Annotated):
        for one in typing.get_args(annotation):
            yield from _structs(one)


def _credit(pack: RulePack) -> Any:
    if pack.credit is None:  # a pack without credits never reaches a record: `Laws` refuses before
        raise FactsRefused(field="record", value=None, problem=f"{pack.name} has no credit rules")
    return pack.credit
