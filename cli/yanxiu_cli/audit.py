"""`yanxiu audit`: read the trail of who saw and did what, and check that no line of it was changed or taken away."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from cyclopts import Parameter
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from yanxiu_wire import audit as wire
from yanxiu_wire.audit_united import united
from yanxiu_wire.caller import ROLES_ZH, Caller
from yanxiu_wire.message import Page
from yanxiu_wire.rpc import Bus

from yanxiu_cli.console import complain, say
from yanxiu_cli.failed import Failed
from yanxiu_cli.session import OPERATOR, ask, connected

Service = Literal["registry", "credits", "visits"]
SERVICES: tuple[Service, ...] = ("credits", "registry", "visits")
PAGE = 200
OUTCOMES: Mapping[wire.Outcome, str] = {"done": "完成", "replayed": "重复提交", "refused": "拒绝", "fault": "故障"}
COLUMNS = (
    "service", "seq", "at", "kind", "action", "subject", "role", "home", "grant", "app", "operation", "document",
    "policies", "outcome", "code", "fault_id", "trace", "key", "objects", "total", "question", "reason", "hash",
)  # fmt: skip


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines; each narrows it."""

    about: Annotated[str | None, Parameter(help="只要关于此编号的（教师、记录、授权等）。Only about this id.")] = None
    subject: Annotated[str | None, Parameter(help="只要此主体（sub）所为的。Only by this subject.")] = None
    action: Annotated[str | None, Parameter(help="只要此动作，如 register-training。Only this action.")] = None
    outcome: Annotated[wire.Outcome | None, Parameter(help="只要此结果。Only with this outcome.")] = None
    kind: Annotated[wire.Kind | None, Parameter(help="只要办理或查看的。Only commands, or only reads.")] = None
    service: Annotated[Service | None, Parameter(help="只要此服务的。Only of this service.")] = None
    since: Annotated[datetime | None, Parameter(help="从此刻起。From this moment on.")] = None
    until: Annotated[datetime | None, Parameter(help="到此刻止。Before this moment.")] = None

    def query(self, district: str, first: int) -> wire.ListAudit:
        """The question to each service, as the auditor on this machine."""
        return wire.ListAudit(
            caller=Caller(subject="yanxiu-cli", role="auditor", district=district),
            page=Page(first=first),
            about=(self.about,) if self.about else (),
            subject=self.subject,
            action=self.action,
            outcome=self.outcome,
            kind=self.kind,
            since=_aware(self.since),
            until=_aware(self.until),
        )


def show(
    *,
    district: str,
    wanted: Wanted | None = None,
    first: Annotated[int, Parameter(name="--first")] = 50,
    csv_file: Annotated[Path | None, Parameter(name="--csv")] = None,
    data: Path = Path("var"),
) -> None:
    """列出审计记录，从新到旧；此查看本身也留下记录。The audit trail, newest first; this look at it is recorded too.

    Parameters
    ----------
    district
        区县编号。The district's id.
    first
        最多列出多少条，至多 200；写入文件时不限。How many on the screen, at most 200; a file gets all.
    csv_file
        写入 CSV 文件，全部各列。Write all columns of all lines to a CSV file.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    wanted = wanted or Wanted()
    query = wanted.query(district, PAGE if csv_file else min(first, PAGE))
    some = (wanted.service,) if wanted.service else SERVICES
    asyncio.run(_write(query, district, some, csv_file, data) if csv_file else _show(query, district, some, data))


def verify(*, district: str, heads: Path | None = None, data: Path = Path("var")) -> int:
    """核对审计记录：逐条核对摘要，有改动或缺失的指出第一条。Check every line; the first that is not as it was is named.

    Parameters
    ----------
    district
        区县编号。The district's id.
    heads
        另存末条摘要的文件：与上次所存核对，再补入这次的；末尾被截去只有这样才能发现。
        A file in which the last lines' digests are kept, held against what it has, and added to: only so is it noticed
        that a trail was cut off at its end.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    kept = _kept(heads)
    found = asyncio.run(_verify(district, kept.get(district, {}), data))
    bad = [service for service, one in found.items() if _told(service, one)]
    if heads is not None and not bad:
        kept[district] = {service: one.head for service, one in found.items()}
        heads.write_bytes(msgspec.json.format(msgspec.json.encode(kept), indent=1))
    return 1 if bad else 0


