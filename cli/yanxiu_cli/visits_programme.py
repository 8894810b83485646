"""`yanxiu visits programme` and `yanxiu visits themes`: targets of base schools, and schools' research themes."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from yanxiu_wire import programme as wire
from yanxiu_wire import registry
from yanxiu_wire import themes as wire_themes
from yanxiu_wire.caller import Caller
from yanxiu_wire.message import Page
from yanxiu_wire.rpc import Bus

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed
from yanxiu_cli.session import ask, connected

# More are for the front end's pages, not for a screen.
SHOWN = 200


def programme(*, district: str, batch: date | None = None, as_of: date | None = None, data: Path = Path("var")) -> None:
    """基地学校工作目标（力争）：已达到多少、还差多少，各校取得什么。How far a batch's targets are, and its schools.

    Parameters
    ----------
    district
        区县编号。The district's id.
    batch
        批次的首日，默认最近一批。The batch's first day; the newest by default.
    as_of
        以哪一天为准，默认今天。As of which day; today by default.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    asyncio.run(_programme(district, batch, as_of, data))


def themes(
    *, district: str, year: str, failing: bool = False, as_of: date | None = None, data: Path = Path("var")
) -> None:
    """各校一学年的研修主题（1+x）：登记、报备与违反的条款。Schools' research themes: declared, filed, what is wrong.

    Parameters
    ----------
    district
        区县编号。The district's id.
    year
        学年，如 2024-2025。The school year.
    failing
        只要有违反的。Only those with a clause breached.
    as_of
        以哪一天为准，默认今天。As of which day; today by default.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    asyncio.run(_themes(district, {"school_year": year, "failing": failing, "as_of": as_of}, data))


async def _themes(district: str, asked: dict[str, Any], data: Path) -> None:
    caller = Caller(subject="yanxiu-cli", role="district-officer", district=district)
    async with connected(data) as bus:
        query = wire_themes.ListSchoolThemes(caller=caller, page=Page(first=SHOWN), **asked)
        page = await ask(bus, wire_themes.LIST_SCHOOL_THEMES, query, district=district)
        wanted = registry.GetSchools(caller=caller, ids=tuple(one.school for one in page.items))
        cards = await ask(bus, registry.GET_SCHOOLS, wanted, district=district)
    table = Table("学校 school", "共性 common", "个性 own", "报备 filed", "条款 clauses", "说明 why", box=SIMPLE)
    for one, card in zip(page.items, cards.items, strict=True):
        common = "；".join(one.themes.common) if one.themes else ""
        own = f"{len(one.groups) - len(one.without_own)}/{len(one.groups)}"
        filed = one.themes.filed_on.isoformat() if one.themes and one.themes.filed_on else ""
        why = "".join(step.zh for ruling in one.rulings if ruling.failed for step in ruling.steps)
        table.add_row(card.name if card else one.school, common, own, filed, "、".join(one.failed), why)
    Console().print(table)
    say(f"共 {page.total} 所，列出 {len(page.items)} 所 / {len(page.items)} of {page.total} schools")


async def _programme(district: str, batch: date | None, as_of: date | None, data: Path) -> None:
    caller = Caller(subject="yanxiu-cli", role="district-officer", district=district)
    async with connected(data) as bus:
        query = wire.GetBaseSchoolProgramme(caller=caller, batch=batch or await _newest(bus, caller), as_of=as_of)
        found: wire.BaseSchoolProgramme = await ask(bus, wire.GET_BASE_SCHOOL_PROGRAMME, query, district=district)
        wanted = registry.GetSchools(caller=caller, ids=tuple(one.school for one in found.schools))
        cards = await ask(bus, registry.GET_SCHOOLS, wanted, district=district)
    console = Console()
    console.print(_targets(found))
    console.print(
        _schools(found, [card.name if card else one for one, card in zip(wanted.ids, cards.items, strict=True)])
    )
    first, last = found.batch.starts_on, found.batch.ends_on
    say(
        f"{first}至{last}的一批，截至{found.as_of}：{len(found.schools)}所 / "
        f"batch {first} to {last}, as of {found.as_of}: {len(found.schools)} schools"
    )


async def _newest(bus: Bus, caller: Caller) -> date:
    query = wire.ListBaseSchoolBatches(caller=caller)
    batches = await ask(bus, wire.LIST_BASE_SCHOOL_BATCHES, query, district=caller.district)
    if not batches.items:
        raise Failed("尚无基地学校批次。", "There is no batch of base schools yet.")
    return batches.items[0].starts_on


def _targets(found: wire.BaseSchoolProgramme) -> Table:
    table = Table("目标 target", "已达到 reached", "目标数 aimed", "还差 to go", "日期 due", "条款 clause", box=SIMPLE)
    for one in found.targets:
        table.add_row(
            one.label_zh, _said(one.reached), f"{_said(one.aimed)}{one.unit}", _said(one.to_go),
            one.due_on.isoformat(), one.clause,
        )  # fmt: skip
    return table


def _schools(found: wire.BaseSchoolProgramme, names: list[str]) -> Table:
    kinds = [one.name for one in found.schools[0].achievements] if found.schools else []
    table = Table("学校 school", *kinds, "青年教师 young teachers", box=SIMPLE)
    for one, name in zip(found.schools, names, strict=True):
        since = (each.since.isoformat() if each.since else "" for each in one.achievements)
        teachers = "、".join(f"{_said(each.reached)}/{_said(each.of)}" for each in one.teachers)
        table.add_row(name, *since, teachers)
    return table


def _said(number: Decimal | None) -> str:
    return "–" if number is None else f"{number.normalize():f}"
