"""Residencies: the calendar of who is at which school, by researcher, school and term."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import residency as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, page_rows, plain_id, plain_term
from yanxiu_gateway.schema.researcher import plain_researcher
from yanxiu_gateway.schema.rotation_plan import (
    PERSON,
    PlacingRole,
    RotationPlan,
    person_of,
    school_of_row,
)
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.teacher import Teacher

ResidencyRow = strawberry.Parent[wire.Residency]


async def plan_of(root: ResidencyRow, info: Info) -> Any:
    """The plan that made it, for those who may read plans."""
    return await info.context.loaders.visit_plans.plan(root.plan)


@strawberry.type(
    name="Residency",
    description="一人在一所学校的一次蹲点，首尾两天都算在内。One person's placing at one school; both days included.",
)
class Residency(Node):
    """A residency."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A residency of the wire is shown as this type."""
        return isinstance(obj, wire.Residency)

    person: Teacher | None = strawberry.field(resolver=person_of, description=PERSON)
    school: School | None = strawberry.field(resolver=school_of_row, description="学校。The school.")
    role: PlacingRole = strawberry.field(resolver=lambda root: PlacingRole(root.role), description="角色。The role.")
    term: str | None = strawberry.field(description="学期编号；基地学校批次为空。The term's id; null for a batch.")
    starts_on: date = strawberry.field(description="第一天。First day.")
    ends_on: date = strawberry.field(description="最后一天。Last day.")
    withdrawn: bool = strawberry.field(
        resolver=lambda root: root.state == "withdrawn",
        description="是否已被后来的方案撤回。Whether a later plan took it away.",
    )
    plan: RotationPlan | None = strawberry.field(resolver=plan_of, description="所依据的方案。The plan that made it.")


OfPerson = Annotated[
    strawberry.ID | None, strawberry.argument(description="只要这个人的。Only this person's, by researcher or teacher.")
]
AtSchool = Annotated[strawberry.ID | None, strawberry.argument(description="只要这所学校的。Only at this school.")]
InTerm = Annotated[str | None, strawberry.argument(description="只要这个学期的。Only of this term.")]
OfPlan = Annotated[strawberry.ID | None, strawberry.argument(description="只要这个方案的。Only of this plan.")]
Since = Annotated[
    date | None, strawberry.argument(description="只要此日或其后仍在的。Only those that last to this day.")
]
Until = Annotated[date | None, strawberry.argument(description="只要此日或之前开始的。Only those begun by this day.")]
Withdrawn = Annotated[bool, strawberry.argument(description="是否包括已撤回的。Whether those withdrawn are told too.")]


async def list_residencies(
    info: Info,
    first: First = 50,
    after: After = None,
    person: OfPerson = None,
    school: AtSchool = None,
    term: InTerm = None,
    plan: OfPlan = None,
    since: Since = None,
    until: Until = None,
    withdrawn: Withdrawn = False,
) -> Any:
    """A page of residencies in the caller's scope."""
    page = await info.context.loaders.visit_plans.residencies(
        page=asked_page(first, after),
        person=None if person is None else plain_researcher(person),
        school=None if school is None else plain_id("School", school),
        term=plain_term(term),
        plan=None if plan is None else plain_id("RotationPlan", plan),
        since=since,
        until=until,
        withdrawn=withdrawn,
    )
    return page_rows(page, after)


@strawberry.type(description="蹲点的查询。What can be asked about residencies.")
class ResidencyQueries:
    """Root fields."""

    residencies: Connection[Residency] | None = strawberry.field(
        resolver=list_residencies,
        description="蹲点日程：可按人、学校、学期查询；研训员见本人的，学校见本校的。"
        "The calendar of residencies, by person, school or term: a researcher sees his own, a school its own.",
    )
