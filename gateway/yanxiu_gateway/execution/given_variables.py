"""The variables of an operation as they are read: the plainest ones without graphql-core's whole procedure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLID,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    get_variable_values,
    is_non_null_type,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource

MOST_ERRORS = 5


class VariablesRefused(Exception):
    """The variables do not fit the operation; `errors` say how, in GraphQL's words, without suggestions."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__("variables refused")
        self.errors = errors


class GivenVariables:
    """Reads the variables of one operation; what each is declared as is looked up once."""

    def __init__(self, types: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._types = types
        self._definitions = operation.variable_definitions or ()
        found = [get_variable_signature(types, one) for one in self._definitions]
        self._texts = [one for one in found if not isinstance(one, GraphQLError) and _is_text(one)]
        self._plain = len(self._texts) == len(found)

    def read(self, given: Mapping[str, Any] | None) -> VariableValues | list[GraphQLError]:
        """Their values, or what is wrong with them."""
        given = given or {}
        if self._plain:
            coerced = {one.name: given.get(one.name) for one in self._texts}
            # A text given for a text or an id is its own value; anything else takes the long way.
            if all(type(value) is str for value in coerced.values()):
                return VariableValues(
                    {one.name: VariableValueSource(one, coerced[one.name]) for one in self._texts}, coerced
                )
        return get_variable_values(
            self._types, self._definitions, dict(given), max_errors=MOST_ERRORS, hide_suggestions=True
        )


def _is_text(one: GraphQLVariableSignature) -> bool:
    kind = one.type.of_type if is_non_null_type(one.type) else one.type
    return kind in (GraphQLString, GraphQLID)
