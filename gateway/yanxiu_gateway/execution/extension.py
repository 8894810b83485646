"""Where compiled execution meets Strawberry: before graphql-core would execute, a planned operation has its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from graphql import ExecutionResult
from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from yanxiu_gateway.execution.given_variables import VariablesRefused
from yanxiu_gateway.execution.plans import Plans


class Compiled(SchemaExtension):
    """Answers from the schema's `plans` what they can answer; everything else takes graphql-core's way."""

    async def on_execute(self) -> AsyncIterator[None]:
        """Answer before the core executor would, which then has nothing left to do."""
        context = self.execution_context
        plans: Any = getattr(context.schema, "plans", None)
        document = context.graphql_document
        if (
            isinstance(plans, Plans)
            and document is not None
            and context.operation_type is not OperationType.SUBSCRIPTION
        ):
            try:
                found = plans.plan(document, context.operation_name, context.variables)
            except VariablesRefused as refused:
                found, context.result = None, ExecutionResult(data=None, errors=list(refused.errors))
            if found is not None:
                data, errors = await plans.answer(found, context.context, context.root_value)
                context.result = ExecutionResult(data=data, errors=errors)
        yield
