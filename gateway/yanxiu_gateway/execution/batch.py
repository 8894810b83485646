"""A field written once, for all its rows: `@in_batch` makes of it the resolver that Strawberry and graphql-core call.

    @in_batch
    async def totals_of(rows: Rows[Dated[Teacher]], info: Info, since: Since = None) -> Any:
        return await info.context.loaders.totals([row.id for row in rows], since)

    total: Total | None = strawberry.field(resolver=totals_of, description=...)

The compiled executor calls the function itself, once with every row of the level. graphql-core calls the resolver for
each row; the rows of one field in one turn are gathered and given to the same function together.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

import strawberry
from strawberry.dataloader import DataLoader

T = TypeVar("T")
Rows = Sequence[T]
"""The rows of a level, in order; the function answers with as many values, an exception where one failed."""
Batch = Callable[..., Any]
BY_ITSELF = "by_itself"
AHEAD = "ahead"
InColumn = Callable[[Sequence[Any], str], Sequence[Any]]
"""`(values, type) -> values`: of each value of a row's attribute the field's, the row being shown as that type."""


class HasBatches(Protocol):
    """What a request's context needs for it."""

    batches: Batches


class Batches:
    """The rows of one request that wait for their field, where graphql-core executes."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[Batch, int], DataLoader[Any, Any]] = {}

    def load(self, function: Batch, row: Any, info: Any, arguments: dict[str, Any]) -> Awaitable[Any]:
        """The field's value for one row, asked for with those of all rows of the same field in this turn."""
        # One place in the document has one set of arguments; the document lives as long as the request.
        key = (function, id(info._raw_info.field_nodes[0]))  # noqa: SLF001 - Strawberry shows the nodes nowhere else
        if key not in self._waiting:

            async def ask(rows: list[Any]) -> Sequence[Any]:
                values = function(rows, info, **arguments)
                return await values if inspect.isawaitable(values) else values

            self._waiting[key] = DataLoader(load_fn=ask, cache=False)
        return self._waiting[key].load(row)


def in_batch(
    function: Batch | None = None,
    *,
    reads: tuple[str, ...] | None = None,
    column: InColumn | None = None,
    ahead: Batch | None = None,
) -> Batch:
    """The resolver of a field that is answered for all rows at once: `function(rows, info, **arguments) -> values`.

    A function that is not async is called for each row alone by graphql-core. `reads` names all that it reads of a row
    (`@in_batch(reads=("id",))`), so that a service can be asked for less; without it rows come whole. `column` says of
    what reads one attribute what it makes of the attribute's values, where rows come in columns. `ahead` tells what the
    function is going to ask before its rows are there: `ahead(above, info, **arguments) -> Ahead | None`.
    """
    if function is None:
        return functools.partial(in_batch, reads=reads, column=column, ahead=ahead)
    signature = inspect.signature(function)
    rows, info, *arguments = signature.parameters.values()
    if info.name != "info":
        raise TypeError(f"{function.__qualname__} must take the rows, then info")
    row = inspect.Parameter("root", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=strawberry.Parent[Any])

    resolve: Any = _awaited(function) if inspect.iscoroutinefunction(function) else _at_once(function)
    functools.update_wrapper(resolve, function)
    resolve.__signature__ = signature.replace(parameters=[row, info, *arguments])
    hints = {name: hint for name, hint in function.__annotations__.items() if name != rows.name}
    resolve.__annotations__ = {"root": row.annotation, **hints}
    resolve.in_batch = function
    if reads is not None:
        function.reads = reads  # type: ignore[attr-defined]
    if ahead is not None:
        setattr(function, AHEAD, ahead)
    if column is not None:
        function.column = column  # type: ignore[attr-defined]
    return resolve


def by_itself(function: Batch) -> Batch:
    """Marks a field's function of which each asking leaves a record: never answered together with an equal one."""
    setattr(function, BY_ITSELF, True)
    return function


def batch_of(resolver: Any) -> Batch | None:
    """The function that a resolver was made of by `in_batch`, None for another."""
    return getattr(resolver, "in_batch", None)


def column_of(function: Any) -> tuple[str, InColumn] | None:
    """The attribute of which a field's function makes values in columns, and how; None where it does not say."""
    column: InColumn | None = getattr(function, "column", None)
    return None if column is None else (function.reads[0], column)


def _awaited(function: Batch) -> Batch:
    async def resolve(root: Any, info: Any, **given: Any) -> Any:
        return await info.context.batches.load(function, root, info, given)

    return resolve


def _at_once(function: Batch) -> Batch:
    def resolve(root: Any, info: Any, **given: Any) -> Any:
        value = function([root], info, **given)[0]
        if isinstance(value, Exception):
            raise value
        return value

    return resolve
