"""Plans are made once for a document and its conditions, forgotten in time, and left alone where they do not fit."""

from __future__ import annotations

from typing import Any

import pytest
import strawberry
from graphql import parse
from strawberry.extensions import FieldExtension
from yanxiu_gateway.execution import plans as remembered
from yanxiu_gateway.execution.batch import Batches, in_batch
from yanxiu_gateway.execution.given_variables import VariablesRefused
from yanxiu_gateway.execution.plans import Plans

CALLS: list[int] = []


@in_batch
async def doubled(rows: Any, info: strawberry.Info, times: int = 2) -> Any:
    del info
    CALLS.append(len(rows))
    return [row.number * times for row in rows]


@in_batch
async def too_few(rows: Any, info: strawberry.Info) -> Any:
    del info
    return [1 for _ in rows[1:]]


@strawberry.type
class Row:
    """A row."""

    number: int
    doubled: int = strawberry.field(resolver=doubled)
    too_few: int | None = strawberry.field(resolver=too_few)


class Wrapping(FieldExtension):
    """Does something around a field."""

    def resolve(self, next_: Any, source: Any, info: Any, **given: Any) -> Any:
        return next_(source, info, **given)


@strawberry.type
class Query:
    """The root."""

    @strawberry.field
    def rows(self, first: int) -> list[Row]:
        """So many rows."""
        return [Row(number=number) for number in range(first)]

    @strawberry.field(extensions=[Wrapping()])
    def wrapped(self) -> int:
        """A field with an extension."""
        return 1


SCHEMA = strawberry.Schema(Query)


class Context:
    """A request."""

    def __init__(self) -> None:
        self.batches = Batches()


async def answered(plans: Plans, query: str, **variables: Any) -> tuple[Any, Any]:
    found = plans.plan(parse(query), None, variables)
    assert found is not None
    return await plans.answer(found, Context())


async def test_a_field_for_all_rows_is_called_once_and_by_graphql_core_too() -> None:
    query = "{ rows(first: 30) { doubled(times: 3) } }"
    CALLS.clear()
    data, errors = await answered(Plans(SCHEMA), query)
    assert errors is None
    assert [row.f0 for row in data.f0] == [3 * number for number in range(30)]
    by_core = await SCHEMA.execute(query, context_value=Context())
    assert by_core.data == {"rows": [{"doubled": 3 * number} for number in range(30)]}
    assert CALLS == [30, 30]


async def test_a_function_that_answers_for_too_few_rows_fails_for_all_of_them() -> None:
    _, errors = await answered(Plans(SCHEMA), "{ rows(first: 3) { tooFew } }")
    assert [error.path for error in errors] == [["rows", number, "tooFew"] for number in range(3)]
    assert "2 of 3 rows" in str(errors[0])


def test_a_function_that_takes_no_info_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="info"):
        in_batch(lambda rows, since: [since for _ in rows])


def test_a_plan_is_made_once_for_the_values_of_its_conditions() -> None:
    plans = Plans(SCHEMA)
    document = parse("query($n: Int!, $with: Boolean!) { rows(first: $n) { number doubled @include(if: $with) } }")
    first = plans.plan(document, None, {"n": 1, "with": True})
    same = plans.plan(document, None, {"n": 2, "with": True})
    other = plans.plan(document, None, {"n": 1, "with": False})
    assert first is not None
    assert same is not None
    assert other is not None
    assert first[0] is same[0]
    assert [len(found[0].roots[0].fields[0].shape.item.selections["Row"].fields) for found in (first, other)] == [2, 1]  # type: ignore[union-attr]
    with pytest.raises(VariablesRefused):
        plans.plan(document, None, {"n": "no number", "with": True})


def test_what_has_an_extension_is_left_to_graphql_core_with_the_reason() -> None:
    plans, document = Plans(SCHEMA), parse("{ wrapped }")
    assert plans.plan(document, None, None) is None
    assert plans.why_not(document) == "Query.wrapped: field extensions"
    assert (plans.planned, plans.left) == (0, 1)


def test_plans_are_forgotten_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_FIELDS", 10)
    plans = Plans(SCHEMA)
    documents = [parse(f"{{ a{number}: rows(first: 1) {{ number }} }}") for number in range(40)]
    made = [plans.plan(document, None, None) for document in documents]
    again = [plans.plan(document, None, None) for document in documents[-5:]]
    assert [found and found[0] for found in again] == [found and found[0] for found in made[-5:]]
    anew = plans.plan(documents[0], None, None)
    first = made[0]
    assert anew is not None
    assert first is not None
    assert anew[0] is not first[0]
