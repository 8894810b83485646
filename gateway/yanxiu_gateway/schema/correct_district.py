"""correctDistrict: correct the names of a district."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from yanxiu_wire import registry

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.correct_school import EXPECTED_VERSION
from yanxiu_gateway.schema.create_district import NAMES, other_district
from yanxiu_gateway.schema.district import District
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled


@strawberry.input(
    name="CorrectDistrictInput",
    description="correctDistrict 的输入；没有写的名称不变。Input of correctDistrict; a name not given stays as it is.",
)
class CorrectDistrictInput:
    """Which names."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    district: strawberry.ID = strawberry.field(description="区代码。The district's code.")
    expected_version: int | None = strawberry.field(default=None, description=EXPECTED_VERSION)
    name_zh: str | None = strawberry.field(default=None, description="中文名称。Name in Chinese.")
    name_en: str | None = strawberry.field(default=None, description="英文名称。Name in English.")


@strawberry.type(name="CorrectDistrictPayload", description="correctDistrict 的结果。What correctDistrict came to.")
class CorrectDistrictPayload(Payload):
    """The district or errors."""

    district: District | None = strawberry.field(
        resolver=item_of, description="更正后的区县。The district as corrected."
    )


async def correct_district(
    info: Info,
    given: Annotated[CorrectDistrictInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Correct a district's names."""
    context, district = info.context, plain_id("District", given.district)
    if problem := key_problem(given.idempotency_key) or other_district(context.caller, district):
        return problem
    command = registry.CorrectDistrict(
        caller=context.caller,
        key=given.idempotency_key,
        expected_version=given.expected_version,
        name_zh=given.name_zh,
        name_en=given.name_en,
    )
    return settled(await context.backend.correct_district(command, deadline=context.deadline, district=district), NAMES)
