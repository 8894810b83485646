"""`python -m bench recognition`: a year of a made-up Pu'er district, recognised for all schools by one job.

Every school's process is reviewed, made public and submitted as people do it; then the institute takes `recognise` for
all of them (`takeSteps`). Beside it every school is judged both ways, by columns and one teacher at a time, and what
would be stored of each teacher must be equal.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table
from yanxiu_credits.__main__ import running
from yanxiu_credits.books.tables import recognition
from yanxiu_credits.service import Service
from yanxiu_credits.settings import Settings
from yanxiu_credits.store.facts import COPY
from yanxiu_credits.workflow import judge_many as many
from yanxiu_credits.workflow.recognise import standing_text
from yanxiu_credits.workflow.results import judging, teachers_of
from yanxiu_footing.clock import Clock
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire import registry
from yanxiu_wire import workflow as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.credits import VERIFY_LEDGER, VerifyLedger
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.jobs import GET_JOBS, GetJobs
from yanxiu_wire.process import Evidence, Process

from bench.preview import server
from bench.preview_data import DISTRICT, EACH, IN_A_SCHOOL, write

WORKFLOW = "year_recognition"
YEAR = date(2024, 6, 1)
REVIEWED, SUBMITTED = date(2025, 3, 3), date(2025, 3, 17)
INSTITUTE = Caller(subject="bench-institute", role="institute-officer", district=DISTRICT)
OFFICER = Caller(subject="bench-officer", role="district-officer", district=DISTRICT)
_AT_MOST = 1200.0
_keys = itertools.count()


class Day(Clock):
    """A clock whose day is set; its instants still grow."""

    def __init__(self) -> None:
        self.day = REVIEWED
        self._ticks = itertools.count()

    def now(self) -> datetime:
        start = datetime(self.day.year, self.day.month, self.day.day, 4, tzinfo=UTC)
        return start + timedelta(milliseconds=next(self._ticks))


async def ask(service: Service, endpoint: Any, request: Any) -> Any:
    """Ask the running service over the bus; raises RuntimeError where it refuses."""
    answer = await service.bus.call(endpoint, request, district=DISTRICT, deadline=Deadline.after(120))
    if hasattr(answer, "errors"):
        raise RuntimeError(str(answer))
    return answer


def given(name: str) -> dict[str, Any]:
    """What the signer of a step attaches."""
    step = load_packs().pack("puer").workflows[WORKFLOW].step(name)
    assert step is not None
    documents = [ask.name for ask in step.asks if ask.form == "document"]
    return {
        "evidence": tuple(Evidence(name=one, title=one, reference="file://x", sha256="a" * 64) for one in documents)
    }


async def submitted(service: Service, clock: Day, schools: list[str]) -> float:
    """Bring every school's process to where the institute recognises; returns the seconds of making it public."""
    shown: list[tuple[Caller, Process]] = []
    public = 0.0
    for school in schools:
        leader = Caller(subject=f"leader-{school}", role="school-leader", district=DISTRICT, school=school)
        key = f"bench-{next(_keys)}"
        opened = await ask(
            service, wire.OPEN_PROCESS,
            wire.OpenProcess(caller=leader, key=key, workflow=WORKFLOW, on=YEAR, **given("review")),
        )  # fmt: skip
        begun = time.perf_counter()
        shown.append((leader, await _take(service, leader, opened.process, "publicise")))
        public += time.perf_counter() - begun
    clock.day = SUBMITTED
    for leader, process in shown:
        await _take(service, leader, process, "submit")
    return public


async def _take(service: Service, caller: Caller, process: Process, step: str) -> Process:
    command = wire.TakeStep(
        caller=caller, key=f"bench-{next(_keys)}", process=process.id, step=step, version=process.version, **given(step)
    )
    return (await ask(service, wire.TAKE_STEP, command)).process


async def judged(service: Service, schools: list[str], few: int) -> tuple[float, dict[str, str]]:
    """Judge every school (empty: all at once); returns the CPU seconds and what would be stored of each teacher."""
    many.FEW, usual = few, many.FEW
    texts: dict[str, str] = {}
    begun = time.process_time()
    try:
        async with service.databases.read(DISTRICT) as conn:
            law: Any = judging(service.laws.bound(await read_district(conn, DISTRICT), YEAR))  # type: ignore[arg-type]
            period = law.pack.period("year", YEAR, law.settings)
            for school in schools:
                teachers = await teachers_of(conn, DISTRICT, school, period.end)
                found = await many.judge_many(conn, service, DISTRICT, law, period, teachers)
                texts |= {one: standing_text(standing) for one, standing in found.items()}
    finally:
        many.FEW = usual
    return time.process_time() - begun, texts


