"""The relay takes events from the outbox to the stream: in order, and again when the stream has lost them.

JetStream may forget what it has acknowledged (a power cut before its fsync, a damaged block, a deleted stream) and then
gives the same sequence numbers to others. So after every connect the rows sent in the last minutes, or all where the
stream is another one, are looked up by their message ids; the others in turn, once a day (`yanxiu_durable.sweep`).
Events sent again stand behind newer ones in the stream: an event carries the version of what it tells. So may those
that the server denies this credential, whose permissions are of an older version: they wait, and hold up no other.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import sqlalchemy as sa
from nats.errors import Error as NatsError
from nats.js import api
from opentelemetry.trace import SpanKind
from sqlalchemy.exc import SQLAlchemyError
from yanxiu_wire import log, tracing
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.denied import NotPermitted
from yanxiu_wire.endpoint import PREFIX
from yanxiu_wire.events import MESSAGE_ID, ensure_stream, stream_of
from yanxiu_wire.faults import WireFault
from yanxiu_wire.rpc import Bus

from yanxiu_durable.databases import Databases
from yanxiu_durable.lag import SENT
from yanxiu_durable.sent_rows import WINDOW, SentRows
from yanxiu_durable.sweep import HURRIED_SECONDS, Sweep
from yanxiu_durable.tables import OUTBOX, OUTBOX_PROGRESS

# Twice the time after which nats-server, as it is delivered, has its messages on the disk.
FSYNC_HORIZON_MS = 4 * 60 * 1000
_VERIFY_SECONDS = 300.0
# Who ends publishes for so long at most; after a lost stream that may be every event there is, and the next process
# goes on with it.
LAST_SECONDS = 5.0
# What is announced meanwhile travels together: each pass ends in a commit, for which the commands have to wait.
_APART_SECONDS = 0.05
_MESSAGING = {"messaging.system": "nats", "messaging.operation.type": "send"}
_log = log.logger()


class Relay:
    """Publishes what `announce` queued. One per process; of several processes one at a time relays a district.

    Publishing a row twice is harmless: the stream knows its message id for ten minutes, a consumer for ever.
    """

    def __init__(self, databases: Databases, bus: Bus, *, poll: float = 1.0) -> None:
        self._databases = databases
        self._bus = bus
        self._stream = stream_of(databases.service)
        self._rows = SentRows(databases, bus)
        self._sweep = Sweep(databases.service, self._rows)
        self._poll = poll
        self._wake = asyncio.Event()
        self._hurry = asyncio.Event()
        self._stopping = False
        self._publishes_until = math.inf
        self._task: asyncio.Task[None] | None = None
        self._forget: Callable[[], None] = lambda: None
        # Districts whose sent rows were looked up since the last (re)connect, and their states when nothing waited.
        self._verified: set[str] = set()
        self._verified_at = time.monotonic()
        self._settled: dict[str, Hashable] = {}
        self._pass_done = asyncio.Condition()
        self._passes = 0
        self._clean = False

    async def start(self) -> None:
        """Begin; what waits in the outbox is published at once."""
        self._forget = self._bus.on_reconnect(self._distrust)
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """Say that something was announced; call it after the commit."""
        self._wake.set()

    async def stop(self) -> None:
        """Publish what waits, if the stream can be reached, for `LAST_SECONDS` at most, and end."""
        self._forget()
        self._stopping = True
        self._publishes_until = time.monotonic() + LAST_SECONDS
        self._wake.set()
        self._hurry.set()
        if self._task is not None:
            await self._task

    async def settled(self, within: float = 30.0) -> None:
        """Return when everything announced before this call is in the stream; `TimeoutError` after `within` seconds."""
        async with asyncio.timeout(within), self._pass_done:
            # The running pass may have looked at a district before the last row came: wait for the next one too.
            wanted = self._passes + 2
            while self._passes < wanted or not self._clean:
                self._wake.set()
                self._hurry.set()
                await self._pass_done.wait()

    async def verify(self, within: float = 60.0) -> None:
        """Look up what the stream may have lost with its last part, send what is missing, return when that is done."""
        self._distrust()
        await self.settled(within)

    async def swept(self, district: str, within: float = 60.0) -> None:
        """Return when the sweep has looked up every event that the district has sent, all of them after this call.

        What it missed waits to be sent then (`settled`). `TimeoutError` after `within` seconds: a round may take a day.
        """
        async with asyncio.timeout(within), self._pass_done:
            # The running round began before.
            wanted = self._sweep.ended(district) + 2
            while self._sweep.ended(district) < wanted:
                await self._pass_done.wait()

    def distrust(self) -> None:
        """Look up again soon: somebody saw that the stream lacks a row."""
        self._distrust()

    def _distrust(self) -> None:
        self._verified.clear()
        self._settled.clear()
        self._wake.set()

    async def _run(self) -> None:
        pause = self._poll
        while True:
            self._wake.clear()
            self._hurry.clear()
            last = self._stopping
            began = time.monotonic()
            if time.monotonic() - self._verified_at > _VERIFY_SECONDS:
                self._distrust()
                self._verified_at = time.monotonic()
            clean = await self._pass()
            async with self._pass_done:
                self._passes += 1
                self._clean = clean
                self._pass_done.notify_all()
            if last:
                return
            pause = self._poll if clean else min(pause * 2, 5.0)
            if clean and self._sweep.hurries:
                pause = min(pause, HURRIED_SECONDS)
            await _set_within(self._wake, pause)
            await _set_within(self._hurry, began + _APART_SECONDS - time.monotonic())

    async def _pass(self) -> bool:
        """One look at every district; whether nothing is left to do."""
        clean = True
        try:
            states = await self._databases.outbox_states()
        except (WireFault, SQLAlchemyError, OSError) as error:
            _log.warning("relay-interrupted", kind=type(error).__name__, problem=str(error))
            return False
        for district, state in states.items():
            try:
                clean &= await self._relay(district, state)
                await self._look_back(district)
            except (NatsError, WireFault, SQLAlchemyError, TimeoutError, OSError) as error:
                _log.warning("relay-interrupted", district=district, kind=type(error).__name__, problem=str(error))
            except Exception:  # noqa: BLE001 - one district's trouble must not end the relay of the others
                _log.exception("relay-failed", district=district)
            else:
                continue
            # Whatever was lost with the server is found again by looking.
            self._verified.discard(district)
            clean = False
        return clean

    async def _relay(self, district: str, state: Hashable) -> bool:
        if district in self._verified and self._settled.get(district) == state:
            return True
        async with self._databases.claim(district, "relay") as mine:
            if not mine:
                return False
            # Who ends leaves that to the next: what waits is sent all the same.
            if district not in self._verified and not self._stopping and await self._verify(district):
                self._verified.add(district)
            rows = await self._unsent(district)
            while rows:
                if time.monotonic() > self._publishes_until:
                    return False
                await self._publish(district, rows)
                # Fewer than a window were all of them: no other look is needed to know it.
                rows = await self._unsent(district) if len(rows) == WINDOW else ()
        if self._denied(district):
            return False
        # As it was before the look: what was announced during it shows at the next pass.
        self._settled[district] = state
        return True

    async def _look_back(self, district: str) -> None:
        """Go on with the sweep of a district where all is sent; what it misses is sent at the next pass."""
        if self._stopping or not self._sweep.due(district):
            return
        async with self._databases.claim(district, "relay") as mine:
            if mine:
                await self._sweep.look(district)

    async def _unsent(self, district: str) -> Sequence[Any]:
        query = (
            sa.select(OUTBOX)
            .where(OUTBOX.c.district == district, OUTBOX.c.sent_ms.is_(None))
            .where(sa.func.lower(OUTBOX.c.subject).not_in(denied) if (denied := self._denied(district)) else sa.true())
            .order_by(OUTBOX.c.seq)
            .limit(WINDOW)
        )
        async with self._databases.read(district) as connection:
            return (await connection.execute(query)).all()

    def _denied(self, district: str) -> list[str]:
        """The events of a district that the server denied lately; a minute later they are tried again."""
        before, after = f"{PREFIX}.events.{self._databases.service}.".lower(), f".{district}".lower()
        late = self._bus.denials.of_late("publish")
        return sorted(one for one in late if one.startswith(before) and one.endswith(after))

    async def _publish(self, district: str, rows: Sequence[Any]) -> None:
        """Send a window of rows in order over the one connection, then note which ones the stream has."""
        results = await asyncio.gather(*(self._send(row) for row in rows), return_exceptions=True)
        now = int(time.time() * 1000)
        sent = [
            {"row_seq": row.seq, "sent_ms": now, "stream_seq": ack.seq}
            for row, ack in zip(rows, results, strict=True)
            if isinstance(ack, api.PubAck)
        ]
        if sent:
            SENT.add(self._databases.service, by=len(sent))
            row = sa.and_(OUTBOX.c.district == district, OUTBOX.c.seq == sa.bindparam("row_seq"))
            new = {"sent_ms": sa.bindparam("sent_ms"), "stream_seq": sa.bindparam("stream_seq")}
            mark = sa.update(OUTBOX).where(row).values(new)
            async with self._databases.write(district, Deadline.after(30)) as connection:
                await connection.execute(mark, sent)
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, NotPermitted):
                raise result

    async def _send(self, row: Any) -> api.PubAck:
        """Under the trace of the request that announced it, which its consumers go on with."""
        carries = {tracing.HEADER: row.trace} if row.trace else {}
        if not tracing.sampled(carries):
            return await self._published(row, {MESSAGE_ID: row.id, **carries})
        name = row.subject.rpartition(".")[0]
        with tracing.continued(carries), tracing.span(f"publish {name}", SpanKind.PRODUCER, _MESSAGING):
            return await self._published(row, {MESSAGE_ID: row.id, **tracing.carried()})

    async def _published(self, row: Any, headers: dict[str, str]) -> api.PubAck:
        """Wait for the stream's answer; raises `NotPermitted` at once where there comes none, for it is denied."""
        sending, denied = asyncio.current_task(), False
        assert sending is not None  # noqa: S101 - it runs in one

        def tell() -> None:
            # Each row of a subject is denied by itself, and all of them are told.
            nonlocal denied
            if not denied:
                denied = sending.cancel()

        unwatch = self._bus.denials.watch("publish", row.subject, tell)
        try:
            return await self._bus.jetstream.publish(row.subject, row.body, stream=self._stream, headers=headers)
        except asyncio.CancelledError:
            if not denied or sending.uncancel():
                raise
            raise NotPermitted(self._bus.denials.credential, row.subject) from None
        finally:
            unwatch()

    async def _verify(self, district: str) -> bool:
        """Look up by message id every sent row not known to be on the stream's disk; mark what is missing unsent.

        False when it was broken off because the relay ends.
        """
        stream = await ensure_stream(self._bus, self._databases.service)
        self._sweep.hear(stream.state)
        created = str(stream.created)
        start = await self._trusted(district, created)
        safe, contiguous, after = start, True, start
        horizon = int(time.time() * 1000) - FSYNC_HORIZON_MS
        while seen := await self._rows.look_up(district, after):
            for row in seen:
                contiguous = contiguous and row.there and row.sent_ms < horizon
                safe = row.seq if contiguous else safe
            after = seen[-1].seq
            if self._stopping:
                return False
        await self._trust(district, created, safe)
        return True

    async def _trusted(self, district: str, created: str) -> int:
        """The last row that need not be looked up: the stream is the same one and still has it."""
        query = (
            sa.select(OUTBOX_PROGRESS.c.stream_created, OUTBOX.c.seq, OUTBOX.c.id, OUTBOX.c.stream_seq)
            .join(OUTBOX, OUTBOX.c.district == OUTBOX_PROGRESS.c.district)
            .where(OUTBOX_PROGRESS.c.district == district, OUTBOX.c.seq == OUTBOX_PROGRESS.c.verified_seq)
        )
        async with self._databases.read(district) as connection:
            row = (await connection.execute(query)).first()
        if row is None or row.stream_created != created or row.stream_seq is None:
            return 0
        # A power cut takes the newest part: while this message is there, it has not taken those before it. What a
        # disk loses in the midst of them the sweep finds.
        return row.seq if await self._rows.in_stream(row.stream_seq, row.id) else 0

    async def _trust(self, district: str, created: str, safe: int) -> None:
        mine = OUTBOX_PROGRESS.c.district == district
        async with self._databases.read(district) as connection:
            found = (await connection.execute(sa.select(OUTBOX_PROGRESS).where(mine))).first()
        if found is not None and (found.stream_created, found.verified_seq) == (created, safe):
            return
        values = {"stream_created": created, "verified_seq": safe}
        async with self._databases.write(district, Deadline.after(30)) as connection:
            if found is None:
                await connection.execute(sa.insert(OUTBOX_PROGRESS).values(district=district, **values))
            else:
                await connection.execute(sa.update(OUTBOX_PROGRESS).where(mine).values(values))


async def _set_within(event: asyncio.Event, seconds: float) -> None:
    """Return when the event is set or the time is over."""
    if seconds > 0:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()
