"""The caller's district: its names, the rule packs it is bound to by date, its schools."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import registry

from yanxiu_gateway.ahead import Above, ahead_of, begin_known
from yanxiu_gateway.loaders import ALL
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import Fact, fact_rows
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, page_rows
from yanxiu_gateway.schema.school import School, list_schools
from yanxiu_gateway.schema.term import Term, list_terms


def settings(root: strawberry.Parent[registry.PackBinding]) -> Any:
    """What the district set within the ranges that the law leaves it."""
    return fact_rows(root.settings)


@strawberry.type(
    name="PackBinding", description="自某日起适用的规则包。The rule pack that a district is under from a day on."
)
class PackBinding:
    """A dated binding."""

    pack: str = strawberry.field(description="规则包所属的地区代码。The jurisdiction of the rule pack.")
    since: date = strawberry.field(description="自哪天起适用。The day from which it applies.")
    settings: list[Fact] = strawberry.field(
        resolver=settings, description="本区在规定幅度内的取值。What the district set within the law's ranges."
    )
    decided_by: str | None = strawberry.field(description="作此决定的文件。The decision it rests on.")
    version: str | None = strawberry.field(
        description="规则包的版本；空表示随安装的版本。The pack's version; null: whichever is installed."
    )


Day = Annotated[date, strawberry.argument(description="哪一天。The day.")]


def binding_on(root: strawberry.Parent[registry.District], day: Day) -> Any:
    """The newest binding that had begun by the day."""
    begun = [one for one in root.bindings if one.since <= day]
    return begun[-1] if begun else None


@strawberry.type(name="District", description="一个区县。A district.")
class District(Node):
    """A district."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A registry district is shown as this type."""
        return isinstance(obj, registry.District)

    code: str = strawberry.field(
        resolver=lambda root: root.id, description="区代码，如 puer。The district's code, such as puer."
    )
    name_zh: str = strawberry.field(description="中文名称。Name in Chinese.")
    name_en: str = strawberry.field(description="英文名称。Name in English.")
    synthetic: bool = strawberry.field(description="是否为虚构的演示数据。Whether its data is made up for show.")
    version: int = strawberry.field(description="版本号，每次改动加一。Grows by one with every change.")
    bindings: list[PackBinding] = strawberry.field(
        description="适用过的规则包，从早到晚。The rule packs it has been bound to, oldest first."
    )
    binding_on: PackBinding | None = strawberry.field(
        resolver=binding_on,
        description="某日适用的规则包；尚未适用任何规则包时为空。"
        "The rule pack in force on a day; null before the first one.",
    )
    schools: Connection[School] | None = strawberry.field(
        resolver=list_schools, description="本区的学校，按学校代码排列。The district's schools in code order."
    )
    terms: list[Term] | None = strawberry.field(
        resolver=list_terms, description="本区的学期，从早到晚。The district's terms, oldest first."
    )


async def own_district(info: Info) -> Any:
    """The caller's district; its lists need not wait for it."""
    begin_known(info, ahead_of(info, Above(None, known=True)), {None: ALL})
    return await info.context.loaders.district()


async def list_districts(info: Info, first: First = 50, after: After = None) -> Any:
    """A page of the platform's districts."""
    return page_rows(await info.context.loaders.districts(asked_page(first, after)), after)


@strawberry.type(description="区县的查询。What can be asked about the district.")
class DistrictQueries:
    """Root fields."""

    district: District | None = strawberry.field(
        resolver=own_district, description="调用者所在的区县。The caller's own district."
    )
    districts: Connection[District] | None = strawberry.field(
        resolver=list_districts,
        description="平台上的区县，按区代码排列（平台运维）。"
        "The platform's districts in code order (platform operator).",
    )
