"""Teachers with their dated facts and stretches of work: read by id or natural key, saved version by version."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.teacher import Employment

from yanxiu_registry.history import Span
from yanxiu_registry.register import SealedId, TeacherFacts, TeacherFile
from yanxiu_registry.store.dated import CHUNK, Rewrite, Row, Stamp, chunks, insert, live, rewrite
from yanxiu_registry.store.rosters import changed_teachers
from yanxiu_registry.tables import employment, roster_change, teacher, teacher_fact

_PERIODS = msgspec.json.Decoder(tuple[tuple[date, date | None], ...])
Change = tuple[TeacherFile | None, TeacherFile]


class _Statements(NamedTuple):
    """What reads teachers: their dated facts, their stretches of work, themselves."""

    facts: sa.Executable
    work: sa.Executable
    chosen: sa.Executable


_FACTS = sa.select(
    teacher_fact.c.teacher,
    teacher_fact.c.since,
    teacher_fact.c.until,
    *(teacher_fact.c[name] for name in TeacherFacts.__struct_fields__),
).order_by(teacher_fact.c.since)
_WORK = sa.select(
    employment.c.teacher, employment.c.school, employment.c.since, employment.c.until, employment.c.post
).order_by(employment.c.since)
_TEACHERS = sa.select(
    teacher.c.id, teacher.c.staff_number, teacher.c.national_id, teacher.c.national_id_index, teacher.c.version
)

# Made once: making a statement takes longer than SQLite takes to run it.
_DISTRICT: sa.BindParameter[str] = sa.bindparam("of")
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
TEACHERS_BY_ID = _Statements(
    _FACTS.where(live(teacher_fact, _DISTRICT), teacher_fact.c.teacher.in_(_IDS)),
    _WORK.where(live(employment, _DISTRICT), employment.c.teacher.in_(_IDS)),
    # In no order: SQLite would read the whole district along the index that gives it.
    _TEACHERS.where(teacher.c.district == _DISTRICT, teacher.c.id.in_(_IDS)),
)

Standing = Callable[[sa.Table, str], sa.ColumnElement[bool]]


def _statements(district: str, *which: sa.ColumnElement[bool], standing: Standing = live) -> _Statements:
    """What reads the teachers that fulfil the conditions, in staff-number order."""
    mine = teacher.c.district == district
    facts = _FACTS.where(standing(teacher_fact, district))
    work = _WORK.where(standing(employment, district))
    if which:
        ids = sa.select(teacher.c.id).where(mine, *which)
        facts = facts.where(teacher_fact.c.teacher.in_(ids))
        work = work.where(employment.c.teacher.in_(ids))
    return _Statements(facts, work, _TEACHERS.where(mine, *which).order_by(teacher.c.staff_number))


async def _files(
    conn: AsyncConnection, statements: _Statements, given: Mapping[str, Any] | None = None
) -> dict[str, TeacherFile]:
    """The teachers by id, from three statements."""

    async def read(statement: sa.Executable) -> AsyncIterator[Sequence[sa.Row[Any]]]:
        # In runs, so that reading a whole district never holds the event loop for long.
        result = await conn.stream(statement, given)
        async for some in result.partitions(CHUNK):
            yield some

    spans: dict[str, list[Span[TeacherFacts]]] = {}
    async for some in read(statements.facts):
        for row in some:
            spans.setdefault(row.teacher, []).append(Span(row.since, row.until, facts_of(row)))
    stretches: dict[str, list[Employment]] = {}
    async for some in read(statements.work):
        for row in some:
            one = Employment(school=row.school, since=row.since, until=row.until, post=row.post)
            stretches.setdefault(row.teacher, []).append(one)
    found: dict[str, TeacherFile] = {}
    async for some in read(statements.chosen):
        for row in some:
            found[row.id] = TeacherFile(
                id=row.id,
                staff_number=row.staff_number,
                sealed=SealedId(row.national_id, row.national_id_index) if row.national_id else None,
                version=row.version,
                facts=tuple(spans.get(row.id, ())),
                employments=tuple(stretches.get(row.id, ())),
            )
    return found


def facts_of(row: Any) -> TeacherFacts:
    """A teacher's facts of one stretch of days, from a row that has their columns."""
    return TeacherFacts(
        name=row.name,
        gender=row.gender,
        subject=row.subject,
        stage=row.stage,
        title=row.title,
        hired_on=row.hired_on,
        status=row.status,
        head_teacher_periods=_PERIODS.decode(row.head_teacher_periods) if row.head_teacher_periods != "[]" else (),
    )


