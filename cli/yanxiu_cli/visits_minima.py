"""`yanxiu visits minima` and `yanxiu visits coverage`: who falls short of a term, and which schools nobody reached."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from yanxiu_wire import coverage as wire_coverage
from yanxiu_wire import minima as wire
from yanxiu_wire import registry, teacher
from yanxiu_wire.caller import Caller
from yanxiu_wire.message import Page
from yanxiu_wire.rpc import Bus

from yanxiu_cli.console import say
from yanxiu_cli.session import ask, connected

# More are for the front end's pages, not for a screen.
SHOWN = 200
STATES = {"met": "达到 met", "open": "尚可 open", "missed": "已不及 missed"}
COVERAGE = {
    "visited": "已到 visited",
    "assigned": "已安排 assigned",
    "unvisited": "未到 unvisited",
    "uncovered": "未覆盖 uncovered",
}
ALERTS = {"repeated": "反复到校 repeated", "assigned-again": "重复安排 again"}


def minima(
    *, district: str, term: str, as_of: date | None = None, everybody: bool = False, data: Path = Path("var")
) -> None:
    """研训员一学期还差什么、还来得及什么。Who falls short of a term's minima, and what can still be made good.

    Parameters
    ----------
    district
        区县编号。The district's id.
    term
        学期，如 2024-2025-1。The term.
    as_of
        以哪一天为准，默认今天。As of which day; today by default.
    everybody
        也列出全部达到的。Those who fall short of nothing too.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    asked = {"term": term, "as_of": as_of, "short": not everybody}
    asyncio.run(_minima(district, asked, data))


def coverage(
    *, district: str, term: list[str] | None = None, uncovered: bool = False, data: Path = Path("var")
) -> None:
    """覆盖图：各校各学期谁蹲点、到过几次。The map of coverage: who is placed where in which term, and who came.

    Parameters
    ----------
    district
        区县编号。The district's id.
    term
        哪些学期，可重复；默认现行方案或规定窗口的学期。Which terms, may be repeated; else those of the window.
    uncovered
        只要从未安排、也无人到过的。Only those where nobody is placed and nobody came.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    asked = {"terms": tuple(term or ()), "state": "uncovered" if uncovered else None}
    asyncio.run(_coverage(district, asked, data))


async def _minima(district: str, asked: dict[str, Any], data: Path) -> None:
    caller = _caller(district)
    async with connected(data) as bus:
        query = wire.ListTermMinima(caller=caller, page=Page(first=SHOWN), **asked)
        page = await ask(bus, wire.LIST_TERM_MINIMA, query, district=district)
        names = await _people(bus, caller, (one.researcher for one in page.items))
    table = Table("研训员 researcher", "状态 state", "尚缺 short", "材料 papers", "余 left", box=SIMPLE)
    for one in page.items:
        short = "\n".join(map(_short, (minimum for minimum in one.minima if minimum.state != "met")))
        papers = "、".join(paper.paper for paper in one.papers)
        left = f"{one.days_left}天 {one.weeks_left}周"
        table.add_row(names.get(one.researcher, one.researcher), STATES[one.state], short, papers, left)
    Console().print(table)
    say(
        f"截至{page.as_of}：{page.researchers}人中{page.total}人 / "
        f"as of {page.as_of}: {page.total} of {page.researchers} researchers"
    )


def _short(one: wire.Minimum) -> str:
    done = "–" if one.earned is None else f"{one.earned.normalize():f}"
    pace = f"，每周 a week {one.a_week.normalize():f}" if one.a_week is not None else ""
    late = "（已不及 too late）" if one.state == "missed" else ""
    return f"{one.label_zh} {done}/{one.threshold.normalize():f}{one.unit}{pace}{late} {one.clause}"


async def _coverage(district: str, asked: dict[str, Any], data: Path) -> None:
    caller = _caller(district)
    async with connected(data) as bus:
        query = wire_coverage.ListCoverage(caller=caller, page=Page(first=SHOWN), **asked)
        page = await ask(bus, wire_coverage.LIST_COVERAGE, query, district=district)
        query_schools = registry.GetSchools(caller=caller, ids=tuple(one.school for one in page.items))
        schools = await ask(bus, registry.GET_SCHOOLS, query_schools, district=district)
        people = (who for one in page.items for cell in one.cells for who in cell.assigned)
        names = await _people(bus, caller, people)
    table = Table("学校 school", *page.terms, "状态 state", "提示 alerts", box=SIMPLE)
    for one, card in zip(page.items, schools.items, strict=True):
        cells = (_cell(cell, names) for cell in one.cells)
        alerts = "、".join(ALERTS[alert] for alert in one.alerts)
        table.add_row(card.name if card else one.school, *cells, COVERAGE[one.state], alerts)
    Console().print(table)
    say(
        f"应计{page.schools}所：安排{page.placed}所，到过{page.visited}所；列出{len(page.items)}所 / "
        f"{page.schools} schools: {page.placed} placed, {page.visited} visited; {len(page.items)} shown"
    )


def _cell(cell: wire_coverage.CoverageCell, names: dict[str, str]) -> str:
    people = "、".join(names.get(one, one) for one in cell.assigned)
    visits = len(cell.visits)
    return f"{people} {visits}次" if visits else people


async def _people(bus: Bus, caller: Caller, named: Iterable[str]) -> dict[str, str]:
    """The names of people by id, asked for once."""
    ids = tuple(dict.fromkeys(named))
    if not ids:
        return {}
    query = teacher.GetTeachers(caller=caller, ids=ids)
    answer = await ask(bus, teacher.GET_TEACHERS, query, district=caller.district)
    return {one.id: one.name for one in answer.items if one is not None}


def _caller(district: str) -> Caller:
    return Caller(subject="yanxiu-cli", role="district-officer", district=district)
