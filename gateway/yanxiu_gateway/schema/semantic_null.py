"""@semanticNonNull: the fields that are null only where something failed, so that nobody need ask what null means.

The schema's own shape tells of most: a list, a page of one, and what a command answers are there unless a service is
away. Where the shape misleads, the field says so itself, in its `metadata`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry
from graphql import GraphQLField, get_named_type, is_list_type, is_non_null_type, is_object_type
from strawberry.schema import BaseSchema
from strawberry.schema_directive import Location
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

_SAYS = "null_says_something"
NULL_IS_AN_ANSWER: Mapping[str, bool] = {_SAYS: True}
"""Metadata of a list, page or answer of a command that is null where there is none, or out of scope."""
NULL_IS_A_HOLE: Mapping[str, bool] = {_SAYS: False}
"""Metadata of another field that is null only together with an error."""


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="semanticNonNull",
    description="只有出错时才为空：errors 中有其路径（或其下）的错误。"
    "Null only where something failed: `errors` then has an error at its path, or below it.",
)
class SemanticNonNull:
    """Of which levels of a field's type this holds: 0 is the field itself, 1 the items of its list."""

    levels: list[int] = (0,)  # type: ignore[assignment]  # the default of the directive's own definition


def mark_holes(schema: BaseSchema) -> None:
    """Put the directive on every field of the schema that is null only where something failed; once, however often."""
    # Strawberry keeps the graphql-core schema, in which types are what they came to, in this attribute.
    types = schema._schema.type_map  # type: ignore[attr-defined]  # noqa: SLF001
    for name, kind in types.items():
        definition = (kind.extensions or {}).get("strawberry-definition")
        if not is_object_type(kind) or not isinstance(definition, StrawberryObjectDefinition) or name == "Subscription":
            continue
        for field in definition.fields:
            shown = kind.fields[schema.config.name_converter.get_graphql_name(field)]
            if _is_hole(name, field, shown) and not any(isinstance(one, SemanticNonNull) for one in field.directives):
                field.directives = [*field.directives, SemanticNonNull()]


def _is_hole(parent: str, field: StrawberryField, shown: GraphQLField) -> bool:
    """Whether the field's null tells of nothing but a fault."""
    if is_non_null_type(shown.type):
        return False
    says: Any = field.metadata.get(_SAYS)
    if says is not None:
        return not says
    named = get_named_type(shown.type).name
    return is_list_type(shown.type) or named.endswith("Connection") or parent == "Mutation"
