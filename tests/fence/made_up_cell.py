"""A cell that does what a test asks of it, with no database and no pack."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator

from yanxiu_durable.observed import TRANSACTIONS
from yanxiu_footing.fence.frames import Order
from yanxiu_footing.fence.inside import Inside, Tells, work
from yanxiu_footing.fence.lazy_packs import LazyPacks
from yanxiu_footing.fence.warming import WARM
from yanxiu_wire import log
from yanxiu_wire.deadline import Deadline


async def _pid(_message: bytes, _deadline: Deadline) -> bytes:
    return str(os.getpid()).encode()


async def _in_a_thread(message: bytes, _deadline: Deadline) -> bytes:
    await asyncio.to_thread(time.sleep, float(message))
    return b"awake"


async def _litter(_message: bytes, _deadline: Deadline) -> bytes:
    # As a pack may: a child that stays, and words on every way out.
    child = subprocess.Popen(["sleep", "600"])  # noqa: ASYNC220 - what is tested
    for out in (sys.stdout, sys.stderr):
        print("rubbish", file=out, flush=True)
    os.write(1, b"rubbish")
    os.write(2, b"rubbish")
    log.logger().error("told")
    return str(child.pid).encode()


async def _count(message: bytes, _deadline: Deadline) -> bytes:
    TRANSACTIONS.add("made-up", "read", "done", by=float(message))
    return b"counted"


_ANSWERS = {WARM: _pid, "pid": _pid, "in-a-thread": _in_a_thread, "litter": _litter, "count": _count}


def enter(its: socket.socket, order: Order) -> None:
    """Be the cell that was ordered."""
    log.configure("made-up")

    @contextlib.asynccontextmanager
    async def opened(packs: LazyPacks, tell: Tells) -> AsyncIterator[Inside]:
        arrived = asyncio.Event()

        async def wait(_message: bytes, _deadline: Deadline) -> bytes:
            tell("waiting")
            await arrived.wait()
            return b"arrived"

        async def block(message: bytes, _deadline: Deadline) -> bytes:
            # As if a pack were called: from here on it is known whose fault it is.
            packs._using(order.district, "made up")
            time.sleep(float(message))  # noqa: ASYNC251 - what is tested
            return b"awake"

        yield Inside(answers={**_ANSWERS, "wait": wait, "block": block}, hear=lambda _what: arrived.set())

    work("made-up", its, order, opened)
