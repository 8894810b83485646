"""Take back a binding before its day."""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.registry import CancelRulePackBinding, District, PackBinding

from yanxiu_registry.announce import announce_district
from yanxiu_registry.assess_text import text_fault
from yanxiu_registry.context import Registry
from yanxiu_registry.refusals import district_unknown, item, refused
from yanxiu_registry.store.districts import cancel_binding, read_district


async def cancel_rule_pack_binding(
    registry: Registry, district: str, command: CancelRulePackBinding, deadline: Deadline
) -> District | Refused:
    """The district without the binding that would have begun on the day; who took it back and why is kept.

    Refused: no reason (VALUE_INVALID), a day on which no binding begins (BINDING_UNKNOWN), a binding whose day has come
    (BINDING_BEGUN): what was entered under a law stays under it, and another law is bound from a later day.
    """
    if fault := text_fault("reason", command.reason):
        return refused(fault)

    async def work(conn: AsyncConnection) -> District | Refused:
        before = await read_district(conn, district)
        if before is None:
            return district_unknown(district)
        today = registry.today()
        gone = next((one for one in before.bindings if one.since == command.since), None)
        if gone is None:
            return refused(_binding_unknown(command.since, before.bindings, today))
        if gone.since <= today:
            return refused(_binding_begun(gone, today))
        left = tuple(one for one in before.bindings if one is not gone)
        after = msgspec.structs.replace(before, bindings=left, version=before.version + 1)
        stamp = registry.stamp(command.caller)
        await cancel_binding(conn, district, after.version, gone, command.reason.strip(), stamp)
        await announce_district(conn, after)
        return after

    return await once(registry.dbs, district, command, District, deadline, work)


def _binding_unknown(since: date, bindings: tuple[PackBinding, ...], today: date) -> RefusalItem:
    ahead = [f"{one.since}（{one.pack}）" for one in bindings if one.since > today]
    ahead_en = [f"{one.since} ({one.pack})" for one in bindings if one.since > today]
    return item(
        "BINDING_UNKNOWN",
        "since",
        since,
        (f"没有自 {since} 起适用的规则包", f"尚未开始、可以撤销的有：{'、'.join(ahead) or '无'}"),
        (f"no binding begins on {since}", f"those that have not begun: {', '.join(ahead_en) or 'none'}"),
    )


def _binding_begun(gone: PackBinding, today: date) -> RefusalItem:
    return item(
        "BINDING_BEGUN",
        "since",
        gone.since,
        (f"规则包 {gone.pack} 自 {gone.since} 起已经适用（今天 {today}），不能撤销", "请自以后某日起适用其他规则包"),
        (
            f"the binding to {gone.pack} has begun on {gone.since} (today is {today}) and cannot be taken back",
            "bind another pack from a later day",
        ),
    )
