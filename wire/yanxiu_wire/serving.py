"""The answering side: a bounded pool of tasks for all endpoints behind the standard NATS micro-service protocol.

nats.micro awaits one request at a time for each endpoint, sends `repr(exception)` to the caller, and on `stop()` loses
what is in flight. So the endpoints' subscriptions are our own: a request is admitted (`admission`), waits by urgency or
is turned away, then runs as a task. Of nats.micro stays what `$SRV.PING`, `$SRV.INFO` and `$SRV.STATS` speak. The
numbers come from the tasks themselves, for nats.micro would only measure how long it took to start one.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.micro.request import ERROR_CODE_HEADER, ERROR_HEADER
from nats.micro.service import EndpointInfo, EndpointStats, Service, ServiceConfig, ServiceInfo, ServiceStats
from opentelemetry.trace import SpanKind

from yanxiu_wire import heap, log, tracing
from yanxiu_wire.admission import Admission, Asked, urgency_of
from yanxiu_wire.bundle_desk import BundleDesk, Question
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.deadline import Deadline, deadline_from
from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.fault_ids import fault_id_of
from yanxiu_wire.faults import MessageTooLarge, Overloaded, RemoteFault, WireFault
from yanxiu_wire.known import HELD, KNOWN_HEADER, SAME_HEADER, Knows, is_refusal, told_of
from yanxiu_wire.skew import Skew
from yanxiu_wire.straight import Came, Straight
from yanxiu_wire.vitals import Vitals, in_metadata

if TYPE_CHECKING:
    from yanxiu_wire.rpc import Bus

Handler = Callable[[str, Any, Deadline], Awaitable[Any]]
"""`async (district, request, deadline) -> reply | Refused`."""

CountAnswer = Callable[[str, str, str, float], None]
"""`(service, verb, outcome, seconds)`."""

FAULT_HEADER = ERROR_CODE_HEADER
SERVER_SECONDS = 60.0
_KNOWN = {SAME_HEADER: "1"}
_log = log.logger()


def _told(outcome: bytes | WireFault) -> str:
    """How a request ended, in a word of which there are few."""
    if isinstance(outcome, WireFault):
        tracing.failed(outcome.code)
        return outcome.code
    return "refused" if is_refusal(outcome) else "ok"


class _Alone:
    """A request that came as a message of its own."""

    __slots__ = ("_client", "_reply", "data", "headers")

    def __init__(self, client: Client, message: Came | Msg) -> None:
        self._client = client
        self._reply = message.reply
        self.headers: Mapping[str, str] | None = message.headers
        self.data: bytes | memoryview = message.data

    async def answer(self, body: bytes, headers: dict[str, str] | None) -> None:
        """Send the answer; its headers tell of a fault, or that it is known."""
        if not self._reply:
            return
        try:
            await self._client.publish(self._reply, body, headers=headers)
        except NatsError as error:
            _log.warning("answer-not-sent", problem=str(error))


class _Desk:
    """One endpoint at work: its subscription, its running tasks and what they took."""

    def __init__(
        self,
        bus: Bus,
        endpoint: Endpoint[Any, Any],
        handler: Handler,
        admission: Admission,
        skew: Skew,
        count: CountAnswer,
    ) -> None:
        self.endpoint = endpoint
        self.urgency = urgency_of(endpoint)
        # As OpenTelemetry names a request to a service.
        self._name = f"{endpoint.service}.{endpoint.verb}"
        self._about = {"rpc.system": "nats", "rpc.service": endpoint.service, "rpc.method": endpoint.verb}
        self._bus = bus
        self._handler = handler
        self._knows = handler.same if isinstance(handler, Knows) else None
        self._count = count
        self._admission = admission
        self._skew = skew
        self._tasks: set[asyncio.Task[None]] = set()
        self._clean = contextvars.copy_context()
        self._subscription: Subscription | None = None
        self._waiting = 0
        self._answered = 0
        self._errors = 0
        self._nanoseconds = 0
        self._last_error = ""

    async def open(self, client: Straight) -> None:
        # Nothing waits before admission, where a wait is bounded and seen.
        self._subscription = await client.listen(self.endpoint.subject("*"), self._accept, queue=self.endpoint.service)

    async def leave(self, client: Straight) -> None:
        """Ask the server for no more, but keep listening: some may be on its way."""
        if self._subscription is not None:
            # The public way, Subscription.drain, stops listening too early; see Serving.drain.
            await client._send_unsubscribe(self._subscription._id)  # noqa: SLF001

    async def close(self) -> None:
        """Stop listening, then wait until everything that came in has been answered."""
        if self._subscription is not None:
            try:
                await self._subscription.drain()
            except NatsError as error:
                _log.warning("drain-without-server", endpoint=self.endpoint.verb, problem=str(error))

    async def answered(self) -> None:
        """Return when nothing of this endpoint is in hand; what waits begins as others end."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    def _accept(self, message: Came | Msg) -> None:
        district = message.subject.rpartition(".")[2]
        if self._admission.idle:
            # Only then does the time on the way tell of clocks and not of crowds.
            self._skew.look(message.headers)
        self.take(_Alone(self._bus.nats, message), district)

    def take(self, question: Question, district: str) -> None:
        """Admit a question, or turn it away, however it came."""
        self._waiting += 1
        self._admission.enter(
            Asked(
                self.urgency,
                district,
                lambda: self._begin(self._work(question, district)),
                lambda again_ms: self._begin(self._turn_away(question, district, again_ms)),
            )
        )

    def same(self, body: bytes | memoryview, district: str, known: str, moment: object) -> bool:
        """Whether the asker of a question holds the answer, which takes no turn of anybody; then the question is done.

        False: it is to be taken as any other.
        """
        if self._knows is None or not self._admission.at_once(self.urgency, district):
            return False
        started = time.perf_counter_ns()
        try:
            if not self._knows(district, body, known, moment):
                return False
        except Exception:  # noqa: BLE001 - taken as any other, it fails by itself and not with all of its message
            _log.exception("fault", endpoint=self.endpoint.verb)
            return False
        self._answered += 1
        took = time.perf_counter_ns() - started
        self._nanoseconds += took
        self._count(self.endpoint.service, self.endpoint.verb, "ok", took / 1e9)
        return True

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        self._waiting -= 1
        # Who begins it may be the end of another request: nothing of that one's trace and log is this one's.
        task = asyncio.create_task(work, context=self._clean.copy())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, question: Question, district: str) -> None:
        started = time.perf_counter_ns()
        told = "cancelled"
        # This task's own from here on: nobody has to put it back.
        log.about(endpoint=self.endpoint.verb, district=district)
        headers = question.headers
        try:
            if tracing.adopted(headers):
                outcome = await self._outcome(district, question, headers)
                told = _told(outcome)
                await self._send(question, outcome)
            else:
                about = {**self._about, "yanxiu.district": district}
                with tracing.continued(headers), tracing.span(self._name, SpanKind.SERVER, about):
                    outcome = await self._outcome(district, question, headers)
                    told = _told(outcome)
                    await self._send(question, outcome)
        finally:
            self._admission.leave(self.urgency, district)
            self._answered += 1
            took = time.perf_counter_ns() - started
            self._nanoseconds += took
            self._count(self.endpoint.service, self.endpoint.verb, told, took / 1e9)

    async def _turn_away(self, question: Question, district: str, again_ms: int) -> None:
        # Its own, should its answer not be sent.
        log.about(endpoint=self.endpoint.verb, district=district)
        with tracing.continued(question.headers):
            await self._send(question, Overloaded(self.endpoint.service, again_ms))

    async def _outcome(self, district: str, question: Question, headers: Mapping[str, str] | None) -> bytes | WireFault:
        """The encoded answer, `SAME` where the asker holds it, or the fault to tell instead."""
        known = headers.get(KNOWN_HEADER, "") if headers else ""
        # This task's own, as all of its context.
        HELD.set(known)
        try:
            deadline = deadline_from(headers) or Deadline.after(self.endpoint.seconds)
            # Looked at after the wait for a slot: nobody waits any more for what has expired.
            deadline.check()
            request = decode(self.endpoint.request, question.data)
            body = encode(await self._handler(district, request, deadline))
        except WireFault as fault:
            return fault
        except Exception as error:  # noqa: BLE001 - whatever it was, its text stays in this process's log
            fault_id = fault_id_of(error)
            _log.exception("fault", fault_id=fault_id)
            return RemoteFault(self.endpoint.service, fault_id)
        heap.answered(len(body))
        limit = self._bus.max_message
        return told_of(body, known) if len(body) <= limit else MessageTooLarge(len(body), limit)

    async def _send(self, question: Question, outcome: bytes | WireFault) -> None:
        if not isinstance(outcome, WireFault):
            return await question.answer(outcome, None if outcome else _KNOWN)
        facts = outcome.facts()
        self._errors += 1
        self._last_error = f"{facts.code} {facts.fault_id}".strip()
        return await question.answer(encode(facts), {FAULT_HEADER: facts.code, ERROR_HEADER: self._last_error})

    def info(self) -> EndpointInfo:
        metadata = {"request": self.endpoint.request.__name__, "writes": str(self.endpoint.writes).lower()}
        return EndpointInfo(self.endpoint.verb, self.endpoint.subject("*"), self.endpoint.service, metadata)

    def stats(self) -> EndpointStats:
        return EndpointStats(
            name=self.endpoint.verb,
            subject=self.endpoint.subject("*"),
            queue_group=self.endpoint.service,
            num_requests=self._answered,
            num_errors=self._errors,
            processing_time=self._nanoseconds,
            average_processing_time=self._nanoseconds // self._answered if self._answered else 0,
            last_error=self._last_error,
            data={
                "running": len(self._tasks),
                "waiting": self._waiting,
                "urgency": self.urgency.name.lower(),
                "concurrency": self._admission.slots,
            },
        )


