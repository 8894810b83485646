"""Hearing events at the moment they are announced, for who only wants to know that something has changed.

Nothing is kept for a listener: what is announced while it is away is not heard. So it is told after every reconnect
that it may have missed some, and reads again. Whoever needs every event consumes the stream instead.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError

from yanxiu_wire import log
from yanxiu_wire.codec import decode
from yanxiu_wire.endpoint import Event
from yanxiu_wire.faults import MessageMalformed, ServiceUnavailable
from yanxiu_wire.rpc import DISTRICT, Bus
from yanxiu_wire.stream import message_id, newest_message_id

Body = TypeVar("Body")
_log = log.logger()


class Listening(Generic[Body]):
    """One event of one district, heard until it is stopped."""

    def __init__(self, bus: Bus, event: Event[Body], district: str, told: Callable[[Body | None], None]) -> None:
        self._bus = bus
        self._event = event
        self._district = district
        self._told = told
        self._subscription: Subscription | None = None
        self._newest: str | None = None
        self._heard_any = False
        self._forget: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Begin to hear; raises `ServiceUnavailable` when the connection is closed."""
        self._forget = self._bus.on_reconnect(self._missed)
        try:
            self._subscription = await self._bus.nats.subscribe(self._event.subject(self._district), cb=self._heard)
        except NatsError:
            self._forget()
            raise ServiceUnavailable("nats") from None
        # Asked after subscribing: what is announced meanwhile is heard, and is newer than what the stream answers.
        found = await newest_message_id(self._bus, self._event, self._district)
        if not self._heard_any:
            self._newest = found

    @property
    def newest(self) -> str | None:
        """The id of the newest announcement; empty when the stream holds none, None when it is not known."""
        return self._newest

    async def stop(self) -> None:
        """Hear no more."""
        self._forget()
        if self._subscription is not None:
            with contextlib.suppress(NatsError):
                await self._subscription.unsubscribe()

    async def _heard(self, message: Msg) -> None:
        try:
            body: Any = decode(self._event.body, message.data)
        except MessageMalformed:
            _log.warning("event-not-understood", subject=message.subject)
            body = None
        self._heard_any, self._newest = True, message_id(message) or None
        self._told(body)

    def _missed(self) -> None:
        # Not known until something is heard again.
        self._heard_any, self._newest = True, None
        self._told(None)


async def listen(bus: Bus, event: Event[Body], district: str, told: Callable[[Body | None], None]) -> Listening[Body]:
    """Call `told` with every body that is announced from now on, or with None where some may have been missed.

    `told` is called on the event loop and must not block.
    """
    if not DISTRICT.fullmatch(district):
        raise MessageMalformed("district", "not the id of a district")
    listening = Listening(bus, event, district, told)
    await listening.start()
    return listening
