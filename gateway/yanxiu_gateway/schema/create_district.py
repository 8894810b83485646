"""createDistrict: the platform operator opens a district."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from yanxiu_wire import registry
from yanxiu_wire.caller import Caller
from yanxiu_wire.refusal import RefusalItem
from yanxiu_wire.rpc import DISTRICT

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.district import District
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Done, Payload, item_of, key_problem, refused, settled


@strawberry.input(name="CreateDistrictInput", description="createDistrict 的输入。Input of createDistrict.")
class CreateDistrictInput:
    """What to open."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    district: strawberry.ID = strawberry.field(
        description="区代码：小写字母开头，2 到 31 位小写字母、数字或连字符。"
        "The district's code: 2 to 31 small letters, digits or hyphens, a letter first."
    )
    name_zh: str = strawberry.field(description="中文名称。Name in Chinese.")
    name_en: str = strawberry.field(description="英文名称。Name in English.")
    synthetic: bool = strawberry.field(
        default=False, description="是否为虚构的演示数据。Whether its data is made up for show."
    )


@strawberry.type(name="CreateDistrictPayload", description="createDistrict 的结果。What createDistrict came to.")
class CreateDistrictPayload(Payload):
    """The district or errors."""

    district: District | None = strawberry.field(resolver=item_of, description="新的区县。The new district.")


NAMES = {"district": "district"}


def other_district(caller: Caller, district: str) -> Done | None:
    """The refusal of a district that is not the caller's: the same as for one that does not exist.

    Only the platform operator acts on districts that he is not of; what he may do there, the registry says. What has
    not the form of a code can be asked about nowhere, and is told so here.
    """
    if caller.role == "platform-operator":
        return None if DISTRICT.fullmatch(district) else refused((_malformed(district),), NAMES)
    if district == caller.district:
        return None
    return refused(
        (
            RefusalItem(
                code="DISTRICT_UNKNOWN",
                field="district",
                value=district,
                message_zh="没有这个区县。",
                message_en="There is no such district.",
                remedy_zh="请核对区代码；开设区县由平台运维办理。",
                remedy_en="Check the code; districts are opened by the platform operator.",
            ),
        ),
        NAMES,
    )


def _malformed(district: str) -> RefusalItem:
    return RefusalItem(
        code="VALUE_INVALID",
        field="district",
        value=district[:80],
        message_zh="这不是区代码的写法。",
        message_en="This is not how a district's code is written.",
        remedy_zh="请用小写字母开头的代码：小写字母、数字或连字符，2 到 31 位，如 puer。",
        remedy_en="Give 2 to 31 small letters, digits or hyphens, a letter first, such as puer.",
    )


async def create_district(
    info: Info,
    given: Annotated[CreateDistrictInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Open a district."""
    context, district = info.context, plain_id("District", given.district)
    if problem := key_problem(given.idempotency_key) or other_district(context.caller, district):
        return problem
    command = registry.CreateDistrict(
        caller=context.caller,
        key=given.idempotency_key,
        name_zh=given.name_zh,
        name_en=given.name_en,
        synthetic=given.synthetic,
    )
    return settled(await context.backend.create_district(command, deadline=context.deadline, district=district), NAMES)