async def _show(query: wire.ListAudit, district: str, services: Sequence[Service], data: Path) -> None:
    async with connected(data) as bus:
        page = await _page(bus, query, district, services)
    table = Table(
        "时间 at",
        "服务 service",
        "动作 action",
        "主体 subject",
        "角色 role",
        "结果 outcome",
        "对象 objects",
        box=SIMPLE,
    )
    for one in page.items:
        objects = " ".join(one.objects) or (f"[{one.total}]" if one.total else "")
        result = f"{OUTCOMES[one.outcome]} {one.outcome}" + (f" {one.code}" if one.code else "")
        role = f"{ROLES_ZH[one.role]} {one.role}"
        table.add_row(f"{one.at:%Y-%m-%d %H:%M:%S}", one.service, one.action, one.subject, role, result, objects)
    Console(width=max(Console().width, 200)).print(table)
    say(f"共 {page.total} 条，列出 {len(page.items)} 条（时间为 UTC）/ {len(page.items)} of {page.total} lines, in UTC")


async def _write(query: wire.ListAudit, district: str, services: Sequence[Service], target: Path, data: Path) -> None:
    count = 0
    async with connected(data) as bus:
        with target.open("w", encoding="utf-8-sig", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(COLUMNS)
            async for page in _pages(bus, query, district, services):
                rows.writerows([_cell(getattr(one, name)) for name in COLUMNS] for one in page.items)
                count += len(page.items)
    say(f"已写入 {count} 条：{target} / {count} lines written")


async def _pages(
    bus: Bus, query: wire.ListAudit, district: str, services: Sequence[Service]
) -> AsyncIterator[wire.AuditPage]:
    while True:
        page = await _page(bus, query, district, services)
        yield page
        if not page.has_next:
            return
        query = msgspec.structs.replace(query, page=Page(first=PAGE, after=page.cursors[-1]))


async def _page(bus: Bus, query: wire.ListAudit, district: str, services: Sequence[Service]) -> wire.AuditPage:
    asked = (ask(bus, wire.audit_endpoint(one, "list-audit"), query, district=district) for one in services)
    return united(await asyncio.gather(*asked), query.page.first)


async def _verify(district: str, kept: Mapping[str, wire.AuditHead], data: Path) -> dict[str, wire.AuditVerified]:
    found = {}
    async with connected(data) as bus:
        for service in SERVICES:
            query = wire.VerifyAudit(caller=OPERATOR, heads=(kept[service],) if service in kept else ())
            found[service] = await ask(bus, wire.audit_endpoint(service, "verify-audit"), query, district=district)
    return found


def _told(service: str, found: wire.AuditVerified) -> bool:
    if found.first_bad is not None:
        complain(f"{service}：第 {found.first_bad} 条有误：{found.problem} / line {found.first_bad} is not as it was")
        return True
    gone = f"，另有到期的查看 {found.expired} 条" if found.expired else ""
    say(
        f"{service}：{found.records} 条完整{gone}；末条 {found.head.seq} {found.head.hash or '-'} / "
        f"{found.records} lines are whole"
    )
    return False


def _kept(path: Path | None) -> dict[str, dict[str, wire.AuditHead]]:
    if path is None or not path.exists():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, wire.AuditHead]])
    except msgspec.MsgspecError:
        raise Failed(f"无法读取 {path}：不是所存摘要的文件。", f"{path} is no file of kept digests.") from None


def _aware(moment: datetime | None) -> datetime | None:
    """A moment without a zone is one of this machine."""
    return moment.astimezone() if moment is not None else None


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, Mapping):
        return " ".join(f"{name}={told}" for name, told in sorted(value.items()))
    text = "" if value is None else str(value)
    # A spreadsheet must not take what a client sent for a formula.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
