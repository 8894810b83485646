"""`yanxiu signatures verify`: recompute the signatures of a district's processes and name the first that do not fit."""

from __future__ import annotations

import asyncio
from pathlib import Path

from yanxiu_wire.workflow import VERIFY_SIGNATURES, SignaturesVerified, VerifySignatures

from yanxiu_cli.console import complain, say
from yanxiu_cli.session import OPERATOR, ask, connected


def verify(*, district: str, data: Path = Path("var")) -> int:
    """核对办理事项的签署（退出码 1 指出第一个不符的事项）。Check all signatures; exit code 1 names the first bad one.

    Parameters
    ----------
    district
        区县编号。The district's id.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    return report(district, asyncio.run(_verify(district, data)))


def report(district: str, found: SignaturesVerified) -> int:
    """Say what was found of a district's signatures, and return the exit code."""
    if found.first_bad is not None:
        complain(f"{district}：事项 {found.first_bad} 的签署不符，曾被改动、删除或调换。")
        complain(f"the signatures of process {found.first_bad} of {district} do not fit: {found.problem}")
        return 1
    say(f"{district}：签署完好，共 {found.processes} 个事项、{found.signatures} 次签署")
    say(f"the signatures of {district} hold: {found.signatures} in {found.processes} processes")
    return 0


async def _verify(district: str, data: Path) -> SignaturesVerified:
    async with connected(data) as bus:
        return await ask(bus, VERIFY_SIGNATURES, VerifySignatures(caller=OPERATOR), district=district)
