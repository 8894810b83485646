"""How each field of a schema is answered: read off its row, by one call for all rows, one for each, or not here."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema
from strawberry.schema import Schema
from strawberry.types.field import StrawberryField

from yanxiu_gateway.execution.batch import batch_of

How = Literal["typename", "attribute", "batch", "row", "not"]
_DEFINITION = "strawberry-definition"


@dataclass(frozen=True, slots=True)
class Answered:
    """How a field is answered; `why` says what keeps it from being planned (`not`).

    `call` takes the rows (`batch`), or a row (`row`) as `takes_row` says: by position, by that name, or not at all.
    """

    how: How
    attribute: str = ""
    call: Callable[..., Any] | None = None
    takes_row: str | None = None
    by_position: bool = False
    takes_info: str | None = None
    waits: bool = False
    why: str = ""


TYPENAME = Answered("typename")


def answered(schema: Schema, field: GraphQLField) -> Answered:
    """How the executor answers a field of this schema."""
    own = field.extensions.get(_DEFINITION)
    if not isinstance(own, StrawberryField):
        return Answered("not", why="no field of Strawberry")
    if own.is_subscription:
        return Answered("not", why="a subscription")
    if own.extensions:
        return Answered("not", why="field extensions")
    if schema.exception_handlers:
        return Answered("not", why="exceptions become data")
    if own.base_resolver is None:
        if own.default_resolver is not getattr:
            return Answered("not", why="a default resolver of its own")
        return Answered("attribute", attribute=own.python_name)
    return _resolved(own.base_resolver)


def _resolved(resolver: Any) -> Answered:
    function = resolver.wrapped_func
    if not callable(function):
        return Answered("not", why="no function")
    batch = batch_of(function)
    info = resolver.info_parameter.name if resolver.info_parameter else None
    if batch is not None:
        return Answered("batch", call=batch, takes_info=info, waits=inspect.iscoroutinefunction(batch))
    takes = resolver.parent_parameter or resolver.root_parameter
    own = resolver.self_parameter is not None
    return Answered(
        "row",
        call=function,
        takes_row=takes.name if takes is not None else None,
        by_position=own,
        takes_info=info,
        waits=inspect.iscoroutinefunction(function),
    )


def all_answered(schema: Schema, graphql: GraphQLSchema) -> Iterator[tuple[str, Answered]]:
    """Every field of the schema's own object types with how it is answered, in order of their names."""
    for name, kind in sorted(graphql.type_map.items()):
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__"):
            for field_name, field in sorted(kind.fields.items()):
                yield f"{name}.{field_name}", answered(schema, field)
