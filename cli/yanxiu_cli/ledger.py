"""`yanxiu ledger verify`: recompute the chain of a district's ledger and name the first row that does not fit."""

from __future__ import annotations

import asyncio
from pathlib import Path

from yanxiu_wire.credits import VERIFY_LEDGER, LedgerVerified, VerifyLedger

from yanxiu_cli.console import complain, say
from yanxiu_cli.session import OPERATOR, ask, connected


def verify(*, district: str, data: Path = Path("var")) -> int:
    """核对台账链：逐条重算散列，指出第一条不符的记录（退出码 1）。Check the chain; exit code 1 names the first bad row.

    Parameters
    ----------
    district
        区县编号。The district's id.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    found = asyncio.run(_verify(district, data))
    if found.first_bad == 0:
        complain(f"{district}：台账之外，一条未入账的记录曾被改动。")
        complain(f"a record of {district} without an entry does not fit: {found.problem}")
        return 1
    if found.first_bad is not None:
        complain(f"{district}：台账第 {found.first_bad} 条与链不符，该条或其前后曾被改动、删除或调换。")
        complain(f"entry {found.first_bad} of {district} does not fit the chain: {found.problem}")
        return 1
    say(f"{district}：台账完好，共 {found.entries} 条，最新散列 {found.head}")
    say(f"the ledger of {district} holds: {found.entries} entries, head {found.head}")
    if found.reopened:
        say(f"{district}：此前因台账不符暂停登记，现已恢复受理。")
        say(f"{district} had been closed for a broken ledger; it accepts entries again.")
    return 0


async def _verify(district: str, data: Path) -> LedgerVerified:
    async with connected(data) as bus:
        return await ask(bus, VERIFY_LEDGER, VerifyLedger(caller=OPERATOR), district=district)
