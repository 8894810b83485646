"""How far the rows of a period are, and how they are written: what one transaction sees and does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit import outcome
from yanxiu_wire.refusal import Refused
from yanxiu_wire.standings import Duty

from yanxiu_credits.laws import InForce
from yanxiu_credits.service import Service
from yanxiu_credits.standings.known import last_fact, teachers_changed
from yanxiu_credits.standings.periods import period_and_law
from yanxiu_credits.standings.rows import Duties, Unnumbered, law_digest, numbered
from yanxiu_credits.standings.tables import standing_batch, standing_row
from yanxiu_credits.store.ledger import last_seq
from yanxiu_credits.tables import ledger, teacher_fact

# So many are judged while the answer waits and the district's writers with it; more go in parts beforehand.
FEW = 200


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
class State:
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
    everybody: int
    new: bool

    @property
    def current(self) -> bool:
        """Whether the rows agree with the ledger and the facts."""
        return not self.new and not self.changed

    @property
    def many(self) -> bool:
        """Whether so many are to be judged that the answer does not wait with the lock."""
        return self.new or len(self.changed) > FEW

    def batch(self, duties: Sequence[Duty]) -> Batch:
        """The batch, once its rows agree."""
        return Batch(
            district=self.district, period=self.period, law=self.law, up_to_seq=self.head, duties=tuple(duties)
        )


# ---- what a transaction sees ---------------------------------------------------------------------------------------


async def read_state(
    conn: AsyncConnection, service: Service, district: str, kind: str, on: date | None
) -> State | Refused:
    """Return how far the rows of a period are in this transaction, and who is to be judged."""
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
        changed = await _changed(conn, district, law, period, found, day)
    return State(
        district=district,
        period=period,
        law=law,
        digest=digest,
        today=day,
        head=head,
        facts=facts,
        duties=tuple(msgspec.json.decode(found.duties, type=list[Duty])) if found is not None else (),
        changed=tuple(changed),
        everybody=await _count(conn, district),
        new=new,
    )


def _turned(law: InForce, period: outcome.Period, before: date, day: date) -> bool:
    """Say whether another part of the period has begun: then what is to come is another, for everybody."""
    inner = law.pack.standing_rule(period.kind).inner
    if inner is None or before == day:
        return False
    return law.pack.period(inner, before, law.settings) != law.pack.period(inner, day, law.settings)


async def _count(conn: AsyncConnection, district: str) -> int:
    found = await conn.scalar(
        sa.select(sa.func.count()).select_from(teacher_fact).where(teacher_fact.c.district == district)
    )
    return int(found or 0)


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
    conn: AsyncConnection, district: str, law: InForce, period: outcome.Period, found: Any, day: date
) -> Sequence[str]:
    """Return who may stand otherwise than the rows say: by an entry since, by a fact, or because a day came."""
    since, until = law.pack.lines_between(period, law.settings)
    entries = await conn.execute(
        sa.select(ledger.c.teacher)
        .where(
            ledger.c.district == district,
            ledger.c.seq > found.up_to_seq,
            ledger.c.on >= since,
            ledger.c.on <= until,
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


async def day_of(conn: AsyncConnection, state: State) -> date | None:
    """Return the day that the rows are of."""
    return await conn.scalar(
        sa.select(standing_batch.c.day).where(*_of(standing_batch, state.district, state.period, state.digest))
    )


async def read_duties(conn: AsyncConnection, state: State) -> Sequence[Duty]:
    """Return the duties as they are numbered by now."""
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


async def replace_rows(
    conn: AsyncConnection,
    state: State,
    duties: Duties,
    teachers: Sequence[str],
    judged: Sequence[Unnumbered],
    stamp: int,
) -> None:
    """Put the rows of those who were judged, and take away those of teachers who are on file no more."""
    await put_rows(conn, state, [numbered(one, duties) for one in judged], stamp)
    await take_away(conn, state, {*teachers} - {one.teacher for one in judged}, stamp)


async def take_away(conn: AsyncConnection, state: State, gone: Collection[str], stamp: int) -> None:
    """Delete the rows of teachers who are on file no more, unless they were judged later."""
    if gone:
        await conn.execute(
            sa.delete(standing_row).where(
                *_of(standing_row, state.district, state.period, state.digest),
                standing_row.c.teacher.in_(gone),
                standing_row.c.stamp <= stamp,
            )
        )


async def put_rows(conn: AsyncConnection, state: State, rows: list[dict[str, Any]], stamp: int) -> None:
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


async def save_batch(conn: AsyncConnection, state: State, duties: Duties, *, complete: bool) -> None:
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


async def forget_old(conn: AsyncConnection, state: State) -> None:
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
