"""What an operation may cost: the objects it can bring at most, told from the document and its variables alone.

A field that brings objects costs one for each object; what is asked of a list is paid for each of its rows; scalars
are free; a field of a mutation costs `MUTATION` beside, `__type` `INTROSPECTION`, and `__schema` as many objects as
the schema has. A list is as long as its `first` (or `ids`) says; a plain list, which no client can make longer, counts
as `ASSUMED`. But for those the price is an upper bound: a field asked for twice is paid twice, of a union every part.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
)

ASSUMED = 10
MUTATION = 10
INTROSPECTION = 100
_SLICES = ("first", "ids")


@dataclass(frozen=True, slots=True)
class Length:
    """How long a list is: `rows`, unless a variable says it."""

    rows: int
    variable: str | None = None

    def of(self, variables: Mapping[str, Any]) -> int:
        """The length for these variables; a value that cannot be one is refused elsewhere, and counts as none here."""
        if self.variable is None:
            return self.rows
        given = variables.get(self.variable, self.rows)
        if isinstance(given, list):
            return len(given)
        return max(given, 0) if isinstance(given, int) and not isinstance(given, bool) else self.rows


ONE = Length(1)


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a selection: a sum, and what it costs for each row of the lists in it."""

    fixed: int = 0
    rows: tuple[tuple[Length, Price], ...] = ()

    def of(self, variables: Mapping[str, Any]) -> int:
        """The price for these variables."""
        return self.fixed + sum(length.of(variables) * price.of(variables) for length, price in self.rows)


def price_of(
    schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Price:
    """Price a valid operation; each fragment is priced once for each length of list that it stands in."""
    root = schema.get_root_type(operation.operation)
    if root is None:
        return Price()
    mutation = operation.operation.value == "mutation"
    pricing = _Pricing(schema, fragments, _defaults(operation))
    return pricing.selection(operation.selection_set, root, ONE, MUTATION if mutation else 0)


def _defaults(operation: OperationDefinitionNode) -> dict[str, ValueNode]:
    return {
        one.variable.name.value: one.default_value
        for one in operation.variable_definitions or ()
        if one.default_value is not None
    }


class _Pricing:
    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        defaults: Mapping[str, ValueNode],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._defaults = defaults
        self._known: dict[tuple[str, str, Length], Price] = {}

    def selection(
        self, selections: SelectionSetNode | None, parent: GraphQLNamedType, page: Length, each: int = 0
    ) -> Price:
        """Price what is asked of one object; `page` is how long the lists of a connection are."""
        return _sum([self._node(node, parent, page, each) for node in (selections.selections if selections else ())])

    def _node(self, node: SelectionNode, parent: GraphQLNamedType, page: Length, each: int) -> Price:
        if isinstance(node, FieldNode):
            return self._field(node, parent, page, each)
        if isinstance(node, FragmentSpreadNode):
            fragment = self._fragments[node.name.value]
            key = (node.name.value, parent.name, page)
            if key not in self._known:
                inner = self._schema.get_type(fragment.type_condition.name.value) or parent
                self._known[key] = self.selection(fragment.selection_set, inner, page, each)
            return self._known[key]
        condition = getattr(node, "type_condition", None)
        inner = self._schema.get_type(condition.name.value) if condition else parent
        return self.selection(getattr(node, "selection_set", None), inner or parent, page, each)

    def _field(self, node: FieldNode, parent: GraphQLNamedType, page: Length, each: int) -> Price:
        if node.name.value == "__schema":
            return Price(objects_in(self._schema))
        if node.name.value == "__type":
            return Price(INTROSPECTION)
        field = self._schema.get_field(parent, node.name.value) if is_composite_type(parent) else None
        named = get_named_type(field.type) if field is not None else None
        if field is None or named is None or not is_composite_type(named):
            return Price(each)
        sliced = self._length(node, field)
        if _is_list(field.type):
            # The rows of a connection are as many as the connection was asked for.
            length = sliced or (page if _is_connection(parent) else Length(ASSUMED))
            row = _sum([Price(1), self.selection(node.selection_set, named, ONE)])
            return _sum([Price(each), _times(length, row)])
        inside = self.selection(node.selection_set, named, sliced or Length(ASSUMED))
        return _sum([Price(1 + each), inside])

    def _length(self, node: FieldNode, field: GraphQLField) -> Length | None:
        """How many rows the field's own arguments ask for; None where none of them says."""
        for name in _SLICES:
            if name in field.args:
                given = next((one.value for one in node.arguments or () if one.name.value == name), None)
                default = field.args[name].default_value
                otherwise = default if isinstance(default, int) and default is not Undefined else ASSUMED
                return self._given(given, otherwise)
        return None

    def _given(self, value: ValueNode | None, otherwise: int) -> Length:
        if isinstance(value, VariableNode):
            name = value.name.value
            return Length(self._given(self._defaults.get(name), otherwise).rows, name)
        if isinstance(value, IntValueNode):
            return Length(max(int(value.value), 0))
        return Length(len(value.values) if isinstance(value, ListValueNode) else otherwise)


@functools.cache
def objects_in(schema: GraphQLSchema) -> int:
    """How many objects an introspection of the whole schema brings: types, their fields, arguments and values."""
    found = 0
    for kind in schema.type_map.values():
        members = list(getattr(kind, "fields", {}).values())
        arguments = sum(len(getattr(one, "args", ())) for one in members)
        found += 1 + len(members) + arguments + len(getattr(kind, "values", ()))
    return found


def _sum(prices: list[Price]) -> Price:
    return Price(sum(one.fixed for one in prices), tuple(row for one in prices for row in one.rows))


def _times(length: Length, price: Price) -> Price:
    """The price for each row; what no variable changes is worked out at once."""
    if length.variable is None and not price.rows:
        return Price(length.rows * price.fixed)
    return Price(rows=((length, price),))


def _is_list(kind: GraphQLType) -> bool:
    return is_list_type(kind.of_type if is_non_null_type(kind) else kind)


def _is_connection(parent: GraphQLNamedType) -> bool:
    return isinstance(parent, GraphQLObjectType) and parent.name.endswith("Connection")
