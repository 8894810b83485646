"""The plans of a schema, remembered by document, operation and the values of its conditions, in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    get_operation_ast,
)
from strawberry.schema import Schema

from yanxiu_gateway.execution.compiling import NotPlanned, compile_plan, conditions
from yanxiu_gateway.execution.given_variables import GivenVariables, VariablesRefused
from yanxiu_gateway.execution.plan import Plan
from yanxiu_gateway.execution.running import Run

MOST_PLANS = 1_000
MOST_FIELDS = 50_000


class _Known:
    """What is remembered of an operation: the document, so that its identity stays its own, and its plans."""

    def __init__(self, types: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        self.document = document
        self.operation = operation
        self.variables = GivenVariables(types, operation)
        fragments = [one for one in document.definitions if isinstance(one, FragmentDefinitionNode)]
        self.conditions = conditions(operation, fragments)


class Plans:
    """Plans of one schema; the oldest are forgotten first. `left` counts operations that were left to graphql-core."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._operations: OrderedDict[tuple[int, str | None], _Known] = OrderedDict()
        self._plans: OrderedDict[tuple[Any, ...], Plan | NotPlanned] = OrderedDict()
        self._fields = 0
        self.planned = 0
        self.left = 0

    def plan(
        self, document: DocumentNode, operation_name: str | None, variables: Mapping[str, Any] | None
    ) -> tuple[Plan, Any] | None:
        """The plan of an operation and its variables as they are read; None where graphql-core must execute it.

        Raises `VariablesRefused` for variables that do not fit: nobody reads them a second time.
        """
        known = self._operation(document, operation_name)
        if known is None:
            return None
        values = known.variables.read(variables)
        if isinstance(values, list):
            raise VariablesRefused(values)
        key = (id(document), operation_name, *(values.coerced.get(name) for name in known.conditions))
        found = self._plans.get(key)
        if found is None:
            found = self._compiled(known, values)
            self._remember(key, found)
        self._plans.move_to_end(key)
        if isinstance(found, NotPlanned):
            self.left += 1
            return None
        self.planned += 1
        return found, values

    def why_not(self, document: DocumentNode, operation_name: str | None = None) -> str | None:
        """Why an operation without conditions is left to graphql-core; None when it is planned."""
        found = self._plans.get((id(document), operation_name))
        return str(found) if isinstance(found, NotPlanned) else None

    async def answer(
        self, found: tuple[Plan, Any], context: Any, root: Any = None
    ) -> tuple[Any, list[GraphQLError] | None]:
        """Data and errors of a planned operation."""
        plan, values = found
        data, errors = await Run(self._schema, plan, context, root, values).answer()
        return data, errors or None

    def _operation(self, document: DocumentNode, name: str | None) -> _Known | None:
        key = (id(document), name)
        known = self._operations.get(key)
        if known is None:
            operation = get_operation_ast(document, name)
            if operation is None:
                return None
            types = self._schema._schema  # noqa: SLF001 - where Strawberry keeps the graphql-core schema
            known = self._operations[key] = _Known(types, document, operation)
            while len(self._operations) > MOST_PLANS:
                (dropped, its_name), _ = self._operations.popitem(last=False)
                self._forget(dropped, its_name)
        self._operations.move_to_end(key)
        return known

    def _compiled(self, known: _Known, values: Any) -> Plan | NotPlanned:
        try:
            return compile_plan(self._schema, known.document, known.operation, values)
        except NotPlanned as reason:
            return NotPlanned(str(reason))
        except (GraphQLError, RecursionError) as problem:
            return NotPlanned(f"{type(problem).__name__} where the fields are collected")

    def _remember(self, key: tuple[Any, ...], plan: Plan | NotPlanned) -> None:
        self._plans[key] = plan
        self._fields += _size(plan)
        while len(self._plans) > 1 and (len(self._plans) > MOST_PLANS or self._fields > MOST_FIELDS):
            _, dropped = self._plans.popitem(last=False)
            self._fields -= _size(dropped)

    def _forget(self, document: int, name: str | None) -> None:
        """Forget the plans of a document that is no longer held: another may come to have its identity."""
        for key in [one for one in self._plans if one[:2] == (document, name)]:
            self._fields -= _size(self._plans.pop(key))


def _size(plan: Plan | NotPlanned) -> int:
    return plan.size if isinstance(plan, Plan) else 1
