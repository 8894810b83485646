"""`yanxiu grants`: name the first officers of a district, see who holds which role, and take a grant back."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from yanxiu_wire import grants as wire
from yanxiu_wire.caller import ROLES_ZH, Role
from yanxiu_wire.message import Page

from yanxiu_cli.console import say
from yanxiu_cli.session import OPERATOR, ask, connected

# More are for the front end's pages, not for a screen.
SHOWN = 200


def give(
    *,
    district: str,
    subject: str,
    role: Role,
    decision: str,
    since: date | None = None,
    until: date | None = None,
    data: Path = Path("var"),
) -> None:
    """以平台运维身份授予区县教育局或审计角色。Give the role of district officer or auditor, as the platform operator.

    Parameters
    ----------
    district
        区县编号。The district's id.
    subject
        签发者的主体（sub）。The issuer's subject (sub).
    role
        district-officer 或 auditor；其余角色由区县教育局授予。One of these two; the district gives the others.
    decision
        授权依据的文件。The decision by which it is given.
    since
        第一天，默认今天。First day; today by default.
    until
        最后一天，默认不限。Last day; none by default.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    command = wire.GrantRole(
        caller=OPERATOR,
        key=str(uuid4()),
        subject=subject,
        role=role,
        since=since or date.today(),  # noqa: DTZ011 - the day where the officer sits
        until=until,
        decision=decision,
    )
    grant = asyncio.run(_asked(wire.GRANT_ROLE, command, district, data))
    say(f"已授予 {ROLES_ZH[grant.role]} {grant.role}：{grant.subject}，编号 {grant.id} / granted")


def revoke(*, district: str, grant: str, why: str, data: Path = Path("var")) -> None:
    """撤销一项区县教育局或审计的授权，立即生效。Take back a grant of these two roles, at once.

    Parameters
    ----------
    district
        区县编号。The district's id.
    grant
        授权编号，见 yanxiu grants list。The grant's id, as `yanxiu grants list` shows it.
    why
        原因。Why.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    command = wire.RevokeGrant(caller=OPERATOR, key=str(uuid4()), grant=grant, why=why)
    gone = asyncio.run(_asked(wire.REVOKE_GRANT, command, district, data))
    say(f"已撤销：{gone.subject} 的 {ROLES_ZH[gone.role]} {gone.role} / revoked")


def show(*, district: str, subject: str | None = None, every: bool = False, data: Path = Path("var")) -> None:
    """列出现在有效的授权。Who holds which role now.

    Parameters
    ----------
    district
        区县编号。The district's id.
    subject
        只要此主体的。Only this subject's.
    every
        连同未到期、已过期、已撤销的。Those to come, over and revoked too.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    query = wire.ListGrants(caller=OPERATOR, page=Page(first=SHOWN), subject=subject, holding=None if every else True)
    page = asyncio.run(_asked(wire.LIST_GRANTS, query, district, data))
    table = Table(
        "编号 id", "主体 subject", "角色 role", "起 since", "止 until", "依据 decision", "撤销 revoked", box=SIMPLE
    )
    for one in page.items:
        until = str(one.until or "不限 open")
        gone = f"{one.revoked.by}：{one.revoked.why}" if one.revoked else ""
        table.add_row(
            one.id, one.subject, f"{ROLES_ZH[one.role]} {one.role}", str(one.since), until, one.decision, gone
        )
    Console(width=max(Console().width, 160)).print(table)
    say(f"共 {page.total} 项，列出 {len(page.items)} 项 / {len(page.items)} of {page.total} grants")


async def _asked(endpoint: Any, request: Any, district: str, data: Path) -> Any:
    async with connected(data) as bus:
        return await ask(bus, endpoint, request, district=district)
