"""`yanxiu projection rebuild`: empty the credits service's copy of the registry's facts and fill it again."""

from __future__ import annotations

import asyncio
from pathlib import Path

from uuid_utils import uuid7
from yanxiu_wire.credits import REBUILD_PROJECTION, ProjectionRebuilt, RebuildProjection

from yanxiu_cli.console import say
from yanxiu_cli.session import OPERATOR, ask, connected


def rebuild(*, district: str, data: Path = Path("var")) -> None:
    """重建学分服务的登记副本。Fill the credits service's copy of the registry's facts again.

    Parameters
    ----------
    district
        区县编号。The district's id.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    found = asyncio.run(_rebuild(district, data))
    say(f"{district}：学校 {found.schools}，教师 {found.teachers}，学期 {found.terms} / schools, teachers, terms")


async def _rebuild(district: str, data: Path) -> ProjectionRebuilt:
    async with connected(data) as bus:
        command = RebuildProjection(caller=OPERATOR, key=f"rebuild-{uuid7()}")
        return await ask(bus, REBUILD_PROJECTION, command, district=district)