class _Presence(Service):
    """What nats.micro tells about a service, with the desks' own numbers."""

    def __init__(self, client: Client, config: ServiceConfig, desks: tuple[_Desk, ...]) -> None:
        super().__init__(client, config)
        self._desks = desks
        self.vitals: Callable[[], Vitals] | None = None

    def stats(self) -> ServiceStats:
        found = super().stats()
        if self.vitals is not None:
            found.metadata = {**(found.metadata or {}), **in_metadata(self.vitals())}
        found.endpoints = [desk.stats() for desk in self._desks]
        return found

    def info(self) -> ServiceInfo:
        found = super().info()
        found.endpoints = [desk.info() for desk in self._desks]
        return found


class Serving:
    """A service that answers; `drain` ends it without losing a request that it has taken."""

    def __init__(
        self, bus: Bus, presence: _Presence, desks: tuple[_Desk | BundleDesk, ...], admission: Admission
    ) -> None:
        self._bus = bus
        self._presence = presence
        self._desks = desks
        self._admission = admission

    @property
    def id(self) -> str:
        """The id of this instance in `$SRV` answers."""
        return self._presence.id

    def tell(self, vitals: Callable[[], Vitals]) -> None:
        """Have `$SRV.STATS` tell how the process is, as `vitals` says whenever somebody asks."""
        self._presence.vitals = vitals

    async def drain(self) -> None:
        """Take no new request, answer every one taken, make sure the answers have left, and say good-bye to `$SRV`.

        The subscriptions end in our own steps, because Subscription.drain of nats-py 2.16 does not wait for the server
        to have processed the UNSUB (see `Bus.flush`): in 2 of 100 drains under load it dropped dozens of requests.
        """
        try:
            for desk in self._desks:
                await desk.leave(self._bus.nats)
            await self._bus.flush()
        except NatsError as error:
            _log.warning("drain-without-server", problem=str(error))
        await asyncio.gather(*(desk.close() for desk in self._desks))
        # The end of one may let another begin, of whichever endpoint.
        while not self._admission.idle:
            await asyncio.gather(*(desk.answered() for desk in self._desks))
        await asyncio.gather(*(desk.answered() for desk in self._desks))
        try:
            await self._presence.stop()
            await self._bus.flush()
        except NatsError as error:
            _log.warning("drain-without-server", problem=str(error))


