"""Nulls and errors in every place of an answer: the plan answers as graphql-core, data, paths, places and messages."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_gateway.execution.plans import Plans

from tests.gateway.execution.both_ways import by_plan, compare, read
from tests.gateway.execution.documents import Documents, Drawn
from tests.gateway.execution.faulty import Context, faulty_schema

SCHEMA = faulty_schema()


def plain(_kind: str, _name: str) -> st.SearchStrategy[Any]:
    return st.integers(0, 3)


QUERIES = Documents(SCHEMA._schema, plain).queries()
ILL = st.sampled_from((0, 5, 20, 60))


# graphql-core forgets coroutines of fields beside one that failed at once; the test of the plan alone forgives none.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::RuntimeWarning")
@settings(max_examples=40)
@given(QUERIES, st.integers(0, 10**6), ILL)
async def test_what_fails_is_answered_alike(drawn: Drawn, seed: int, ill: int) -> None:
    await compare(SCHEMA, Plans(SCHEMA), drawn.query, drawn.variables, lambda _document: Context(ill, seed))
    gc.collect(1)


@settings(max_examples=20)
@given(QUERIES, st.integers(0, 10**6), ILL)
async def test_a_plan_awaits_whatever_it_began(drawn: Drawn, seed: int, ill: int) -> None:
    plans = Plans(SCHEMA)
    assert await by_plan(SCHEMA, plans, read(SCHEMA, drawn.query), drawn.variables, Context(ill, seed)) is not None
    assert (plans.planned, plans.left) == (1, 0)
