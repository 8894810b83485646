"""Areas of the district as of a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import area as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import AsOf, Dated, Node, dated, plain_id


@strawberry.type(name="Area", description="一个片区在某一天的情况。An area as of a day.")
class Area(Node):
    """An area."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A dated area is shown as this type."""
        return isinstance(obj, Dated) and isinstance(obj.view, wire.Area)

    name: str = strawberry.field(description="片区名称。The area's name.")
    begins_on: date = strawberry.field(description="第一天。First day.")
    ends_on: date | None = strawberry.field(description="最后一天，未撤销则为空。Last day; null while it goes on.")
    version: int = strawberry.field(description="版本号，每次改动加一。Grows by one with every change.")


AreaId = Annotated[strawberry.ID, strawberry.argument(name="id", description="片区编号。The area's id.")]


async def get_area(info: Info, area: AreaId, as_of: AsOf = None) -> Any:
    """One area; None for one that does not exist here."""
    return dated(await info.context.loaders.people.area(plain_id("Area", area), as_of), as_of)


async def list_areas(info: Info, as_of: AsOf = None) -> Any:
    """The district's areas."""
    return [dated(one, as_of) for one in await info.context.loaders.people.areas(as_of) if one is not None]


@strawberry.type(description="片区的查询。What can be asked about areas.")
class AreaQueries:
    """Root fields."""

    area: Area | None = strawberry.field(
        resolver=get_area, description="按编号取一个片区；不存在时为空。One area by id; null when there is none."
    )
    areas: list[Area] | None = strawberry.field(
        resolver=list_areas, description="当日的片区，按名称排列。The areas that there are on the day, by name."
    )
