"""The schema, built by a function: a process builds it once, a test as often as it likes."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from yanxiu_gateway.execution.extension import Compiled
from yanxiu_gateway.execution.plans import Plans
from yanxiu_gateway.schema.area import Area
from yanxiu_gateway.schema.context import RequestContext
from yanxiu_gateway.schema.district import District
from yanxiu_gateway.schema.facts_scalar import facts_scalar
from yanxiu_gateway.schema.leading_group import LeadingGroup
from yanxiu_gateway.schema.mutations import Mutation
from yanxiu_gateway.schema.process import Process
from yanxiu_gateway.schema.project import Project
from yanxiu_gateway.schema.queries import Query
from yanxiu_gateway.schema.record import Record
from yanxiu_gateway.schema.research_group import ResearchGroup
from yanxiu_gateway.schema.researcher import Researcher
from yanxiu_gateway.schema.residency import Residency
from yanxiu_gateway.schema.rotation_plan import RotationPlan
from yanxiu_gateway.schema.scalars import scalar_map
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.semantic_null import mark_holes
from yanxiu_gateway.schema.session import Session
from yanxiu_gateway.schema.subscriptions import Subscription
from yanxiu_gateway.schema.teacher import Teacher


class AlreadyRead(SchemaExtension):
    """Runs the document that was parsed, measured and validated before, instead of doing it again."""

    def on_operation(self) -> Iterator[None]:
        """Put the document in place."""
        context = self.execution_context.context
        if isinstance(context, RequestContext):
            self.execution_context.graphql_document = context.document
            self.execution_context.validation_rules = ()
        yield


class GatewaySchema(strawberry.Schema):
    """Strawberry's schema without its log of whole queries: what fails is logged, masked, where it is answered.

    Queries and mutations are answered from compiled `plans`; by graphql-core alone the answer would be the same.
    """

    plans: Plans | None = None

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing here."""


@functools.cache
def the_schema() -> GatewaySchema:
    """The schema of this process, built when it is first asked for."""
    return build_schema()


def build_schema() -> GatewaySchema:
    """The whole GraphQL schema."""
    schema = GatewaySchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[
            District,
            School,
            Teacher,
            Project,
            Record,
            Session,
            Process,
            Area,
            Researcher,
            ResearchGroup,
            LeadingGroup,
            RotationPlan,
            Residency,
        ],
        extensions=[AlreadyRead, Compiled],
        config=StrawberryConfig(disable_field_suggestions=True, scalar_map=scalar_map() | facts_scalar()),
    )
    mark_holes(schema)
    schema.plans = Plans(schema)
    return schema
