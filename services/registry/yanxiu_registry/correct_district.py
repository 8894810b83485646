"""Correct the names of a district."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import CorrectDistrict, District

from yanxiu_registry.announce import announce_district
from yanxiu_registry.assess_text import text_faults
from yanxiu_registry.context import Registry
from yanxiu_registry.refusals import district_unknown, refused, value_invalid, version_conflict
from yanxiu_registry.store.districts import read_district, rename


async def correct_district(
    registry: Registry, district: str, command: CorrectDistrict, deadline: Deadline
) -> District | Refused:
    """The district under its right names; refused: no name at all or a bad one, VERSION_CONFLICT."""
    names = {"name_zh": command.name_zh, "name_en": command.name_en}
    faults = text_faults(**names)
    if not any(name is not None for name in names.values()):
        faults.append(value_invalid("name_zh", None, "至少一个要更正的名称", "at least one name to correct"))
    if faults:
        return refused(*faults)

    async def work(conn: AsyncConnection) -> District | Refused:
        before = await read_district(conn, district)
        if before is None:
            return district_unknown(district)
        if command.expected_version not in (None, before.version):
            return refused(version_conflict(command.expected_version or 0, before.version))
        given = {field: name for field, name in names.items() if name is not None}
        after = msgspec.structs.replace(before, **given)
        if after != before:
            after = msgspec.structs.replace(after, version=before.version + 1)
            await rename(conn, after, registry.stamp(command.caller))
            await announce_district(conn, after)
        return after

    return await once(registry.dbs, district, command, District, deadline, work)
