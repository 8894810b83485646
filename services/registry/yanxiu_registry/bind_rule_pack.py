"""Put a district under a rule pack from a day on."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.registry import BindRulePack, District

from yanxiu_registry.announce import announce_district
from yanxiu_registry.context import Registry
from yanxiu_registry.refusals import district_unknown, item, out_of_order, refused
from yanxiu_registry.store.districts import bind, read_district


def _pack_unknown(pack: str, packs: frozenset[str]) -> RefusalItem:
    names = ", ".join(sorted(packs)) or "-"
    return item(
        "PACK_UNKNOWN",
        "pack",
        pack,
        ("本部署没有此规则包", f"可用的规则包：{names}；或由运维安装"),
        ("this deployment has no such rule pack", f"it has: {names}; or have it installed"),
    )


async def bind_rule_pack(
    registry: Registry, district: str, command: BindRulePack, deadline: Deadline
) -> District | Refused:
    """The district with the new binding; one that begins on the newest one's day takes its place.

    Refused: a pack this deployment has not (PACK_UNKNOWN) or could not load (PACK_UNUSABLE), a day before the newest
    binding or before the law applies (DATE_OUT_OF_ORDER), a setting that the law does not leave to the district
    (SETTING_INVALID), a setting without the decision it rests on (DECISION_MISSING).
    """

    async def work(conn: AsyncConnection) -> District | Refused:
        before = await read_district(conn, district)
        if before is None:
            return district_unknown(district)
        if command.pack not in (names := registry.packs.names()):
            return refused(_pack_unknown(command.pack, names))
        judged = await registry.packs.judge(command, deadline)
        if judged.binding is None:
            return refused(*judged.faults)
        new, faults = judged.binding, list(judged.faults)
        newest = before.bindings[-1].since if before.bindings else command.since
        if command.since < newest:
            faults.append(out_of_order("since", command.since, newest, "最近一次绑定日", "the newest binding"))
        if faults:
            return refused(*faults)
        kept = tuple(one for one in before.bindings if one.since != command.since)
        after = msgspec.structs.replace(before, bindings=(*kept, new), version=before.version + 1)
        await bind(conn, district, after.version, new, registry.stamp(command.caller))
        await announce_district(conn, after)
        return after

    return await once(registry.dbs, district, command, District, deadline, work)
