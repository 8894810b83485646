"""A field's arguments as its function takes them: what makes them is made once, where Strawberry asks types anew.

What this does not know (`Maybe`, lazy types, global ids, inputs that build themselves) is left to Strawberry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any

from strawberry import Schema
from strawberry.relay import GlobalID
from strawberry.types.arguments import StrawberryArgument, _is_leaf_type, convert_argument
from strawberry.types.base import StrawberryList, StrawberryMaybe, StrawberryOptional, has_object_definition
from strawberry.types.enum import has_enum_definition
from strawberry.types.unset import UNSET

Convert = Callable[[Any], Any]


class Arguments:
    """What makes the arguments of a schema's fields; each field's is made when it is first asked."""

    def __init__(self, schema: Schema) -> None:
        self._name_of = schema.config.name_converter.from_argument
        self._field_name_of = schema.config.name_converter.from_field
        self._config = schema.config
        self._scalars = schema.schema_converter.scalar_registry
        # By identity, and held: a field lives as long as its schema.
        self._fields: dict[int, tuple[Any, list[tuple[str, str, Convert]]]] = {}
        self._inputs: dict[type, Convert] = {}

    def of(self, field: Any, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments by the names of the function; raises what Strawberry does of what is wrong with them."""
        if id(field) not in self._fields:
            self._fields[id(field)] = (field, [self._argument(one) for one in field.arguments])
        _, known = self._fields[id(field)]
        return {python: convert(raw[name]) for name, python, convert in known if name in raw}

    def _argument(self, argument: StrawberryArgument) -> tuple[str, str, Convert]:
        name = self._name_of(argument)
        return name, argument.python_name, self._converter(argument.type) or self._strawberrys(argument.type, name)

    def _strawberrys(self, kind: Any, name: str) -> Convert:
        return lambda value: convert_argument(value, kind, self._scalars, self._config, path=(name,))

    def _converter(self, kind: Any) -> Convert | None:
        """What converts a value of that type as Strawberry does; None where it is Strawberry's to do."""
        if isinstance(kind, StrawberryMaybe) or kind is GlobalID:
            return None
        if isinstance(kind, StrawberryOptional):
            return self._converter(kind.of_type)
        if isinstance(kind, StrawberryList):
            inner = self._converter(kind.of_type)
            return None if inner is None else _list_of(inner)
        if has_enum_definition(kind) or _is_leaf_type(kind, self._scalars):
            return _as_it_is
        return self._input(kind) if has_object_definition(kind) else None

    def _input(self, kind: Any) -> Convert | None:
        definition = kind.__strawberry_definition__
        if definition.from_input is not None or not definition.is_input:
            return None
        if kind in self._inputs:
            return self._inputs[kind]
        fields: list[tuple[str, str, Convert]] = []
        # Known before its fields are: an input may hold its own like.
        made = self._inputs[kind] = _input_of(kind, definition, fields)
        for field in definition.fields:
            convert = self._converter(field.resolve_type(type_definition=definition))
            if convert is None:
                # Whatever was made meanwhile may hold this one.
                self._inputs.clear()
                return None
            fields.append((self._field_name_of(field), field.python_name, convert))
        return made


def _as_it_is(value: Any) -> Any:
    return value


def _list_of(inner: Convert) -> Convert:
    def convert(value: Any) -> Any:
        if value is None or value is UNSET:
            return value
        # Always another list: what the schema gives by default is the same one for every request.
        return list(value) if inner is _as_it_is else [inner(one) for one in value]

    return convert


def _input_of(kind: Any, definition: Any, fields: list[tuple[str, str, Convert]]) -> Convert:
    omitted = {
        field.python_name: None
        for field in definition.fields
        if field.default_value is MISSING and field.default_factory is MISSING
    }

    def convert(value: Any) -> Any:
        if value is None or value is UNSET:
            return value
        given = {python: inner(value[name]) for name, python, inner in fields if name in value}
        return kind(**{**omitted, **given})

    return convert
