"""Commands that stand in line for one transaction, and what is stored of them: for tests of groups."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import sqlalchemy as sa
from prometheus_client import REGISTRY
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable import Databases, announce, grouped, once
from yanxiu_durable.tables import INBOX, OUTBOX
from yanxiu_wire.caller import Caller
from yanxiu_wire.refusal import Refused

from .conftest import LEDGER
from .test_once import REFUSED, WRITTEN, Note, Noted, Written
from .writing import soon

LAST = sa.select(sa.func.coalesce(sa.func.max(LEDGER.c.seq), 0)).where(LEDGER.c.district == sa.bindparam("of"))
KNOWN = sa.select(LEDGER.c.seq).where(LEDGER.c.district == sa.bindparam("of"), LEDGER.c.what == sa.bindparam("its"))


class Fault(Exception):
    """What a work of these tests raises."""


def command(key: str, what: str) -> Note:
    return Note(caller=Caller(subject="synthetic", role="institute-officer", district="puer"), key=key, what=what)


async def write(connection: AsyncConnection, what: str, district: str = "puer") -> Noted | Refused:
    """One business fact once: its row behind the last one, and its event."""
    if (await connection.execute(KNOWN, {"of": district, "its": what})).first() is not None:
        return REFUSED
    seq = int(await connection.scalar(LAST, {"of": district}) or 0) + 1
    await connection.execute(sa.insert(LEDGER).values(district=district, seq=seq, what=what))
    await announce(connection, WRITTEN, district, Written(seq=seq))
    return Noted(seq=seq)


def working(what: str, how: str = "write", district: str = "puer") -> grouped.Work:
    """A work that writes and then does as it is told."""

    async def work(connection: AsyncConnection) -> Any:
        answer = await write(connection, what, district)
        if how == "refuse":
            return REFUSED
        if how == "raise":
            raise Fault
        if how == "break":
            # The same place once more: the statement fails, and on PostgreSQL the transaction with it.
            last = int(await connection.scalar(LAST, {"of": district}) or 0)
            await connection.execute(sa.insert(LEDGER).values(district=district, seq=last, what=what))
        if how == "end":
            raise GeneratorExit
        return answer

    return work


async def send(
    databases: Databases, key: str, what: str, *, how: str = "write", district: str = "puer", until: Any = None
) -> Any:
    work = working(what, how, district)
    return await once(databases, district, command(key, what), Noted, until or soon(), work, few_rows=True)


async def told(sending: Awaitable[Any]) -> Any:
    """What came of it, a fault by its kind."""
    try:
        return await sending
    except (Exception, GeneratorExit) as error:  # noqa: BLE001 - whatever it is
        return type(error).__name__


@contextlib.asynccontextmanager
async def waiting(databases: Databases, *sendings: Any) -> AsyncIterator[list[asyncio.Task[Any]]]:
    """Commands that stand in line behind a transaction; it ends with the block."""
    async with databases.write("puer", soon()):
        tasks = [asyncio.create_task(sending) for sending in sendings]
        # As far as each comes by itself: into the line.
        for _ in range(5):
            await asyncio.sleep(0)
        yield tasks


async def stored(databases: Databases, district: str = "puer") -> tuple[Any, Any, Any]:
    async with databases.read(district) as connection:
        ledger = sa.select(LEDGER.c.seq, LEDGER.c.what).where(LEDGER.c.district == district).order_by(LEDGER.c.seq)
        inbox = sa.select(INBOX.c.key, INBOX.c.hash, INBOX.c.reply).where(INBOX.c.district == district)
        outbox = sa.select(OUTBOX.c.seq, OUTBOX.c.body).where(OUTBOX.c.district == district).order_by(OUTBOX.c.seq)
        found = [(await connection.execute(one)).all() for one in (ledger, inbox.order_by(INBOX.c.key), outbox)]
    return found[0], found[1], found[2]


def written() -> float:
    """How many writing transactions were committed so far."""
    done = {"service": "test", "kind": "write", "outcome": "done"}
    return REGISTRY.get_sample_value("yanxiu_database_transactions_total", done) or 0


async def whats(databases: Databases) -> list[str]:
    return [row.what for row in (await stored(databases))[0]]
