"""A plan carried out: level by level, each field for all rows of its level, with GraphQL's rules for nulls and errors.

A value that failed is an exception in its column until something may be null around it: there it becomes null, and the
exception an error of the answer.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, islice, repeat
from operator import attrgetter
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, located_error
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.executor import Executor
from graphql.execution.values import VariableValues
from graphql.pyutils import Path, Undefined, gather_with_cancel, is_async_iterable, is_awaitable, is_iterable
from graphql.pyutils import inspect as shown
from graphql.type import GraphQLObjectType
from graphql.type.definition import GraphQLResolveInfoHelpers
from strawberry.schema import Schema

from yanxiu_gateway.execution.company import Company
from yanxiu_gateway.execution.compiling import arguments_of
from yanxiu_gateway.execution.laid_out import laid_out
from yanxiu_gateway.execution.leaves import leaf_column, trait
from yanxiu_gateway.execution.places import Items, Kept, Place, Places, Root, Under
from yanxiu_gateway.execution.plan import FieldPlan, Plan, Selection, Shape
from yanxiu_gateway.execution.reading import PLANNED, RUNNING

Column = tuple[list[Any], bool]
"""Values as they are answered, and whether one of them is an exception."""


class Run:
    """One operation of one request; `answer` is awaited once."""

    def __init__(self, schema: Schema, plan: Plan, context: Any, root: Any, values: VariableValues) -> None:
        self._schema = schema
        self._types = schema._schema  # noqa: SLF001 - where Strawberry keeps the graphql-core schema
        self._plan = plan
        self._context = context
        self._root = root
        self._values = values
        self._errors: list[tuple[Place, GraphQLError]] = []
        self._company: Company = getattr(context, "company", None) or Company()
        # By the identity of the plan's fields, which the plan keeps.
        self._infos: dict[int, GraphQLResolveInfo[Any]] = {}
        self._given: dict[int, dict[str, Any] | Exception] = {}
        self._unasked: list[asyncio.Future[Any]] = []
        self._helpers = GraphQLResolveInfoHelpers(gather=lambda given: gather_with_cancel(*given), track=self._track)

    async def answer(self) -> tuple[Any, list[GraphQLError]]:
        """The data, None where an error reached the root, and the errors."""
        try:
            return await self._answer()
        finally:
            # They hold what holds this: without them the run goes when it ends, not when the collector finds it.
            self._infos.clear()
            self._given.clear()
            del self._helpers

    async def _answer(self) -> tuple[Any, list[GraphQLError]]:
        values: list[Any] = []
        for selection in self._plan.roots:
            found, failed = await self._select(selection, [self._root], Root())
            if failed:
                self._errors.append(((), found[0]))
                return None, self._told()
            values.append(found[0])
        if len(values) == 1:
            return values[0], self._told()
        return self._plan.make(*(one.f0 for one in values)), self._told()

    def _told(self) -> list[GraphQLError]:
        """The errors, without those below a place that is null because of another."""
        if len(self._errors) < 2:
            return [error for _, error in self._errors]
        nulled = {place for place, _ in self._errors}
        return [
            error for place, error in self._errors if not any(place[:length] in nulled for length in range(len(place)))
        ]

    def _track(self, values: Sequence[Any]) -> None:
        """Awaitables that a type resolver no longer needs: they end by themselves, as with graphql-core."""
        waiting = [value for value in values if is_awaitable(value)]
        if waiting:
            self._unasked.append(asyncio.gather(*waiting, return_exceptions=True))

    # ---- a level -------------------------------------------------------------------------------------------------

    async def _select(self, selection: Selection, rows: list[Any], places: Places) -> Column:
        """An object of the answer for each row; what waits for a service is started together."""
        if not rows:
            return [], False
        fields = selection.fields
        columns: list[Column] = [([], False)] * len(fields)
        waiting = [number for number, field in enumerate(fields) if field.waits]
        together = len(waiting) > 1
        for number, field in enumerate(fields):
            if not (together and field.waits):
                columns[number] = await self._field(field, rows, places)
        if together:
            found = await self._company.gather([self._field(fields[number], rows, places) for number in waiting])
            for number, column in zip(waiting, found, strict=True):
                columns[number] = column
        if not fields:
            return [selection.make() for _ in rows], False
        made = list(map(selection.make, *(values for values, _ in columns)))
        broken = [values for values, failed in columns if failed]
        for number in range(len(rows)) if broken else ():
            for values in broken:
                if isinstance(values[number], Exception):
                    made[number] = values[number]
                    break
        return made, bool(broken)

    async def _field(self, field: FieldPlan, rows: list[Any], places: Places) -> Column:
        if field.answered.how == "typename":
            return [field.parent.name] * len(rows), False
        if field.answered.how == "attribute":
            values = _attributes(rows, field.answered.attribute)
            if field.text is not None and (laid := laid_out(field.text, values, partial(self._raw_info, field))):
                return laid, False
        else:
            values = await self._asked(field, rows)
        return await self._complete(field, field.shape, values, Under(places, field.key))

    async def _asked(self, field: FieldPlan, rows: list[Any]) -> list[Any]:
        """What the field's own function answers for each row, an exception where it raised one."""
        how = field.answered
        call: Any = how.call
        given = self.given(field)
        if isinstance(given, Exception):
            return [given] * len(rows)
        try:
            if how.how == "batch":
                values = call(rows, **given)
                values = list(await values if inspect.isawaitable(values) else values)
                if len(values) != len(rows):
                    raise RuntimeError(f"{call.__qualname__} answered {len(values)} of {len(rows)} rows")
                return values
        except Exception as problem:  # noqa: BLE001 - it is the answer of every row
            return [problem] * len(rows)
        return await self._settled(_row_by_row(call, rows, how.takes_row, how.by_position, given))

    def given(self, field: FieldPlan) -> dict[str, Any] | Exception:
        """What the field's function is called with beside its rows; what is wrong with its arguments."""
        if id(field) not in self._given:
            self._given[id(field)] = self._new_given(field)
        return self._given[id(field)]

    def _new_given(self, field: FieldPlan) -> dict[str, Any] | Exception:
        try:
            given = field.constant if field.constant is not None else arguments_of(self._schema, field, self._values)
        except Exception as problem:  # noqa: BLE001 - it is the answer of every row
            return problem
        if isinstance(given, Exception) or field.answered.takes_info is None:
            return given
        return {**given, field.answered.takes_info: self._info(field)}

    def _info(self, field: FieldPlan) -> Any:
        raw = self._raw_info(field)
        info = self._schema.config.info_class(_raw_info=raw, _field=field.own)  # type: ignore[arg-type]
        setattr(info, PLANNED, field)
        setattr(info, RUNNING, self)
        return info

    def _raw_info(self, field: FieldPlan) -> GraphQLResolveInfo[Any]:
        """What a function may know of its field; the path is the field's own, for many rows have no other in common."""
        if id(field) not in self._infos:
            self._infos[id(field)] = self._new_info(field)
        return self._infos[id(field)]

    def _new_info(self, field: FieldPlan) -> GraphQLResolveInfo[Any]:
        return GraphQLResolveInfo(
            field.nodes[0].name.value,
            field.nodes,
            field.definition.type,
            field.parent,
            Path(None, field.key, field.parent.name),
            self._types,
            self._plan.fragments,
            self._root,
            self._plan.operation,
            self._values,
            self._context,
            is_awaitable,
            None,
            self._helpers,
        )

    # ---- a column ------------------------------------------------------------------------------------------------

    async def _complete(self, field: FieldPlan, shape: Shape, values: list[Any], places: Places) -> Column:
        """The values of a column as they are answered; what is null but must not be, or failed, is treated here."""
        kinds = set(map(type, values))
        traits = {trait(kind) for kind in kinds}
        if "awaitable" in traits:
            values = await self._settled(values)
            kinds = set(map(type, values))
            traits = {trait(kind) for kind in kinds}
        if shape.kind == "leaf":
            found, failed = leaf_column(shape.leaf, values, kinds)
        else:
            found, failed = await self._nested(field, shape, values, traits, places)
        if shape.required and "null" in traits:
            found, failed = _without_null(field, found)
        return self._closed(field, shape, found, places) if failed else (found, False)

    def _closed(self, field: FieldPlan, shape: Shape, values: list[Any], places: Places) -> Column:
        """Every exception located; null and an error of the answer where null may stand."""
        closed = list(values)
        for number, value in enumerate(values):
            if isinstance(value, Exception):
                place = places.at(number)
                error = located_error(value, field.nodes, list(place))
                closed[number] = error if shape.required else None
                if not shape.required:
                    self._errors.append((place, error))
        return closed, shape.required

    async def _nested(
        self, field: FieldPlan, shape: Shape, values: list[Any], traits: set[Any], places: Places
    ) -> Column:
        """Lists and objects: what is neither null nor failed is looked into, and put back in its place."""
        look = self._lists if shape.kind == "list" else self._objects
        if traits == {"plain"}:
            return await look(field, shape, values, places)
        kept = [number for number, value in enumerate(values) if trait(type(value)) == "plain"]
        found, failed = await look(field, shape, [values[number] for number in kept], Kept(places, kept))
        column = [None if trait(type(value)) == "null" else value for value in values]
        for number, value in zip(kept, found, strict=True):
            column[number] = value
        return column, failed or "error" in traits

    async def _lists(self, field: FieldPlan, shape: Shape, values: list[Any], places: Places) -> Column:
        lists, failed = _as_lists(field, values)
        lengths = [0 if isinstance(one, Exception) else len(one) for one in lists]
        whole = (one for one in lists if not isinstance(one, Exception)) if failed else lists
        item: Any = shape.item
        items, bad = await self._complete(field, item, list(chain.from_iterable(whole)), Items(places, lengths))
        left = iter(items)
        found: list[Any] = [list(islice(left, length)) for length in lengths]
        if bad:
            found = [next((item for item in one if isinstance(item, Exception)), one) for one in found]
        if failed:
            found = [given if isinstance(given, Exception) else one for given, one in zip(lists, found, strict=True)]
        return found, failed or bad

    async def _objects(self, field: FieldPlan, shape: Shape, values: list[Any], places: Places) -> Column:
        if shape.kind == "object":
            return await self._of_kind(field, next(iter(shape.selections.values())), values, places)
        names = await self._settled([self._kind_of(field, shape, value) for value in values])
        groups: dict[str, list[int]] = {}
        column: list[Any] = list(values)
        for number, name in enumerate(names):
            try:
                kind = name if isinstance(name, Exception) else self._valid_kind(field, shape, name, values[number])
            except Exception as problem:  # noqa: BLE001 - it is the answer for this value
                kind = problem
            if isinstance(kind, Exception):
                column[number] = kind
            else:
                groups.setdefault(kind, []).append(number)
        found = await self._company.gather(
            [
                self._of_kind(field, shape.selections[kind], [values[one] for one in numbers], Kept(places, numbers))
                for kind, numbers in groups.items()
            ]
        )
        failed = sum(map(len, groups.values())) < len(values)
        for numbers, (made, bad) in zip(groups.values(), found, strict=True):
            failed = failed or bad
            for number, one in zip(numbers, made, strict=True):
                column[number] = one
        return column, failed

    def _kind_of(self, field: FieldPlan, shape: Shape, value: Any) -> Any:
        """The name of an abstract value's type, or what was raised instead."""
        named: Any = shape.named
        try:
            return named.resolve_type(value, self._raw_info(field), named)
        except Exception as problem:  # noqa: BLE001 - it is the answer for this value
            return problem

    def _valid_kind(self, field: FieldPlan, shape: Shape, name: Any, value: Any) -> str:
        named: Any = shape.named
        # graphql-core's own check, and so its own sentences; it asks nothing of the executor but its schema.
        valid: Callable[..., GraphQLObjectType] = Executor.ensure_valid_runtime_type
        return valid(self, name, named, _details(field), self._raw_info(field), value).name

    @property
    def schema(self) -> Any:
        """The graphql-core schema, by the name that graphql-core's executor gives it."""
        return self._types

    async def _settled(self, values: Sequence[Any]) -> list[Any]:
        """The values, those that are awaited together with what they came to."""
        waiting = [number for number, value in enumerate(values) if is_awaitable(value)]
        column = list(values)
        if len(waiting) == 1:
            try:
                column[waiting[0]] = await values[waiting[0]]
            except Exception as problem:  # noqa: BLE001 - it is the answer for this row
                column[waiting[0]] = problem
        elif waiting:
            found = await self._company.gather_all([values[number] for number in waiting])
            for number, value in zip(waiting, found, strict=True):
                if isinstance(value, BaseException) and not isinstance(value, Exception):
                    raise value
                column[number] = value
        return column

    async def _of_kind(self, field: FieldPlan, selection: Selection, values: list[Any], places: Places) -> Column:
        """Values of one object type, each asked first whether it is of it."""
        test = selection.kind.is_type_of
        if test is None:
            return await self._select(selection, values, places)
        info = self._raw_info(field)
        try:
            fits: list[Any] = list(map(test, values, repeat(info)))
        except Exception:  # noqa: BLE001 - which value it was is found one by one
            fits = [_called(test, value, info) for value in values]
        if set(map(type, fits)) == {bool} and False not in fits:
            return await self._select(selection, values, places)
        fits = await self._settled(fits)
        column = [
            one if isinstance(one, Exception) else _misfit(field, selection, value)
            for one, value in zip(fits, values, strict=True)
        ]
        kept = [number for number, one in enumerate(fits) if one and not isinstance(one, Exception)]
        found, _ = await self._select(selection, [values[number] for number in kept], Kept(places, kept))
        for number, value in zip(kept, found, strict=True):
            column[number] = value
        return column, True


