"""CPU seconds and memory of a stack: of a process and of all that it started, read from /proc."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """The fields behind the name in brackets: state, parent, ..., user time, system time."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def family(roots: Iterable[int]) -> set[int]:
    """The processes and all their descendants that live now."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(entry.name)] = int(_stat(int(entry.name))[1])
    found = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def megabytes(pids: Iterable[int]) -> float:
    """Memory that the processes hold together: what several share (PSS) is counted once."""
    kilobytes = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            kilobytes += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return kilobytes / 1024


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time that the processes have used together so far."""
    used = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = _stat(pid)
            used += int(fields[11]) + int(fields[12])
    return used / _TICKS
