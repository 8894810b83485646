"""Messages on the short way through nats-py: without a queue, a task and parsed headers for each of them.

nats-py hands each message to a queue of its subscription, from which a task takes it, and each that is published to a
task that writes. Both cost more than what is done with a small message. So what is listened to with `listen` is given
to a plain function by whoever reads the connection, and what one turn of the event loop publishes is written together
at its end. Everything out of the ordinary goes nats-py's way, and what waits in its buffer goes first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.aio.transport import TcpTransport

_PLAIN = b"NATS/1.0\r\n"
_END = b"\r\n"
# What may wait in the transport before one who publishes waits too, as nats-py has it.
_ROOM = 64 * 1024


class Came:
    """A message that came; its headers are read when somebody asks for them."""

    __slots__ = ("_block", "data", "reply", "subject")

    def __init__(self, subject: str, reply: str, data: bytes, block: bytes | None) -> None:
        self.subject = subject
        self.reply = reply
        self.data = data
        self._block = block

    @property
    def headers(self) -> Mapping[str, str] | None:
        """The headers; None where there are none.

        As they were written: nats-py takes off blanks around a value.
        """
        if not self._block:
            return None
        lines = self._block[len(_PLAIN) : -2 * len(_END)]
        try:
            return dict([line.split(": ", 1) for line in lines.decode().split("\r\n")])
        except ValueError:
            # No text, or not as a client of ours writes it.
            return Client._parse_header_lines(lines)  # noqa: SLF001


Took = Callable[[Came | Msg], None]
"""What is done with a message, at once: it must not take long, for nothing else is read meanwhile."""


class Straight(Client):
    """A client of nats-server with a short way in and out."""

    def __init__(self) -> None:
        super().__init__()
        self._took: dict[int, Took] = {}
        self._ending = False

    async def listen(self, subject: str, took: Took, *, queue: str = "") -> Subscription:
        """Subscribe; `took` is called for each message, and what it raises is told as errors of a connection are."""

        async def unusual(message: Msg) -> None:
            took(message)

        subscription = await self.subscribe(subject, queue=queue, cb=unusual)
        self._took[subscription._id] = took  # noqa: SLF001 - it has no other name
        return subscription

    async def publish(
        self, subject: str, payload: bytes = b"", reply: str = "", headers: dict[str, str] | None = None
    ) -> None:
        """Publish, as nats-py does."""
        if not self.taken(subject, payload, reply, headers):
            await super().publish(subject, payload, reply, headers)

    def taken(self, subject: str, payload: bytes, reply: str = "", headers: Mapping[str, str] | None = None) -> bool:
        """Whether the message will be written at the end of this turn: an ordinary one that nothing waits before."""
        if self._status != Client.CONNECTED or len(payload) > self._max_payload:
            return False
        ours = self._ending if self._pending else self._has_room()
        if not ours or self._pending_data_size > _ROOM:
            return False
        command = _command(subject, reply, payload, headers)
        if command is None:
            return False
        self.stats["out_msgs"] += 1
        self.stats["out_bytes"] += len(payload)
        self._pending.append(command)
        self._pending_data_size += len(command)
        if self._pending_data_size > _ROOM and self._has_room():
            self._write()
        elif not self._ending:
            self._ending = True
            asyncio.get_running_loop().call_soon(self._end_turn)
        return True

    def _end_turn(self) -> None:
        self._ending = False
        self._write()

    def _write(self) -> None:
        """Write what waits; without a connection nats-py does so when it has one again."""
        writer = self._writer()
        if self._pending and self._status == Client.CONNECTED and writer is not None:
            waiting, self._pending, self._pending_data_size = self._pending, [], 0
            writer.write(b"".join(waiting))

    def _has_room(self) -> bool:
        """Whether the transport can take more without holding it for long; who publishes waits otherwise."""
        writer = self._writer()
        return writer is not None and writer.transport.get_write_buffer_size() <= _ROOM

    def _writer(self) -> asyncio.StreamWriter | None:
        writer = self._transport._io_writer if isinstance(self._transport, TcpTransport) else None  # noqa: SLF001
        return None if writer is None or writer.is_closing() else writer

    async def _process_msg(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: Any) -> None:
        took = self._took.get(sid)
        if took is None or (headers and not headers.startswith(_PLAIN)):
            return await super()._process_msg(sid, subject, reply, data, headers)
        self.stats["in_msgs"] += 1
        self.stats["in_bytes"] += len(data)
        try:
            took(Came(subject.decode(), reply.decode(), data, headers))
        except Exception as error:  # noqa: BLE001 - as nats-py: one message is no reason to read no more
            await self._error_cb(error)
        return None

    def _remove_sub(self, sid: int, max_msgs: int = 0) -> None:
        self._took.pop(sid, None)
        super()._remove_sub(sid, max_msgs)

    async def _close(self, status: int, do_cbs: bool = True) -> None:
        await super()._close(status, do_cbs)
        self._took.clear()


def _command(subject: str, reply: str, payload: bytes, headers: Mapping[str, str] | None) -> bytes | None:
    """What tells the server to publish; None where nothing ordinary would come of it.

    The names of headers are the code's own, none of a caller's: they are not looked at, as nats-py does.
    """
    place = f"{subject} {reply}"
    if not headers:
        head, block = f"PUB {place} {len(payload)}\r\n", ""
    else:
        lines = "\r\n".join([f"{name}: {value}" for name, value in headers.items()])
        block = f"NATS/1.0\r\n{lines}\r\n\r\n"
        if lines.count("\n") != len(headers) - 1 or lines.count("\r") != len(headers) - 1:
            return None
        head = f"HPUB {place} {len(block)} {len(block) + len(payload)}\r\n"
    # With a word more or less the server would take what follows for commands.
    if len(head.split()) != 3 + bool(reply) + bool(headers) or not (head.isascii() and block.isascii()):
        return None
    return b"".join((head.encode(), block.encode(), payload, _END))
