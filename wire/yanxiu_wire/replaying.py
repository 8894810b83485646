"""Reading a stream from its first event on, without a place in it: many looks at a time, each answered by many events.

A look names a subject and needs no consumer, so that nobody has to be allowed to make one: a consumer may be told to
deliver wherever its maker likes.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.js.api import Header, StatusCode
from nats.js.errors import NotFoundError

from yanxiu_wire.endpoint import PREFIX
from yanxiu_wire.rpc import Bus
from yanxiu_wire.stream import last_sequence, stream_of

BATCH = 256
_SILENCE = 15.0


async def every_message(bus: Bus, service: str, district: str = "*") -> AsyncIterator[Msg]:
    """Every announcement of a service about a district that its stream holds now, in order.

    Raises nats's errors; a stream that is not there holds nothing.
    """
    subject, stream = f"{PREFIX}.events.{service}.*.{district}", stream_of(service)
    # The leader knows the newest; another of the stream's servers may answer a look before it has it.
    last = await last_sequence(bus, stream, [subject])
    if not last:
        return
    inbox = bus.nats.new_inbox()
    subscription = await bus.nats.subscribe(inbox)
    try:
        done = 0
        while done < last:
            look = {"seq": done + 1, "batch": BATCH, "next_by_subj": subject}
            await bus.nats.publish(f"$JS.API.DIRECT.GET.{stream}", json.dumps(look).encode(), reply=inbox)
            async for message in _answers(subscription):
                done = int((message.headers or {})["Nats-Sequence"])
                if done <= last:
                    yield message
    finally:
        with contextlib.suppress(NatsError):
            await subscription.unsubscribe()


async def _answers(subscription: Subscription) -> AsyncIterator[Msg]:
    """The messages of one look."""
    while True:
        message = await subscription.next_msg(timeout=_SILENCE)
        status = (message.headers or {}).get(Header.STATUS)
        if status is None:
            yield message
        elif status == StatusCode.SERVICE_UNAVAILABLE:
            raise NotFoundError
        else:
            # The end of the batch, or nothing more on a server that is a little behind: it is asked again.
            return
