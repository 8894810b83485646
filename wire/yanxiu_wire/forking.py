"""A process that forks others as it is ordered, and tells who was forked and how each ended; it reads nothing secret.

Orders come on one end of a SOCK_SEQPACKET pair: eight bytes of a serial number, then whatever the child is to be told,
with descriptors beside. Such a process has no event loop and one thread, so that a fork copies nothing that another
thread had in hand. Its memory is shared with its children until one of them writes to it.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import select
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import msgspec

from yanxiu_wire import heap

SERIAL = struct.Struct(">Q")
LONGEST_ORDER = 1 << 18
MOST_DESCRIPTORS = 2
_DEATH_SIGNAL, _SET_NAME = 1, 15  # PR_SET_PDEATHSIG, PR_SET_NAME
_LONGEST_NAME = 15
Be = Callable[[bytes, list[int]], None]
"""What a child does, given its order and its descriptors; it ends when this returns."""


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """What is told: the process forked for an order, or how a process ended."""

    pid: int
    serial: int = 0
    ended: int | None = None


def make_ready() -> None:
    """Make what was imported so far lie still, so that it stays shared; raises RuntimeError beside other threads."""
    tasks = Path("/proc/self/task")
    if threading.active_count() > 1 or (tasks.exists() and len(list(tasks.iterdir())) > 1):
        raise RuntimeError("more than one thread: something that was imported started one, and a fork would break it")
    gc.collect()
    # What is frozen is not looked at by the collector.
    gc.freeze()
    heap.seldom()
    heap.give_back()


def end_with_parent(parent: int) -> None:
    """Be killed when the parent ends, however that comes; at once if it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def be_called(name: str) -> None:
    """Be listed under a name of 15 characters at most; a fork would have its parent's."""
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"{name}: longer than {_LONGEST_NAME}")
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_NAME, name.encode())


def write_to(log: int) -> None:
    """Send what this process prints and complains about there, whatever its parent did with its own output."""
    for told in (1, 2):
        os.dup2(log, told)
    os.close(log)
    sys.stdout = sys.__stdout__ = os.fdopen(1, "w", encoding="utf-8", closefd=False)  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = os.fdopen(  # type: ignore[misc]
        2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )


def fork_on_order(control: socket.socket, be: Be, end: Callable[[int], None]) -> None:
    """Fork until the other side closes; `end` is called with each child that is left, or has ended, before the wait."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # They go to a whole group or session: who orders lets the children finish, and closes.
        signal.signal(number, signal.SIG_IGN)
    living: set[int] = set()
    try:
        _Forking(control, be, end, living).run()
    finally:
        for pid in living:
            end(pid)


def run_to_the_end(what: Callable[[], None]) -> NoReturn:
    """End this process with what a program of its own would end with: it must never go on as its parent."""
    code = 1
    try:
        what()
        code = 0
    except SystemExit as leaving:
        code = _code_of(leaving)
    except BaseException as error:  # noqa: BLE001 - whatever it was, it is told, and the process ends
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def _code_of(leaving: SystemExit) -> int:
    if leaving.code is None or isinstance(leaving.code, int):
        return leaving.code or 0
    sys.stderr.write(f"{leaving.code}\n")
    return 1


class _Forking:
    """The loop, and what a child must let go of."""

    def __init__(self, control: socket.socket, be: Be, end: Callable[[int], None], living: set[int]) -> None:
        self._control = control
        self._be = be
        self._end = end
        self._living = living
        self._wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self) -> None:
        """Return when the other side has closed."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        while True:
            ready, _, _ = select.select([self._control, self._wake[0]], [], [])
            if self._wake[0] in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake[0], 4096)
                self._tell_who_ended()
            if self._control in ready:
                data, descriptors, _, _ = socket.recv_fds(self._control, LONGEST_ORDER, MOST_DESCRIPTORS)
                if not data:
                    return
                self._fork(data, descriptors)

    def _fork(self, data: bytes, descriptors: list[int]) -> None:
        pid = os.fork()
        if pid == 0:
            run_to_the_end(lambda: self._child(data[SERIAL.size :], descriptors))
        for one in descriptors:
            os.close(one)
        self._living.add(pid)
        self._tell(Word(pid=pid, serial=SERIAL.unpack_from(data)[0]))

    def _child(self, order: bytes, descriptors: list[int]) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for own in self._wake:
            os.close(own)
        self._control.close()
        self._be(order, descriptors)

    def _tell_who_ended(self) -> None:
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            # As long as it was not waited for, no other has its number.
            self._end(ended.si_pid)
            self._living.discard(ended.si_pid)
            pid, status = os.waitpid(ended.si_pid, 0)
            self._tell(Word(pid=pid, ended=os.waitstatus_to_exitcode(status)))

    def _tell(self, word: Word) -> None:
        # Without anybody to tell, the next look at the socket ends this process.
        with contextlib.suppress(OSError):
            self._control.send(msgspec.msgpack.encode(word))
