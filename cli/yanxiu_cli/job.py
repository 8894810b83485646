"""`yanxiu job`: start, watch, list and cancel work on a whole district."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from uuid_utils import uuid7
from yanxiu_wire.jobs import (
    CANCEL_JOB,
    GET_JOBS,
    LIST_JOBS,
    START_JOB,
    CancelJob,
    GetJobs,
    Job,
    ListJobs,
    StartJob,
)
from yanxiu_wire.rpc import Bus

from yanxiu_cli.console import complain, say
from yanxiu_cli.failed import Failed
from yanxiu_cli.session import OPERATOR, ask, connected

PIPED_WIDTH = 160
_ASK_AGAIN = 0.5
Data = Annotated[Path, Parameter(help="运行中平台的数据目录。The running platform's folder.")]


def start(kind: str, /, *, district: str, data: Data = Path("var")) -> int:
    """发起一项作业：verify 核对台账，rebuild-standings 重算，replay 重演裁定，seal 封存年度。Start a job, watch it.

    Parameters
    ----------
    kind
        verify、rebuild-standings、replay 或 seal。What to do.
    district
        区县编号。The district's id.
    """

    async def run() -> int:
        async with connected(data) as bus:
            command = StartJob(caller=OPERATOR, key=f"job-{uuid7()}", kind=kind)
            started = await ask(bus, START_JOB, command, district=district)
            return told(await watched(bus, district, started.id))

    return asyncio.run(run())


def watch(job: str, /, *, district: str, data: Data = Path("var")) -> int:
    """看一项作业进行到结束（退出码 1：有部分失败或已取消）。Watch a job to its end; exit code 1 when it failed.

    Parameters
    ----------
    job
        作业编号。The job's id.
    district
        区县编号。The district's id.
    """

    async def run() -> int:
        async with connected(data) as bus:
            return told(await watched(bus, district, job))

    return asyncio.run(run())


def show(*, district: str, data: Data = Path("var")) -> None:
    """列出最近的作业。List the district's latest jobs.

    Parameters
    ----------
    district
        区县编号。The district's id.
    """

    async def run() -> None:
        async with connected(data) as bus:
            page = await ask(bus, LIST_JOBS, ListJobs(caller=OPERATOR), district=district)
        table = Table()
        for heading in ("编号 id", "种类 kind", "状态 state", "完成 done", "失败 failed", "发起 asked by"):
            table.add_column(heading, overflow="fold")
        for one in page.items:
            table.add_row(one.id, one.kind, one.state, f"{one.done}/{one.total}", str(one.failed), one.asked_by)
        console().print(table)

    asyncio.run(run())


def cancel(job: str, /, *, district: str, data: Data = Path("var")) -> None:
    """取消一项作业尚未做的部分。Give up what of a job is not done yet.

    Parameters
    ----------
    job
        作业编号。The job's id.
    district
        区县编号。The district's id.
    """

    async def run() -> None:
        async with connected(data) as bus:
            command = CancelJob(caller=OPERATOR, key=f"job-{uuid7()}", job=job)
            one = await ask(bus, CANCEL_JOB, command, district=district)
        say(f"已取消，完成 {one.done}/{one.total} 部分 / cancelled after {one.done} of {one.total} parts")

    asyncio.run(run())


async def watched(bus: Bus, district: str, job: str) -> Job:
    """Return a job when it has ended; meanwhile its progress is shown on standard error."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("作业 job", total=None)
        while True:
            found = await ask(bus, GET_JOBS, GetJobs(caller=OPERATOR, ids=(job,)), district=district)
            one = found.items[0]
            if one is None:
                raise Failed(f"{district} 没有作业 {job}。", f"{district} has no job {job}.")
            progress.update(task, description=one.kind, total=one.total, completed=one.done + one.failed)
            if one.state != "running":
                return one
            await asyncio.sleep(_ASK_AGAIN)


def told(one: Job) -> int:
    """Say how a job ended; returns the exit code."""
    if one.state == "done":
        say(f"{one.kind} 已完成：{one.done} 部分，{one.replicas} 个进程")
        say(f"{one.kind} is done: {one.done} parts, {one.replicas} processes")
        for name, value in sorted((one.result or {}).items()):
            say(f"  {name}: {value}")
        return 0
    complain(
        f"{one.kind} {one.state}：完成 {one.done}/{one.total}，失败 {one.failed} / done {one.done}, failed {one.failed}"
    )
    for problem in one.problems:
        reason = problem.reason
        complain(f"  第 {problem.part} 部分 part {problem.part}: {reason.code} {reason.message_zh} {reason.remedy_zh}")
        complain(f"    {reason.message_en} {reason.remedy_en}")
    return 1


def console() -> Console:
    """Where tables are shown; piped output is not wrapped at eighty columns."""
    return Console() if sys.stdout.isatty() else Console(width=PIPED_WIDTH)
