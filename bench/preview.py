"""`python -m bench preview`: a draft law on a made-up Pu'er district, by columns and alone, by 1 and 2 replicas."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import sqlite3
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from yanxiu_credits.settings import Settings
from yanxiu_wire.policy import GET_PREVIEWS, PREVIEW_POLICY, DraftValue, GetPreviews, PreviewPolicy
from yanxiu_wire.rpc import Bus

from bench.jobs import OFFICER, RUNS, ask, ended, key, run_of
from bench.preview_data import DISTRICT, EACH, SINCE, district_in
from bench.replicas import replicas, server

# What is drafted: two settings that move few records, and a threshold by which every teacher stands otherwise.
DRAFTS: dict[str, dict[str, Any]] = {
    "few": {"settings": {"school_hours_cap": "40", "score_rounding": "half_up"}},
    "everybody": {
        "values": (DraftValue(parameter="annual_hours", since=SINCE, value="90", unit="学时", cite="PUER-10-2"),)
    },
}


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


async def run(how: str, count: int, settings: Settings, log: Path, draft: str, console: Console) -> dict[str, Any]:
    """Measure one preview."""
    command = PreviewPolicy(caller=OFFICER, key=key(), since=SINCE, kind="year", on=date(2024, 6, 1), **DRAFTS[draft])
    with replicas(settings, log, how, count=count) as processes:
        bus = await Bus.connect(settings.nats_url, name="bench")
        found = await ended(bus, PREVIEW_POLICY, command, processes, console)
        query = GetPreviews(caller=OFFICER, ids=(str(found.job.about["preview"]),))
        preview = (await ask(bus, GET_PREVIEWS, query)).items[0]
        await bus.close()
    said = digest_of(settings, preview.id)
    return {**found._asdict(), "said": said, "total": preview.total, "parts": found.job.total}


def measure(
    folder: Path, settings: Settings, teachers: int, runs: list[tuple[str, int]], draft: str, console: Console
) -> None:
    """Preview a written district each way; raises RuntimeError where two of them do not say the same."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    with server(folder) as url:
        settings = msgspec.structs.replace(settings, nats_url=url)
        for one in runs:
            found[one] = asyncio.run(run(*one, settings, folder / "log", draft, console))
            console.print(f"{one[0]}, {one[1]}: {found[one]['seconds']:.1f} s, {found[one]['cpu']:.1f} CPU s")
    ours = found[runs[0]]
    table = Table(
        title=f"preview of {teachers:,} teachers x {EACH} records in {ours['parts']} parts, a draft for {draft}"
    )
    for column in ("judged", "replicas", "s", "ratio", "CPU s", "ratio", "records a CPU s", "peak MB of one"):
        table.add_column(column)
    for (how, count), one in found.items():
        if one["said"] != ours["said"]:
            raise RuntimeError(f"{how} with {count} says something else")
        times = [f"{one[name]:.1f}" for name in ("seconds", "cpu")]
        ratios = [f"{one[name] / ours[name]:.2f}" for name in ("seconds", "cpu")]
        speed = f"{teachers * EACH / one['cpu']:,.0f}"
        table.add_row(how, str(count), times[0], ratios[0], times[1], ratios[1], speed, f"{one['peak']:.0f}")
    console.print(table)
    total = ours["total"]
    console.print(f"all say the same, row by row: {total.gains} gain, {total.loses} lose, {total.same} the same")


def main(arguments: list[str]) -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser(prog="python -m bench preview", description=__doc__)
    options.add_argument("--teachers", type=int, default=20_000)
    options.add_argument("--runs", type=run_of, nargs="+", default=RUNS, metavar="columns|alone:REPLICAS")
    options.add_argument("--district", type=Path, help="folder where the written district is kept for the next run")
    options.add_argument("--draft", choices=list(DRAFTS), default="few")
    asked = options.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120)
    with tempfile.TemporaryDirectory(prefix="yanxiu-preview-") as folder:
        data = Path(folder) / "data"
        settings = Settings(nats_url="nats://unused", data=data, keys=Path(folder) / "keys")
        district_in(settings, asked.teachers, asked.district, console)
        measure(Path(folder), settings, asked.teachers, asked.runs, asked.draft, console)
