"""The keeper of streams: makes the streams and the places in them that processes with credentials may not make.

Whoever may make them could have the server read or say anything in anybody's name, by a stream that copies another or a
consumer that delivers where it likes. So one credential does it and no other, and it does nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

from nats.errors import Error as NatsError
from nats.js import api
from nats.js.errors import NotFoundError

from yanxiu_wire import log
from yanxiu_wire.contracts import AREAS
from yanxiu_wire.faults import ServiceUnavailable
from yanxiu_wire.followed import places
from yanxiu_wire.rpc import Bus
from yanxiu_wire.stream import Reader, consumer_config, stream_config, stream_of
from yanxiu_wire.work_queue import ACK_WAIT, WORKING, work_stream_config, workers_config, workers_name
from yanxiu_wire.work_queue import STREAM as JOBS

LOOK_AGAIN_SECONDS = 10.0
# What a stream's own configuration says; the server fills in the rest.
_SET = ("subjects", "storage", "retention", "discard", "deny_delete", "deny_purge", "allow_direct", "num_replicas")
_log = log.logger()


def kept_streams() -> tuple[str, ...]:
    """The name of every stream."""
    return (*(stream_of(service) for service in AREAS), JOBS)


def kept_places() -> tuple[tuple[str, str], ...]:
    """Every place in a stream: the stream and the consumer's name."""
    followed = ((stream_of(place.of), place.durable) for service in AREAS for place in places(service))
    return (*followed, *((JOBS, workers_name(service)) for service in WORKING))


async def keep_streams(bus: Bus, *, replicas: int = 1, ack_wait: float = ACK_WAIT) -> tuple[str, ...]:
    """Make every stream and place as this version wants it; returns those that were missing or otherwise.

    `replicas` is on how many servers each stream stands, `ack_wait` after how many seconds of silence a part of a job
    goes to another process. Nothing is deleted. Raises `ServiceUnavailable` when the server cannot be reached.
    """
    try:
        done = [name async for name in _streams(bus, replicas)]
        done += [name async for name in _places(bus, ack_wait)]
    except (NatsError, TimeoutError) as error:
        raise ServiceUnavailable("nats") from error
    if done:
        _log.info("streams-kept", made=done)
    return tuple(done)


async def keeping(bus: Bus, *, replicas: int = 1, ack_wait: float = ACK_WAIT) -> None:
    """Keep them until cancelled: at once, after every reconnect, and every so often, for one may be deleted."""
    again = asyncio.Event()
    forget = bus.on_reconnect(again.set)
    try:
        while True:
            again.clear()
            try:
                await keep_streams(bus, replicas=replicas, ack_wait=ack_wait)
            except ServiceUnavailable as error:
                _log.warning("streams-not-kept", problem=str(error.__cause__ or error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                    await again.wait()
    finally:
        forget()


def _wanted(replicas: int) -> Iterator[api.StreamConfig]:
    for config in (*(stream_config(service) for service in AREAS), work_stream_config()):
        config.num_replicas = replicas
        yield config


async def _streams(bus: Bus, replicas: int) -> AsyncIterator[str]:
    """Every stream that had to be made or changed."""
    for wanted in _wanted(replicas):
        name = wanted.name or ""
        try:
            found = (await bus.jetstream.stream_info(name)).config
        except NotFoundError:
            await bus.jetstream.add_stream(wanted)
            yield name
            continue
        if _otherwise(found, wanted):
            # Somebody changed it, or an older version made it.
            _log.warning("stream-otherwise", stream=name)
            await bus.jetstream.update_stream(wanted)
            yield name


def _otherwise(found: api.StreamConfig, wanted: api.StreamConfig) -> bool:
    """Whether a stream differs in what this version sets, or copies, forwards or rewrites what it should not."""
    differs = any((getattr(found, name) or None) != (getattr(wanted, name) or None) for name in _SET)
    return differs or any(getattr(found, name) for name in ("mirror", "sources", "republish", "subject_transform"))


async def _places(bus: Bus, ack_wait: float) -> AsyncIterator[str]:
    """Every place that had to be made or changed."""
    for stream, config in _consumers(ack_wait):
        name = config.durable_name or ""
        try:
            found = (await bus.jetstream.consumer_info(stream, name)).config
        except NotFoundError:
            found = None
        if found is None or (_filters(found), found.ack_wait) != (_filters(config), config.ack_wait):
            await bus.jetstream.add_consumer(stream, config)
            yield name


def _consumers(ack_wait: float) -> Iterator[tuple[str, api.ConsumerConfig]]:
    for service in AREAS:
        for place in places(service):
            reader = Reader(place.events)
            yield reader.stream, consumer_config(place.durable, reader.subjects)
    for service in WORKING:
        yield JOBS, workers_config(service, ack_wait)


def _filters(config: api.ConsumerConfig) -> set[str]:
    return {one for one in (config.filter_subject, *(config.filter_subjects or ())) if one}