async def teachers_by_id(conn: AsyncConnection, district: str, ids: Iterable[str]) -> dict[str, TeacherFile]:
    """The teachers with these ids."""
    return await _files(conn, TEACHERS_BY_ID, {"of": district, "ids": list(ids)})


async def all_teachers(conn: AsyncConnection, district: str) -> dict[str, TeacherFile]:
    """Every teacher of the district."""
    return await _files(conn, _statements(district))


async def teachers_of_roster(
    conn: AsyncConnection, district: str, roster_id: str, application: int
) -> tuple[dict[str, TeacherFile], dict[str, TeacherFile]]:
    """The teachers that an application changed: as they are, and with the dated rows of the version before it."""
    theirs = teacher.c.id.in_(changed_teachers(district, roster_id, application))

    def before(table: sa.Table, _district: str) -> sa.ColumnElement[bool]:
        change = sa.and_(
            roster_change.c.district == district,
            roster_change.c.roster == roster_id,
            roster_change.c.application == application,
            roster_change.c.teacher == table.c.teacher,
        )
        untouched = sa.or_(table.c.superseded.is_(None), table.c.superseded >= roster_change.c.version)
        stood = sa.exists().where(change, table.c.version < roster_change.c.version, untouched)
        return sa.and_(table.c.district == district, stood)

    now = await _files(conn, _statements(district, theirs))
    return now, await _files(conn, _statements(district, theirs, standing=before))


async def teacher_with(
    conn: AsyncConnection, district: str, *, staff_number: str | None = None, index: bytes | None = None
) -> TeacherFile | None:
    """The teacher with this staff number, or with the national id of this blind index."""
    which = teacher.c.staff_number == staff_number if index is None else teacher.c.national_id_index == index
    return next(iter((await _files(conn, _statements(district, which))).values()), None)


def _fact_rows(file: TeacherFile | None) -> list[Row]:
    return [
        {
            "since": span.since,
            "until": span.until,
            **msgspec.structs.asdict(span.value),
            "head_teacher_periods": msgspec.json.encode(span.value.head_teacher_periods).decode(),
        }
        for span in (file.facts if file else ())
    ]


def _work_rows(file: TeacherFile | None) -> list[Row]:
    return [msgspec.structs.asdict(stretch) for stretch in (file.employments if file else ())]


def _identity(file: TeacherFile) -> Row:
    return {
        "staff_number": file.staff_number,
        "national_id": file.sealed.cipher if file.sealed else None,
        "national_id_index": file.sealed.index if file.sealed else None,
        "version": file.version,
    }


async def save_teachers(conn: AsyncConnection, district: str, changes: Sequence[Change], stamp: Stamp) -> None:
    """Enter teachers (before = None) and bring others to their next version; the same few statements for any number."""
    new = [
        {"district": district, "id": after.id, **_identity(after), **stamp.columns()}
        for before, after in changes
        if before is None
    ]
    await insert(conn, teacher, new)
    names = ("staff_number", "national_id", "national_id_index", "version")
    update = (
        sa.update(teacher)
        .where(teacher.c.district == district, teacher.c.id == sa.bindparam("of"))
        .values(**{name: sa.bindparam(name) for name in names}, **stamp.columns())
    )
    old = [{"of": after.id, **_identity(after)} for before, after in changes if before is not None]
    for some in chunks(old):
        await conn.execute(update, some)
    facts = [Rewrite(after.id, after.version, _fact_rows(before), _fact_rows(after)) for before, after in changes]
    await rewrite(conn, teacher_fact, "teacher", district, facts, stamp)
    work = [Rewrite(after.id, after.version, _work_rows(before), _work_rows(after)) for before, after in changes]
    await rewrite(conn, employment, "teacher", district, work, stamp)


async def remove_teachers(conn: AsyncConnection, district: str, ids: Sequence[str]) -> None:
    """Take teachers out of the register with everything dated about them."""
    keys = [{"of": one} for one in ids]
    for table, owner in ((employment, "teacher"), (teacher_fact, "teacher"), (teacher, "id")):
        gone = sa.delete(table).where(table.c.district == district, table.c[owner] == sa.bindparam("of"))
        for some in chunks(keys):
            await conn.execute(gone, some)
