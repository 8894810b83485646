"""The clean parent: it has imported all that a service needs, opened nothing and loaded no pack; cells are its forks.

`python -m yanxiu_footing.fence.clean_parent <module> <descriptor>`: the module's `enter(sock, order)` is what a cell
runs, the descriptor one end of a SOCK_SEQPACKET pair on which orders come, each with the cell's end of its own socket.
It has no event loop and one thread, so that a fork copies nothing that another thread had in hand. Its memory is shared
with the cells until one of them writes to it. Cells end with it, and it ends with the main process, however that comes.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import msgspec

from yanxiu_footing.fence.frames import Order, Word

_LONGEST_ORDER = 1 << 18
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_MEGABYTE = 1 << 20
# Beyond the limit, for a cell to say what happened.
_ROOM_MB = 64
Enter = Callable[[socket.socket, Order], None]


def main(module: str, descriptor: str) -> None:
    """Fork cells as they are ordered, until the main process closes its end."""
    # A terminal's Ctrl-C and a service manager's SIGTERM go to the whole group: the main process drains the cells.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    control = socket.socket(fileno=int(descriptor))
    enter: Enter = importlib.import_module(module).enter
    if os.environ.get("YANXIU_OTLP_ENDPOINT"):
        # What sends spans is imported once for all cells.
        importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    tasks = Path("/proc/self/task")
    if tasks.exists() and len(list(tasks.iterdir())) > 1:
        raise RuntimeError("the clean parent has more than one thread: something that was imported started one")
    gc.collect()
    # What is frozen is not looked at by the collector, and so stays shared with the cells.
    gc.freeze()
    living: set[int] = set()
    try:
        _fork_on_order(control, enter, living)
    finally:
        for pid in living:
            _end_all_of(pid)


def _fork_on_order(control: socket.socket, enter: Enter, living: set[int]) -> None:
    wake_read, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    while True:
        ready, _, _ = select.select([control, wake_read], [], [])
        if wake_read in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(wake_read, 4096)
            _tell_who_ended(control, living)
        if control in ready:
            data, descriptors, _, _ = socket.recv_fds(control, _LONGEST_ORDER, 1)
            if not data:
                return
            order = msgspec.msgpack.decode(data, type=Order)
            with socket.socket(fileno=descriptors[0]) as its:
                pid = os.fork()
                if pid == 0:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    for own in (wake_read, wake_write):
                        os.close(own)
                    control.close()
                    _be_a_cell(enter, its, order)
            living.add(pid)
            _tell(control, Word(pid=pid, serial=order.serial))


def _be_a_cell(enter: Enter, its: socket.socket, order: Order) -> None:
    """Run the cell in the forked process; never returns."""
    code = 1
    # What a pack starts is of the same group, and ends with the cell.
    os.setpgid(0, 0)
    told = sys.stderr = _way_to_the_log()
    try:
        _limit(order.memory_mb)
        enter(its, order)
        code = 0
    except BaseException as error:  # noqa: BLE001 - whatever it was: the fork must not go on as its parent
        sys.stderr = told
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        sys.stderr.flush()
        os._exit(code)


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
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    # Private memory that can be written, threads' stacks too: address space would count what is only reserved.
    resource.setrlimit(resource.RLIMIT_DATA, (memory_mb * _MEGABYTE, (memory_mb + _ROOM_MB) * _MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_all_of(pid: int) -> None:
    """End what is left of a cell's group: as long as the cell was not waited for, no other has its number."""
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


def _tell_who_ended(control: socket.socket, living: set[int]) -> None:
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None:
            return
        _end_all_of(ended.si_pid)
        living.discard(ended.si_pid)
        pid, status = os.waitpid(ended.si_pid, 0)
        _tell(control, Word(pid=pid, ended=os.waitstatus_to_exitcode(status)))


def _tell(control: socket.socket, word: Word) -> None:
    # Without a main process there is nobody to tell; the next look at the socket ends this one.
    with contextlib.suppress(OSError):
        control.send(msgspec.msgpack.encode(word))


if __name__ == "__main__":
    main(*sys.argv[1:])
