"""Put a district under a rule pack from a day on."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_rulekit.errors import PackRefused
from yanxiu_rulekit.pack import RulePack
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.registry import BindRulePack, District

from yanxiu_registry.announce import announce_district
from yanxiu_registry.assess_binding import new_binding
from yanxiu_registry.context import Registry
from yanxiu_registry.refusals import district_unknown, item, out_of_order, refused
from yanxiu_registry.store.districts import bind, read_district


def _pack_unknown(pack: str, packs: frozenset[str]) -> RefusalItem:
    names = ", ".join(sorted(packs)) or "-"
    return item(
        "PACK_UNKNOWN",
        "pack",
        pack,
        ("本部署没有此规则包", f"可用的规则包：{names}；或由运维安装后写入 YANXIU_PACKS"),
        ("this deployment has no such rule pack", f"it has: {names}; or have it installed and named in YANXIU_PACKS"),
    )


def _pack_unusable(pack: str, reason: str) -> RefusalItem:
    return item(
        "PACK_UNUSABLE",
        "pack",
        pack,
        (f"此规则包未能载入，不得适用。原因：{reason}", "请由运维用 yanxiu rules list 查明并修复后重试"),
        (
            f"this rule pack did not load and may govern nobody: {reason}",
            "have it mended (yanxiu rules list), then retry",
        ),
    )


def _usable_pack(registry: Registry, pack: str) -> RulePack | RefusalItem:
    if pack not in registry.packs:
        return _pack_unknown(pack, registry.packs)
    try:
        found = registry.rulebook.pack(pack)
    except PackRefused as refusal:
        return _pack_unusable(pack, str(refusal))
    if found.credit is not None or found.workflows:
        return found
    return _pack_unusable(pack, f"{found.name} judges no credits and orders no workflow")


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
        pack = _usable_pack(registry, command.pack)
        if isinstance(pack, RefusalItem):
            return refused(pack)
        new, faults = new_binding(command, pack)
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
