"""Stream the ledger of a district and period into columns, page by page, with progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.databases import Databases
from yanxiu_rulekit.columns import LineBuilder, LineColumns
from yanxiu_rulekit.facts import Teacher
from yanxiu_wire.codec import decode
from yanxiu_wire.registry import TeacherChanged

from yanxiu_credits.standings.lines import stands
from yanxiu_credits.store.facts import Person
from yanxiu_credits.stored import thaw
from yanxiu_credits.tables import ledger, record, teacher_fact

# Told after each page: how many rows of the ledger were looked through, of how many.
Progress = Callable[[int, int], None]
# What a rule may know of a teacher on the day of judging.
Known = Callable[[Person], Teacher]

_PAGE = 20_000


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
    columns = await read_lines_in(conn, district, start, end, people, progress=progress, known_us=known_us)
    return columns.knowing({one: facts for one, facts in people.items() if facts is not None})


async def read_lines_in(
    conn: AsyncConnection,
    district: str,
    start: date,
    end: date,
    teachers: Iterable[str] = (),
    *,
    progress: Progress = untold,
    known_us: int | None = None,
) -> LineColumns:
    """Return the lines alone, of these teachers and whoever else has one."""
    builder = LineBuilder(teachers, read=thaw)
    whole = int(await conn.scalar(sa.select(sa.func.max(ledger.c.seq)).where(ledger.c.district == district)) or 0)
    after = 0
    while after < whole:
        page = _page(district, after, min(after + _PAGE, whole), start, end, known_us)
        builder.add(tuple(row) for row in await conn.execute(page))  # type: ignore[misc]
        after = min(after + _PAGE, whole)
        progress(after, whole)
    return builder.columns()


def _page(district: str, after: int, last: int, start: date, end: date, known_us: int | None) -> sa.Executable:
    return (
        sa.select(ledger.c.teacher, ledger.c.on, ledger.c.micro_hours, ledger.c.micro_credits, record.c.attributes)
        .join(record, sa.and_(record.c.district == ledger.c.district, record.c.id == ledger.c.record))
        .where(
            ledger.c.district == district,
            ledger.c.seq > after,
            ledger.c.seq <= last,
            ledger.c.on >= start,
            ledger.c.on <= end,
            *stands(known_us),
        )
        .order_by(ledger.c.seq)
    )


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
