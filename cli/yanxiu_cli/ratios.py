"""`yanxiu ratios`: announce the schools' ratios of a period that is over, and show what was announced."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from uuid import uuid4

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from yanxiu_wire import announced_ratios as wire
from yanxiu_wire.message import Page

from yanxiu_cli.console import say
from yanxiu_cli.school_names import officer, school_names
from yanxiu_cli.session import ask, connected

# More are for the front end's pages, not for a screen.
SHOWN = 200
LEFT_OUT = {"open": "该周期尚未锁定 the period is open", "without-teachers": "没有在职教师 no teachers"}


def announce(*, district: str, on: date, data: Path = Path("var")) -> None:
    """公布一个已结束并锁定的周期的各校未完成占比。Announce the schools' ratios of a period that is over and locked.

    Parameters
    ----------
    district
        区县编号。The district's id.
    on
        周期内的任一天，如 2025-12-31。A day of the period.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    asyncio.run(_announce(district, on, data))


def show(
    *,
    district: str,
    on: date | None = None,
    barred: bool = False,
    every_version: bool = False,
    data: Path = Path("var"),
) -> None:
    """已公布的各校未完成占比。What was announced of the schools' ratios.

    Parameters
    ----------
    district
        区县编号。The district's id.
    on
        只要包含这一天的周期。Only of the period of this day.
    barred
        只要受限的学校。Only schools that are barred.
    every_version
        连同已被取代的。Those superseded too.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    asyncio.run(_show(district, on, barred, every_version, data))


async def _announce(district: str, on: date, data: Path) -> None:
    caller = officer(district)
    async with connected(data) as bus:
        command = wire.AnnounceSchoolRatios(caller=caller, key=str(uuid4()), on=on)
        done = await ask(bus, wire.ANNOUNCE_SCHOOL_RATIOS, command, district=district)
        names = await school_names(bus, caller, (*done.barred, *(one.school for one in done.left_out)))
    say(
        f"{done.label}：公布 {done.announced} 所，未变 {done.unchanged} 所，撤回 {done.withdrawn} 所 / "
        f"{done.announced} announced, {done.unchanged} unchanged, {done.withdrawn} withdrawn"
    )
    for school in done.barred:
        say(f"受限 barred：{names.get(school, school)}")
    for one in done.left_out:
        say(f"未公布 left out：{names.get(one.school, one.school)}（{LEFT_OUT[one.why]}）")


async def _show(district: str, on: date | None, barred: bool, every_version: bool, data: Path) -> None:
    caller = officer(district)
    async with connected(data) as bus:
        query = wire.ListAnnouncedRatios(
            caller=caller, on=on, barred=barred or None, every_version=every_version, page=Page(first=SHOWN)
        )
        page = await ask(bus, wire.LIST_ANNOUNCED_RATIOS, query, district=district)
        names = await school_names(bus, caller, (one.school for one in page.items))
    table = Table(
        "学校 school", "周期 period", "第几次 version", "占比 share", "结论 outcome", "条款 clauses", box=SIMPLE
    )
    for one in page.items:
        share = f"{one.not_completed}/{one.roster}" + (f" = {one.share.normalize():f}" if one.share is not None else "")
        said = "受限 barred" if one.barred else "不受限 free" if one.state == "announced" else "已撤回 withdrawn"
        version = f"{one.version}（已取代 superseded）" if one.superseded else str(one.version)
        table.add_row(names.get(one.school, one.school), one.label, version, share, said, "、".join(one.clauses))
    Console(width=max(Console().width, 120)).print(table)
    say(f"共 {page.total} 条，列出 {len(page.items)} 条 / {len(page.items)} of {page.total} announcements")
