"""An operation executed: from its plan where there is one, else by graphql-core; a caller's equal queries together."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
from graphql import DocumentNode, GraphQLError, OperationDefinitionNode
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline

from yanxiu_gateway.asking_again import AskingAgain
from yanxiu_gateway.backend import COMMAND_SECONDS, QUERY_SECONDS, Backend
from yanxiu_gateway.bundling import one_operation
from yanxiu_gateway.errors import Language
from yanxiu_gateway.execution.company import Company
from yanxiu_gateway.execution.given_variables import VariablesRefused
from yanxiu_gateway.execution.plan import Plan
from yanxiu_gateway.execution.plans import Plans
from yanxiu_gateway.in_turn import InTurn
from yanxiu_gateway.kept_answers import Key
from yanxiu_gateway.schema.build import GatewaySchema
from yanxiu_gateway.schema.context import RequestContext


@dataclass(frozen=True, slots=True)
class Operation:
    """A valid operation of a document with its variables, as a caller asks it in a language."""

    text: str
    document: DocumentNode
    node: OperationDefinitionNode
    name: str | None
    variables: dict[str, Any] | None
    caller: Caller
    language: Language


class Executed(NamedTuple):
    """What came of an operation: its data as JSON, None where that is null or nothing was executed, and its errors."""

    data: bytes | None
    errors: Sequence[GraphQLError]


class Executing:
    """Executes operations of one schema.

    Queries that a plan answers, equal in text, operation, variables, language and caller (subject, role, scope, app),
    are executed once where several come at the same moment; never one that leaves a record of its own. Each asker has
    paid for it before, waits for his own deadline alone, and is answered what was begun after he asked. With `again`,
    through which the backend asks, such a query that comes again is answered with what is kept of it where the services
    say that it still holds.
    """

    def __init__(self, schema: GatewaySchema, backend: Backend, again: AskingAgain | None = None) -> None:
        self._schema = schema
        self._backend = backend
        self._again = again
        self.turns: InTurn[Key, Executed] = InTurn()

    async def execute(self, asked: Operation) -> Executed:
        """The answer; raises what Strawberry raises for a kind of operation that cannot run here."""
        mutation = asked.node.operation.value == "mutation"
        deadline = Deadline.after(COMMAND_SECONDS if mutation else QUERY_SECONDS)
        plans = self._schema.plans
        try:
            planned = plans.plan(asked.document, asked.name, asked.variables) if plans is not None else None
        except VariablesRefused as refused:
            return Executed(None, refused.errors)
        if plans is None or planned is None:
            return await self._by_graphql_core(asked, self._context(asked, deadline))

        def execute(until: Deadline) -> Awaitable[Executed]:
            return self._by_plan(asked, plans, planned, until)

        if mutation or planned[0].by_itself:
            return await execute(deadline)
        variables = msgspec.json.encode(asked.variables) if asked.variables else b""
        key: Key = (asked.text, asked.name, variables, asked.caller, asked.language)
        begin = execute if self._again is None else self._again.with_known(key, execute)
        try:
            return await self.turns.ask(key, deadline, begin)
        except TimeoutError:
            # The asker's own time is up: executed now, every field that needs a service says so.
            return await execute(deadline)

    async def _by_plan(self, asked: Operation, plans: Plans, planned: tuple[Plan, Any], until: Deadline) -> Executed:
        with one_operation(Company()) as company:
            context = self._context(asked, until, company)
            try:
                data, errors = await plans.answer(planned, context)
            finally:
                context.loaders.end()
        return _executed(data, errors)

    def _context(self, asked: Operation, deadline: Deadline, company: Company | None = None) -> RequestContext:
        return RequestContext(asked.caller, self._backend, deadline, asked.language, asked.document, company=company)

    async def _by_graphql_core(self, asked: Operation, context: RequestContext) -> Executed:
        with one_operation(Company(counted=False)):
            result = await self._schema.execute(
                asked.text, variable_values=asked.variables, context_value=context, operation_name=asked.name
            )
        return _executed(result.data, result.errors)


def _executed(data: Any, errors: Sequence[GraphQLError] | None) -> Executed:
    return Executed(None if data is None else msgspec.json.encode(data), errors or ())
