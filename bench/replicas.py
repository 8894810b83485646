"""Credits processes under measurement: started, watched through /proc, and ended."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from yanxiu_cli.local.nats_server import binary
from yanxiu_credits.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
_TICKS = os.sysconf("SC_CLK_TCK")
Running = subprocess.Popen[str]


@contextlib.contextmanager
def server(folder: Path) -> Iterator[str]:
    """Run a nats-server on a port that it chooses; gives its address."""
    folder.mkdir(parents=True, exist_ok=True)
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
def replicas(settings: Settings, log: Path, *arguments: str, count: int = 1) -> Iterator[list[Running]]:
    """Run so many credits processes (bench/replica.py), one started after the other; given when all are at rest."""
    told = {"YANXIU_NATS_URL": settings.nats_url, "YANXIU_DATA": str(settings.data), "YANXIU_KEYS": str(settings.keys)}
    command = [sys.executable, "-m", "bench.replica", *arguments]
    processes: list[Running] = []
    with log.open("ab") as output:
        try:
            for _ in range(count):
                process = subprocess.Popen(
                    command, cwd=ROOT, env={**os.environ, **told}, stdout=subprocess.PIPE, stderr=output, text=True
                )
                processes.append(process)
                assert process.stdout is not None
                while (line := process.stdout.readline()) != "ready\n":
                    if not line:
                        raise RuntimeError(log.read_text()[-2000:])
                _at_rest(process)
            yield processes
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(120)


def _at_rest(process: Running) -> None:
    """Wait until a process does nothing: what the service does at its start (a signed head) has no event to await."""
    used = -1.0
    while (now := cpu_of([process])) - used > 0.05:
        used = now
        time.sleep(2)


def cpu_of(processes: Sequence[Running]) -> float:
    """Return the CPU seconds that processes have used together so far."""
    used = 0
    for process in processes:
        # Behind the name in brackets: user and system time are the 12th and 13th of what follows.
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / _TICKS


def peak_of(processes: Sequence[Running]) -> float:
    """Return the highest peak of resident memory among processes so far, in MB."""
    peaks: list[int] = []
    for process in processes:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        peaks += [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return max(peaks) / 1024
