"""`yanxiu ledger replay`: every stored decision of a district judged again from what was stored with it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from uuid_utils import uuid7
from yanxiu_wire.jobs import START_JOB, StartJob

from yanxiu_cli.console import complain, say
from yanxiu_cli.job import told, watched
from yanxiu_cli.session import OPERATOR, ask, connected

# Whether the rows are no longer what was sealed with them -> why the decision differs, and what to do.
_WHY = {
    True: (
        "原因：该记录或其裁定入库后曾被改动；请运行 yanxiu ledger verify。",
        "Why: the record or its decision was altered since; run yanxiu ledger verify.",
    ),
    False: (
        "原因：记录与裁定未被改动，所装规则包与作出裁定时的不同；请核对规则包的版本与文件。",
        "Why: the rows are unaltered; the installed pack is not the one that decided. Compare its version and files.",
    ),
}


def replay(*, district: str, data: Path = Path("var")) -> int:
    """重演全部已存的裁定，指出第一条不同的及缘由（退出码 1）。Replay every decision; name the first that differs.

    Parameters
    ----------
    district
        区县编号。The district's id.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """

    async def run() -> int:
        async with connected(data) as bus:
            command = StartJob(caller=OPERATOR, key=f"job-{uuid7()}", kind="replay")
            started = await ask(bus, START_JOB, command, district=district)
            ended = await watched(bus, district, started.id)
        return report(district, ended.result or {}) if ended.state == "done" else told(ended)

    return asyncio.run(run())


def report(district: str, found: Mapping[str, Any]) -> int:
    """Say what came of it; returns the exit code."""
    first = found.get("first")
    if first is not None:
        entry = f"台账第 {first['seq']} 条，" if first["seq"] is not None else ""
        complain(
            f"{district}：{found['differs']} 条裁定重演后不同。第一条是记录 {first['record']}（{entry}"
            f"{first['pack']} {first['version']}）：{first['place']} 存的是 {first['stored']}，重演得 {first['came']}。"
        )
        complain(_WHY[first["altered"]][0])
        complain(
            f"{found['differs']} decisions of {district} come out otherwise; the first is record {first['record']}: "
            f"{first['place']} is stored as {first['stored']} and came to {first['came']}. {_WHY[first['altered']][1]}"
        )
        return 1
    beside = found.get("loose", 0)
    held = (
        f"{found['elsewhere']} 条由转入而来，不重演；"
        f"{beside} 条不在台账中，只与旁存的摘要核对，其余与台账链上的摘要相符。",
        f"{found['elsewhere']} came by a transfer and are not replayed; {beside} have no entry and were held against "
        "the digest beside them, all others against the chained one.",
    )
    if found["older"]:
        return _by_another_version(district, found, held)
    say(f"{district}：{found['decisions']} 条裁定重演结果全部相同：{found['same']} 条逐字相同；{held[0]}")
    say(f"{found['decisions']} decisions of {district} come out the same: {found['same']} to the letter; {held[1]}")
    return 0


def _by_another_version(district: str, found: Mapping[str, Any], held: tuple[str, str]) -> int:
    """Say what was not checked: the version that decided is not there to decide again."""
    complain(
        f"{district}：{found['decisions']} 条裁定中，{found['same']} 条重演逐字相同；"
        f"{found['older']} 条由与现装不同的版本裁定，"
        f"未能用原版本重演，只以现装版本按当时所读参数算得相同数额；{held[0]}请装入原版本后再重演。"
    )
    complain(
        f"{found['same']} of {found['decisions']} decisions of {district} come out the same to the letter; judged by "
        f"another version than is installed: {found['older']}, not checked by it, only by the installed one with the "
        f"values read then; {held[1]} Install the version that decided, then replay again."
    )
    return 1
