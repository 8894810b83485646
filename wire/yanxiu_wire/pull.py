"""Pulling from a durable consumer so that each event is handed over as soon as it is there.

nats-py's `fetch(n)` may hold back what it has got until n messages are there or the time is over. So JetStream's own
pull request is spoken here: one request for many messages, answered one by one as they come, with heartbeats between.
"""

from __future__ import annotations

import asyncio
import json

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import TimeoutError as NatsTimeout
from nats.js.api import Header, StatusCode
from nats.js.errors import NotFoundError, ServiceUnavailableError

from yanxiu_wire.rpc import Bus

_EXPIRES = 30.0
_HEARTBEAT = 5.0
_DELETED = "Consumer Deleted"


class Pull:
    """One place in the stream, read through one inbox."""

    def __init__(self, bus: Bus, stream: str, durable: str, *, batch: int) -> None:
        self._bus = bus
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._batch = batch
        self._wanted = 0
        self._got: list[Msg] = []
        self._inbox = bus.nats.new_inbox()
        self._subscription: Subscription | None = None

    async def open(self) -> None:
        """Listen on the inbox."""
        self._subscription = await self._bus.nats.subscribe(self._inbox)

    async def close(self) -> None:
        """Stop listening; what was on its way comes again to the next reader."""
        if self._subscription is not None:
            await self._subscription.unsubscribe()

    async def next(self, interrupted: asyncio.Event) -> list[Msg]:
        """What is there, at least one message, in order; when interrupted, what has arrived so far.

        The server counts that as delivered. Raises `NotFoundError` or `ServiceUnavailableError` when the consumer is
        gone, nats's `TimeoutError` when the server has gone silent.
        """
        over = asyncio.Event()
        coming, leaving = asyncio.create_task(self._come(over)), asyncio.create_task(interrupted.wait())
        try:
            await asyncio.wait((coming, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Python 3.11 loses a cancellation that meets a message: a heartbeat then would be waited for no end.
            over.set()
            for task in (coming, leaving):
                task.cancel()
            await asyncio.gather(coming, leaving, return_exceptions=True)
        return await self.rest() if coming.cancelled() else coming.result()

    async def _come(self, over: asyncio.Event) -> list[Msg]:
        while not self._got and not over.is_set():
            await self._ask()
            self._sort(await self._receive(2 * _HEARTBEAT + 1))
        return await self.rest()

    async def rest(self) -> list[Msg]:
        """What has arrived already, without waiting for more."""
        while self._subscription is not None and self._subscription.pending_msgs and len(self._got) < self._batch:
            self._sort(await self._receive(1))
        got, self._got = self._got, []
        return got

    async def _ask(self) -> None:
        if self._wanted > 0:
            return
        self._wanted = self._batch
        request = {
            "batch": self._batch,
            "expires": int(_EXPIRES * 1e9),
            "idle_heartbeat": int(_HEARTBEAT * 1e9),
        }
        await self._bus.nats.publish(self._next, json.dumps(request).encode(), reply=self._inbox)

    async def _receive(self, within: float) -> Msg:
        if self._subscription is None:
            raise NatsTimeout
        return await self._subscription.next_msg(timeout=within)

    def _sort(self, message: Msg) -> None:
        """Keep the message, unless it only tells how the request stands."""
        headers = message.headers or {}
        status = headers.get(Header.STATUS)
        if status is None:
            self._wanted -= 1
            self._got.append(message)
            return
        if status == StatusCode.CONTROL_MESSAGE:
            return
        if status == StatusCode.SERVICE_UNAVAILABLE:
            raise ServiceUnavailableError
        if headers.get(Header.DESCRIPTION, "").startswith(_DELETED):
            raise NotFoundError
        # Expired, complete, or put off by another limit: ask again.
        self._wanted = 0
