"""From a validated operation to its plan; what cannot be planned is left to graphql-core, with the reason."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    get_argument_values,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from graphql.language.visitor import Visitor, visit
from strawberry.schema import Schema
from strawberry.types.field import StrawberryField

from yanxiu_gateway.execution.answered import TYPENAME, Answered, answered
from yanxiu_gateway.execution.arguments import Arguments
from yanxiu_gateway.execution.batch import BY_ITSELF
from yanxiu_gateway.execution.laid_out import text_of
from yanxiu_gateway.execution.plan import FieldPlan, Plan, Selection, Shape, object_of

_DEFINITION = "strawberry-definition"
_CONDITIONS = ("skip", "include")


class NotPlanned(Exception):
    """The operation cannot be planned; the text says why."""


def conditions(operation: OperationDefinitionNode, fragments: Iterable[FragmentDefinitionNode]) -> tuple[str, ...]:
    """The variables that decide, by @skip and @include, which fields are asked: a plan is made for their values."""
    found: dict[str, None] = {}

    class Look(Visitor):
        def enter_directive(self, node: Any, *_: Any) -> None:
            if node.name.value in _CONDITIONS:
                for argument in node.arguments or ():
                    found.update(dict.fromkeys(variables_in(argument)))

    for node in (operation, *fragments):
        visit(node, Look())
    return tuple(sorted(found))


def variables_in(node: Node) -> Iterator[str]:
    """The names of the variables in a part of a document."""
    found: list[str] = []

    class Look(Visitor):
        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            found.append(node.name.value)

    visit(node, Look())
    yield from found


def arguments_of(schema: Schema, plan: FieldPlan, values: VariableValues) -> dict[str, Any]:
    """The field's arguments as its function takes them; raises what is wrong with them."""
    raw = get_argument_values(plan.definition, plan.nodes[0], values)
    own: Any = plan.own
    return _made_for(schema).of(own, raw) if own.arguments else {}


@functools.lru_cache(maxsize=8)
def _made_for(schema: Schema) -> Arguments:
    return Arguments(schema)


def compile_plan(
    schema: Schema, document: DocumentNode, operation: OperationDefinitionNode, values: VariableValues
) -> Plan:
    """The plan of a valid operation, for these values of its `conditions`; raises `NotPlanned`."""
    if operation.operation not in (OperationType.QUERY, OperationType.MUTATION):
        raise NotPlanned("a subscription")
    if operation.directives:
        raise NotPlanned("directives of the operation")
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    if any(one.variable_definitions for one in fragments.values()):
        raise NotPlanned("variables of a fragment")
    compiler = _Compiler(schema, operation, fragments, values)
    return compiler.plan()


class _Compiler:
    def __init__(
        self,
        schema: Schema,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
        values: VariableValues,
    ) -> None:
        self._schema = schema
        # Strawberry keeps the graphql-core schema in this attribute.
        self._types: GraphQLSchema = schema._schema  # noqa: SLF001
        self._operation = operation
        self._fragments = fragments
        self._details = {name: FragmentDetails(node) for name, node in fragments.items()}
        self._values = values
        self._size = 0
        self._by_itself = False

    def plan(self) -> Plan:
        operation = self._operation
        root = self._types.get_root_type(operation.operation)
        if root is None:
            raise NotPlanned("no such root")
        grouped, _, _ = collect_fields(self._types, self._details, self._values, root, operation)
        whole = self._selection(root, grouped)
        roots: Sequence[Selection] = [whole]
        if operation.operation == OperationType.MUTATION:
            roots = [Selection(root, [one], object_of((one.key,)), one.waits) for one in whole.fields]
        return Plan(operation, self._fragments, roots, whole.make, self._size, self._by_itself)

    def _selection(self, kind: GraphQLObjectType, grouped: dict[str, list[FieldDetails]]) -> Selection:
        fields = [self._field(kind, key, details) for key, details in grouped.items()]
        return Selection(
            kind, fields, object_of(tuple(one.key for one in fields)), sum(one.waits for one in fields) > 0
        )

    def _field(self, kind: GraphQLObjectType, key: str, details: list[FieldDetails]) -> FieldPlan:
        self._size += 1
        node = details[0].node
        definition = self._types.get_field(kind, node.name.value)
        if definition is None:
            raise NotPlanned(f"no field {kind}.{node.name.value}")
        how = TYPENAME if node.name.value == "__typename" else answered(self._schema, definition)
        if how.how == "not":
            raise NotPlanned(f"{kind}.{node.name.value}: {how.why}")
        self._by_itself = self._by_itself or getattr(how.call, BY_ITSELF, False)
        shape = self._shape(definition.type, details)
        own = definition.extensions.get(_DEFINITION)
        plan = FieldPlan(
            key=key,
            nodes=[one.node for one in details],
            parent=kind,
            definition=definition,
            own=own if isinstance(own, StrawberryField) else None,
            answered=how,
            shape=shape,
            constant=None,
            waits=how.waits or shape.waits,
        )
        plan.constant = self._constant(plan, node, definition, how)
        plan.text = text_of(shape) if how.how == "attribute" else None
        return plan

    def _constant(
        self, plan: FieldPlan, node: FieldNode, definition: GraphQLField, how: Answered
    ) -> dict[str, Any] | Exception | None:
        """Arguments that are the same in every request: read now, with what is wrong with them."""
        if how.how in ("typename", "attribute") or not definition.args:
            # graphql-core looks at the arguments of a field that takes none; validation has refused them before.
            return {}
        if any(True for argument in node.arguments or () for _ in variables_in(argument)):
            return None
        try:
            return arguments_of(self._schema, plan, self._values)
        except Exception as problem:  # noqa: BLE001 - it is the answer of every row of the field
            return problem

    def _shape(self, given: Any, details: list[FieldDetails]) -> Shape:
        required = is_non_null_type(given)
        kind = given.of_type if required else given
        if is_list_type(kind):
            item = self._shape(kind.of_type, details)
            return Shape(required, "list", item.named, item=item, waits=item.waits)
        if is_leaf_type(kind):
            return Shape(required, "leaf", kind)
        if is_object_type(kind):
            below = {kind.name: self._below(kind, details)}
            return Shape(required, "object", kind, selections=below, waits=below[kind.name].waits)
        if is_abstract_type(kind):
            below = {one.name: self._below(one, details) for one in self._types.get_possible_types(kind)}
            return Shape(required, "abstract", kind, selections=below, waits=any(s.waits for s in below.values()))
        raise NotPlanned(f"a type {kind}")

    def _below(self, kind: GraphQLObjectType, details: list[FieldDetails]) -> Selection:
        found = collect_subfields(self._types, self._details, self._values, self._operation, kind, details)
        return self._selection(kind, found.grouped_field_set)
