"""Stream the ledger of a district and period into columns, page by page, with progress."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.databases import Databases
from yanxiu_durable.packed import packed
from yanxiu_footing.registry_facts import Person
from yanxiu_footing.stored import thaw
from yanxiu_rulekit.columns import LineBuilder, LineColumns
from yanxiu_rulekit.facts import Teacher
from yanxiu_wire.codec import decode
from yanxiu_wire.teacher import TeacherChanged

from yanxiu_credits.standings.lines import stands
from yanxiu_credits.tables import ledger, record, teacher_fact

# Told after each page: how many rows of the ledger were looked through, of how many.
Progress = Callable[[int, int], None]
# What a rule may know of a teacher on the day of judging.
Known = Callable[[Person], Teacher]

_PAGE = 20_000
# So many teachers' lines are read by one statement.
_TEACHERS = 500


def untold(_done: int, _whole: int) -> None:
    """Tell nobody."""


async def read_columns(
    databases: Databases,
    district: str,
    start: date,
    end: date,
    *,
    progress: Progress = untold,
    known_us: int | None = None,
    known: Known | None = None,
) -> LineColumns:
    """Return the registrations between two days that stand, as columns of every teacher on file in the district.

    One reading transaction, so a single state of the ledger; read in pages of its sequence, so that memory holds the
    columns and one page. Amounts are millionths. With `known_us` (microseconds since 1970) only what was recorded until
    then counts. `known` says what a rule may know of a teacher (`teacher_on` of a period's day, for one); without it
    the columns carry no facts. Teachers stand in the order of their ids. Raises `DistrictUnknown`.
    """
    async with databases.read(district) as conn:
        return await read_columns_in(conn, district, start, end, progress=progress, known_us=known_us, known=known)


async def read_columns_in(
    conn: AsyncConnection,
    district: str,
    start: date,
    end: date,
    *,
    progress: Progress = untold,
    known_us: int | None = None,
    known: Known | None = None,
) -> LineColumns:
    """Return the same inside the caller's transaction."""
    people = await read_people_in(conn, district, known)
    columns = await read_lines_in(
        conn, district, twelve_months(start, end), people, progress=progress, known_us=known_us
    )
    return columns.knowing({one: facts for one, facts in people.items() if facts is not None})


async def read_lines_in(
    conn: AsyncConnection,
    district: str,
    stretches: Sequence[tuple[date, date]],
    teachers: Iterable[str] = (),
    *,
    progress: Progress = untold,
    known_us: int | None = None,
) -> LineColumns:
    """Return the lines alone, of these teachers and whoever else has one; a part for each stretch of days with lines.

    One pass over the ledger for all the stretches, which are given in the order of time. The next page is read while
    one is laid out.
    """
    builder = LineBuilder(teachers, read=thaw, stretches=stretches)
    whole = int(await conn.scalar(sa.select(sa.func.max(ledger.c.seq)).where(ledger.c.district == district)) or 0)
    asked = {"of": district, "start": stretches[0][0], "end": stretches[-1][1], "known_us": known_us}
    page = _page(known_us is not None)
    after, texts = 0, None
    while after < whole:
        last = min(after + _PAGE, whole)
        reading = conn.execute(page, {**asked, "after": after, "last": last})
        found, _ = await asyncio.gather(reading, asyncio.to_thread(_lay_out, builder, texts))
        texts = found.one()
        if after:
            progress(after, whole)
        after = last
    await asyncio.to_thread(_lay_out, builder, texts)
    if whole:
        progress(whole, whole)
    return await asyncio.to_thread(builder.columns)


async def read_lines_of(
    conn: AsyncConnection, district: str, start: date, end: date, teachers: Sequence[str]
) -> LineColumns:
    """Return the lines between two days of some teachers only, as columns of just these."""
    builder = LineBuilder(teachers, read=thaw)
    for low in range(0, len(teachers), _TEACHERS):
        given = {"of": district, "start": start, "end": end, "teachers": list(teachers[low : low + _TEACHERS])}
        _lay_out(builder, (await conn.execute(_OF_TEACHERS, given)).one())
    return builder.columns()


def _packed_lines(*where: sa.ColumnElement[bool]) -> sa.Executable:
    """Return the statement of registrations between two days, as one row of packed columns, in any order."""
    columns = (ledger.c.seq, ledger.c.teacher, ledger.c.on, ledger.c.micro_hours, ledger.c.micro_credits)
    return (
        sa.select(*map(packed, columns), packed(record.c.attributes))
        .join(record, sa.and_(record.c.district == ledger.c.district, record.c.id == ledger.c.record))
        .where(
            ledger.c.district == sa.bindparam("of"),
            ledger.c.on >= sa.bindparam("start"),
            ledger.c.on <= sa.bindparam("end"),
            *where,
        )
    )


@cache
def _page(known: bool) -> sa.Executable:
    """Return the statement of a page of the ledger's sequence."""
    return _packed_lines(
        ledger.c.seq > sa.bindparam("after"),
        ledger.c.seq <= sa.bindparam("last"),
        *stands(sa.bindparam("known_us") if known else None),
    )


_OF_TEACHERS = _packed_lines(ledger.c.teacher.in_(sa.bindparam("teachers", expanding=True)), *stands(None))
_WHOLE = msgspec.json.Decoder(list[int])
_TEXTS = msgspec.json.Decoder(list[str])
_DECODERS: tuple[msgspec.json.Decoder[list[Any]], ...] = (_WHOLE, _TEXTS, _TEXTS, _WHOLE, _WHOLE, _TEXTS)


def _lay_out(builder: LineBuilder, texts: Sequence[str] | None) -> None:
    """Put a page into the columns, in the order of the ledger."""
    if texts is None:
        return
    seq, *columns = (decoder.decode(text) for decoder, text in zip(_DECODERS, texts, strict=True))
    if seq != sorted(seq):
        order = sorted(range(len(seq)), key=seq.__getitem__)
        columns = [[column[place] for place in order] for column in columns]
    builder.add_listed(*columns)


def twelve_months(start: date, end: date) -> list[tuple[date, date]]:
    """Return a stretch of days cut into years from its first day on."""
    pieces = []
    while start <= end:
        # A leap day's year ends on 27 February, so that every stretch has its own days and no year is left out.
        day = min(start.day, 28) if start.month == 2 else start.day
        last = min(start.replace(year=start.year + 1, day=day) - timedelta(days=1), end)
        pieces.append((start, last))
        start = last + timedelta(days=1)
    return pieces


async def read_people_in(conn: AsyncConnection, district: str, known: Known | None) -> dict[str, Teacher | None]:
    """Return every teacher on file in the order of ids, with what a rule may know of each where that is asked."""
    people: dict[str, Teacher | None] = {}
    after = ""
    while True:
        found = (
            await conn.execute(
                sa.select(teacher_fact.c.teacher, teacher_fact.c.body)
                .where(teacher_fact.c.district == district, teacher_fact.c.teacher > after)
                .order_by(teacher_fact.c.teacher)
                .limit(_PAGE)
            )
        ).all()
        if not found:
            return people
        people |= _known(found, known)
        after = found[-1].teacher


def _known(rows: Iterable[Any], known: Known | None) -> dict[str, Teacher | None]:
    people: dict[str, Teacher | None] = {}
    for teacher, body in rows:
        person = Person(decode(TeacherChanged, body.encode()))
        # An empty history: the entry was taken back, there is no such teacher.
        if person.changed.history:
            people[teacher] = known(person) if known else None
    return people
