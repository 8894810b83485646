"""The streams, one for each service that announces, and an event as it comes out of one."""

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
    """Tells the events of one service that it knows by their subjects; of every district, or of one."""

    def __init__(self, events: Iterable[Event[Any]], district: str = "*") -> None:
        self._events = {event.subject("*"): event for event in events}
        self._district = district
        (self.service,) = {event.service for event in self._events.values()}

    @property
    def stream(self) -> str:
        """The stream that holds them."""
        return stream_of(self.service)

    @property
    def subjects(self) -> list[str]:
        """What to subscribe to."""
        return [event.subject(self._district) for event in self._events.values()]

    def knows(self, subject: str) -> bool:
        """Whether the subject is that of an event it knows."""
        return subject.rpartition(".")[0] + ".*" in self._events

    def event(self, message: Msg) -> Event[Any]:
        """The event that the message's subject names."""
        return self._events[message.subject.rpartition(".")[0] + ".*"]

    def read(self, message: Msg) -> Delivery:
        """The delivery that a consumer's message is; raises `MessageMalformed`."""
        return self._delivery(message, message.subject, message.metadata.timestamp)

    def read_direct(self, message: Msg) -> Delivery:
        """The delivery that an answer to a look into the stream is; raises `MessageMalformed`."""
        headers = message.headers or {}
        at = datetime.fromisoformat(headers["Nats-Time-Stamp"])
        return self._delivery(message, headers["Nats-Subject"], at)

    def _delivery(self, message: Msg, subject: str, at: datetime) -> Delivery:
        event = self._events[subject.rpartition(".")[0] + ".*"]
        found = message_id(message)
        if not found:
            raise MessageMalformed(MESSAGE_ID, "an event without its id")
        return Delivery(
            district=subject.rpartition(".")[2],
            event=event,
            body=decode(event.body, message.data),
            message_id=found,
            announced_at=at,
        )


def district(message: Msg) -> str:
    """The district that the message's subject names."""
    return message.subject.rpartition(".")[2]


def message_id(message: Msg) -> str:
    """The id under which the event was announced; empty when it has none."""
    return (message.headers or {}).get(MESSAGE_ID, "")


def stream_of(service: str) -> str:
    """The stream of what a service announces: nobody else's announcements are in it."""
    return f"YANXIU_EVENTS_{service.upper().replace('-', '_')}"


def stream_config(service: str) -> api.StreamConfig:
    """The stream on disk. Nothing in it is ever deleted or expires; any of its servers may answer a look into it."""
    return api.StreamConfig(
        name=stream_of(service),
        subjects=[f"{PREFIX}.events.{service}.>"],
        storage=api.StorageType.FILE,
        retention=api.RetentionPolicy.LIMITS,
        discard=api.DiscardPolicy.NEW,
        duplicate_window=600,
        deny_delete=True,
        deny_purge=True,
        allow_direct=True,
    )


# A consumer that was killed leaves what it had in hand to the next one after so long. One that is only slow gets it a
# second time, which the note of what it has applied makes harmless.
ACK_WAIT_SECONDS = 5


def consumer_config(durable: str, subjects: list[str]) -> api.ConsumerConfig:
    """A place in a stream of events that outlives the process."""
    return api.ConsumerConfig(
        durable_name=durable,
        filter_subjects=subjects,
        ack_policy=api.AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT_SECONDS,
        max_ack_pending=1024,
    )


async def ensure_stream(bus: Bus, service: str) -> api.StreamInfo:
    """The stream of a service, created when it is missing.

    With a credential of a service nothing is created, for who creates streams could have the server forward anything
    to anybody: then the keeper of streams does it, and `NotFoundError` says that it has not done so yet.
    """
    name = stream_of(service)
    try:
        return await bus.jetstream.stream_info(name)
    except NotFoundError:
        if not bus.keeps_streams:
            raise
    try:
        return await bus.jetstream.add_stream(stream_config(service))
    except BadRequestError:
        # Another process was faster.
        return await bus.jetstream.stream_info(name)


async def last_sequence(bus: Bus, stream: str, subjects: Iterable[str]) -> int:
    """The sequence number of the newest message on any of the subjects, of which the stream holds all; 0: none."""
    newest = 0
    for subject in subjects:
        with contextlib.suppress(NotFoundError):
            newest = max(newest, (await bus.jetstream.get_last_msg(stream, subject)).seq or 0)
    return newest


async def newest_message_id(bus: Bus, event: Event[Any], district: str) -> str | None:
    """The id of the newest announcement; empty when the stream holds none, None when it cannot be told now.

    Asked by its subject, so that a credential can be held to the events it may hear.
    """
    try:
        found = await bus.jetstream.get_last_msg(stream_of(event.service), event.subject(district), direct=True)
    except NotFoundError:
        return ""
    except (NatsError, TimeoutError):
        return None
    return (found.headers or {}).get(MESSAGE_ID) or None


async def holds(bus: Bus, service: str, sequence: int, message_id: str) -> bool | None:
    """Whether the service's stream has that message at that place; None when it cannot be asked now."""
    try:
        found = await bus.jetstream.get_msg(stream_of(service), sequence)
    except NotFoundError:
        return False
    except (NatsError, TimeoutError):
        return None
    return (found.headers or {}).get(MESSAGE_ID) == message_id
