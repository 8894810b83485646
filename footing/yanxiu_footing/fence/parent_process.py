"""The main process's side of the clean parent: it is started, asked for cells, and heard about those that ended."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import socket
import sys
from collections.abc import Mapping
from typing import Any

import msgspec
from yanxiu_wire import log
from yanxiu_wire.faults import ServiceUnavailable

from yanxiu_footing.fence.frames import Order, Word

_WORD = 4096
_START_SECONDS = 30.0
# One thread in the clean parent: the linear algebra below numpy would start one for each core.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_log = log.logger()


class ParentProcess:
    """The clean parent of one service; a new one is started when it has ended."""

    def __init__(self, service: str, module: str) -> None:
        self._service = service
        self._module = module
        self._control: socket.socket | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._serials = itertools.count(1)
        self._forked: dict[int, asyncio.Future[int]] = {}
        self._ended: dict[int, asyncio.Future[int]] = {}
        self._starting = asyncio.Lock()

    async def start(self) -> None:
        """Start it, so that the first district does not wait for its imports."""
        async with self._starting:
            if self._control is not None:
                return
            ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            ours.settimeout(0)
            with its:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "yanxiu_footing.fence.clean_parent", self._module, str(its.fileno()),
                    pass_fds=(its.fileno(),), stdin=asyncio.subprocess.DEVNULL, env={**os.environ, **_ONE_THREAD},
                )  # fmt: skip
            self._control = ours
            asyncio.get_running_loop().add_reader(ours.fileno(), self._hear, ours)

    async def fork(
        self, district: str, settings: Mapping[str, Any], memory_mb: int, shunned: tuple[str, ...]
    ) -> tuple[int, socket.socket, asyncio.Future[int]]:
        """Return a new cell's process, our end of its socket, and what will be the code it ended with.

        Raises `ServiceUnavailable` when none can be had.
        """
        await self.start()
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        ours.settimeout(0)
        order = Order(
            serial=next(self._serials), district=district, settings=settings, memory_mb=memory_mb, shunned=shunned
        )
        forked = self._forked[order.serial] = asyncio.get_running_loop().create_future()
        try:
            with its:
                if self._control is None:
                    raise ConnectionError
                socket.send_fds(self._control, [msgspec.msgpack.encode(order)], [its.fileno()])
            async with asyncio.timeout(_START_SECONDS):
                pid = await forked
        except (OSError, TimeoutError) as error:
            ours.close()
            _log.error("cell-not-forked", district=district, problem=repr(error))
            raise ServiceUnavailable(self._service) from None
        finally:
            self._forked.pop(order.serial, None)
        return pid, ours, self._ended.setdefault(pid, asyncio.get_running_loop().create_future())

    async def stop(self) -> None:
        """End it; cells that are left end with it."""
        if self._control is not None:
            self._forget()
        if self._process is not None:
            await self._process.wait()

    def _hear(self, control: socket.socket) -> None:
        try:
            data = control.recv(_WORD)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            _log.error("clean-parent-ended")
            self._forget()
            return
        word = msgspec.msgpack.decode(data, type=Word)
        if word.ended is None:
            waiting = self._forked.get(word.serial)
            if waiting is not None and not waiting.done():
                waiting.set_result(word.pid)
        else:
            ended = self._ended.pop(word.pid, None)
            if ended is not None and not ended.done():
                ended.set_result(word.ended)

    def _forget(self) -> None:
        control, self._control = self._control, None
        if control is not None:
            with contextlib.suppress(OSError):
                asyncio.get_running_loop().remove_reader(control.fileno())
            control.close()
        for waiting in self._forked.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("the clean parent ended"))
        for ended in self._ended.values():
            if not ended.done():
                ended.set_result(-9)
        self._ended.clear()
