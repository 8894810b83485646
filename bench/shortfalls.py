"""`python -m bench shortfalls`: the lists of who falls short in a made-up Pu'er district, made anew and then read.

The job `rebuild-standings` judges every period anew; then lists are read, one teacher's record is registered and the
list read again. A sample of rows must be what is answered of these teachers one by one.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from yanxiu_credits.settings import Settings
from yanxiu_wire.credits import REGISTER_TRAINING, RegisterTraining
from yanxiu_wire.jobs import START_JOB, StartJob
from yanxiu_wire.message import Page
from yanxiu_wire.rpc import Bus
from yanxiu_wire.standings import (
    GET_STANDINGS,
    LIST_SHORTFALLS,
    SUMMARISE_SHORTFALLS,
    GetStandings,
    ListShortfalls,
    SummariseShortfalls,
)

from bench.jobs import OFFICER, ask, ended, key
from bench.preview_data import EACH, district_in
from bench.replicas import Running, cpu_of, peak_of, replicas, server

DAY = "2025-03-03"
YEAR = date(2024, 6, 1)
SAMPLE, ROUNDS = 100, 20
# A standing with its explanation has 16 KB, a message takes 1 MB.
_AT_ONCE = 25
_LECTURE = {"kind": "lecture", "level": "county", "class_hours": "4"}


async def timed(running: list[Running], work: Callable[[], Awaitable[Any]]) -> tuple[Any, float, float]:
    """Return what comes back, with the seconds by the clock and the CPU seconds of all processes."""
    begun, used = time.perf_counter(), cpu_of(running)
    found = await work()
    return found, time.perf_counter() - begun, cpu_of(running) - used


async def answers(bus: Bus, running: list[Running], console: Console, teachers: int) -> None:
    """Measure, and print a line for each question."""
    rebuilt = await ended(
        bus, START_JOB, StartJob(caller=OFFICER, key=key(), kind="rebuild-standings"), running, console
    )
    periods = rebuilt.job.total - 1
    table = Table(title=f"{teachers:,} teachers x {EACH} records; lists of who falls short")
    for column in ("", "s", "CPU s"):
        table.add_column(column)
    table.add_row(f"{periods} periods judged anew (job)", f"{rebuilt.seconds:.1f}", f"{rebuilt.cpu:.1f}")
    counts = SummariseShortfalls(caller=OFFICER, kind="year", on=YEAR)
    asked = {
        "200 rows, largest gap first": lambda: ask(bus, LIST_SHORTFALLS, _page("gap")),
        "200 rows, by school": lambda: ask(bus, LIST_SHORTFALLS, _page("school")),
        "counts of every school": lambda: ask(bus, SUMMARISE_SHORTFALLS, counts),
    }
    for name, question in asked.items():
        found = [await timed(running, question) for _ in range(ROUNDS)]
        clock, cpu = (statistics.median(one[place] for one in found) for place in (1, 2))
        table.add_row(f"{name}, median of {ROUNDS}", f"{clock:.3f}", f"{cpu:.3f}")

    async def register_and_list() -> Any:
        training = RegisterTraining(caller=OFFICER, key=key(), teacher="t000001", on=date(2024, 12, 30), facts=_LECTURE)
        await ask(bus, REGISTER_TRAINING, training)
        return await ask(bus, LIST_SHORTFALLS, _page("gap"))

    _found, clock, cpu = await timed(running, register_and_list)
    table.add_row("a record registered, and the list with it", f"{clock:.3f}", f"{cpu:.3f}")
    console.print(table)
    console.print(
        f"peak {peak_of(running):.0f} MB; {await compared(bus, teachers)} teachers exactly as asked one by one"
    )


def _page(sort: Any, school: str | None = None) -> ListShortfalls:
    return ListShortfalls(caller=OFFICER, kind="year", on=YEAR, sort=sort, school=school, page=Page(first=200))


async def compared(bus: Bus, teachers: int) -> int:
    """Compare rows of the lists with the standing of each teacher alone; raises RuntimeError where they differ."""
    schools = random.Random(3).sample(range((teachers + 79) // 80), 3)  # noqa: S311 - which ones does not matter
    rows = [
        row
        for school in schools
        for row in (await ask(bus, LIST_SHORTFALLS, _page("teacher", f"school-{school:04}"))).items
    ][:SAMPLE]
    alone: list[Any] = []
    for low in range(0, len(rows), _AT_ONCE):
        names = tuple(row.teacher for row in rows[low : low + _AT_ONCE])
        query = GetStandings(caller=OFFICER, teachers=names, kind="year", on=YEAR)
        alone += (await ask(bus, GET_STANDINGS, query)).items
    for row, one in zip(rows, alone, strict=True):
        short = [(found.clause, found.earned, found.shortfall) for found in one.findings if not found.met]
        told = [(found.clause, found.earned, found.shortfall) for found in row.short]
        if (row.verdict, row.hours, row.credits, told) != (one.verdict, one.hours, one.credits, short):
            raise RuntimeError(f"{row.teacher}: the list says {told}, alone {short}")
    return len(rows)


async def measure(settings: Settings, folder: Path, teachers: int, console: Console) -> None:
    """Run one credits process on the written district and ask it."""
    with server(folder) as url:
        settings = msgspec.structs.replace(settings, nats_url=url)
        with replicas(settings, folder / "log", "columns", DAY) as running:
            bus = await Bus.connect(url, name="bench")
            await answers(bus, running, console, teachers)
            await bus.close()


def main(arguments: list[str]) -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser(prog="python -m bench shortfalls", description=__doc__)
    options.add_argument("--teachers", type=int, default=20_000)
    options.add_argument("--district", type=Path, help="folder where the written district is kept for the next run")
    asked = options.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120)
    with tempfile.TemporaryDirectory(prefix="yanxiu-shortfalls-") as name:
        folder = Path(name)
        settings = Settings(nats_url="nats://unused", data=folder / "data", keys=folder / "keys")
        district_in(settings, asked.teachers, asked.district, console)
        asyncio.run(measure(settings, folder, asked.teachers, console))
