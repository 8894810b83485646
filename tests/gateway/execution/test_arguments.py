"""Arguments are what Strawberry makes of them, for every field of the schema that has any."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
)
from strawberry.types.arguments import convert_arguments
from strawberry.types.unset import UNSET
from yanxiu_gateway.execution.arguments import Arguments
from yanxiu_gateway.schema.build import build_schema

SCHEMA = build_schema()
CORE: Any = SCHEMA._schema
SAID = {
    "Int": 3, "Float": 1.5, "Boolean": True, "Decimal": Decimal("8.5"), "Date": date(2024, 5, 5),
    "DateTime": datetime(2024, 5, 5, 8, tzinfo=UTC),
}  # fmt: skip


def _fields() -> list[tuple[str, GraphQLField]]:
    found = [
        (f"{kind.name}.{name}", field)
        for kind in CORE.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
        if field.args and "strawberry-definition" in field.extensions
    ]
    return sorted(found, key=lambda one: one[0])


def _value(kind: Any, how: str, depth: int = 0) -> Any:
    """A value of a type: all that may be said, what must be said alone, or nothing where it may be null."""
    if isinstance(kind, GraphQLNonNull):
        return _value(kind.of_type, "all" if how == "null" else how, depth)
    if how == "null":
        return None
    if isinstance(kind, GraphQLList):
        return [_value(kind.of_type, how, depth + 1)] * 2
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values.values())).value
    if isinstance(kind, GraphQLInputObjectType):
        return {
            name: _value(field.type, "null" if how == "nulls" else how, depth + 1)
            for name, field in kind.fields.items()
            if depth < 4 and (how != "least" or isinstance(field.type, GraphQLNonNull))
        }
    assert not isinstance(kind, GraphQLUnionType)
    return SAID.get(kind.name, "text")


@pytest.mark.parametrize("how", ["all", "least", "nulls", "null"])
def test_every_argument_of_the_schema_is_what_strawberry_makes_of_it(how: str) -> None:
    made = Arguments(SCHEMA)
    fields = _fields()
    assert len(fields) > 150
    for name, field in fields:
        own: Any = field.extensions["strawberry-definition"]
        raw = {one: _value(argument.type, how) for one, argument in field.args.items()}
        scalars = SCHEMA.schema_converter.scalar_registry
        wanted = convert_arguments(raw, own.arguments, config=SCHEMA.config, scalar_registry=scalars)
        assert made.of(own, raw) == wanted, name
        assert [type(one) for one in made.of(own, raw).values()] == [type(one) for one in wanted.values()], name
        assert made.of(own, {}) == {}


def test_what_was_left_out_on_purpose_stays_so_and_a_list_is_never_the_given_one() -> None:
    made = Arguments(SCHEMA)
    lists = 0
    for _, field in _fields():
        own: Any = field.extensions["strawberry-definition"]
        assert all(value is UNSET for value in made.of(own, dict.fromkeys(field.args, UNSET)).values())
        for name, argument in field.args.items():
            bare = argument.type.of_type if isinstance(argument.type, GraphQLNonNull) else argument.type
            if isinstance(bare, GraphQLList):
                given = _value(bare, "least")
                (there,) = made.of(own, {name: given}).values()
                assert there is not given
                lists += 1
    assert lists >= 5
