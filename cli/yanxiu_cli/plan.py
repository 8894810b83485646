"""`yanxiu plan`: list rotation plans, start the planner and watch it, show a plan as a table or why there is none."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from uuid_utils import uuid7
from yanxiu_wire.rotation_plan import (
    CANCEL_PLANNING,
    GET_PLAN_CONTENTS,
    GET_ROTATION_PLANS,
    LIST_ROTATION_PLANS,
    START_PLANNING,
    CancelPlanning,
    GetPlanContents,
    GetRotationPlans,
    ListRotationPlans,
    NoPlan,
    PlanContents,
    PlanRemedy,
    RotationPlan,
    StartPlanning,
)
from yanxiu_wire.rpc import Bus

from yanxiu_cli.console import say
from yanxiu_cli.failed import Failed
from yanxiu_cli.job import console
from yanxiu_cli.session import OPERATOR, ask, connected

_ASK_AGAIN = 0.5
STEPS = {
    "fewest_changes": "改动最少 fewest changes",
    "best_score": "得分最优 best score",
    "why_none": "查明无解的原因 why there is none",
    "least_change": "求最少的改变 the least change",
}
Data = Annotated[Path, Parameter(help="运行中平台的数据目录。The running platform's folder.")]


def show_all(*, district: str, data: Data = Path("var")) -> None:
    """列出蹲点方案，新的在前。List the district's rotation plans, newest first.

    Parameters
    ----------
    district
        区县编号。The district's id.
    """

    async def run() -> None:
        async with connected(data) as bus:
            page = await ask(bus, LIST_ROTATION_PLANS, ListRotationPlans(caller=OPERATOR), district=district)
        table = Table()
        for heading in ("编号 id", "名称 name", "状态 state", "起 from", "止 until", "得分 score", "差距 gap"):
            table.add_column(heading, overflow="fold")
        for one in page.items:
            numbers = ("" if number is None else str(number) for number in (one.score, one.gap))
            table.add_row(one.id, one.name, one.state, str(one.starts_on), str(one.ends_on), *numbers)
        console().print(table)

    asyncio.run(run())


def start(plan: str, /, *, district: str, seconds: int = 30, data: Data = Path("var")) -> int:
    """排定一个方案并看着它完成（退出码 1：没有得到方案）。Start the planner and watch it; exit code 1 without a plan.

    Parameters
    ----------
    plan
        方案编号。The plan's id.
    district
        区县编号。The district's id.
    seconds
        限时，1 到 300 秒。Seconds it may take.
    """

    async def run() -> int:
        async with connected(data) as bus:
            command = StartPlanning(caller=OPERATOR, key=f"plan-{uuid7()}", plan=plan, seconds=seconds)
            await ask(bus, START_PLANNING, command, district=district)
            return await _told(bus, district, await _watched(bus, district, plan))

    return asyncio.run(run())


def watch(plan: str, /, *, district: str, data: Data = Path("var")) -> int:
    """看一个方案排定到结束。Watch a plan until the planner has ended.

    Parameters
    ----------
    plan
        方案编号。The plan's id.
    district
        区县编号。The district's id.
    """

    async def run() -> int:
        async with connected(data) as bus:
            return await _told(bus, district, await _watched(bus, district, plan))

    return asyncio.run(run())


def show(plan: str, /, *, district: str, data: Data = Path("var")) -> int:
    """显示一个方案：安排表与得分，或无解的证明。Show a plan: its table and score, or why there is none.

    Parameters
    ----------
    plan
        方案编号。The plan's id.
    district
        区县编号。The district's id.
    """

    async def run() -> int:
        async with connected(data) as bus:
            return await _told(bus, district, await _one(bus, district, plan))

    return asyncio.run(run())


def cancel(plan: str, /, *, district: str, data: Data = Path("var")) -> None:
    """中止排定，保留目前最好的方案。End the planner; its best so far stays.

    Parameters
    ----------
    plan
        方案编号。The plan's id.
    district
        区县编号。The district's id.
    """

    async def run() -> None:
        async with connected(data) as bus:
            command = CancelPlanning(caller=OPERATOR, key=f"plan-{uuid7()}", plan=plan)
            await ask(bus, CANCEL_PLANNING, command, district=district)
        say("已要求中止 / asked to end")

    asyncio.run(run())


async def _one(bus: Bus, district: str, plan: str) -> RotationPlan:
    found = await ask(bus, GET_ROTATION_PLANS, GetRotationPlans(caller=OPERATOR, ids=(plan,)), district=district)
    if found.items[0] is None:
        raise Failed(f"{district} 没有方案 {plan}。", f"{district} has no plan {plan}.")
    return found.items[0]


async def _watched(bus: Bus, district: str, plan: str) -> RotationPlan:
    """Return the plan when the planner has ended; meanwhile its progress is shown on standard error."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("排定 planning", total=None)
        while True:
            one = await _one(bus, district, plan)
            if one.state != "planning":
                return one
            if one.progress is not None:
                step = STEPS.get(one.progress.step, one.progress.step)
                numbers = f"目前 best {one.progress.best}，下限 bound {one.progress.bound}，差距 gap {one.progress.gap}"
                progress.update(task, description=f"{step}：{numbers}")
            await asyncio.sleep(_ASK_AGAIN)


async def _told(bus: Bus, district: str, one: RotationPlan) -> int:
    contents = await ask(bus, GET_PLAN_CONTENTS, GetPlanContents(caller=OPERATOR, plan=one.id), district=district)
    say(f"{one.name}：{one.state}")
    if contents.none is not None:
        say_none(contents.none)
        return 1
    if not contents.placed:
        say(one.problem or "没有安排 / no placings")
        return 0 if one.state == "draft" else 1
    console().print(plan_table(one, contents))
    proven = "已证明最优 proven best" if one.proven else f"差距 gap {one.gap}"
    say(f"得分 score {one.score}，下限 bound {one.bound}，{proven}")
    if one.distance is not None:
        say(f"与原方案相比增减 {one.distance} 项，至少 {one.distance_bound} 项")
        say(f"against the plan in force {one.distance} placings differ, at least {one.distance_bound} must")
    for part in contents.parts:
        say(f"  {part.name}: {part.units} × {part.weight} = {part.points}")
    return 0


def plan_table(one: RotationPlan, contents: PlanContents) -> Table:
    """Return a plan as a table: a line for each person, a column for each period; helpers are marked."""
    table = Table(title=one.name)
    table.add_column("人员 person", overflow="fold")
    for term in one.terms:
        table.add_column(term, overflow="fold")
    for person in sorted({entry.person for entry in contents.placed}):
        cells = []
        for term in one.terms:
            own = [entry for entry in contents.placed if (entry.person, entry.term) == (person, term)]
            cells.append("\n".join(f"{e.school}{'（协同）' if e.role == 'collaborator' else ''}" for e in own))
        table.add_row(person, *cells)
    return table


def say_none(none: NoPlan) -> None:
    """Say why there is no plan, and what would make one."""
    say(none.said.zh)
    say(none.said.en)
    if none.least is not None:
        _say_remedy("最少的改变 the least change", none.least)
    for way in none.ways:
        _say_remedy("或者 or", way)


def _say_remedy(title: str, remedy: PlanRemedy) -> None:
    say(f"{title}{'' if remedy.least else '（未证明最少 not proven least）'}:")
    for change in remedy.changes:
        say(f"  {change.said.zh} {change.said.en}")
