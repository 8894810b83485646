"""`python -m bench recognition`: a year of a made-up Pu'er district, recognised for all schools by one job.

Every school's process is reviewed, made public and submitted as people do it; then the institute takes `recognise` for
all of them (`takeSteps`), with one and with two replicas, by columns and one teacher at a time. What is stored must be
the same each time, and of a sample the very text that the scalar judge says.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from rich.console import Console
from rich.table import Table
from yanxiu_credits.__main__ import MIGRATIONS
from yanxiu_credits.all_tables import metadata
from yanxiu_credits.laws import Laws
from yanxiu_credits.settings import Settings
from yanxiu_credits.standings.judge import judge_all, read_lines
from yanxiu_credits.workflow.recognise import standing_text
from yanxiu_credits.workflow.results import as_recognised, judging
from yanxiu_durable.databases import open_databases
from yanxiu_footing.registry_facts import read_district, read_people
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire import credits as wire_credits
from yanxiu_wire import workflow as wire
from yanxiu_wire.caller import Caller
from yanxiu_wire.jobs import START_JOB, StartJob
from yanxiu_wire.process import Evidence, Process
from yanxiu_wire.rpc import Bus

from bench.jobs import OFFICER, RUNS, Measured, ask, ended, key, run_of
from bench.preview_data import DISTRICT, EACH, IN_A_SCHOOL, district_in
from bench.replicas import cpu_of, replicas, server

WORKFLOW = "year_recognition"
YEAR = date(2024, 6, 1)
REVIEWED, SUBMITTED = date(2025, 3, 3), date(2025, 3, 17)
INSTITUTE = Caller(subject="bench-institute", role="institute-officer", district=DISTRICT)
# So many teachers, chosen by chance, are judged one at a time and compared with what is stored.
SAMPLE = 200


class Stage(NamedTuple):
    """Where it happens: the folder of this run, its settings and the log."""

    folder: Path
    settings: Settings
    log: Path

    def copied(self, name: str) -> Stage:
        """Return a stage of its own with a copy of the databases."""
        folder = self.folder / name
        shutil.copytree(self.settings.data, folder / "data")
        return Stage(folder, msgspec.structs.replace(self.settings, data=folder / "data"), self.log)


def given(name: str) -> dict[str, Any]:
    """What the signer of a step attaches."""
    step = load_packs().pack("puer").workflows[WORKFLOW].step(name)
    assert step is not None
    documents = [one.name for one in step.asks if one.form == "document"]
    return {
        "evidence": tuple(Evidence(name=one, title=one, reference="file://x", sha256="a" * 64) for one in documents)
    }


def leader_of(school: str) -> Caller:
    """Return the head of a school."""
    return Caller(subject=f"leader-{school}", role="school-leader", district=DISTRICT, school=school)


async def made_public(bus: Bus, schools: list[str]) -> list[Process]:
    """Open every school's process, reviewed, and make its results public."""
    attached, shown = given("review"), given("publicise")
    found: list[Process] = []
    for school in schools:
        leader = leader_of(school)
        command = wire.OpenProcess(caller=leader, key=key(), workflow=WORKFLOW, on=YEAR, **attached)
        opened = await ask(bus, wire.OPEN_PROCESS, command)
        found.append(await _take(bus, leader, opened.process, "publicise", shown))
    return found


async def submitted(bus: Bus, schools: list[str], processes: list[Process]) -> None:
    """Submit every school's process."""
    attached = given("submit")
    for school, process in zip(schools, processes, strict=True):
        await _take(bus, leader_of(school), process, "submit", attached)


async def _take(bus: Bus, caller: Caller, process: Process, step: str, attached: dict[str, Any]) -> Process:
    command = wire.TakeStep(
        caller=caller, key=key(), process=process.id, step=step, version=process.version, **attached
    )
    return (await ask(bus, wire.TAKE_STEP, command)).process


async def prepared(stage: Stage, schools: list[str], console: Console) -> None:
    """Bring every school's process to where the institute recognises."""
    processes: list[Process] = []
    for day in (REVIEWED, SUBMITTED):
        with server(stage.folder / str(day)) as url:
            settings = msgspec.structs.replace(stage.settings, nats_url=url)
            with replicas(settings, stage.log, "columns", str(day)) as running:
                bus = await Bus.connect(url, name="bench")
                begun, used = time.perf_counter(), cpu_of(running)
                if day == REVIEWED:
                    processes = await made_public(bus, schools)
                    told = f"{len(schools):,} processes opened, reviewed and made public"
                else:
                    await submitted(bus, schools, processes)
                    told = "submitted"
                seconds, cpu = time.perf_counter() - begun, cpu_of(running) - used
                console.print(f"{told}: {seconds:.0f} s, {cpu:.1f} CPU s")
                await bus.close()


