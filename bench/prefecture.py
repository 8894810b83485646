"""`python -m bench prefecture`: a cycle of every teacher of a prefecture, beside peers, with exactly equal totals."""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from yanxiu_rulekit.columns import Assessor

from bench.prefecture_data import EACH_YEAR, YEARS, write
from bench.prefecture_engines import SAMPLE, pack

ROOT = Path(__file__).resolve().parents[1]
OURS = "columns"
ALONE = "one at a time"
# What each peer needs beside the product; one that is not installed is named as absent.
PEERS = {"duckdb": "duckdb", "polars": "polars", "openfisca": "openfisca_core"}


def measured(engine: str, folder: Path, rounds: int) -> dict[str, Any]:
    """Ask one engine in a process of its own."""
    command = [sys.executable, "-m", "bench.prefecture_engines", engine, str(folder), str(rounds)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:
        raise RuntimeError(found.stderr)
    return json.loads(found.stdout)


def compare(folder: Path, count: int, rounds: int, console: Console, *, peers: bool) -> float:
    """Print every engine at one size beside ours; return our median of CPU seconds.

    Raises RuntimeError where totals differ.
    """
    ours = measured(OURS, folder, rounds)
    table = Table(title=f"{count:,} teachers x {len(YEARS)} years x {EACH_YEAR} records; ratio = engine / {OURS}")
    for column in ("engine", "median s", "ratio", "CPU s", "ratio", "load s", "peak MB", "totals"):
        table.add_column(column)
    own, own_cpu = (statistics.median(ours[name]) for name in ("times", "cpu"))
    for engine in (OURS, *(PEERS if peers else ())):
        if importlib.util.find_spec(PEERS.get(engine, "numpy")) is None:
            table.add_row(engine, "absent", "", "", "", "", "", "not installed")
            continue
        found = ours if engine == OURS else measured(engine, folder, rounds)
        same = _agreement(engine, found["answer"], ours["answer"])
        median, cpu = (statistics.median(found[name]) for name in ("times", "cpu"))
        figures = [
            f"{median:.3f}",
            f"{median / own:.1f}",
            f"{cpu:.3f}",
            f"{cpu / own_cpu:.1f}",
            f"{found['loaded']:.2f}",
        ]
        table.add_row(engine, *figures, f"{found['peak_mb']:.0f}", same)
    alone = measured(ALONE, folder, 1)
    each, used = alone["times"][0] / min(SAMPLE, count), alone["cpu"][0] / min(SAMPLE, count)
    figures = [
        f"{each * count:.0f}",
        f"{each * count / own:.0f}",
        f"{used * count:.0f}",
        f"{used * count / own_cpu:.0f}",
    ]
    table.add_row(ALONE, *figures, "", "", f"from {SAMPLE} teachers")
    console.print(table)
    console.print(f"totals: {ours['answer']}")
    console.print(f"from sealed segments, digests checked, to the answer: {ours['end_to_end']:.2f} s")
    return own_cpu


def _agreement(engine: str, answer: dict[str, int], ours: dict[str, int]) -> str:
    if answer == ours:
        return "equal"
    if engine != "openfisca":
        raise RuntimeError(f"{engine} answers {answer}, the columns {ours}")
    wrong = [name for name in ours if answer.get(name) != ours[name]]
    return f"differ (32-bit floats): {', '.join(wrong)}"


def records(count: int, console: Console) -> None:
    """Assess records as columns, and some of them one at a time."""
    law = pack()
    given = [_record(number) for number in range(count)]
    assessor = Assessor(law)
    begun = time.perf_counter()
    found = assessor.assess(given)
    whole = time.perf_counter() - begun
    begun = time.perf_counter()
    alone = [law.assess(facts, on=on) for on, facts in given[:2000]]
    each = (time.perf_counter() - begun) / 2000
    amounts = [int(one.credits * 10**6) for one in alone]
    assert amounts == found.micro_credits[:2000].tolist()
    console.print(
        f"{count:,} records assessed as columns in {whole:.2f} s ({found.paths} paths, {found.scalar} one at a time): "
        f"{whole / count * 1e6:.1f} us each, one at a time {each * 1e6:.0f} us ({each * count / whole:.0f}x)"
    )


def _record(number: int) -> tuple[date, dict[str, str]]:
    on = date(2024, 1, 2) + timedelta(days=number * 7 % 360)
    mode = ("network", "central", "school")[number % 3]
    facts = {
        "kind": "training",
        "mode": mode,
        "level": "school" if mode == "school" else ("county", "provincial")[number // 3 % 2],
        "hours_planned": str(2 + number * 13 % 40),
        "score": str(40 + number * 7 % 61),
        "date": on.isoformat(),
    }
    return on, facts | ({"project_credit": ("0.5", "0.7", "1")[number % 7 % 3]} if mode == "school" else {})


def cold(count: int, rounds: int, console: Console) -> None:
    """Read a district of so many teachers from a database of its own, each time in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="yanxiu-prefecture-") as folder:
        command = [sys.executable, "-m", "bench.prefecture_cold", folder]
        console.print(f"{count:,} teachers are entered; that takes 0.2 ms a line")
        subprocess.run([*command, str(count)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        asked = [subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True) for _ in range(rounds)]
    found = [json.loads(one.stdout) for one in asked]
    seconds, cpu = (statistics.median(one[name] for one in found) for name in ("seconds", "cpu"))
    lines = found[0]["lines"]
    console.print(
        f"{lines:,} lines from SQLite into columns: {seconds:.2f} s, {seconds / lines * 1e6:.1f} us each; "
        f"CPU {cpu:.2f} s, {cpu / lines * 1e6:.1f} us each; peak {max(one['peak_mb'] for one in found):.0f} MB"
    )


def main(arguments: list[str]) -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser(prog="python -m bench prefecture", description=__doc__)
    options.add_argument("--teachers", type=int, nargs="+", default=[10_000, 100_000, 300_000])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--records", type=int, default=100_000)
    options.add_argument("--peers-up-to", type=int, default=10**9, help="larger sizes are asked of the columns alone")
    options.add_argument("--cold", action="store_true", help="read a ledger from the database instead")
    given = options.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120)
    if given.cold:
        for count in given.teachers:
            cold(count, given.rounds, console)
        return
    medians: dict[int, float] = {}
    for count in given.teachers:
        with tempfile.TemporaryDirectory(prefix="yanxiu-prefecture-") as folder:
            write(Path(folder), count)
            peers = count <= given.peers_up_to
            medians[count] = compare(Path(folder), count, given.rounds, console, peers=peers)
    (first, least), *larger = medians.items()
    for count, median in larger:
        growth = median / least
        times = f"{growth:.2f} ({growth / (count / first):.2f} x linear)"
        console.print(f"growth in CPU seconds, {first:,} to {count:,}: {times}")
    records(given.records, console)
