"""The standings of a whole district in a period, kept as rows and brought up to date whenever they are asked for.

An answer is read where the rows agree with the ledger's head, the facts and the day: what changed since is judged
first. Few changes are judged within the transaction that answers; many, or the first time, in parts before it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import read_people
from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.service import Service
from yanxiu_credits.standings.batch_state import (
    Batch,
    State,
    day_of,
    forget_old,
    read_duties,
    read_state,
    replace_rows,
    save_batch,
)
from yanxiu_credits.standings.judge import read_lines
from yanxiu_credits.standings.known import last_fact
from yanxiu_credits.standings.many import judge_by_columns, worth_columns
from yanxiu_credits.standings.rows import Duties, judged_rows
from yanxiu_credits.store.ledger import last_seq

A = TypeVar("A")

PART = 1000
# Only where commands come faster than they can be judged does a question try again.
_TRIES = 20
# Judging a prefecture for the first time takes a minute or two; seconds.
_AT_MOST = 3600.0


Read = Callable[[AsyncConnection, Batch], Awaitable[A]]


async def up_to_date(
    service: Service, district: str, kind: str, on: date | None, deadline: Deadline, read: Read[A]
) -> A | Refused:
    """Return what `read` makes of the rows, in one state of the database in which they agree with the ledger.

    Refuses with PERIOD_UNKNOWN, LAW_NOT_IN_FORCE or LAW_UNUSABLE; raises `DeadlineExceeded`, with what was judged kept
    for the next one who asks.
    """
    try:
        for _ in range(_TRIES):
            async with service.databases.read(district) as conn:
                state = await read_state(conn, service, district, kind, on)
                if isinstance(state, Refused):
                    return state
                if state.current and state.today == await day_of(conn, state):
                    return await read(conn, state.batch(state.duties))
            if state.many:
                await _judged(service, state, deadline)
                continue
            async with service.databases.write(district, deadline) as conn:
                state = await read_state(conn, service, district, kind, on)
                if isinstance(state, Refused):
                    return state
                if not state.many:
                    return await read(conn, await _judge_few(conn, state))
    except RuleNotInForce:
        return refusals.law_not_in_force(on or service.clock.today())
    raise DeadlineExceeded("credits")


async def batch_within(
    conn: AsyncConnection, service: Service, district: str, kind: str, on: date
) -> Batch | Refused | None:
    """Return the rows of a period as they agree with the ledger in the caller's own transaction, which may write.

    None where so many changed that they are to be judged beforehand, by `up_to_date`. Raises `RuleNotInForce`.
    """
    state = await read_state(conn, service, district, kind, on)
    if isinstance(state, Refused):
        return state
    return None if state.many else await _judge_few(conn, state)


async def _judge_few(conn: AsyncConnection, state: State) -> Batch:
    """Judge the few who changed, in the transaction that answers."""
    duties = Duties(state.duties)
    people = await read_people(conn, state.district, state.changed)
    lines = await read_lines(conn, state.district, list(people), state.law, state.period)
    judged = judged_rows(state.law, state.period, list(people.values()), lines, state.today)
    await replace_rows(conn, state, duties, state.changed, judged, state.head + state.facts)
    await save_batch(conn, state, duties, complete=True)
    return state.batch(duties.known)


async def _judged(service: Service, state: State, deadline: Deadline) -> None:
    """Return when the many are judged: once, whoever asks, and to the end, whoever leaves."""
    key = (state.district, state.period.kind, state.period.start, state.digest)

    async def work() -> None:
        await _judge_many(service, state, Deadline.after(_AT_MOST))

    await service.judging.once(key, work, deadline)


async def _judge_many(service: Service, state: State, deadline: Deadline) -> None:
    """Judge many beside the writers, by columns where that pays, and note that all of them are judged."""
    if worth_columns(state):
        await judge_by_columns(service, state, deadline)
    else:
        await _judge_in_parts(service, state, deadline)
    async with service.databases.write(state.district, deadline) as conn:
        await save_batch(conn, state, Duties(await read_duties(conn, state)), complete=True)
        await forget_old(conn, state)


async def _judge_in_parts(service: Service, state: State, deadline: Deadline) -> None:
    """Judge in bounded parts: each is read and judged beside the writers and written in a transaction of its own."""
    todo = list(state.changed)
    for start in range(0, len(todo), PART):
        deadline.check()
        part = todo[start : start + PART]
        async with service.databases.read(state.district) as conn:
            stamp = await last_seq(conn, state.district) + await last_fact(conn, state.district)
            people = await read_people(conn, state.district, part)
            lines = await read_lines(conn, state.district, list(people), state.law, state.period)
        judged = await asyncio.to_thread(
            judged_rows, state.law, state.period, list(people.values()), lines, state.today
        )
        async with service.databases.write(state.district, deadline) as conn:
            duties = Duties(await read_duties(conn, state))
            await replace_rows(conn, state, duties, part, judged, stamp)
            await save_batch(conn, state, duties, complete=False)
