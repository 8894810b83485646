"""The real schema answers drawn documents alike by plan and by graphql-core, over services that make everything up."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from graphql import DocumentNode
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_gateway.backend import Backend
from yanxiu_gateway.execution.plans import Plans
from yanxiu_gateway.schema.build import GatewaySchema, build_schema
from yanxiu_gateway.schema.context import RequestContext
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline

from tests.examples import with_service
from tests.gateway.execution.both_ways import compare
from tests.gateway.execution.documents import Documents, Drawn
from tests.gateway.execution.made_up import MadeUp

SCHEMA: GatewaySchema = build_schema()
CALLER = Caller(subject="synthetic", role="teacher", district="puer", school="id-1", teacher="id-2")
_KINDS = ("Teacher", "School", "Record", "Process", "Visit", "FieldRecord", "Form", "RotationPlan", "Area", "Nothing")


def plain(kind: str, name: str) -> st.SearchStrategy[Any]:
    """Values of scalars: mostly such as mean something, and now and then such as are refused."""
    if kind == "Int":
        return st.sampled_from((1, 2, 3, 50, 5, 7, 9, 20, 0, 500) if name == "first" else (1, 2, 2025))
    if kind == "ID":
        made = st.builds(
            lambda of, number: b64encode(f"{of}:id-{number}".encode()).decode(),
            st.sampled_from(_KINDS),
            st.integers(0, 9),
        )
        return st.one_of(made, st.just("id-3"))
    if kind == "Boolean":
        return st.booleans()
    if kind == "Decimal":
        return st.sampled_from(("8", "59.5", "100"))
    if kind == "Date":
        return st.sampled_from(("2025-05-05", "2024-09-01"))
    if kind == "DateTime":
        return st.just("2025-03-14T09:00:00+08:00")
    return st.sampled_from(("idempotent-key-1", "year", "语文"))


def context(seed: int, faults: int) -> Any:
    def made(document: DocumentNode) -> RequestContext:
        services = MadeUp(seed, faults)
        return RequestContext(CALLER, Backend(services.call), Deadline.after(60), "zh", document)

    return made


DOCUMENTS = Documents(SCHEMA._schema, plain)


@with_service(25)
@given(DOCUMENTS.queries(), st.integers(0, 10**6), st.sampled_from((0, 0, 25)))
async def test_a_drawn_query_is_answered_alike(drawn: Drawn, seed: int, faults: int) -> None:
    await compare(SCHEMA, Plans(SCHEMA), drawn.query, drawn.variables, context(seed, faults))


@with_service(25)
@given(DOCUMENTS.queries("mutation"), st.integers(0, 10**6), st.sampled_from((0, 0, 25)))
async def test_a_drawn_mutation_is_answered_alike(drawn: Drawn, seed: int, faults: int) -> None:
    await compare(SCHEMA, Plans(SCHEMA), drawn.query, drawn.variables, context(seed, faults))
