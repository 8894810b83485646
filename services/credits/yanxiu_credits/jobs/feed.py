"""Sends the parts that wait to the work-queue stream, and sends them again when the stream has lost them."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from yanxiu_durable.databases import Databases
from yanxiu_durable.errors import DurableError
from yanxiu_wire import credits as wire
from yanxiu_wire import log
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import WireFault
from yanxiu_wire.rpc import Bus
from yanxiu_wire.work_queue import Wake, is_waiting, open_work_stream, send_wake, subject

from yanxiu_credits.jobs.tables import job_part
from yanxiu_credits.service import Entered

_WINDOW = 256
# So many parts of a district stand in the stream, which is worked off in order: another district's come soon behind.
AHEAD = 16
_SECONDS = 30.0
_log = log.logger()

_WAITING = sa.select(
    job_part.c.job, job_part.c.no, job_part.c.kind, job_part.c.sends, job_part.c.stream_seq
).where(job_part.c.district == sa.bindparam("of"), job_part.c.state == sa.literal_column("'waiting'"))  # fmt: skip
_UNSENT = _WAITING.where(job_part.c.stream_seq.is_(None)).order_by(job_part.c.job, job_part.c.no).limit(AHEAD)
_STANDING = sa.select(sa.func.count()).where(
    job_part.c.district == sa.bindparam("of"),
    job_part.c.state == sa.literal_column("'waiting'"),
    job_part.c.stream_seq.is_not(None),
)
_SENT = (
    _WAITING.where(
        job_part.c.stream_seq.is_not(None),
        sa.tuple_(job_part.c.job, job_part.c.no) > sa.tuple_(sa.bindparam("after_job"), sa.bindparam("after_no")),
    )
    .order_by(job_part.c.job, job_part.c.no)
    .limit(_WINDOW)
)
_MARK = (
    sa.update(job_part)
    .where(
        job_part.c.district == sa.bindparam("of"),
        job_part.c.job == sa.bindparam("its_job"),
        job_part.c.no == sa.bindparam("its_no"),
        job_part.c.state == sa.literal_column("'waiting'"),
    )
    .values(stream_seq=sa.bindparam("seq"), sends=sa.bindparam("sent"))
)


class Feeder:
    """Every process of the service has one; a part that two of them send is still done once, the table sees to it.

    `wake` is called after a commit that entered parts. Every `poll` seconds it looks by itself: for parts of a process
    that was killed before it could send them, and, as after every reconnect, whether the stream still has those sent.
    """

    def __init__(self, databases: Databases, bus: Bus, entered: Entered, *, poll: float = 15.0) -> None:
        self._databases = databases
        self._bus = bus
        self._entered = entered
        self._poll = poll
        self._wake = asyncio.Event()
        self._stopping = False
        self._doubt = True
        self._looked_at = time.monotonic()
        self._task: asyncio.Task[None] | None = None
        self._forget: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Begin; what waits is sent at once."""
        self._forget = self._bus.on_reconnect(self._distrust)
        self._wake.set()
        self._task = asyncio.create_task(self._run())

    def wake(self) -> None:
        """Say that parts were entered."""
        self._wake.set()

    async def stop(self) -> None:
        """End; what was not sent is sent by another process, or at the next start."""
        self._forget()
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task

    def _distrust(self) -> None:
        self._doubt = True
        self._wake.set()

    async def _run(self) -> None:
        pause = self._poll
        while not self._stopping:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            self._wake.clear()
            if time.monotonic() - self._looked_at >= self._poll:
                self._doubt, self._looked_at = True, time.monotonic()
            doubt, self._doubt = self._doubt, False
            clean = not self._stopping and await self._pass(doubt)
            self._doubt = self._doubt or (doubt and not clean)
            pause = self._poll if clean else 1.0

    async def _pass(self, doubt: bool) -> bool:
        """Go through districts once, all when in doubt; False when one of them has to be seen again soon."""
        clean = True
        try:
            districts = await self._districts(doubt)
        except (WireFault, OSError, SQLAlchemyError) as error:
            _log.warning("jobs-not-sent", problem=str(error))
            return False
        for district in districts:
            try:
                if doubt:
                    await self._look(district)
                if rows := await self._next(district):
                    await self._send(district, rows)
            except (WireFault, OSError, TimeoutError, SQLAlchemyError, DurableError) as error:
                _log.warning("jobs-not-sent", district=district, problem=str(error))
                clean = False
            except Exception:  # noqa: BLE001 - one district's trouble must not end the work of the others
                _log.exception("jobs-not-sent", district=district)
                clean = False
        return clean

    async def _districts(self, doubt: bool) -> Sequence[str]:
        """Every command of the process wakes the feeder: only where parts were entered is it worth a look each time."""
        return await self._databases.districts() if doubt else self._entered.lately()

    async def _rows(self, query: sa.Executable, given: dict[str, Any]) -> Sequence[Any]:
        async with self._databases.read(given["of"]) as conn:
            return (await conn.execute(query, given)).all()

    async def _next(self, district: str) -> Sequence[Any]:
        """Return the parts to be sent now: none while more than half of what may stand in the stream does."""
        async with self._databases.read(district) as conn:
            rows = (await conn.execute(_UNSENT, {"of": district})).all()
            standing = int(await conn.scalar(_STANDING, {"of": district}) or 0) if rows else 0
        return rows[: AHEAD - standing] if 2 * standing <= AHEAD else ()

    async def _send(self, district: str, rows: Sequence[Any]) -> None:
        await open_work_stream(self._bus)
        answers = await asyncio.gather(*(self._send_one(district, row) for row in rows), return_exceptions=True)
        sent = [
            {"of": district, "its_job": row.job, "its_no": row.no, "seq": seq, "sent": row.sends + 1}
            for row, seq in zip(rows, answers, strict=True)
            if isinstance(seq, int)
        ]
        await self._mark(district, sent)
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer

    async def _send_one(self, district: str, row: Any) -> int:
        to = subject(wire.SERVICE, row.kind, district)
        return await send_wake(self._bus, to, Wake(job=row.job, part=row.no), _message_id(row, row.sends))

    async def _look(self, district: str) -> None:
        """Have every waiting part sent again whose message is not in the stream any more."""
        await open_work_stream(self._bus)
        after: tuple[str, int] = ("", 0)
        while rows := await self._rows(_SENT, {"of": district, "after_job": after[0], "after_no": after[1]}):
            there = await asyncio.gather(
                *(is_waiting(self._bus, row.stream_seq, _message_id(row, row.sends - 1)) for row in rows)
            )
            lost = [row for row, found in zip(rows, there, strict=True) if not found]
            marks = [
                {"of": district, "its_job": row.job, "its_no": row.no, "seq": None, "sent": row.sends} for row in lost
            ]
            await self._mark(district, marks)
            after = (rows[-1].job, rows[-1].no)

    async def _mark(self, district: str, marks: list[dict[str, Any]]) -> None:
        if marks:
            async with self._databases.write(district, Deadline.after(_SECONDS)) as conn:
                await conn.execute(_MARK, marks)


def _message_id(row: Any, send: int) -> str:
    """Name one sending of one part: two processes that send it at once make one message of it."""
    return f"{row.job}.{row.no}.{send}"
