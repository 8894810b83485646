"""What runs in a cell of the registry: one rule pack is loaded there, to hold a binding against it."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator

from yanxiu_footing.fence.frames import Order
from yanxiu_footing.fence.inside import Inside, Tells, work
from yanxiu_footing.fence.lazy_packs import LazyPacks
from yanxiu_wire import log
from yanxiu_wire import registry as wire
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline

from yanxiu_registry.packs import JUDGE_BINDING, judge


def enter(its: socket.socket, order: Order) -> None:
    """Be the cell that was ordered, until it is told to end."""
    log.configure(wire.SERVICE)

    @contextlib.asynccontextmanager
    async def opened(packs: LazyPacks, _tell: Tells) -> AsyncIterator[Inside]:
        async def judged(message: bytes, _deadline: Deadline) -> bytes:
            return encode(judge(packs, decode(wire.BindRulePack, message)))

        yield Inside(answers={JUDGE_BINDING: judged})

    work(wire.SERVICE, its, order, opened)
