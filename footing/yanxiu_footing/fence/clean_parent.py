"""The clean parent: it has imported all that a service needs, opened nothing and loaded no pack; cells are its forks.

`python -m yanxiu_footing.fence.clean_parent <module> <descriptor>`: the module's `enter(sock, order)` is what a cell
runs, the descriptor its end of the pair on which orders come, each with the cell's end of its own socket. A process
that was itself forked with everything imported has it forked before it reads anything (`early_parent`). Cells end with
it, and it ends with the main process, however that comes.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import msgspec
from yanxiu_wire import forking

from yanxiu_footing.fence.frames import Order
from yanxiu_footing.fence.migrate_apart import be_migrating

_MEGABYTE = 1 << 20
# Beyond the limit, for a cell to say what happened.
_ROOM_MB = 64
NAME, CELL_NAME = "yanxiu-parent", "yanxiu-cell"
Enter = Callable[[socket.socket, Order], None]


def main(module: str, descriptor: str) -> None:
    """Fork cells as they are ordered, until the main process closes its end."""
    serve(module, socket.socket(fileno=int(descriptor)))


def serve(module: str, control: socket.socket) -> None:
    """Be the clean parent of the service whose cells run that module."""
    enter: Enter = importlib.import_module(module).enter
    if os.environ.get("YANXIU_OTLP_ENDPOINT"):
        # What sends spans is imported once for all cells.
        importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    forking.make_ready()
    forking.be_called(NAME)
    forking.fork_on_order(control, lambda order, descriptors: _be(enter, order, descriptors), _end_all_of)


def _be(enter: Enter, order: bytes, descriptors: list[int]) -> None:
    """Be what was ordered: a cell has a socket on which it is asked, who migrates has none."""
    if descriptors:
        _be_a_cell(enter, order, descriptors)
    else:
        be_migrating(order)


def _be_a_cell(enter: Enter, order: bytes, descriptors: list[int]) -> None:
    """Run the cell in the forked process."""
    # What a pack starts is of the same group, and ends with the cell.
    os.setpgid(0, 0)
    forking.be_called(CELL_NAME)
    told = sys.stderr = _way_to_the_log()
    try:
        ordered = msgspec.msgpack.decode(order, type=Order)
        _limit(ordered.memory_mb)
        with socket.socket(fileno=descriptors[0]) as its:
            enter(its, ordered)
    finally:
        # What a pack has put in its place is not where the reason goes.
        sys.stderr = told


def _way_to_the_log() -> TextIO:
    """Return where the log goes; what is printed, by a pack or by what it starts, goes nowhere from here on."""
    told = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8", errors="backslashreplace")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for printed in (1, 2):
        os.dup2(nowhere, printed)
    os.close(nowhere)
    return told


def _limit(memory_mb: int) -> None:
    """End with the parent, and have no more data than that; what is short of memory takes a cell first."""
    forking.end_with_parent(os.getppid())
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    # Private memory that can be written, threads' stacks too: address space would count what is only reserved.
    resource.setrlimit(resource.RLIMIT_DATA, (memory_mb * _MEGABYTE, (memory_mb + _ROOM_MB) * _MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_all_of(pid: int) -> None:
    """End what is left of a cell's group."""
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
