"""Operations that nobody would write, drawn from the schema by schemathesis: each is answered, none is a fault."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from graphql.language import NameNode, ObjectFieldNode, ObjectValueNode
from hypothesis import given
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.graphql import nodes
from yanxiu_gateway.schema.snapshot import SNAPSHOT

from tests.examples import with_service
from tests.slices import probe
from tests.slices.district import District
from tests.slices.platform import Platform

OF_EACH = 2
SCALARS = {
    "Date": st.one_of(st.dates().map(str), st.text(max_size=12)).map(nodes.String),
    "DateTime": st.one_of(st.datetimes().map(lambda at: f"{at.isoformat()}Z"), st.text(max_size=30)).map(nodes.String),
    "Decimal": st.one_of(st.decimals(allow_nan=True).map(str), st.text(max_size=12)).map(nodes.String),
    "Facts": st.lists(st.tuples(st.sampled_from(("hours", "mode", "level")), st.integers()), max_size=3).map(
        lambda facts: ObjectValueNode(
            fields=tuple(
                ObjectFieldNode(name=NameNode(value=one), value=nodes.Int(value)) for one, value in dict(facts).items()
            )
        )
    ),
}


def some_of(strategy: st.SearchStrategy[Any]) -> list[str]:
    """The same few operations in every run."""
    found: list[str] = []

    @with_service(OF_EACH)
    @given(strategy)
    def draw(case: Any) -> None:
        found.append(case.body)

    draw()
    return found


def drawn() -> dict[str, list[str]]:
    """A few operations of each field of the schema's roots."""
    for name, strategy in SCALARS.items():
        schemathesis.graphql.scalar(name, strategy)
    read = schemathesis.graphql.from_path(str(SNAPSHOT)).get_all_operations()
    fields = [one.ok() for one in read if isinstance(one, Ok)]
    return {field.label: some_of(field.as_strategy()) for field in fields}


@pytest.mark.timeout(240)
async def test_no_operation_that_the_schema_allows_is_a_fault(platform: Platform) -> None:
    district = await District(platform, "fuzzed").open()
    fields = drawn()
    roots = (probe.SCHEMA.query_type, probe.SCHEMA.mutation_type)
    assert len(fields) == sum(len(root.fields) for root in roots if root is not None), (
        "a field that nothing is drawn of"
    )
    token, refused, answered = district.token(), 0, 0
    for text in (one for operations in fields.values() for one in operations):
        response = await platform.post(token, text)
        assert response.status_code < 500, (text, response.text)
        told = response.json()
        codes = {one["extensions"]["code"] for one in told.get("errors", ())}
        assert "INTERNAL" not in codes, (text, told)
        answered += told.get("data") is not None
        refused += bool(codes)
    assert answered > len(fields) / 2
    assert refused > 0