async def start_serving(
    bus: Bus,
    service: str,
    version: str,
    handlers: Mapping[Endpoint[Any, Any], Handler],
    admission: Admission,
) -> Serving:
    """Open a desk for each endpoint, then make the service known; see `Bus.serve`."""
    # Here, for who only asks needs no Prometheus.
    from yanxiu_wire.admission_metrics import count_skew, offer_admission
    from yanxiu_wire.serving_metrics import count_answer

    offer_admission(service, admission)
    skew = Skew(service, count_skew)
    desks = tuple(
        _Desk(bus, endpoint, handler, admission, skew, count_answer) for endpoint, handler in handlers.items()
    )
    for desk in desks:
        await desk.open(bus.nats)
    bundles = BundleDesk(bus, service, {desk.endpoint.verb: desk for desk in desks}, skew, lambda: admission.idle)
    if desks:
        await bundles.open(bus.nats)
    presence = _Presence(bus.nats, ServiceConfig(name=service, version=version), desks)
    try:
        await presence.start()
    except NatsError as error:
        # It subscribes first and then waits for the server, which may be away at this moment: we wait for it longer.
        _log.warning("serving-without-server", problem=str(error))
    # From here on the server knows every subscription.
    await _known(bus)
    # The bundles last: their answers leave after those of the endpoints are ready.
    return Serving(bus, presence, (*desks, bundles), admission)


async def _known(bus: Bus) -> None:
    """Return when the server has everything that was sent, also when it went away and came back in between."""
    async with asyncio.timeout(SERVER_SECONDS):
        while True:
            try:
                return await bus.flush()
            except NatsError as error:
                if bus.nats.is_closed:
                    raise
                _log.warning("serving-without-server", problem=str(error))
