"""Do one part of a job: its effects and the mark that it is done are one transaction."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from os import getpid
from typing import Any

import msgspec
import sqlalchemy as sa
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.errors import DistrictUnknown
from yanxiu_footing.stored import canonical
from yanxiu_wire import log
from yanxiu_wire.codec import encode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import WireFault
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.work_queue import Wake

from yanxiu_credits import refusals
from yanxiu_credits.jobs.advance import advance, begun
from yanxiu_credits.jobs.enqueue import END
from yanxiu_credits.jobs.tables import job_part
from yanxiu_credits.service import Service

_SECONDS = 60.0
WORKER = f"{socket.gethostname()}-{getpid()}"
_log = log.logger()

Body = Mapping[str, Any]
Gather = Callable[[Service, str, Body], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What does the parts of one kind.

    `write(service, district, part, conn)` has the effects, in the transaction that also marks the part as done; it
    returns what the job shall remember of it (a mapping or None), or `Refused` to fail the part at once. What takes
    long is better done before that transaction, which keeps the district's other commands waiting: where
    `gather(service, district, part)` is given, it runs first, and `write` gets what it returned as a fifth argument.
    `part` is the mapping that was enqueued, with `job` and `part` (its number) beside.
    """

    write: Callable[..., Awaitable[Any]]
    gather: Gather | None = None


class PartRefused(Exception):
    """A part can never be done: its handler said why."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.errors[0].code)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class _Taken:
    """A part in hand."""

    district: str
    job: str
    no: int
    kind: str
    body: Body
    tries: int


async def do_part(service: Service, works: Mapping[str, Work], district: str, wake: Wake, *, most_tries: int) -> bool:
    """Do a part unless it is done; True when it needs nobody any more, False when it is to come again.

    A part that was begun `most_tries` times and never finished fails for good, whether it raised or took the process
    with it; one that is refused fails at once. A fault of the moment (a locked database, an unreachable server) is no
    try.
    """
    try:
        taken = await _take(service, district, wake)
    except DistrictUnknown:
        return True
    if taken is None:
        return True
    if taken.tries > most_tries:
        await _fail(service, taken, refusals_of_lost(taken))
        return True
    try:
        await _do(service, works, taken)
    except PartRefused as refusal:
        await _fail(service, taken, refusal.refused.errors[0])
    except (WireFault, OSError, TimeoutError) as error:
        _log.warning("job-part-put-off", job=taken.job, part=taken.no, problem=str(error))
        await _forgive(service, taken)
        return False
    except Exception as error:  # noqa: BLE001 - whatever it was, it is this part's own trouble
        fault_id = str(uuid_utils.uuid7())
        _log.exception("job-part-failed", job=taken.job, part=taken.no, tries=taken.tries, fault_id=fault_id)
        if taken.tries < most_tries:
            return False
        await _fail(service, taken, refusals_of_fault(taken, error, fault_id))
    return True


async def _take(service: Service, district: str, wake: Wake) -> _Taken | None:
    """Count this try; None when the part is done, given up, or unknown (its database was put back)."""
    mine = _place(district, wake.job, wake.part)
    counted = (
        sa.update(job_part)
        .where(mine, job_part.c.state == "waiting")
        .values(tries=job_part.c.tries + 1, worker=WORKER)
        .returning(job_part.c.kind, job_part.c.body, job_part.c.tries)
    )
    async with service.databases.write(district, Deadline.after(_SECONDS), few_rows=True) as conn:
        row = (await conn.execute(counted)).first()
        if row is None:
            return None
        await begun(conn, service, district, wake.job)
    body = {**msgspec.json.decode(row.body), "job": wake.job, "part": wake.part}
    return _Taken(district, wake.job, wake.part, row.kind, body, row.tries)


async def _do(service: Service, works: Mapping[str, Work], taken: _Taken) -> None:
    work = works[taken.kind]
    gathered = [] if work.gather is None else [await work.gather(service, taken.district, taken.body)]
    for one in gathered:
        if isinstance(one, Refused):
            raise PartRefused(one)
    async with service.databases.write(taken.district, Deadline.after(_SECONDS)) as conn:
        # First of all, so that of two who hold the same part the second waits here and then sees that it is done.
        if not await _settle(conn, taken, "done"):
            return
        result = await work.write(service, taken.district, taken.body, conn, *gathered)
        if isinstance(result, Refused):
            raise PartRefused(result)
        if result is not None:
            told = sa.update(job_part).where(_place(taken.district, taken.job, taken.no))
            await conn.execute(told.values(result=canonical(result)))
        concluded = result if taken.kind.endswith(END) else None
        await advance(conn, service, taken.district, taken.job, done=1, result=concluded)


async def _fail(service: Service, taken: _Taken, reason: RefusalItem) -> None:
    async with service.databases.write(taken.district, Deadline.after(_SECONDS)) as conn:
        if await _settle(conn, taken, "failed", problem=encode(reason).decode()):
            await advance(conn, service, taken.district, taken.job, failed=1)
    _log.error("job-part-given-up", job=taken.job, part=taken.no, code=reason.code)


async def _forgive(service: Service, taken: _Taken) -> None:
    mine = _place(taken.district, taken.job, taken.no)
    async with service.databases.write(taken.district, Deadline.after(_SECONDS)) as conn:
        await conn.execute(
            sa.update(job_part).where(mine, job_part.c.state == "waiting").values(tries=job_part.c.tries - 1)
        )


async def _settle(conn: AsyncConnection, taken: _Taken, state: str, **more: Any) -> bool:
    """Move the part out of waiting; False when somebody else has."""
    mine = _place(taken.district, taken.job, taken.no)
    moved = sa.update(job_part).where(mine, job_part.c.state == "waiting").values(state=state, worker=WORKER, **more)
    return (await conn.execute(moved)).rowcount == 1


def _place(district: str, job: str, no: int) -> sa.ColumnElement[bool]:
    return sa.and_(job_part.c.district == district, job_part.c.job == job, job_part.c.no == no)


def refusals_of_lost(taken: _Taken) -> RefusalItem:
    """Return why a part is given up that was begun again and again and ended neither way."""
    return refusals.refuse(
        "PART_LOST",
        field="part",
        value=taken.no,
        zh=f"第 {taken.no} 部分已开始 {taken.tries - 1} 次，每次都未完成（进程中断）。",
        en=f"Part {taken.no} was begun {taken.tries - 1} times and never ended: its process did.",
        remedy=(
            "请平台管理员查看 credits 进程的日志与内存，然后重新发起。",
            "The platform operator looks at the log and memory of the credits processes; then start the job again.",
        ),
    ).errors[0]


def refusals_of_fault(taken: _Taken, error: Exception, fault_id: str) -> RefusalItem:
    """Return why a part is given up that raised each time; the text of what it raised stays in the log."""
    return refusals.refuse(
        "PART_FAILED",
        field="part",
        value=taken.no,
        zh=f"第 {taken.no} 部分尝试 {taken.tries} 次均失败（{type(error).__name__}，故障编号 {fault_id}）。",
        en=f"Part {taken.no} failed {taken.tries} times ({type(error).__name__}, fault {fault_id}).",
        remedy=(
            "请平台管理员按故障编号查看 credits 日志，排除后重新发起。",
            "The platform operator finds the fault in the credits log by its id; then start the job again.",
        ),
    ).errors[0]