# ---- values ------------------------------------------------------------------------------------------------------


def _attributes(rows: list[Any], name: str) -> list[Any]:
    """The attribute of every row, what was raised instead where one has none."""
    try:
        return list(map(attrgetter(name), rows))
    except Exception:  # noqa: BLE001 - which row it was is found one by one
        return [_called(getattr, row, name) for row in rows]


def _called(function: Callable[..., Any], *given: Any) -> Any:
    try:
        return function(*given)
    except Exception as problem:  # noqa: BLE001 - it is the answer for this row
        return problem


def _row_by_row(
    function: Callable[..., Any], rows: list[Any], name: str | None, by_position: bool, given: dict[str, Any]
) -> list[Any]:
    values: list[Any] = []
    for row in rows:
        try:
            if by_position:
                values.append(function(row, **given))
            else:
                values.append(function(**given) if name is None else function(**{name: row}, **given))
        except Exception as problem:  # noqa: BLE001 - it is the answer for this row
            values.append(problem)
    return values


def _as_lists(field: FieldPlan, values: list[Any]) -> Column:
    """Every value as a list or tuple; an exception where it is nothing to go through."""
    if set(map(type, values)) <= {list, tuple}:
        return values, False
    found: list[Any] = []
    for value in values:
        if is_async_iterable(value) or not is_iterable(value):
            said = f"Expected Iterable, but did not find one for field '{field.parent}.{field.nodes[0].name.value}'."
            found.append(GraphQLError(said))
        else:
            found.append(_called(list, value))
    return found, any(isinstance(one, Exception) for one in found)


def _without_null(field: FieldPlan, values: list[Any]) -> Column:
    said = f"Cannot return null for non-nullable field {field.parent}.{field.nodes[0].name.value}."
    return [TypeError(said) if value is None or value is Undefined else value for value in values], True


def _misfit(field: FieldPlan, selection: Selection, value: Any) -> GraphQLError:
    return GraphQLError(f"Expected value of type '{selection.kind}' but got: {shown(value)}.", field.nodes)


def _details(field: FieldPlan) -> Any:
    return [FieldDetails(node, None) for node in field.nodes]
