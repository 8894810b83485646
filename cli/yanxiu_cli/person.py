"""`yanxiu person`: export all that is held on one person, check an export or a receipt, list who was erased."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import App, Parameter
from yanxiu_wire.caller import Caller
from yanxiu_wire.erasing import ErasureList, check_receipt, listed
from yanxiu_wire.faults import WireFault
from yanxiu_wire.person_document import Export, check, put_together
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rpc import Bus
from yanxiu_wire.signed import NotSigned, read_keys

from yanxiu_cli import person_erase
from yanxiu_cli.console import complain, say, sentences
from yanxiu_cli.failed import Failed
from yanxiu_cli.session import connected

app = App(name="person", help="个人数据。The data of one person.")
app.command(person_erase.app)


@app.command
def export(
    *,
    district: str,
    teacher: str,
    reason: str,
    out: Annotated[Path, Parameter(name="--out")],
    reveal: Annotated[bool, Parameter(negative=())] = False,
    data: Path = Path("var"),
) -> int:
    """导出平台所存一人的全部数据（JSON，带签名与学分证明），留有审计记录。Export all that is held on a person.

    Parameters
    ----------
    district
        区县编号。The district's id.
    teacher
        教师编号，如 GraphQL 所给。The teacher's id, as GraphQL gives it.
    reason
        为何导出，如本人申请及文号。Why: such as the person's own request.
    out
        写入此新文件，仅本人可读。The new file to write, which its owner alone may read.
    reveal
        写出完整证件号码；否则遮盖。With the whole national id, which is masked otherwise.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    from yanxiu_gateway.schema.nodes import plain_id

    # Whoever may run this on the platform's own machine stands for the district's institute.
    caller = Caller(subject="yanxiu-cli", role="institute-officer", district=district)
    made = asyncio.run(_fetch(caller, plain_id("Teacher", teacher), reason, data, reveal=reveal))
    _write(out, made.document)
    rows = sum(sum(tables.values()) for tables in made.counts.values())
    say(f"{out}：共 {rows} 行，来自三个服务。{rows} rows of three services.")
    return 0


@app.command
def verify(file: Path, *, keys: Annotated[Path, Parameter(name="--keys")]) -> int:
    """离线核验一份导出：只用公钥文件（退出码 1 为不实）。Check an export offline, with the public keys alone.

    Parameters
    ----------
    file
        导出文件。The export.
    keys
        平台的公钥文件（JWK Set）。The platform's public keys.
    """
    try:
        known = read_keys(_read(keys))
    except NotSigned as error:
        raise Failed(f"{keys} 不是公钥文件（JWK Set）。", f"{keys} is no JWK Set: {error}", code=2) from None
    try:
        stated = check(_read(file), known)
    except NotSigned as error:
        complain(f"{file}：不属实，不可采信。not genuine: {error}")
        return 1
    say(f"{file}：属实，{stated.issued_at.isoformat()} 签署，教师 {stated.teacher}。genuine.")
    return 0


@app.command
def receipt(file: Path, *, keys: Annotated[Path, Parameter(name="--keys")]) -> int:
    """离线核验一份删除回执：只用公钥文件（退出码 1 为不实）。Check the receipt of an erasure offline.

    Parameters
    ----------
    file
        回执文件。The receipt.
    keys
        平台的公钥文件（JWK Set）。The platform's public keys.
    """
    try:
        stated = check_receipt(_read(file), read_keys(_read(keys)))
    except NotSigned as error:
        complain(f"{file}：不属实，不可采信。not genuine: {error}")
        return 1
    say(f"{file}：属实，教师 {stated.teacher} 的个人信息已删除。genuine: the teacher was erased.")
    return 0


@app.command
def erasures(*, district: str, to: Annotated[Path, Parameter(name="--to")], data: Path = Path("var")) -> int:
    """存一份已删除者的清单（编号、文件、签名回执），供恢复备份时照办。Keep the list of who was erased, for a restore.

    Parameters
    ----------
    district
        区县编号。The district's id.
    to
        写入此文件，旧清单被替换；请存于别处。The file, which takes an older one's place; keep it elsewhere.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    caller = Caller(subject="yanxiu-cli", role="institute-officer", district=district)
    text = asyncio.run(_listed(caller, data))
    count, lost = _receipts(text), _receipts(_read(to)) - _receipts(text) if to.exists() else set()
    if lost:
        named = ", ".join(sorted(lost))
        raise Failed(
            f"{to} 中的 {named} 平台不知道：恰是恢复时未照办的删除，清单未改。",
            f"The platform does not know {named} of {to}: erasures that a restore left out; the list is as it was.",
        )
    draft = to.with_name(f".{to.name}.{os.getpid()}")
    _write(draft, text)
    draft.replace(to)
    say(f"{to}：已删除 {len(count)} 人。{len(count)} erasures.")
    return 0


def _receipts(text: str) -> set[str]:
    try:
        return {one["erasure"]["id"] for one in msgspec.json.decode(text, type=ErasureList).receipts}
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise Failed(f"不是删除清单：{error}", f"No list of erasures: {error}", code=2) from None


async def _listed(caller: Caller, data: Path) -> str:
    async with connected(data) as bus:
        made = await listed(_calling(bus, caller.district), caller, caller.district, datetime.now(UTC))
    if isinstance(made, Refused):
        raise Failed(*sentences(made))
    return made


def _calling(bus: Bus, district: str) -> Any:
    async def call(endpoint: Any, request: Any) -> Any:
        try:
            return await bus.call(endpoint, request, district=district)
        except WireFault as fault:
            raise Failed(f"{endpoint.service} 未能应答（{fault.code}）：{fault}", f"No answer: {fault}") from None

    return call


async def _fetch(caller: Caller, teacher: str, reason: str, data: Path, *, reveal: bool) -> Export:
    async with connected(data) as bus:
        call = _calling(bus, caller.district)
        made = await put_together(call, caller, caller.district, teacher, reason=reason, reveal=reveal)
    if isinstance(made, Refused):
        raise Failed(*sentences(made))
    return made


def _write(path: Path, text: str) -> None:
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failed(f"无法写入 {path}：{error.strerror}", f"Cannot write {path}: {error.strerror}") from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"无法读取 {path}：{error}", f"Cannot read {path}: {error}", code=2) from None
