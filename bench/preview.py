"""`python -m bench preview`: a draft law on a made-up Pu'er district, by columns and alone, by 1 and 2 replicas."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from yanxiu_cli.local.nats_server import binary
from yanxiu_credits.settings import Settings
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import WireFault
from yanxiu_wire.jobs import GET_JOBS, GetJobs, Job
from yanxiu_wire.policy import GET_PREVIEWS, PREVIEW_POLICY, GetPreviews, Preview, PreviewPolicy
from yanxiu_wire.rpc import Bus

from bench.preview_data import DISTRICT, EACH, SINCE, write

ROOT = Path(__file__).resolve().parents[1]
OFFICER = Caller(subject="bench", role="district-officer", district=DISTRICT)
# How to judge, and by how many processes; the first is what the others are told as a ratio of.
RUNS = (("columns", 1), ("columns", 2), ("alone", 1))
DRAFTS = {"school_hours_cap": "40", "score_rounding": "half_up"}
_AT_MOST = 900.0


@contextlib.contextmanager
def server(folder: Path) -> Iterator[str]:
    """Run a nats-server on a port that it chooses; gives its address."""
    command = [str(binary()), "-js", "-sd", str(folder / "nats"), "-a", "127.0.0.1", "-p", "-1"]
    process = subprocess.Popen([*command, "--ports_file_dir", str(folder)], stderr=subprocess.DEVNULL)
    try:
        told = folder / f"nats-server_{process.pid}.ports"
        while not told.exists() or not told.read_text():
            time.sleep(0.05)
        yield json.loads(told.read_text())["nats"][0]
    finally:
        process.terminate()
        process.wait(30)


@contextlib.contextmanager
def replicas(how: str, count: int, settings: Settings, log: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Run so many credits processes, until they answer and after."""
    told = {"YANXIU_NATS_URL": settings.nats_url, "YANXIU_DATA": str(settings.data), "YANXIU_KEYS": str(settings.keys)}
    command = [sys.executable, "-m", "bench.preview_replica", how]
    environment = {**os.environ, **told}
    processes: list[subprocess.Popen[str]] = []
    with log.open("ab") as output:
        try:
            for _ in range(count):
                process = subprocess.Popen(
                    command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=output, text=True
                )
                processes.append(process)
                assert process.stdout is not None
                while (line := process.stdout.readline()) != "ready\n":
                    if not line:
                        raise RuntimeError(log.read_text()[-2000:])
            yield processes
        finally:
            for process in processes:
                process.kill()
                process.wait()


def ended(processes: list[subprocess.Popen[str]]) -> tuple[float, float]:
    """End processes; returns the highest peak memory among them in MB, and their CPU seconds together."""
    for process in processes:
        process.terminate()
    told = [json.loads(process.communicate(timeout=60)[0].splitlines()[-1]) for process in processes]
    return max(one["peak_mb"] for one in told), sum(one["cpu"] for one in told)


async def previewed(bus: Bus, key: str) -> tuple[Job, Preview]:
    """Ask for a preview and wait for its end; raises RuntimeError where it fails."""
    asked = PreviewPolicy(caller=OFFICER, key=key, since=SINCE, kind="year", on=date(2024, 6, 1), settings=DRAFTS)
    made = await bus.call(PREVIEW_POLICY, asked, district=DISTRICT, deadline=Deadline.after(60))
    if not isinstance(made, Preview):
        raise RuntimeError(str(made))
    give_up = time.monotonic() + _AT_MOST
    while time.monotonic() < give_up:
        with contextlib.suppress(WireFault):
            query = GetJobs(caller=OFFICER, ids=(made.job,))
            job = (await bus.call(GET_JOBS, query, district=DISTRICT, deadline=Deadline.after(10))).items[0]
            if job.state == "done":
                found = GetPreviews(caller=OFFICER, ids=(made.id,))
                ready = await bus.call(GET_PREVIEWS, found, district=DISTRICT, deadline=Deadline.after(10))
                return job, ready.items[0]
            if job.state != "running":
                raise RuntimeError(str(job))
        await asyncio.sleep(0.2)
    raise RuntimeError("the preview did not end in time")


def digest_of(settings: Settings, preview: str) -> str:
    """Return a digest of everything that a preview says, in order."""
    found = hashlib.sha256()
    with contextlib.closing(sqlite3.connect(settings.data / "credits" / f"{DISTRICT}.db")) as file:
        for table, order in (("preview_line", "teacher"), ("preview_record", "record")):
            names = [row[1] for row in file.execute(f"PRAGMA table_info({table})") if row[1] != "preview"]
            columns = ", ".join(f'"{name}"' for name in names)
            query = f"SELECT {columns} FROM {table} WHERE preview = ? ORDER BY {order}"  # noqa: S608 - our own names
            for row in file.execute(query, [preview]):
                found.update(repr(row).encode())
    return found.hexdigest()


async def run(how: str, count: int, settings: Settings, log: Path) -> dict[str, Any]:
    """Measure one preview."""
    with replicas(how, count, settings, log) as processes:
        bus = await Bus.connect(settings.nats_url, name="bench")
        try:
            job, preview = await previewed(bus, f"bench-{how}-{count}")
        finally:
            await bus.close()
        peak, cpu = ended(processes)
    assert job.started_at is not None
    assert job.ended_at is not None
    seconds = (job.ended_at - job.started_at).total_seconds()
    said = digest_of(settings, preview.id)
    return {"seconds": seconds, "cpu": cpu, "peak": peak, "said": said, "total": preview.total, "parts": job.total}


def measure(folder: Path, teachers: int, console: Console) -> None:
    """Write a district and preview it each way; raises RuntimeError where two of them do not say the same."""
    log = folder / "log"
    with server(folder) as url:
        settings = Settings(nats_url=url, data=folder / "data", keys=folder / "keys")
        begun = time.perf_counter()
        asyncio.run(write(settings, teachers))
        console.print(f"{teachers * EACH:,} records written in {time.perf_counter() - begun:.0f} s")
        found: dict[tuple[str, int], dict[str, Any]] = {}
        for one in RUNS:
            found[one] = asyncio.run(run(*one, settings, log))
            console.print(f"{one[0]}, {one[1]}: {found[one]['seconds']:.1f} s, {found[one]['cpu']:.1f} CPU s")
    ours = found[RUNS[0]]
    table = Table(title=f"preview of {teachers:,} teachers x {EACH} records in {ours['parts']} parts; draft {DRAFTS}")
    for column in ("judged", "replicas", "s", "ratio", "CPU s", "ratio", "peak MB of one"):
        table.add_column(column)
    for (how, count), one in found.items():
        if one["said"] != ours["said"]:
            raise RuntimeError(f"{how} with {count} says something else")
        times = [f"{one[name]:.1f}" for name in ("seconds", "cpu")]
        ratios = [f"{one[name] / ours[name]:.2f}" for name in ("seconds", "cpu")]
        table.add_row(how, str(count), times[0], ratios[0], times[1], ratios[1], f"{one['peak']:.0f}")
    console.print(table)
    total = ours["total"]
    console.print(f"all say the same, row by row: {total.gains} gain, {total.loses} lose, {total.same} the same")


def main(arguments: list[str]) -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser(prog="python -m bench preview", description=__doc__)
    options.add_argument("--teachers", type=int, nargs="+", default=[5_000, 20_000])
    console = Console(width=None if sys.stdout.isatty() else 120)
    for teachers in options.parse_args(arguments).teachers:
        with tempfile.TemporaryDirectory(prefix="yanxiu-preview-") as folder:
            measure(Path(folder), teachers, console)
