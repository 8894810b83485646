"""`yanxiu visits list` and `yanxiu visits findings`: visits of a district, and what was found and is still open."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_wire import registry
from yanxiu_wire.caller import Caller
from yanxiu_wire.findings import LIST_FINDINGS, ListFindings, VisitFinding
from yanxiu_wire.message import Page
from yanxiu_wire.rpc import Bus
from yanxiu_wire.visiting import LIST_VISITS, ListVisits, Visit

from yanxiu_cli.console import say
from yanxiu_cli.session import ask, connected

# More are for the front end's pages, not for a screen.
SHOWN = 50
VISIT_STATES = {
    "incomplete": "待补",
    "planned": "已计划",
    "under-way": "在校",
    "done": "已完成",
    "cancelled": "已取消",
}
VISIT_HEADINGS = ("日期 days", "学校 school", "阶段 phase", "状态 state", "半天 half days", "未经准备 unprepared")
FINDING_STATES = {"open": "待整改", "remedied": "待复查", "closed": "已销号", "withdrawn": "已撤回"}


def show(
    *,
    district: str,
    school: str | None = None,
    term: str | None = None,
    unprepared: bool = False,
    data: Path = Path("var"),
) -> None:
    """下校一览：日期、学校、状态、半天数，未经准备进校的注明条款。Visits: days, school, state, half days.

    Parameters
    ----------
    district
        区县编号。The district's id.
    school
        只要这所学校（编号）。Only this school, by its id.
    term
        只要这个学期，如 2024-2025-1。Only this term.
    unprepared
        只要未经准备即进校的。Only those begun without their preparation.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    asked = {"school": plain_id("School", school) if school else None, "term": term, "unprepared": unprepared or None}
    asyncio.run(_show(district, asked, data))


def findings(*, district: str, school: str | None = None, overdue: bool = False, data: Path = Path("var")) -> None:
    """未销号的问题：期限、学校、状态。Findings that are not closed: deadline, school, state.

    Parameters
    ----------
    district
        区县编号。The district's id.
    school
        只要这所学校（编号）。Only this school, by its id.
    overdue
        只要逾期的。Only those overdue.
    data
        运行中平台的数据目录（未设 YANXIU_NATS_URL 时）。The running platform's folder, unless YANXIU_NATS_URL is set.
    """
    asked = {"school": plain_id("School", school) if school else None, "overdue": overdue or None}
    asyncio.run(_findings(district, asked, data))


async def _show(district: str, asked: dict[str, Any], data: Path) -> None:
    caller = _caller(district)
    async with connected(data) as bus:
        query = ListVisits(caller=caller, page=Page(first=SHOWN), **asked)
        page = await ask(bus, LIST_VISITS, query, district=district)
        schools = await _schools(bus, caller, (one.school for one in page.items))
    table = Table(
        "日期 days", "学校 school", "阶段 phase", "状态 state", "半天 half days", "未经准备 unprepared", box=SIMPLE
    )
    for one in page.items:
        table.add_row(*_visit(one, schools))
    Console().print(table)
    say(f"共 {page.total} 次，列出 {len(page.items)} 次 / {len(page.items)} of {page.total} visits")


async def _findings(district: str, asked: dict[str, Any], data: Path) -> None:
    caller = _caller(district)
    async with connected(data) as bus:
        query = ListFindings(caller=caller, page=Page(first=SHOWN), open=True, **asked)
        page = await ask(bus, LIST_FINDINGS, query, district=district)
        schools = await _schools(bus, caller, (one.school for one in page.items))
    table = Table("期限 due", "学校 school", "状态 state", "问题 finding", box=SIMPLE)
    for one in page.items:
        table.add_row(*_finding(one, schools))
    Console().print(table)
    say(f"共 {page.total} 个，列出 {len(page.items)} 个 / {len(page.items)} of {page.total} findings")


def _visit(one: Visit, schools: dict[str, str]) -> tuple[str, ...]:
    days = [day.on for day in one.days] or [day.on for day in one.planned]
    return (
        "、".join(day.isoformat() for day in days),
        schools.get(one.school or "", one.school or ""),
        one.phase or "",
        VISIT_STATES[one.state],
        str(one.half_days),
        "、".join(one.unprepared.clauses) if one.unprepared else "",
    )


def _finding(one: VisitFinding, schools: dict[str, str]) -> tuple[str, ...]:
    due = one.due_on.isoformat() if one.due_on else ""
    late = f"{due}（逾期 overdue）" if one.overdue else due
    return late, schools.get(one.school or "", one.school or ""), FINDING_STATES.get(one.state, one.state), one.text


async def _schools(bus: Bus, caller: Caller, named: Iterable[str | None]) -> dict[str, str]:
    """The names of schools by id, asked for once."""
    ids = tuple(dict.fromkeys(one for one in named if one is not None))
    if not ids:
        return {}
    query = registry.GetSchools(caller=caller, ids=ids)
    answer = await ask(bus, registry.GET_SCHOOLS, query, district=caller.district)
    return {one.id: one.name for one in answer.items if one is not None}


def _caller(district: str) -> Caller:
    return Caller(subject="yanxiu-cli", role="district-officer", district=district)
