"""The one stream that holds every event, and an event as it comes out of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import api
from nats.js.errors import BadRequestError, NotFoundError

from yanxiu_wire.codec import decode
from yanxiu_wire.endpoint import PREFIX, Event
from yanxiu_wire.faults import MessageMalformed
from yanxiu_wire.rpc import Bus

STREAM = "YANXIU_EVENTS"
MESSAGE_ID = api.Header.MSG_ID.value


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it arrived: what was announced, its body, the id it is known by for ever, and since when the stream
    has it.
    """

    district: str
    event: Event[Any]
    body: Any
    message_id: str
    announced_at: datetime


class Reader:
    """Tells the events it knows by their subjects; of every district, or of one."""

    def __init__(self, events: Iterable[Event[Any]], district: str = "*") -> None:
        self._events = {event.subject("*"): event for event in events}
        self._district = district

    @property
    def subjects(self) -> list[str]:
        """What to subscribe to."""
        return [event.subject(self._district) for event in self._events.values()]

    def event(self, message: Msg) -> Event[Any]:
        """The event that the message's subject names."""
        return self._events[message.subject.rpartition(".")[0] + ".*"]

    def read(self, message: Msg) -> Delivery:
        """The delivery that the message is; raises `MessageMalformed`."""
        event = self.event(message)
        found = message_id(message)
        if not found:
            raise MessageMalformed(MESSAGE_ID, "an event without its id")
        body = decode(event.body, message.data)
        return Delivery(
            district=district(message),
            event=event,
            body=body,
            message_id=found,
            announced_at=message.metadata.timestamp,
        )


def district(message: Msg) -> str:
    """The district that the message's subject names."""
    return message.subject.rpartition(".")[2]


def message_id(message: Msg) -> str:
    """The id under which the event was announced; empty when it has none."""
    return (message.headers or {}).get(MESSAGE_ID, "")


async def ensure_stream(bus: Bus) -> api.StreamInfo:
    """The stream, created on disk when it is missing. Nothing in it is ever deleted or expires."""
    with contextlib.suppress(NotFoundError):
        return await bus.jetstream.stream_info(STREAM)
    config = api.StreamConfig(
        name=STREAM,
        subjects=[f"{PREFIX}.events.>"],
        storage=api.StorageType.FILE,
        retention=api.RetentionPolicy.LIMITS,
        discard=api.DiscardPolicy.NEW,
        duplicate_window=600,
        deny_delete=True,
        deny_purge=True,
    )
    try:
        return await bus.jetstream.add_stream(config)
    except BadRequestError:
        # Another process was faster.
        return await bus.jetstream.stream_info(STREAM)


async def last_sequence(bus: Bus, subjects: Iterable[str]) -> int:
    """The sequence number of the newest message on any of the subjects; 0 when there is none."""
    newest = 0
    for subject in subjects:
        with contextlib.suppress(NotFoundError):
            newest = max(newest, (await bus.jetstream.get_last_msg(STREAM, subject)).seq or 0)
    return newest


async def newest_message_id(bus: Bus, subject: str) -> str | None:
    """The id of the newest message on a subject; empty when the stream holds none, None when it cannot be told now."""
    try:
        found = await bus.jetstream.get_last_msg(STREAM, subject)
    except NotFoundError:
        return ""
    except (NatsError, TimeoutError):
        return None
    return (found.headers or {}).get(MESSAGE_ID) or None


async def holds(bus: Bus, sequence: int, message_id: str) -> bool | None:
    """Whether the stream has that message at that place; None when it cannot be asked now."""
    try:
        found = await bus.jetstream.get_msg(STREAM, sequence)
    except NotFoundError:
        return False
    except (NatsError, TimeoutError):
        return None
    return (found.headers or {}).get(MESSAGE_ID) == message_id
