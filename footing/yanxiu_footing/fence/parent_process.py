"""The main process's side of the clean parent: it is started, asked for cells, and heard about those that ended."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from yanxiu_wire import forked, log
from yanxiu_wire.faults import ServiceUnavailable

from yanxiu_footing.fence import early_parent
from yanxiu_footing.fence.frames import Order
from yanxiu_footing.fence.migrate_apart import Migration

# One thread in the clean parent: the linear algebra below numpy would start one for each core.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_log = log.logger()


class ParentProcess:
    """The clean parent of one service, one that waits already if there is; a new one is started when it has ended."""

    def __init__(self, service: str, module: str) -> None:
        self._service = service
        self._module = module
        self._orders: forked.Orders | None = None
        self._waiting: asyncio.Task[int] | asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()

    async def start(self) -> None:
        """Start it, so that the first district does not wait for its imports."""
        async with self._starting:
            if self._orders is not None:
                return
            early = early_parent.take(self._module)
            if early is not None:
                self._waiting = asyncio.create_task(forked.end_of(early.pid))
                self._orders = forked.Orders(early.control, self._lost)
                return
            ours, its = forked.pair()
            with its:
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "yanxiu_footing.fence.clean_parent", self._module, str(its.fileno()),
                    pass_fds=(its.fileno(),), stdin=asyncio.subprocess.DEVNULL, env={**os.environ, **_ONE_THREAD},
                )  # fmt: skip
            self._waiting = asyncio.create_task(process.wait())
            self._orders = forked.Orders(ours, self._lost)

    async def fork(
        self, district: str, settings: Mapping[str, Any], memory_mb: int, shunned: tuple[str, ...]
    ) -> tuple[int, socket.socket, asyncio.Future[int]]:
        """Return a new cell's process, our end of its socket, and what will be the code it ended with.

        Raises `ServiceUnavailable` when none can be had.
        """
        await self.start()
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        ours.settimeout(0)
        order = Order(district=district, settings=settings, memory_mb=memory_mb, shunned=shunned)
        try:
            with its:
                if self._orders is None:
                    raise ConnectionError
                pid, ended = await self._orders.fork(msgspec.msgpack.encode(order), [its.fileno()])
        except (OSError, TimeoutError) as error:
            ours.close()
            _log.error("cell-not-forked", district=district, problem=repr(error))
            raise ServiceUnavailable(self._service) from None
        return pid, ours, ended

    async def migrate(self, path: Path, migrations: Path) -> bool:
        """Migrate a file in a fork, where the clean parent is there already; whether that was done."""
        if self._orders is None and not early_parent.waits(self._module):
            return False
        await self.start()
        order = Migration(path=str(path), migrations=str(migrations))
        try:
            if self._orders is None:
                return False
            _, ended = await self._orders.fork(msgspec.msgpack.encode(order), ())
        except (OSError, TimeoutError) as error:
            _log.warning("not-migrated-apart", problem=repr(error))
            return False
        return await ended == 0

    async def stop(self) -> None:
        """End it; cells that are left end with it."""
        if self._orders is not None:
            self._orders.close()
            self._orders = None
        if self._waiting is not None:
            await self._waiting

    def _lost(self) -> None:
        _log.error("clean-parent-ended")
        self._orders = None
