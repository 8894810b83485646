"""`yanxiu ledger`: check a district's ledger, against heads kept outside too; list, keep and sign its heads."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from yanxiu_wire.books import (
    GET_LEDGER_KEYS,
    LIST_HEADS,
    SIGN_HEAD,
    GetLedgerKeys,
    ListHeads,
    SignedHead,
    SignedHeadPage,
    SignHead,
)
from yanxiu_wire.credits import VERIFY_LEDGER, LedgerVerified, VerifyLedger
from yanxiu_wire.message import Page
from yanxiu_wire.workflow import VERIFY_SIGNATURES, SignaturesVerified, VerifySignatures

from yanxiu_cli import signatures as signed
from yanxiu_cli.console import complain, say
from yanxiu_cli.failed import Failed
from yanxiu_cli.session import OPERATOR, ask, connected

_DATA = Path("var")
_AT_A_TIME = 200
_MOST_HEADS = 1000


def verify(
    *, district: str, data: Path = _DATA, heads: Annotated[Path | None, Parameter(name="--heads")] = None
) -> int:
    """核对台账（链、散列树、台账头）与办理签署，指出第一条不符的（退出码 1）。Check ledger and signatures.

    Parameters
    ----------
    district
        区县编号。The district's id.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    heads
        另存的台账头文件，每行一个：数据库之外的凭据，连整部历史被改写也能查出。
        Heads kept outside the database, one a line: with them a rewritten history is found out.
    """
    # A message holds so many; the newest speak of everything before them too.
    outside = _read(heads)[-_MOST_HEADS:] if heads is not None else ()
    ledger, signatures = asyncio.run(_verify(district, data, outside))
    return max(_report(district, ledger), signed.report(district, signatures))


def _report(district: str, found: LedgerVerified) -> int:
    if found.first_bad == 0:
        complain(f"{district}：台账之外，一条未入账的记录曾被改动。")
        complain(f"a record of {district} without an entry does not fit.")
        complain(found.problem or "")
        return 1
    if found.first_bad is not None:
        complain(f"{district}：台账第 {found.first_bad} 条与链或签名不符，该条或其前后曾被改动、删除或调换。")
        complain(f"entry {found.first_bad} of {district} does not fit the chain.")
        complain(found.problem or "")
        return 1
    say(f"{district}：台账完好，共 {found.entries} 条，最新散列 {found.head}")
    say(f"the ledger of {district} holds: {found.entries} entries, head {found.head}")
    if found.signed_heads or found.outside_heads:
        say(f"{district}：与库内 {found.signed_heads} 个、库外 {found.outside_heads} 个已签署的台账头相符。")
        say(f"it agrees with {found.signed_heads} signed heads kept here and {found.outside_heads} kept outside")
    for erasure, rows in found.erased.items():
        say(f"{district}：其中 {rows} 行的文字因个人信息删除 {erasure} 抹去，凭签名的记载核对，不能重算。")
        say(f"{rows} rows lost a text by erasure {erasure}: they answer by signed redactions, and are not recomputed")
    if found.wrong_balances:
        complain(f"{district}：{found.wrong_balances} 名教师的结余与其分录之和不符；以台账为准，请重算结余：")
        complain(f"the balances of {found.wrong_balances} teachers are not the sums of their entries; make them anew:")
        complain(f"yanxiu projection rebuild --district {district}")
        return 1
    if found.reopened:
        say(f"{district}：此前因台账不符暂停登记，现已恢复受理。")
        say(f"{district} had been closed for a broken ledger; it accepts entries again.")
    return 0


def heads(*, district: str, data: Path = _DATA, out: Annotated[Path | None, Parameter(name="--out")] = None) -> int:
    """列出已签署的台账头；加 --out 则另存到文件（每行一个），请存放在平台之外。List signed heads, or keep them.

    Parameters
    ----------
    district
        区县编号。The district's id.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    out
        追加到此文件；已有的不重复。Append to this file what it has not got yet.
    """
    found = asyncio.run(_heads(district, data))
    if out is None:
        for one in found:
            say(f"{one.day.isoformat()}  {one.size:>9}  {one.root}")
        say(f"{district}：共 {len(found)} 个已签署的台账头。{len(found)} signed heads.")
        return 0
    known = set(_read(out)) if out.exists() else set()
    new = [one.token for one in found if one.token not in known]
    try:
        with out.open("a", encoding="utf-8") as file:
            file.writelines(f"{token}\n" for token in new)
    except OSError as error:
        raise Failed(f"无法写入 {out}：{error.strerror}", f"Cannot write {out}: {error.strerror}") from None
    say(f"{out}：新增 {len(new)} 个台账头，共 {len(known) + len(new)} 个。{len(new)} heads added.")
    return 0


def sign(*, district: str, data: Path = _DATA) -> int:
    """立即签署台账头（平时每日自动签署）。Sign the head now; it is signed every day by itself.

    Parameters
    ----------
    district
        区县编号。The district's id.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    head = asyncio.run(_sign(district, data))
    say(f"{district}：已签署 {head.day.isoformat()} 的台账头，共 {head.size} 条，树根 {head.root}")
    say(f"signed: {head.size} entries on {head.day.isoformat()}, root {head.root}")
    return 0


def keys(*, district: str, out: Annotated[Path, Parameter(name="--out")], data: Path = _DATA) -> int:
    """取得核验用的公钥（JWK Set）并写入文件；公钥可公开。Write the public keys to a file; they are no secret.

    Parameters
    ----------
    district
        任一区县的编号。The id of any district.
    out
        写入此文件。The file.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    jwks = asyncio.run(_keys(district, data))
    try:
        out.write_text(jwks + "\n", encoding="utf-8")
    except OSError as error:
        raise Failed(f"无法写入 {out}：{error.strerror}", f"Cannot write {out}: {error.strerror}") from None
    count = len(msgspec.json.decode(jwks)["keys"])
    say(f"{out}：{count} 个公钥。{count} public keys.")
    return 0


def _read(path: Path) -> tuple[str, ...]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"无法读取 {path}：{error}", f"Cannot read {path}: {error}", code=2) from None
    return tuple(line.strip() for line in lines if line.strip())


async def _verify(district: str, data: Path, tokens: tuple[str, ...]) -> tuple[LedgerVerified, SignaturesVerified]:
    """Both are checked, whatever the first one comes to: a process signed, the ledger was written by that."""
    async with connected(data) as bus:
        ledger = await ask(bus, VERIFY_LEDGER, VerifyLedger(caller=OPERATOR, heads=tokens), district=district)
        return ledger, await ask(bus, VERIFY_SIGNATURES, VerifySignatures(caller=OPERATOR), district=district)


async def _heads(district: str, data: Path) -> list[SignedHead]:
    found: list[SignedHead] = []
    after: str | None = None
    async with connected(data) as bus:
        while True:
            query = ListHeads(caller=OPERATOR, page=Page(first=_AT_A_TIME, after=after))
            page: SignedHeadPage = await ask(bus, LIST_HEADS, query, district=district)
            found += page.items
            if not page.has_next:
                return found
            after = page.cursors[-1]


async def _sign(district: str, data: Path) -> SignedHead:
    from uuid_utils import uuid7

    async with connected(data) as bus:
        return await ask(bus, SIGN_HEAD, SignHead(caller=OPERATOR, key=str(uuid7())), district=district)


async def _keys(district: str, data: Path) -> str:
    async with connected(data) as bus:
        return (await ask(bus, GET_LEDGER_KEYS, GetLedgerKeys(caller=OPERATOR), district=district)).jwks
