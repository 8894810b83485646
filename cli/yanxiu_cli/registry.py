"""`yanxiu registry republish`: announce every fact of the registry again, for consumers that must catch up."""

from __future__ import annotations

import asyncio
from pathlib import Path

from uuid_utils import uuid7
from yanxiu_wire.registry import REPUBLISH, Republish, Republished

from yanxiu_cli.console import say
from yanxiu_cli.session import OPERATOR, ask, connected


def republish(*, district: str, data: Path = Path("var")) -> None:
    """重新公布该区县的全部登记数据。Announce every district, school, teacher and term again.

    Parameters
    ----------
    district
        区县编号。The district's id.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    found = asyncio.run(_republish(district, data))
    say(f"{district}：已排队 {found.events} 条 / {found.events} announcements queued")


async def _republish(district: str, data: Path) -> Republished:
    async with connected(data) as bus:
        return await ask(bus, REPUBLISH, Republish(caller=OPERATOR, key=f"republish-{uuid7()}"), district=district)
