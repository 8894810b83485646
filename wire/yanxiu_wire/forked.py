"""The side that orders forks: asks a process of `forking` for children, and hears how each of them ended."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import socket
from collections.abc import Callable, Sequence

import msgspec

from yanxiu_wire.forking import SERIAL, Word

_WORD = 4096
_START_SECONDS = 30.0
KILLED = -9


def pair() -> tuple[socket.socket, socket.socket]:
    """The two ends on which orders and words go: ours, and that of the process that forks."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


class Orders:
    """Orders to one forking process; `lost` is called once when it has ended, and its children with it."""

    def __init__(self, control: socket.socket, lost: Callable[[], None]) -> None:
        control.settimeout(0)
        self._control: socket.socket | None = control
        self._lost = lost
        self._serials = itertools.count(1)
        self._forked: dict[int, asyncio.Future[tuple[int, asyncio.Future[int]]]] = {}
        self._ended: dict[int, asyncio.Future[int]] = {}
        asyncio.get_running_loop().add_reader(control.fileno(), self._hear, control)

    async def fork(self, order: bytes, descriptors: Sequence[int]) -> tuple[int, asyncio.Future[int]]:
        """Return a new process and what will be the code it ended with, negative for a signal.

        Raises OSError or TimeoutError when none can be had.
        """
        serial = next(self._serials)
        forked = self._forked[serial] = asyncio.get_running_loop().create_future()
        try:
            if self._control is None:
                raise ConnectionError
            socket.send_fds(self._control, [SERIAL.pack(serial) + order], list(descriptors))
            async with asyncio.timeout(_START_SECONDS):
                return await forked
        finally:
            self._forked.pop(serial, None)

    def close(self) -> None:
        """Let the forking process end, and with it the children that are left."""
        control, self._control = self._control, None
        if control is None:
            return
        with contextlib.suppress(OSError):
            asyncio.get_running_loop().remove_reader(control.fileno())
        control.close()
        for waiting in self._forked.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("who forks has ended"))
        for ended in self._ended.values():
            if not ended.done():
                ended.set_result(KILLED)
        self._ended.clear()

    def _hear(self, control: socket.socket) -> None:
        try:
            data = control.recv(_WORD)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            self._lost()
            return
        word = msgspec.msgpack.decode(data, type=Word)
        if word.ended is not None:
            ended = self._ended.pop(word.pid, None)
            if ended is not None and not ended.done():
                ended.set_result(word.ended)
            return
        waiting = self._forked.get(word.serial)
        if waiting is None or waiting.done():
            # Who asked has given up: nobody would look after it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(word.pid, signal.SIGKILL)
            return
        self._ended[word.pid] = asyncio.get_running_loop().create_future()
        waiting.set_result((word.pid, self._ended[word.pid]))


async def end_of(pid: int) -> None:
    """Return when a child of this process that no library started has ended, and was waited for."""
    loop, handle = asyncio.get_running_loop(), os.pidfd_open(pid)
    done = asyncio.Event()
    loop.add_reader(handle, done.set)
    try:
        await done.wait()
    finally:
        loop.remove_reader(handle)
        os.close(handle)
    os.waitpid(pid, 0)  # noqa: ASYNC222  it has ended, so this does not wait
