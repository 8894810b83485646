"""Open a district: its own database, and the row that names it."""

from __future__ import annotations

import re

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.caller import PLATFORM
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import CreateDistrict, District

from yanxiu_registry.announce import announce_district
from yanxiu_registry.assess_text import text_faults
from yanxiu_registry.context import Registry
from yanxiu_registry.refusals import item, refused, value_invalid
from yanxiu_registry.store.districts import insert_district, read_district

FORM = re.compile(r"[a-z][a-z0-9-]{1,30}")


async def create_district(
    registry: Registry, district: str, command: CreateDistrict, deadline: Deadline
) -> District | Refused:
    """The new district; refused: a bad id, a bad name, an id in use (DISTRICT_EXISTS)."""
    faults = text_faults(name_zh=command.name_zh, name_en=command.name_en)
    if not FORM.fullmatch(district) or district == PLATFORM:
        zh, en = (
            "小写字母开头的标识：小写字母、数字、连字符，2 至 31 位",
            "an id of 2 to 31 letters a-z, digits, hyphens",
        )
        faults.append(value_invalid("district", district, zh, en))
    if faults:
        return refused(*faults)
    new = District(id=district, name_zh=command.name_zh, name_en=command.name_en, synthetic=command.synthetic)

    async def work(conn: AsyncConnection) -> District | Refused:
        if await read_district(conn, district) is not None:
            return refused(
                item(
                    "DISTRICT_EXISTS",
                    "district",
                    district,
                    ("此区县已建立", "请使用已有区县，或换一个标识"),
                    ("the district exists already", "use the existing one, or choose another id"),
                )
            )
        await insert_district(conn, new, registry.vault.proof(district), registry.stamp(command.caller))
        await announce_district(conn, new)
        return new

    await registry.dbs.ensure(district)
    return await once(registry.dbs, district, command, District, deadline, work)
