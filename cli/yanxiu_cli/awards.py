"""`yanxiu awards`: an award year's quotas with the places used, and the objections to it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from yanxiu_wire import award_endings as endings
from yanxiu_wire import awards as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.message import Page
from yanxiu_wire.rpc import Bus

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed
from yanxiu_cli.school_names import officer, school_names
from yanxiu_cli.session import ask, connected

PAGE = 1000
STATES = {"nominating": "正在推荐", "scoring": "正在评审", "ranked": "已排名", "closed": "已结束"}
FATES = {None: "未答复 open", True: "成立 upheld", False: "不成立 rejected"}


def show(*, district: str, year: int, data: Path = Path("var")) -> None:
    """一年的评优：各项名额、推荐、公示、已用名额与异议。An award year: quotas, nominations, places used, objections.

    Parameters
    ----------
    district
        区县编号。The district's id.
    year
        年度，如 2024。The calendar year.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    asyncio.run(_show(district, year, data))


def objections(*, district: str, year: int, open_only: bool = False, data: Path = Path("var")) -> None:
    """一年的异议：针对谁、是否答复。The objections of a year: to what, and how they were settled.

    Parameters
    ----------
    district
        区县编号。The district's id.
    year
        年度，如 2024。The calendar year.
    open_only
        只要未答复的。Only those that are not settled.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    asyncio.run(_objections(district, year, open_only, data))


async def _show(district: str, year: int, data: Path) -> None:
    caller = officer(district)
    async with connected(data) as bus:
        answer = await ask(
            bus, wire.GET_AWARD_YEARS, wire.GetAwardYears(caller=caller, years=(year,)), district=district
        )
        (found,) = answer.items
        if found is None:
            raise Failed(f"尚未启动{year}年的评优。", f"The awards of {year} are not open.")
        everyone = await _nominations(bus, caller, year)
        query = endings.ListAwardObjections(caller=caller, year=year, open=True, page=Page(first=1))
        waiting = await ask(bus, endings.LIST_AWARD_OBJECTIONS, query, district=district)
    frozen = "，评分规则已冻结 rules frozen" if found.rules_frozen else ""
    say(f"{year}年评优：{STATES[found.state]} {found.state}{frozen}")
    Console(width=max(Console().width, 120)).print(_quotas(found, everyone))
    for one in found.shortfalls:
        say(f"名额未满 short：{one.category} {one.missing}（{one.reason}）")
    say(f"未答复的异议 {waiting.total} 件 / {waiting.total} objections open")


def _quotas(year: wire.AwardYear, everyone: Sequence[wire.Nomination]) -> Table:
    words = ("名额 quota", "推荐 nominated", "公示 published", "已确认 confirmed", "已用 used", "余 left")
    ended = ("取消 struck", "撤回 withdrawn", "撤销 revoked")
    table = Table(*(word.replace(" ", "\n") for word in ("项目 category", *words, *ended, "条款 clauses")), box=SIMPLE)
    for one in year.categories:
        own = [each for each in everyone if each.category == one.name]
        counts = Counter(each.state for each in own)
        used = sum(1 for each in own if each.place is not None)
        shown = sum(1 for each in own if each.published_on is not None)
        figures = (one.quota, len(own), shown, counts["confirmed"], used, one.quota - used)
        over = (counts["struck"], counts["withdrawn"], counts["revoked"])
        table.add_row(one.name, *map(str, (*figures, *over)), "、".join(one.clauses))
    return table


async def _nominations(bus: Bus, caller: Caller, year: int) -> list[wire.Nomination]:
    found: list[wire.Nomination] = []
    after: str | None = None
    while True:
        query = wire.ListNominations(caller=caller, year=year, page=Page(first=PAGE, after=after))
        page = await ask(bus, wire.LIST_NOMINATIONS, query, district=caller.district)
        found += page.items
        if not page.has_next:
            return found
        after = page.cursors[-1]


async def _objections(district: str, year: int, open_only: bool, data: Path) -> None:
    caller = officer(district)
    async with connected(data) as bus:
        query = endings.ListAwardObjections(caller=caller, year=year, open=open_only or None, page=Page(first=PAGE))
        page = await ask(bus, endings.LIST_AWARD_OBJECTIONS, query, district=district)
        ids = tuple(dict.fromkeys(one.nomination for one in page.items))
        about = await ask(bus, wire.GET_NOMINATIONS, wire.GetNominations(caller=caller, ids=ids), district=district)
        by_id = {one.id: one for one in about.items if one is not None}
        names = await school_names(bus, caller, (one.school for one in by_id.values()))
    table = Table(
        "提出 raised", "项目 category", "学校 school", "异议 objection", "结果 outcome", "答复 answer", box=SIMPLE
    )
    for one in page.items:
        its = by_id.get(one.nomination)
        what = (its.category, names.get(its.school, its.school)) if its is not None else ("", "")
        table.add_row(one.raised_at.date().isoformat(), *what, one.text, FATES[one.upheld], one.answer)
    Console(width=max(Console().width, 120)).print(table)
    say(f"共 {page.total} 件，列出 {len(page.items)} 件 / {len(page.items)} of {page.total} objections")
