"""`python -m bench recovery`: a district lost for ever and put back, beside SQLite's own copy of the same files."""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from yanxiu_credits.books.keys import Signer
from yanxiu_credits.settings import Settings
from yanxiu_durable.sqlite_databases import migrate_file
from yanxiu_registry import migrating as registry
from yanxiu_visits import migrating as visits

from bench.preview_data import DISTRICT, EACH, district_in

SERVICES = ("registry", "credits", "visits")
PROMISED_ENTRIES, PROMISED_MINUTES = 10_000_000, 15


class Took(NamedTuple):
    """What a step took: seconds of the clock, CPU seconds, and the largest memory of any process so far in MB."""

    seconds: float
    cpu: float
    peak: float


def empty_books(settings: Settings) -> None:
    """Give the other two services their files of the district."""
    for service, migrations in (("registry", registry.MIGRATIONS), ("visits", visits.MIGRATIONS)):
        migrate_file(settings.data / service / f"{DISTRICT}.db", migrations)


def command(data: Path, keys: Path, *words: str) -> Took:
    """Run `yanxiu` as an operator does; raises RuntimeError where it says no."""
    env = {**os.environ, "YANXIU_DATA": str(data), "YANXIU_KEYS": str(keys)}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "yanxiu_cli", *words], env=env, capture_output=True, text=True, check=False
    )
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(seconds, cpu, after.ru_maxrss / 1024)


def plain(source: Path, target: Path) -> Took:
    """Copy the three files as SQLite does and have it look through them, which tells nothing of the ledger."""
    begun, before = time.perf_counter(), time.process_time()
    for service in SERVICES:
        (target / service).mkdir(parents=True)
        name = f"{service}/{DISTRICT}.db"
        with (
            contextlib.closing(sqlite3.connect(source / name)) as old,
            contextlib.closing(sqlite3.connect(target / name)) as new,
        ):
            old.backup(new)
            if new.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                raise RuntimeError(name)
    return Took(time.perf_counter() - begun, time.process_time() - before, 0)


def measure(folder: Path, settings: Settings, console: Console) -> None:
    """Back up, lose, restore; raises RuntimeError unless the whole ledger is back (`restore` compares its head)."""
    backup, found = folder / "backup", {}
    found["SQLite's copy and integrity_check"] = ours = plain(settings.data, folder / "plain")
    to = ("--district", DISTRICT, "--to", str(backup))
    found["yanxiu backup"] = command(settings.data, settings.keys, "backup", *to)
    back = ("restore", str(backup), "--trust-keys", "--no-erasures-since")
    found["yanxiu restore"] = restored = command(folder / "new", folder / "new-keys", *back)
    with contextlib.closing(sqlite3.connect(folder / "new" / "credits" / f"{DISTRICT}.db")) as file:
        (entries,) = file.execute("SELECT count(*) FROM ledger").fetchone()
        (records,) = file.execute("SELECT count(*) FROM record").fetchone()
    size = sum(one.stat().st_size for one in backup.rglob("*")) / 1_000_000
    table = Table(title=f"{entries:,} entries, {records:,} records, {size:,.0f} MB")
    for column in ("", "s", "ratio", "CPU s", "entries a second", "peak MB"):
        table.add_column(column)
    for name, took in found.items():
        figures = (f"{took.seconds:.1f}", f"{took.seconds / ours.seconds:.1f}", f"{took.cpu:.1f}")
        table.add_row(name, *figures, f"{entries / took.seconds:,.0f}", f"{took.peak:.0f}" if took.peak else "—")
    console.print(table)
    minutes = restored.seconds / entries * PROMISED_ENTRIES / 60
    console.print(
        f"at this pace {PROMISED_ENTRIES:,} entries of one district are back after {minutes:.0f} minutes "
        f"(reckoned, not run; {PROMISED_MINUTES} were asked for)"
    )


def main(arguments: list[str]) -> None:
    """Read the options and run."""
    options = argparse.ArgumentParser(prog="python -m bench recovery", description=__doc__)
    options.add_argument("--teachers", type=int, default=10_000, help=f"{EACH} records each")
    options.add_argument("--district", type=Path, help="folder where the written district is kept for the next run")
    asked = options.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120)
    with tempfile.TemporaryDirectory(prefix="yanxiu-recovery-") as folder:
        place = Path(folder)
        settings = Settings(nats_url="nats://unused", data=place / "data", keys=place / "keys")
        district_in(settings, asked.teachers, asked.district, console)
        empty_books(settings)
        Signer.open(settings.keys)
        measure(place, settings, console)
