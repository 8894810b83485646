"""Lists that come in columns are laid out as graphql-core would: every selection of plain values, and what is none."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from graphql import DocumentNode
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.execution.laid_out import laid_out
from yanxiu_gateway.execution.plans import Plans
from yanxiu_gateway.schema.context import RequestContext
from yanxiu_gateway.schema.nodes import global_id
from yanxiu_wire.columns import in_column
from yanxiu_wire.credits import LIST_RECORDS, Record, RecordPage, RecordPages
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.record_parts import RecordColumns

from tests.examples import with_service
from tests.gateway.execution.both_ways import by_plan, compare, read
from tests.gateway.execution.made_up import MadeUp
from tests.gateway.execution.test_every_document import CALLER, SCHEMA

PLAIN = ("id", "on", "status", "hours", "credits", "hoursUnit", "creditsUnit", "entry", "__typename")
# What stands beside rows, and what no column tells.
BESIDE = ("cursor", "__typename", "again: node { on }")
ABOUT = ("pageInfo { hasNextPage endCursor }", "totalCount", "__typename", "others: edges { node { status } }")
TEACHERS = json.dumps([global_id("Teacher", f"id-{number}") for number in range(9)])
OTHER = ("recordedAt", "teacher { id }", "facts { name }")


class LongPages(MadeUp):
    """Pages of several records, where made-up ones have one at the most."""

    def _reply(self, kind: Any, rest: str, apart: Any) -> Any:
        made = super()._reply(kind, rest, apart)
        if not isinstance(made, RecordPages):
            return made
        row = msgspec.inspect.type_info(Record)
        return replace(
            made, pages=tuple(self._longer(page, row, f"{rest} {one}") for one, page in enumerate(made.pages))
        )

    def _longer(self, page: RecordPage, row: Any, of: str) -> RecordPage:
        many = random.Random(f"{self._seed} {of}").choice((0, 1, 2, 5))
        items = tuple(self._made(row, random.Random(f"{self._seed} {of} {number}"), 1) for number in range(many))
        return replace(page, items=items, cursors=tuple(map(str, range(many))))


def context(seed: int) -> Any:
    def made(document: DocumentNode) -> RequestContext:
        backend = Backend(LongPages(seed).call)
        return RequestContext(CALLER, backend, Deadline.after(60), "zh", document)

    return made


def query(node: Sequence[str], beside: Sequence[str], about: Sequence[str]) -> str:
    named = " ".join(f"{'' if number % 2 else f'k{number}: '}{name}" for number, name in enumerate(node))
    records = f"records(first: 9) {{ edges {{ {' '.join(beside)} node {{ {named} }} }} {' '.join(about)} }}"
    return f"{{ nodes(ids: {TEACHERS}) {{ id ... on Teacher {{ {records} }} }} }}"


def some(of: tuple[str, ...], least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(of), min_size=least, max_size=len(of), unique=True)


@with_service(25)
@given(some(PLAIN, 1), some(BESIDE), some(ABOUT), some(OTHER), st.integers(0, 10**6))
async def test_a_drawn_selection_is_answered_alike(
    node: list[str], beside: list[str], about: list[str], other: list[str], seed: int
) -> None:
    await compare(SCHEMA, Plans(SCHEMA), query(node + other[: seed % 2], beside, about), {}, context(seed))


@pytest.fixture
def laid(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each list that a plan may lay out, whether it was."""
    found: list[bool] = []

    def noted(*given: Any) -> Any:
        its = laid_out(*given)
        found.append(its is not None)
        return its

    monkeypatch.setattr("yanxiu_gateway.execution.running.laid_out", noted)
    return found


async def test_plain_values_are_laid_out_and_no_others(laid: list[bool]) -> None:
    plans = Plans(SCHEMA)
    for node, beside, about, expected in (
        (list(PLAIN), ["__typename"], [], [True]),
        (["id"], ["again: node { on }"], ["totalCount", "others: edges { node { status } }"], [True, True]),
        (["id", "recordedAt"], [], [], []),
        (["id", "teacher { id }"], [], [], []),
    ):
        laid.clear()
        document = read(SCHEMA, query(node, beside, about))
        assert await by_plan(SCHEMA, plans, document, {}, context(5)(document)) is not None
        # The teachers' own list comes in rows, and first.
        assert [one for one in laid if one] == expected, node


async def test_a_value_that_may_not_stand_there_is_told_with_its_place(
    laid: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry beyond what an Int holds is an error of its own, and a credit must not be missing."""
    whole = MadeUp.call

    async def call(self: MadeUp, endpoint: Any, request: Any, **named: Any) -> Any:
        found = await whole(self, endpoint, request, **named)
        return _spoilt(found) if endpoint is LIST_RECORDS else found

    monkeypatch.setattr(MadeUp, "call", call)
    asked = query(["id", "entry"], [], [])
    _, errors = await compare(SCHEMA, Plans(SCHEMA), asked, {}, context(5))
    assert errors
    assert "Int cannot represent non 32-bit signed integer value" in errors[0].message
    assert not any(laid)


def _spoilt(pages: Any) -> Any:
    """The same with entries that are too large for an Int."""
    too_large = 2**40
    if isinstance(pages, RecordColumns):
        columns = dict(zip(pages.fields, pages.columns, strict=True))
        columns["entry"] = in_column([too_large] * sum(pages.counts))
        return replace(pages, columns=tuple(columns.values()))
    rows = [replace(page, items=tuple(replace(one, entry=too_large) for one in page.items)) for page in pages.pages]
    return replace(pages, pages=tuple(rows))
