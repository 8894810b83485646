"""How a running platform is, asked over NATS: every process by `$SRV.STATS`, every stream by JetStream."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from datetime import date, datetime

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import api
from yanxiu_wire.rpc import Bus
from yanxiu_wire.vitals import Vitals, of_metadata

EXPECTED = ("gateway", "registry", "credits", "visits")
# After the last answer so long; a process that takes longer for a word about itself is as good as down.
_QUIET_SECONDS = 0.3
_MOST_SECONDS = 2.0
# A head is signed every night: after two days somebody has to look.
_SIGNED_DAYS = 2


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """One process: its service, id, start, what it answered, what waits there, and how it says that it is."""

    service: str
    id: str
    started: str
    requests: int
    errors: int
    average_us: int
    running: int
    waiting: int
    vitals: Vitals | None


class Consumer(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a stream: what it has still to be given, what it has in hand, what was given more than once."""

    name: str
    waiting: int
    in_hand: int
    again: int


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """A stream: how many messages, the newest one's number, and its consumers."""

    name: str
    messages: int
    newest: int
    bytes: int
    consumers: tuple[Consumer, ...]


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody has to look at; `down` means that something is not answered."""

    zh: str
    en: str
    down: bool = False


class State(msgspec.Struct, frozen=True, kw_only=True):
    """All of it at one moment; `streams` is None where the credential may not ask for them.

    `server` is empty while there is no connection to NATS.
    """

    at: datetime
    server: str
    instances: tuple[Instance, ...]
    streams: tuple[Stream, ...] | None
    troubles: tuple[Trouble, ...]

    @property
    def code(self) -> int:
        """The exit code: 0 all well, 1 something is down, 3 everything answers and something needs a look."""
        if any(one.down for one in self.troubles):
            return 1
        return 3 if self.troubles else 0


# Of the others nothing is known then.
_UNCONNECTED = Trouble(
    zh="与 NATS 的连接已断，正在重连；其余无从得知",
    en="no connection to NATS, trying again; of the rest nothing is known",
    down=True,
)


async def look(bus: Bus) -> State:
    """Ask everybody at once."""
    instances, streams = await asyncio.gather(_instances(bus), _streams(bus))
    at = datetime.now().astimezone()
    if not bus.nats.is_connected:
        return State(at=at, server="", instances=instances, streams=None, troubles=(_UNCONNECTED,))
    server = bus.nats.connected_server_version
    return State(
        at=at,
        server=f"{server.major}.{server.minor}.{server.patch}",
        instances=instances,
        streams=streams,
        troubles=tuple(troubles(instances, at.date())),
    )


async def _instances(bus: Bus) -> tuple[Instance, ...]:
    """Every process that answers; the last of them has answered when it is quiet for a moment."""
    answers: asyncio.Queue[Msg] = asyncio.Queue()
    inbox = bus.nats.new_inbox()
    subscription = await bus.nats.subscribe(inbox, cb=answers.put)
    found: dict[str, Instance] = {}
    try:
        await bus.nats.publish("$SRV.STATS", b"", reply=inbox)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_MOST_SECONDS):
                while True:
                    wait = _QUIET_SECONDS if {one.service for one in found.values()} >= set(EXPECTED) else _MOST_SECONDS
                    async with asyncio.timeout(wait):
                        message = await answers.get()
                    with contextlib.suppress(msgspec.DecodeError, KeyError, TypeError):
                        one = _instance(msgspec.json.decode(message.data))
                        found[one.id] = one
    finally:
        await subscription.unsubscribe()
    return tuple(sorted(found.values(), key=lambda one: (one.service, one.id)))


def _instance(told: dict) -> Instance:
    endpoints = told.get("endpoints") or ()
    requests = sum(one["num_requests"] for one in endpoints)
    time = sum(one["processing_time"] for one in endpoints)
    return Instance(
        service=told["name"],
        id=told["id"],
        started=told["started"],
        requests=requests,
        errors=sum(one["num_errors"] for one in endpoints),
        average_us=time // requests // 1000 if requests else 0,
        running=sum((one.get("data") or {}).get("running", 0) for one in endpoints),
        waiting=sum((one.get("data") or {}).get("waiting", 0) for one in endpoints),
        vitals=of_metadata(told.get("metadata")),
    )


async def _streams(bus: Bus) -> tuple[Stream, ...] | None:
    try:
        found = await bus.jetstream.streams_info()
        return tuple([await _stream(bus, one) for one in sorted(found, key=lambda one: one.config.name or "")])
    except (NatsError, TimeoutError):
        return None


async def _stream(bus: Bus, info: api.StreamInfo) -> Stream:
    name = info.config.name or ""
    return Stream(
        name=name,
        messages=info.state.messages,
        newest=info.state.last_seq,
        bytes=info.state.bytes,
        consumers=tuple(
            Consumer(
                name=one.name,
                waiting=one.num_pending or 0,
                in_hand=one.num_ack_pending or 0,
                again=one.num_redelivered or 0,
            )
            for one in await bus.jetstream.consumers_info(name)
            # Those without a lasting name are of whoever replays or listens at the moment.
            if one.config.durable_name
        ),
    )


def troubles(instances: tuple[Instance, ...], today: date) -> Iterator[Trouble]:
    """What somebody has to look at."""
    for service in EXPECTED:
        if not any(one.service == service for one in instances):
            yield Trouble(zh=f"{service} 没有应答", en=f"{service} does not answer", down=True)
    builds = {one.vitals.build for one in instances if one.vitals is not None}
    if len(builds) > 1:
        versions = ", ".join(sorted(builds))
        yield Trouble(zh=f"并存的版本：{versions}", en=f"several versions run: {versions}")
    for one in instances:
        if one.vitals is not None:
            yield from _of_process(one.service, one.vitals, today)


def _of_process(service: str, vitals: Vitals, today: date) -> Iterator[Trouble]:
    for asked, state in vitals.circuits.items():
        if state != "closed":
            yield Trouble(
                zh=f"网关对 {asked} 断路（{state}）", en=f"the gateway's circuit to {asked} is {state}", down=True
            )
    if vitals.problem:
        yield Trouble(zh=f"{service} 未能量测：{vitals.problem}", en=f"{service} could not measure: {vitals.problem}")
    for district, its in vitals.districts.items():
        where = f"{service}/{district}"
        if its.stream_behind:
            yield Trouble(zh=f"{where}：事件流缺少已送出的事件", en=f"{where}: the stream lacks events that were sent")
        if its.dead_letters:
            yield Trouble(zh=f"{where}：死信 {its.dead_letters} 条", en=f"{where}: {its.dead_letters} dead letters")
        ledger = its.ledger
        if ledger is None:
            continue
        if ledger.closed:
            yield Trouble(zh=f"{where}：台账不符，已停止登记", en=f"{where}: the ledger is closed", down=True)
        if ledger.signed_on is not None and (today - ledger.signed_on).days >= _SIGNED_DAYS:
            since = ledger.signed_on.isoformat()
            yield Trouble(zh=f"{where}：台账头自 {since} 未再签署", en=f"{where}: no head was signed since {since}")
