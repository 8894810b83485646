"""One operation by graphql-core's own executor and by its plan, and what must be equal of the two answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from graphql import DocumentNode, ExecutionHooks, GraphQLError, execute, parse, validate
from strawberry.schema import Schema
from yanxiu_gateway.execution.given_variables import VariablesRefused
from yanxiu_gateway.execution.plans import Plans

Told = tuple[Any, set[tuple[Any, ...]]]


def read(schema: Schema, query: str) -> DocumentNode:
    """The document; a test that draws one that is not valid is wrong itself."""
    document = parse(query)
    problems = validate(schema._schema, document)
    assert not problems, (query, [problem.message for problem in problems])
    return document


async def by_core(schema: Schema, document: DocumentNode, variables: Any, context: Any) -> tuple[Any, Any]:
    """Data and errors of graphql-core, when all that it began has ended."""
    ended = asyncio.Event()
    hooks = ExecutionHooks(async_work_finished=lambda _info: ended.set())
    found: Any = execute(schema._schema, document, context_value=context, variable_values=variables, hooks=hooks)
    result = await found if hasattr(found, "__await__") else found
    if result.data is not None or any(error.path for error in result.errors or ()):
        await ended.wait()
    return result.data, result.errors or []


async def by_plan(
    schema: Schema, plans: Plans, document: DocumentNode, variables: Any, context: Any
) -> tuple[Any, Any] | None:
    """Data and errors of the plan, through JSON; None where the operation is left to graphql-core, or not begun."""
    try:
        found = plans.plan(document, None, variables)
    except VariablesRefused:
        return None
    if found is None:
        return None
    data, errors = await plans.answer(found, context)
    return msgspec.json.decode(msgspec.json.encode(data)), errors or []


def told(data: Any, errors: list[GraphQLError]) -> Told:
    """What must be equal: the data with the order of its keys; the errors without what the specification leaves free.

    Below a place that an error has made null other fields may have failed or not, been cancelled or not: of them
    nothing need be told, and which of several required fields failed first is free. So an error counts by its own
    place where nothing above it is null, and by the place that it made null otherwise.
    """
    kept: set[tuple[Any, ...]] = set()
    for error in errors:
        path = tuple(error.path or ())
        null = _null_at(data, path)
        own = null == len(path)
        said = error.message if own else ""
        places = tuple((one.line, one.column) for one in error.locations or ()) if own else ()
        kept.add((path[:null], said, places, repr(error.extensions) if own else "", _cause(error) if own else ""))
    return _ordered(data), kept


def _cause(error: GraphQLError) -> str:
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return type(cause).__name__


def _null_at(data: Any, path: tuple[Any, ...]) -> int:
    """After how many steps along the path the data is null."""
    at = data
    for steps, key in enumerate(path):
        if at is None:
            return steps
        at = at[key]
    assert at is None, (path, at)
    return len(path)


def _ordered(data: Any) -> Any:
    if isinstance(data, dict):
        return [(key, _ordered(value)) for key, value in data.items()]
    return [_ordered(one) for one in data] if isinstance(data, list) else data


async def compare(
    schema: Schema, plans: Plans, query: str, variables: Any, context: Callable[[DocumentNode], Any]
) -> tuple[Any, Any]:
    """Both answers of a valid document, which must be equal; returns graphql-core's data and errors."""
    document = read(schema, query)
    data, errors = await by_core(schema, document, variables, context(document))
    planned = await by_plan(schema, plans, document, variables, context(document))
    if planned is None:
        assert data is None, plans.why_not(document)
        return data, errors
    through_json = msgspec.json.decode(msgspec.json.encode(data))
    theirs, ours = told(through_json, errors), told(*planned)
    assert ours[0] == theirs[0], (query, variables)
    if errors or planned[1]:
        by_position = {entry[0] for entry in theirs[1]} == {entry[0] for entry in ours[1]}
        assert by_position, (query, variables, theirs[1], ours[1])
        own = {one for one in theirs[1] if one[1]} ^ {one for one in ours[1] if one[1]}
        assert not own, (query, variables, own)
    return data, errors