async def recognised(stage: Stage, how: str, count: int, console: Console, *, verify: bool) -> Measured:
    """Recognise all schools as one job; then verify the whole ledger as another, if that is asked."""
    with server(stage.folder) as url:
        settings = msgspec.structs.replace(stage.settings, nats_url=url)
        with replicas(settings, stage.log, how, str(SUBMITTED), count=count) as running:
            bus = await Bus.connect(url, name="bench")
            command = wire.TakeSteps(caller=INSTITUTE, key=key(), workflow=WORKFLOW, step="recognise")
            found = await ended(bus, wire.TAKE_STEPS, command, running, console)
            if verify:
                command = StartJob(caller=OFFICER, key=key(), kind="verify")
                checked = await ended(bus, START_JOB, command, running, console)
                console.print(f"the whole ledger verified in {checked.seconds:.0f} s, {checked.cpu:.1f} CPU s")
            await bus.close()
    return found


def stored(stage: Stage) -> tuple[str, int, dict[str, str]]:
    """Return a digest of what was recognised of each teacher, how many entries say so, and the sample's texts."""
    digest, chosen = hashlib.sha256(), {}
    with contextlib.closing(sqlite3.connect(stage.settings.data / "credits" / f"{DISTRICT}.db")) as file:
        rows = file.execute("SELECT teacher, standing FROM recognition ORDER BY teacher").fetchall()
        query = "SELECT teacher, micro_hours, micro_credits FROM ledger WHERE kind = 'recognition' ORDER BY teacher"
        entries = file.execute(query).fetchall()
    for row in (*rows, *entries):
        digest.update(repr(row).encode())
    chosen = dict(random.Random(7).sample(rows, min(SAMPLE, len(rows))))  # noqa: S311 - which ones does not matter
    return digest.hexdigest(), len(entries), chosen


async def alone(stage: Stage, teachers: list[str]) -> dict[str, str]:
    """Return what the scalar judge has stored of these teachers."""
    databases = open_databases(wire_credits.SERVICE, stage.settings, metadata, MIGRATIONS)
    await databases.open_all()
    try:
        async with databases.read(DISTRICT) as conn:
            law: Any = judging(Laws(load_packs()).bound(await read_district(conn, DISTRICT), YEAR))  # type: ignore[arg-type]
            period = law.pack.period("year", YEAR, law.settings)
            people = await read_people(conn, DISTRICT, teachers)
            lines = await read_lines(conn, DISTRICT, teachers, law, period)
        found = as_recognised(law, judge_all(law, period, lines, people.values(), SUBMITTED))
    finally:
        await databases.close()
    return {one: standing_text(standing) for one, standing in found.items()}


async def measure(stage: Stage, teachers: int, runs: list[tuple[str, int]], console: Console, *, verify: bool) -> None:
    """Recognise a written district each way and print what it took; raises RuntimeError where two ways differ."""
    schools = [f"school-{number:04}" for number in range((teachers + IN_A_SCHOOL - 1) // IN_A_SCHOOL)]
    await prepared(stage, schools, console)
    table = Table(title=f"{teachers:,} teachers x {EACH} records in {len(schools):,} schools, recognised by one job")
    for column in ("judged", "replicas", "s", "CPU s", "ratio", "entries a CPU s", "peak MB of one"):
        table.add_column(column)
    first: tuple[str, float] | None = None
    for how, count in runs:
        own = stage.copied(f"{how}-{count}")
        found = await recognised(own, how, count, console, verify=verify and first is None)
        digest, made, sample = stored(own)
        first = first or (digest, found.cpu)
        if made != teachers or digest != first[0] or await alone(own, list(sample)) != sample:
            raise RuntimeError(f"{how} with {count}: what is stored is not what is judged")
        figures = [f"{found.seconds:.1f}", f"{found.cpu:.1f}", f"{found.cpu / first[1]:.2f}"]
        table.add_row(how, str(count), *figures, f"{made / found.cpu:,.0f}", f"{found.peak:.0f}")
        console.print(f"{how}, {count}: {found.seconds:.1f} s, {found.cpu:.1f} CPU s")
        shutil.rmtree(own.folder)
    console.print(table)
    console.print(f"stored alike each time; {min(SAMPLE, teachers)} teachers exactly as the scalar judge says")


def main(arguments: list[str]) -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser(prog="python -m bench recognition", description=__doc__)
    options.add_argument("--teachers", type=int, default=20_000)
    options.add_argument("--runs", type=run_of, nargs="+", default=RUNS, metavar="columns|alone:REPLICAS")
    options.add_argument("--district", type=Path, help="folder where the written district is kept for the next run")
    options.add_argument("--unverified", action="store_true", help="leave the check of the whole ledger out")
    asked = options.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120)
    with tempfile.TemporaryDirectory(prefix="yanxiu-recognition-") as name:
        folder = Path(name)
        settings = Settings(nats_url="nats://unused", data=folder / "data", keys=folder / "keys")
        district_in(settings, asked.teachers, asked.district, console)
        stage = Stage(folder, settings, folder / "log")
        asyncio.run(measure(stage, asked.teachers, asked.runs, console, verify=not asked.unverified))
