"""The standings of a whole district in a period, kept as rows and brought up to date whenever they are asked for.

An answer is read where the rows agree with the ledger's head, the facts and the day: what changed since is judged
first. Few changes are judged within the transaction that answers; many, or the first time, in parts before it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit import outcome
from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded
from yanxiu_wire.refusal import Refused
from yanxiu_wire.standings import Duty

from yanxiu_credits import refusals
from yanxiu_credits.laws import InForce
from yanxiu_credits.service import Service
from yanxiu_credits.standings.judge import read_lines
from yanxiu_credits.standings.known import last_fact, teachers_changed
from yanxiu_credits.standings.periods import period_and_law
from yanxiu_credits.standings.rows import Duties, Unnumbered, judged_rows, law_digest, numbered
from yanxiu_credits.standings.tables import standing_batch, standing_row
from yanxiu_credits.store.facts import read_district, read_people
from yanxiu_credits.store.ledger import last_seq
from yanxiu_credits.tables import ledger, teacher_fact

A = TypeVar("A")

# So many are judged while the answer waits and the district's writers with it; more go in parts beforehand.
FEW = 200
PART = 1000
# Only where commands come faster than they can be judged does a question try again.
_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows that agree with the ledger: of which period by which law, and up to which entry."""

    district: str
    period: outcome.Period
    law: InForce
    up_to_seq: int
    duties: tuple[Duty, ...]

    def rows(self) -> list[sa.ColumnElement[bool]]:
        """Return the conditions on `standing_row` for those in employ."""
        return [
            *_of(standing_row, self.district, self.period, law_digest(self.law)),
            standing_row.c.school.is_not(None),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What a transaction sees: the period and law asked for, how far the rows are, and who changed since."""

    district: str
    period: outcome.Period
    law: InForce
    digest: str
    today: date
    head: int
    facts: int
    duties: tuple[Duty, ...]
    changed: tuple[str, ...]
    new: bool

    @property
    def current(self) -> bool:
        return not self.new and not self.changed

    @property
    def many(self) -> bool:
        return self.new or len(self.changed) > FEW

    def batch(self, duties: Sequence[Duty]) -> Batch:
        return Batch(
            district=self.district, period=self.period, law=self.law, up_to_seq=self.head, duties=tuple(duties)
        )


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
                state = await _state(conn, service, district, kind, on)
                if isinstance(state, Refused):
                    return state
                if state.current and state.today == await _day_of(conn, state):
                    return await read(conn, state.batch(state.duties))
            if state.many:
                await _judge_in_parts(service, state, deadline)
                continue
            async with service.databases.write(district, deadline) as conn:
                state = await _state(conn, service, district, kind, on)
                if isinstance(state, Refused):
                    return state
                if not state.many:
                    return await read(conn, await _judge_few(conn, state))
    except RuleNotInForce:
        return refusals.law_not_in_force(on or service.clock.today())
    raise DeadlineExceeded("credits")


async def _judge_few(conn: AsyncConnection, state: _State) -> Batch:
    """Judge the few who changed, in the transaction that answers."""
    duties = Duties(state.duties)
    people = await read_people(conn, state.district, state.changed)
    lines = await read_lines(conn, state.district, list(people), state.law, state.period)
    judged = judged_rows(state.law, state.period, list(people.values()), lines, state.today)
    await _replace(conn, state, duties, state.changed, judged, state.head + state.facts)
    await _save(conn, state, duties, complete=True)
    return state.batch(duties.known)


async def _judge_in_parts(service: Service, state: _State, deadline: Deadline) -> None:
    """Judge many in bounded parts: read and judge beside the writers, write each part in a transaction of its own."""
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
            duties = Duties(await _duties(conn, state))
            await _replace(conn, state, duties, part, judged, stamp)
            await _save(conn, state, duties, complete=False)
    async with service.databases.write(state.district, deadline) as conn:
        await _save(conn, state, Duties(await _duties(conn, state)), complete=True)
        await _forget_old(conn, state)


# ---- what a transaction sees ---------------------------------------------------------------------------------------


async def _state(
    conn: AsyncConnection, service: Service, district: str, kind: str, on: date | None
) -> _State | Refused:
    today = service.clock.today()
    chosen = period_and_law(service.laws, await read_district(conn, district), kind, on or today, today)
    if isinstance(chosen, Refused):
        return chosen
    period, law = chosen
    digest = law_digest(law)
    found = (
        await conn.execute(sa.select(standing_batch).where(*_of(standing_batch, district, period, digest)))
    ).first()
    day = min(period.end, today)
    new = found is None or not found.complete or _turned(law, period, found.day, day)
    head, facts = await last_seq(conn, district), await last_fact(conn, district)
    if found is None:
        changed = await _everybody(conn, district)
    elif new:
        # What was judged today stays: it is as new as the entry at which the first one began, or newer.
        head, facts = found.up_to_seq, found.facts_seq
        changed = await _left(conn, district, period, digest, day)
    else:
        changed = await _changed(conn, district, period, found, day, since=law.pack.lines_from(period, law.settings))
    return _State(
        district=district,
        period=period,
        law=law,
        digest=digest,
        today=day,
        head=head,
        facts=facts,
        duties=tuple(msgspec.json.decode(found.duties, type=list[Duty])) if found is not None else (),
        changed=tuple(changed),
        new=new,
    )


def _turned(law: InForce, period: outcome.Period, before: date, day: date) -> bool:
    """Say whether another part of the period has begun: then what is to come is another, for everybody."""
    inner = law.pack.standing_rule(period.kind).inner
    if inner is None or before == day:
        return False
    return law.pack.period(inner, before, law.settings) != law.pack.period(inner, day, law.settings)


async def _everybody(conn: AsyncConnection, district: str) -> Sequence[str]:
    found = await conn.execute(
        sa.select(teacher_fact.c.teacher).where(teacher_fact.c.district == district).order_by(teacher_fact.c.teacher)
    )
    return list(found.scalars())


async def _left(conn: AsyncConnection, district: str, period: outcome.Period, digest: str, day: date) -> Sequence[str]:
    """Return those who were not judged on that day yet."""
    done = sa.exists().where(
        *_of(standing_row, district, period, digest),
        standing_row.c.teacher == teacher_fact.c.teacher,
        standing_row.c.day == day,
    )
    found = await conn.execute(
        sa.select(teacher_fact.c.teacher)
        .where(teacher_fact.c.district == district, ~done)
        .order_by(teacher_fact.c.teacher)
    )
    return list(found.scalars())


async def _changed(
    conn: AsyncConnection, district: str, period: outcome.Period, found: Any, day: date, *, since: date
) -> Sequence[str]:
    """Return who may stand otherwise than the rows say: by an entry since a day, by a fact, or because a day came."""
    entries = await conn.execute(
        sa.select(ledger.c.teacher)
        .where(
            ledger.c.district == district,
            ledger.c.seq > found.up_to_seq,
            ledger.c.on >= since,
            ledger.c.on <= period.end,
        )
        .distinct()
    )
    names = {*entries.scalars(), *await teachers_changed(conn, district, found.facts_seq)}
    if found.day != day:
        due = await conn.execute(
            sa.select(standing_row.c.teacher).where(
                *_of(standing_row, district, period, found.law), standing_row.c.changes_on <= day
            )
        )
        names.update(due.scalars())
    return sorted(names)


async def _day_of(conn: AsyncConnection, state: _State) -> date | None:
    return await conn.scalar(
        sa.select(standing_batch.c.day).where(*_of(standing_batch, state.district, state.period, state.digest))
    )


async def _duties(conn: AsyncConnection, state: _State) -> Sequence[Duty]:
    found = await conn.scalar(
        sa.select(standing_batch.c.duties).where(*_of(standing_batch, state.district, state.period, state.digest))
    )
    return msgspec.json.decode(found, type=list[Duty]) if found is not None else ()


def _of(table: sa.Table, district: str, period: outcome.Period, digest: str) -> list[sa.ColumnElement[bool]]:
    return [
        table.c.district == district,
        table.c.kind == period.kind,
        table.c.starts_on == period.start,
        table.c.law == digest,
    ]


# ---- write ---------------------------------------------------------------------------------------------------------


async def _replace(
    conn: AsyncConnection,
    state: _State,
    duties: Duties,
    teachers: Sequence[str],
    judged: Sequence[Unnumbered],
    stamp: int,
) -> None:
    """Put the rows of those who were judged, and take away those of teachers who are on file no more."""
    await _put(conn, state, [numbered(one, duties) for one in judged], stamp)
    gone = {*teachers} - {one.teacher for one in judged}
    if gone:
        await conn.execute(
            sa.delete(standing_row).where(
                *_of(standing_row, state.district, state.period, state.digest),
                standing_row.c.teacher.in_(gone),
                standing_row.c.stamp <= stamp,
            )
        )


async def _put(conn: AsyncConnection, state: _State, rows: list[dict[str, Any]], stamp: int) -> None:
    """Put rows in the place of older ones; one that was judged later stays."""
    if not rows:
        return
    whole = {
        "district": state.district,
        "kind": state.period.kind,
        "starts_on": state.period.start,
        "law": state.digest,
        "day": state.today,
        "stamp": stamp,
    }
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    written = insert(standing_row)
    newer = sa.or_(
        standing_row.c.day < written.excluded.day,
        sa.and_(standing_row.c.day == written.excluded.day, standing_row.c.stamp <= written.excluded.stamp),
    )
    keys = [column.name for column in standing_row.primary_key]
    changes = {column.name: written.excluded[column.name] for column in standing_row.c if column.name not in keys}
    await conn.execute(
        written.on_conflict_do_update(index_elements=keys, set_=changes, where=newer),
        [whole | row for row in rows],
    )


async def _save(conn: AsyncConnection, state: _State, duties: Duties, *, complete: bool) -> None:
    """Note the duties, and with `complete` how far the rows are; never behind what another has noted."""
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    written = insert(standing_batch).values(
        district=state.district,
        kind=state.period.kind,
        starts_on=state.period.start,
        law=state.digest,
        day=state.today,
        up_to_seq=state.head,
        facts_seq=state.facts,
        complete=complete,
        duties=msgspec.json.encode(duties.known).decode(),
    )
    keys = [column.name for column in standing_batch.primary_key]
    await conn.execute(written.on_conflict_do_update(index_elements=keys, set_={"duties": written.excluded.duties}))
    if complete:
        await conn.execute(
            sa.update(standing_batch)
            .where(
                *_of(standing_batch, state.district, state.period, state.digest),
                standing_batch.c.up_to_seq <= state.head,
                standing_batch.c.facts_seq <= state.facts,
                standing_batch.c.day <= state.today,
            )
            .values(up_to_seq=state.head, facts_seq=state.facts, day=state.today, complete=True)
        )


async def _forget_old(conn: AsyncConnection, state: _State) -> None:
    """Delete the period's rows by laws that nobody has asked for since an earlier day."""
    for table in (standing_row, standing_batch):
        stale = sa.select(standing_batch.c.law).where(
            standing_batch.c.district == state.district,
            standing_batch.c.kind == state.period.kind,
            standing_batch.c.starts_on == state.period.start,
            standing_batch.c.law != state.digest,
            standing_batch.c.day < state.today,
        )
        await conn.execute(
            sa.delete(table).where(
                table.c.district == state.district,
                table.c.kind == state.period.kind,
                table.c.starts_on == state.period.start,
                table.c.law.in_(stale),
            )
        )
