"""Schools as of a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import registry

from yanxiu_gateway.ahead import Above, Ahead, followed_by
from yanxiu_gateway.execution.batch import AHEAD, Rows, in_batch
from yanxiu_gateway.execution.gathering import Gathered
from yanxiu_gateway.loaders import ALL
from yanxiu_gateway.schema.area import Area
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.dated_rows import by_day, rows_named
from yanxiu_gateway.schema.nodes import (
    After,
    AsOf,
    Connection,
    Dated,
    First,
    Node,
    asked_page,
    dated,
    page_rows,
    plain_id,
)
from yanxiu_gateway.schema.order import SchoolOrder, SchoolsIn
from yanxiu_gateway.schema.stage import Stage
from yanxiu_gateway.schema.teacher_lists import list_teachers_of
from yanxiu_gateway.schema.words import wire_word

if TYPE_CHECKING:
    # The types know each other; at run time each is resolved by its name.
    from yanxiu_gateway.schema.teacher import Teacher

value = strawberry.enum_value


@strawberry.enum(name="SchoolLocation", description="城镇或乡村。In town or in the country.")
class SchoolLocation(Enum):
    """Town or rural."""

    TOWN = value("town", description="城镇。In town.")
    RURAL = value("rural", description="乡村。In the country.")


@strawberry.enum(name="SchoolOwnership", description="公办或民办。Public or private.")
class SchoolOwnership(Enum):
    """Public or private."""

    PUBLIC = value("public", description="公办。Public.")
    PRIVATE = value("private", description="民办。Private.")


@strawberry.enum(name="SchoolAffiliation", description="隶属关系。To whom a school or institution belongs.")
class SchoolAffiliation(Enum):
    """County or municipal, school or institution."""

    COUNTY_SCHOOL = value("county-school", description="县（区）属学校。School of the county.")
    MUNICIPAL_DIRECT_SCHOOL = value("municipal-direct-school", description="市直属学校。School under the municipality.")
    MUNICIPAL_INSTITUTION = value("municipal-institution", description="市级机构。Institution of the municipality.")
    COUNTY_INSTITUTION = value("county-institution", description="县（区）级机构。Institution of the county.")


WEAK_DECIDED_BY = (
    "认定为薄弱学校的文件；不是则为空。The decision that named it a weak school; null for one that is none."
)


def stages_of(root: strawberry.Parent[Dated[registry.School]]) -> Any:
    """The stages taught there."""
    return registry.taught_in(root.view.stage)


def area_ahead(above: Above, info: Info) -> Ahead:
    """The areas that `area_of` asks for."""
    return Ahead(info.context.loaders.people.areas_by_id(above.day), "area")


@in_batch(ahead=area_ahead)
async def area_of(rows: Rows[Dated[Any]], info: Info) -> Any:
    """The areas that rows name, as of the same day."""

    async def ask(day: date | None, same: Rows[Dated[Any]]) -> Any:
        return await rows_named(info, info.context.loaders.people.areas_by_id(day), [row.area for row in same], day)

    return await by_day(rows, ask)


@strawberry.type(name="School", description="一所学校在某一天的情况。A school as of a day.")
class School(Node):
    """A school."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A dated registry school is shown as this type."""
        return isinstance(obj, Dated) and isinstance(obj.view, registry.School)

    code: str = strawberry.field(description="学校代码，区内唯一。School code, unique in the district.")
    name: str = strawberry.field(description="校名。The school's name.")
    stage: Stage = strawberry.field(description="学段。Stage of schooling.")
    location: SchoolLocation = strawberry.field(description="城镇或乡村。In town or in the country.")
    ownership: SchoolOwnership = strawberry.field(description="公办或民办。Public or private.")
    affiliation: SchoolAffiliation = strawberry.field(description="隶属关系。To whom it belongs.")
    stages: list[Stage] = strawberry.field(
        resolver=stages_of,
        description="任教学段，九年一贯制为小学和初中。The stages taught; of a nine-year school two.",
    )
    area: Area | None = strawberry.field(resolver=area_of, description="所属片区。The area it belongs to.")
    weak: bool = strawberry.field(description="是否认定为薄弱学校。Whether it has been named a weak school.")
    weak_decided_by: str | None = strawberry.field(description=WEAK_DECIDED_BY)
    opened_on: date = strawberry.field(description="开办日。The day it opened.")
    closed_on: date | None = strawberry.field(description="停办日。The day it closed, if it did.")
    version: int = strawberry.field(description="版本号，每次改动加一。Grows by one with every change.")
    teachers: Connection[Annotated[Teacher, strawberry.lazy("yanxiu_gateway.schema.teacher")]] | None = (
        strawberry.field(
            resolver=list_teachers_of, description="本校教师，按工号排列。The school's teachers in staff-number order."
        )
    )


