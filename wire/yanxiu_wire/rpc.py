"""Requests over NATS: `Bus.call` asks, `Bus.serve` answers; NATS requests are known here and in `serving` alone."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError, NoRespondersError
from nats.js import JetStreamContext
from opentelemetry.trace import SpanKind

from yanxiu_wire import ending, log, tracing
from yanxiu_wire.access import OPEN, Access
from yanxiu_wire.admission import Admission
from yanxiu_wire.bundle import Answer
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.connection import Connection
from yanxiu_wire.deadline import HEADER as DEADLINE_HEADER
from yanxiu_wire.deadline import SENT_AT, Deadline
from yanxiu_wire.denied import Denials, NotPermitted
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.faults import (
    DeadlineExceeded,
    FaultFacts,
    MessageMalformed,
    MessageTooLarge,
    ServiceUnavailable,
    WireFault,
    fault_from,
)
from yanxiu_wire.known import KNOWN_HEADER, SAME_HEADER, Encoded, Replied
from yanxiu_wire.replies import Replies
from yanxiu_wire.serving import FAULT_HEADER, Handler, Serving, start_serving
from yanxiu_wire.shared_bundles import SharedBundles

__all__ = ["Bus", "Carry", "Handler", "Serving"]

DISTRICT = re.compile(r"[a-z][a-z0-9-]{1,30}")
# The server counts headers into max_payload and closes the connection of a client that exceeds it, so we stay below.
HEADER_ROOM = 4096
_log = log.logger()

Carry = Callable[[Endpoint[Any, Any], str, bytes, dict[str, str], Deadline], Awaitable[Answer]]
"""`async (endpoint, district, body, headers, deadline) -> Answer`: takes a question to its service."""


class Bus:
    """A connection to NATS that never gives up: it reconnects for ever and tells those who asked to be told."""

    def __init__(self, client: Connection) -> None:
        self.nats = client
        self.replies = Replies(client)
        self.shared_bundles = SharedBundles(self)
        self.jetstream: JetStreamContext = client.jetstream(timeout=5)
        self._on_reconnect: set[Callable[[], None]] = set()
        self._quiet = False
        self._opened = False
        self._access = OPEN
        self._refused: Callable[[], object] | None = None
        self.denials = Denials()

    @classmethod
    async def connect(cls, url: str, *, name: str, wait: float = 30.0, access: Access = OPEN) -> Bus:
        """Connect under a name, or under that of the credential.

        Raises `ServiceUnavailable` when no server answers within `wait` seconds, `SettingRefused` when one answers and
        does not admit us.
        """
        bus = cls.unconnected()
        await bus.open(url, name=name, wait=wait, access=access)
        return bus

    @classmethod
    def unconnected(cls) -> Bus:
        """A bus that `open` connects when it is needed, for a process that seldom needs one."""
        return cls(Connection())

    async def open(self, url: str, *, name: str, wait: float = 30.0, access: Access = OPEN) -> None:
        """Connect, as `connect` does; nothing to do when it was done."""
        if self._opened:
            return
        client, self._opened, self._access = self.nats, True, access
        client.access = access
        name = self.denials.credential = access.name or name
        # A task of its own, which `ending` ends for certain: a cancellation, of our time or of who waits for us, that
        # meets a failing try is lost in the client, which then goes on trying for ever.
        connecting = asyncio.create_task(self._connect(url, name))
        self._refused = connecting.cancel
        try:
            await asyncio.wait({connecting}, timeout=wait)
        except asyncio.CancelledError:
            await ending.end(connecting)
            await self._let_go()
            raise
        finally:
            self._refused = None
        await ending.end(connecting)
        problem = None if connecting.cancelled() else connecting.exception()
        if problem is None and not connecting.cancelled():
            return
        await self._let_go()
        if problem is not None and not isinstance(problem, (TimeoutError, OSError, NatsError)):
            raise problem
        if self.denials.hopeless:
            raise self.denials.reason()
        raise ServiceUnavailable("nats")

    async def _let_go(self) -> None:
        """Leave nothing behind of a connection that nobody uses."""
        self._opened = False
        await self.nats.close()
        self.nats.abandon()

    async def _connect(self, url: str, name: str) -> None:
        """Try until a server takes us in."""
        token = re.sub(r"[^A-Za-z0-9_-]", "-", name)
        await self.nats.connect(
            url,
            name=name,
            # One's own inbox, so that permissions can keep others from reading the answers.
            inbox_prefix=f"_INBOX.{token}",
            # The defaults give up after two minutes and notice a dead link after four.
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.25,  # type: ignore[arg-type]  # annotated int, used as seconds
            connect_timeout=2,
            ping_interval=10,
            max_outstanding_pings=2,
            error_cb=self._error,
            disconnected_cb=self._disconnected,
            reconnected_cb=self._reconnected,
            **self._access.options(),
        )

    @property
    def keeps_streams(self) -> bool:
        """Whether this process creates the streams it needs: on an open server; else the keeper of streams does."""
        return not self._access.named

    @property
    def connected(self) -> bool:
        """Whether the connection stands at this moment."""
        return self.nats.is_connected

    @property
    def max_message(self) -> int:
        """How many bytes one message may have."""
        return self.nats.max_payload - HEADER_ROOM

    def on_reconnect(self, told: Callable[[], None]) -> Callable[[], None]:
        """Call `told` after every reconnect; the answer is what ends that."""
        self._on_reconnect.add(told)
        return lambda: self._on_reconnect.discard(told)

    async def call(
        self,
        endpoint: Endpoint[Any, Any],
        request: Any,
        *,
        district: str,
        deadline: Deadline | None = None,
        carry: Carry | None = None,
    ) -> Any:
        """Ask the endpoint about a district and return its reply or `Refused`.

        The default deadline is the endpoint's. Nothing is retried here: the caller holds the key for that. The question
        goes in a message of its own, unless `carry` takes it otherwise. To an `Encoded` question comes a `Replied`.
        Raises a `WireFault`, never anything of NATS: `ServiceUnavailable` at once when nobody answers the subject,
        `Overloaded` when it has too much to do, `DeadlineExceeded` when time is up, `RemoteFault` when the service
        failed, `MessageMalformed` and `MessageTooLarge`.
        """
        deadline = deadline or Deadline.after(endpoint.seconds)
        if not DISTRICT.fullmatch(district):
            raise MessageMalformed("district", "not the id of a district")
        if self._access.districts and district not in self._access.districts:
            # The server would deny it without a word, and the caller would wait until its time is over.
            raise ServiceUnavailable(endpoint.service)
        encoded = request if isinstance(request, Encoded) else Encoded(encode(request))
        body = encoded.body
        if len(body) > self.max_message:
            raise MessageTooLarge(len(body), self.max_message)
        if tracing.only_carried():
            answer = await (carry or self.alone)(endpoint, district, body, _headers(deadline, encoded.known), deadline)
        else:
            answer = await self._traced(endpoint, district, encoded, deadline, carry or self.alone)
        if answer.fault:
            raise _remote(endpoint, answer)
        if answer.same and encoded.known:
            return Replied(None, None)
        reply = decode(endpoint.reply, answer.data)
        return Replied(reply, answer.data) if encoded is request else reply

    async def _traced(
        self, endpoint: Endpoint[Any, Any], district: str, asked: Encoded, deadline: Deadline, carry: Carry
    ) -> Answer:
        """Take a question to its service in a span of its own, and in a trace."""
        about = {"rpc.system": "nats", "rpc.service": endpoint.service, "rpc.method": endpoint.verb}
        with tracing.continued(), tracing.span(f"{endpoint.service}.{endpoint.verb}", SpanKind.CLIENT, about):
            try:
                answer = await carry(endpoint, district, asked.body, _headers(deadline, asked.known), deadline)
            except WireFault as fault:
                tracing.failed(fault.code)
                raise
            if answer.fault:
                tracing.failed(answer.fault)
        return answer

    async def alone(
        self, endpoint: Endpoint[Any, Any], district: str, body: bytes, headers: dict[str, str], deadline: Deadline
    ) -> Answer:
        """Take a question to its service in a message of its own; raises a `WireFault` where no answer came."""
        left = deadline.remaining()
        if left <= 0:
            raise DeadlineExceeded(endpoint.service)
        try:
            found = await self.replies.request(endpoint.subject(district), body, seconds=left, headers=headers)
            told = found.headers
            return (
                Answer(told.get(FAULT_HEADER, ""), found.data, SAME_HEADER in told) if told else Answer("", found.data)
            )
        except NoRespondersError:
            raise ServiceUnavailable(endpoint.service, nobody=True) from None
        except TimeoutError:
            raise DeadlineExceeded(endpoint.service) from None
        except MaxPayloadError:
            raise MessageTooLarge(len(body), self.max_message) from None
        except NatsError:
            # Closed, draining, or too much buffered while the server is away.
            raise ServiceUnavailable(endpoint.service) from None

    async def serve(
        self,
        service: str,
        version: str,
        handlers: Mapping[Endpoint[Any, Any], Handler],
        *,
        concurrency: int = 32,
        of_one: int | None = None,
    ) -> Serving:
        """Answer the endpoints until `Serving.drain`; at most `concurrency` requests run at a time, of a district
        `of_one`.

        The others wait by urgency, or are turned away (`yanxiu_wire.admission`).

        `$SRV.PING`, `$SRV.INFO` and `$SRV.STATS` answer from now on, also for a service without endpoints. When this
        returns, the server routes requests here. Raises `NotPermitted` when it denies us one of them.
        """
        serving = await start_serving(self, service, version, handlers, Admission(concurrency, of_one=of_one))
        for endpoint in handlers:
            if self.denials.of("subscribe", endpoint.subject("*")):
                raise NotPermitted(self.denials.credential, endpoint.subject("*"))
        return serving

    async def answers(self, service: str, *, within: float = 1.0) -> bool:
        """Whether an instance of the service answers `$SRV.PING` within that many seconds."""
        try:
            await self.nats.request(f"$SRV.PING.{service}", b"", timeout=within)
        except (NatsError, TimeoutError):
            return False
        return True

    async def flush(self) -> None:
        """Return when the server has processed everything that was sent before."""
        # nats-py 2.16 writes the PING of a flush ahead of what it has buffered; the second one comes behind that.
        await self.nats.flush()
        await self.nats.flush()

    async def close(self) -> None:
        """Send what is buffered and close; drain servings and stop consumers first."""
        if not self._opened:
            return
        # A reconnect that succeeds in the same moment would otherwise outlive the closing, and reconnect for ever.
        self.nats.options["allow_reconnect"] = False
        try:
            await self.nats.drain()
        except (NatsError, OSError, RuntimeError):
            # Away from the server there is nothing to wait for; what is buffered goes to a socket that is gone, of
            # which uvloop says so by a RuntimeError.
            with contextlib.suppress(OSError, RuntimeError):
                await self.nats.close()

    async def _error(self, error: Exception) -> None:
        denied = self.denials.told(error)
        if self.denials.hopeless and self._refused is not None:
            # Trying again does not help: whoever is connecting is told at once.
            self._refused()
        if denied:
            return
        # While the server is away every try fails, four times a second: once is enough.
        if not (self._quiet and isinstance(error, OSError)):
            _log.warning("nats-error", kind=type(error).__name__, problem=str(error))
        self._quiet = isinstance(error, OSError)

    async def _disconnected(self) -> None:
        if not self.nats.is_closed:
            _log.warning("nats-disconnected")

    async def _reconnected(self) -> None:
        self._quiet, self.denials.admitted = False, True
        _log.info("nats-reconnected")
        for told in tuple(self._on_reconnect):
            told()


def _headers(deadline: Deadline, known: str) -> dict[str, str]:
    """What goes with a question: until when, when it was sent, the trace, and the digest of the answer at hand."""
    headers = {DEADLINE_HEADER: str(deadline.next_hop().at_ms), SENT_AT: str(time.time_ns() // 1_000_000)}
    headers.update(tracing.carried())
    if known:
        headers[KNOWN_HEADER] = known
    return headers


def _remote(endpoint: Endpoint[Any, Any], answer: Answer) -> WireFault:
    try:
        fault = fault_from(decode(FaultFacts, answer.data))
    except MessageMalformed:
        fault = fault_from(FaultFacts(code=answer.fault, service=endpoint.service))
    fault.answered = True
    return fault
