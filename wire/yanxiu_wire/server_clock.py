"""The time as the bus's server tells it: another host's clock to hold one's own against."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from nats.errors import Error as NatsError

from yanxiu_wire.rpc import Bus
from yanxiu_wire.stream import stream_of

_ASK_SECONDS = 2.0
Reference = Callable[[], Awaitable[float | None]]
"""`async () -> seconds`: since 1970 as another host tells them, None when it cannot be asked."""


def server_time(bus: Bus, service: str) -> Reference:
    """The time of the bus's server, which stamps every answer about the stream of a service."""

    async def ask() -> float | None:
        began = time.monotonic()
        try:
            answer = await bus.nats.request(f"$JS.API.STREAM.INFO.{stream_of(service)}", b"", timeout=_ASK_SECONDS)
            at = datetime.fromisoformat(str(json.loads(answer.data)["ts"])).timestamp()
        except (NatsError, OSError, TimeoutError, ValueError, KeyError, TypeError):
            return None
        return at + (time.monotonic() - began) / 2

    return ask