SchoolId = Annotated[strawberry.ID, strawberry.argument(name="id", description="学校编号。The school's id.")]
StageWanted = Annotated[Stage | None, strawberry.argument(description="只要这个学段。Only schools of this stage.")]
StageTaught = Annotated[
    Stage | None,
    strawberry.argument(
        description="只要有这个学段的，九年一贯制两段都算。"
        "Only schools that teach this stage; a nine-year one has both."
    ),
]
AreaWanted = Annotated[
    strawberry.ID | None, strawberry.argument(description="只要这个片区的。Only schools of this area.")
]
WeakWanted = Annotated[
    bool | None,
    strawberry.argument(description="只要薄弱学校，或（false）其他学校。Only weak schools, or only others."),
]
SchoolSearch = Annotated[
    str | None,
    strawberry.argument(description="校名或代码中含有的文字。Text that the name or code contains."),
]


async def get_school(info: Info, school: SchoolId, as_of: AsOf = None) -> Any:
    """One school; None for one that does not exist here, or belongs to another district."""
    plain, reads = plain_id("School", school), info.context.loaders.schools_by_id(as_of)
    return dated(await reads.load(plain, followed_by(reads, (plain,), info, Above(as_of))), as_of)


async def list_schools(
    info: Info,
    first: First = 50,
    after: After = None,
    stage: StageWanted = None,
    teaches: StageTaught = None,
    area: AreaWanted = None,
    weak: WeakWanted = None,
    search: SchoolSearch = None,
    as_of: AsOf = None,
    order: SchoolsIn = SchoolOrder.CODE,
) -> Any:
    """A page of the district's schools."""
    chosen = {"stage": stage, "teaches": teaches, "area": area, "weak": weak, "search": search, "order": order}
    reads = _schools(info, first, after, as_of, chosen)
    info.context.loaders.count(first)
    then = followed_by(reads, (ALL,), info, Above(as_of, first), "edges", "node")
    return page_rows(await reads.load(ALL, then), after, as_of)


def schools_ahead(
    above: Above, info: Info, first: int, after: str | None, as_of: date | None, **chosen: Any
) -> Ahead | None:
    """The page that `list_schools` asks for."""
    if not above.known:
        return None
    reads = _schools(info, first, after, as_of, chosen)
    return Ahead(reads, None, followed_by(reads, (ALL,), info, Above(as_of, first), "edges", "node"), first)


setattr(list_schools, AHEAD, schools_ahead)


def _schools(
    info: Info, first: int, after: str | None, as_of: date | None, chosen: Mapping[str, Any]
) -> Gathered[str, registry.SchoolPage]:
    area = chosen["area"]
    return info.context.loaders.schools(
        page=asked_page(first, after),
        as_of=as_of,
        stage=wire_word(chosen["stage"]),
        teaches=wire_word(chosen["teaches"]),
        area=None if area is None else plain_id("Area", area),
        weak=chosen["weak"],
        search=chosen["search"],
        order=chosen["order"].value,
    )


@strawberry.type(description="学校的查询。What can be asked about schools.")
class SchoolQueries:
    """Root fields."""

    school: School | None = strawberry.field(
        resolver=get_school, description="按编号取一所学校；不存在时为空。One school by id; null when there is none."
    )
    schools: Connection[School] | None = strawberry.field(
        resolver=list_schools,
        description="本区的学校，默认按学校代码排列。The district's schools, by code unless asked otherwise.",
    )