async def recognised(service: Service) -> tuple[float, int]:
    """Recognise all schools as one job; returns its seconds and its parts."""
    begun = time.perf_counter()
    command = wire.TakeSteps(caller=INSTITUTE, key=f"bench-{next(_keys)}", workflow=WORKFLOW, step="recognise")
    job = await ask(service, wire.TAKE_STEPS, command)
    while time.perf_counter() - begun < _AT_MOST:
        found = (await ask(service, GET_JOBS, GetJobs(caller=OFFICER, ids=(job.id,)))).items[0]
        if found.state != "running":
            if found.failed:
                raise RuntimeError(str(found.problems[:1]))
            return time.perf_counter() - begun, found.total
        await asyncio.sleep(0.2)
    raise RuntimeError("the job did not end in time")


async def measure(folder: Path, url: str, teachers: int, rounds: int, console: Console) -> None:
    """Write the district, recognise it and print what it took; raises RuntimeError where two ways differ."""
    settings = Settings(nats_url=url, data=folder / "data", keys=folder / "keys")
    begun = time.perf_counter()
    await write(settings, teachers)
    console.print(f"{teachers * EACH:,} records written in {time.perf_counter() - begun:.0f} s")
    schools = [f"school-{number:04}" for number in range((teachers + IN_A_SCHOOL - 1) // IN_A_SCHOOL)]
    clock = Day()
    async with running(settings, load_packs(), clock=clock) as service:
        async with service.databases.write(DISTRICT, Deadline.after(60)) as conn:
            told = [registry.SchoolChanged(school=one, version=1, history=()) for one in schools]
            await COPY.apply(conn, DISTRICT, told)
        times: dict[str, list[float]] = {"columns": [], "one at a time": [], "at once": []}
        said: list[dict[str, str]] = []
        for _ in range(rounds):
            for how, few, of in (("columns", 0, schools), ("one at a time", 10**9, schools), ("at once", 0, [""])):
                seconds, texts = await judged(service, of, few)
                times[how].append(seconds)
                said.append(texts)
        if any(one != said[0] for one in said):
            raise RuntimeError("columns and the scalar judge do not say the same")
        public = await submitted(service, clock, schools)
        seconds, parts = await recognised(service)
        async with service.databases.read(DISTRICT) as conn:
            made = int(await conn.scalar(sa.select(sa.func.count()).select_from(recognition)) or 0)
            stored = dict((await conn.execute(sa.select(recognition.c.teacher, recognition.c.standing))).all())  # type: ignore[arg-type]
        if stored != said[0]:
            raise RuntimeError("what was stored is not what was judged")
        verified = await ask(service, VERIFY_LEDGER, VerifyLedger(caller=OFFICER))
    columns, alone, once = (statistics.median(times[how]) for how in ("columns", "one at a time", "at once"))
    table = Table(title=f"{teachers:,} teachers x {EACH} records in {parts} schools")
    for column in ("", "s", "ratio"):
        table.add_column(column)
    table.add_row("judged by columns, CPU", f"{columns:.1f}", "1")
    table.add_row("judged one at a time, CPU", f"{alone:.1f}", f"{alone / columns:.1f}")
    table.add_row("the district at once by columns, CPU", f"{once:.1f}", f"{once / columns:.1f}")
    table.add_row("made public, school by school", f"{public:.1f}", "")
    table.add_row("recognised by one job", f"{seconds:.1f}", "")
    console.print(table)
    console.print(f"{made:,} recognitions, stored as both ways judge them; ledger intact: {verified.first_bad is None}")


def main(arguments: list[str]) -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser(prog="python -m bench recognition", description=__doc__)
    options.add_argument("--teachers", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=1)
    asked = options.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120)
    with tempfile.TemporaryDirectory(prefix="yanxiu-recognition-") as folder, server(Path(folder)) as url:
        asyncio.run(measure(Path(folder), url, asked.teachers, asked.rounds, console))
