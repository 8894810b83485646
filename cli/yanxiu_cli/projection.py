"""`yanxiu projection rebuild`: empty a service's copy of the registry's facts and fill it again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

from uuid_utils import uuid7
from yanxiu_wire.credits import REBUILD_PROJECTION, ProjectionRebuilt, RebuildProjection
from yanxiu_wire.visits import REBUILD_VISIT_FACTS, RebuildVisitFacts, VisitFactsRebuilt

from yanxiu_cli.console import say
from yanxiu_cli.session import OPERATOR, ask, connected


def rebuild(
    *,
    district: str,
    service: Literal["credits", "visits"] = "credits",
    accept_loss: bool = False,
    data: Path = Path("var"),
) -> None:
    """重建学分或下校服务的登记副本（学分：并按台账重算结余）。Fill a service's copy of the registry's facts again.

    Parameters
    ----------
    district
        区县编号。The district's id.
    service
        哪个服务：credits 学分，visits 下校（并由记录条重算下校、记录、问题）。
        Which service; visits also makes every visit, record and finding anew of its notes.
    accept_loss
        事件流缺少已采用过的公布时仍重建（登记库已回退）。
        Rebuild although the stream lacks what was applied before: the registry itself was set back.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    found = asyncio.run(_rebuild(district, service, data, accept_loss=accept_loss))
    say(f"{district}：学校 {found.schools}，教师 {found.teachers}，学期 {found.terms} / schools, teachers, terms")
    same = "与重建前逐行一致 / the same as before" if found.before == found.after else "已改正 / mended"
    say(f"{same}（SHA-256 {found.after[:16]}…）")
    if isinstance(found, ProjectionRebuilt) and found.balances_mended:
        say(f"结余已按台账重算，其中 {found.balances_mended} 名教师的原先不符 / balances made anew, so many were wrong")
    if isinstance(found, VisitFactsRebuilt):
        say(f"研训员 {found.researchers}，重算 {found.refolded} / researchers, folded anew")


async def _rebuild(
    district: str, service: str, data: Path, *, accept_loss: bool
) -> ProjectionRebuilt | VisitFactsRebuilt:
    key = f"rebuild-{uuid7()}"
    async with connected(data) as bus:
        if service == "visits":
            command = RebuildVisitFacts(caller=OPERATOR, key=key, accept_loss=accept_loss)
            return await ask(bus, REBUILD_VISIT_FACTS, command, district=district)
        asked = RebuildProjection(caller=OPERATOR, key=key, accept_loss=accept_loss)
        return await ask(bus, REBUILD_PROJECTION, asked, district=district)
