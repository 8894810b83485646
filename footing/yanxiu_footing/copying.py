"""How a service keeps its copy of the registry's facts: each noun it follows, and newer versions over older ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.tables import CONSUMED
from yanxiu_wire import registry
from yanxiu_wire.calendar_year import CALENDAR_CHANGED
from yanxiu_wire.codec import encode
from yanxiu_wire.endpoint import Event
from yanxiu_wire.teacher import TEACHER_CHANGED, TeacherChanged, nameless
from yanxiu_wire.term import TERM_CHANGED

from yanxiu_footing.copy_tables import (
    calendar_fact,
    dead_letter,
    district_fact,
    school_fact,
    teacher_fact,
    teacher_place,
    term_fact,
)
from yanxiu_footing.registry_facts import places


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """One kind of fact that the registry announces: its event, its table, and the row that a body becomes.

    `row` gives every column but `district`; `derived` are tables filled from the newest bodies by `derive`, which gets
    those that replaced an older one.
    """

    event: Event[Any]
    table: sa.Table
    row: Callable[[Any], Mapping[str, Any]]
    derived: tuple[sa.Table, ...] = ()
    derive: Callable[[AsyncConnection, str, Sequence[Any]], Awaitable[None]] | None = None


class Copy:
    """The copy of one service: the nouns that it follows."""

    def __init__(self, *nouns: Noun) -> None:
        self._nouns = {one.event.body: one for one in nouns}
        self.events = tuple(one.event for one in nouns)
        self.tables = tuple(table for one in nouns for table in (one.table, *one.derived))

    async def apply(self, conn: AsyncConnection, district: str, bodies: Iterable[Any]) -> int:
        """Take announcements of one district, in a fixed number of statements; returns how many were news.

        A newer version replaces the whole of what stood there, an older one is left alone.
        """
        newest: dict[Noun, dict[Any, tuple[dict[str, Any], Any]]] = {}
        for body in bodies:
            noun = self._noun(body)
            row = {"district": district, **noun.row(body)}
            key = tuple(row[column.name] for column in noun.table.primary_key)
            known = newest.setdefault(noun, {})
            if key not in known or known[key][0]["version"] < row["version"]:
                known[key] = row, body
        news = 0
        for noun, found in newest.items():
            replaced = await _replace(conn, noun.table, [row for row, _ in found.values()])
            news += len(replaced)
            if noun.derive is not None and replaced:
                await noun.derive(conn, district, [body for key, (_, body) in found.items() if key in replaced])
        return news

    async def empty(self, conn: AsyncConnection, district: str) -> None:
        """Forget every fact of a district, and which messages were applied or given up; the caller fills it again.

        In the same transaction. Messages that come again do no harm: versions keep an older one from replacing a newer.
        """
        for table in (*self.tables, CONSUMED):
            await conn.execute(sa.delete(table).where(table.c.district == district))
        kept = sa.func.coalesce(dead_letter.c.resolution, "") == "dropped"
        await conn.execute(sa.delete(dead_letter).where(dead_letter.c.district == district, ~kept))

    def identity(self, body: Any) -> tuple[tuple[Any, ...], int]:
        """Return what a body is about, and its version."""
        noun = self._noun(body)
        row = noun.row(body)
        keys = [row[column.name] for column in noun.table.primary_key if column.name != "district"]
        return (noun.event.name, *keys), row["version"]

    def _noun(self, body: Any) -> Noun:
        found = self._nouns.get(type(body))
        if found is None:
            raise TypeError(f"no table for {type(body).__name__}")
        return found


async def _replace(conn: AsyncConnection, table: sa.Table, rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """Put rows in the place of older versions, in one statement; returns the keys of those that were newer."""
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    keys = [column.name for column in table.primary_key]
    written = insert(table).values(rows)
    newer = written.on_conflict_do_update(
        index_elements=keys,
        set_={column.name: written.excluded[column.name] for column in table.c if column.name not in keys},
        where=table.c.version < written.excluded.version,
    ).returning(*table.primary_key)
    return {tuple(row) for row in await conn.execute(newer)}


async def _place(conn: AsyncConnection, district: str, changed: Sequence[TeacherChanged]) -> None:
    await conn.execute(
        sa.delete(teacher_place).where(
            teacher_place.c.district == district, teacher_place.c.teacher.in_([one.teacher for one in changed])
        )
    )
    stretches = [
        {"district": district, "teacher": one.teacher, "since": since, "until": until, "school": school}
        for one in changed
        for since, until, school in places(one)
    ]
    if stretches:
        await conn.execute(sa.insert(teacher_place), stretches)


def as_text(body: msgspec.Struct) -> str:
    """Return a body as its table keeps it."""
    return encode(body).decode()


DISTRICTS = Noun(
    event=registry.DISTRICT_CHANGED,
    table=district_fact,
    row=lambda body: {"version": body.district.version, "body": as_text(body.district)},
)
SCHOOLS = Noun(
    event=registry.SCHOOL_CHANGED,
    table=school_fact,
    row=lambda body: {"school": body.school, "version": body.version, "body": as_text(body)},
)
TEACHERS = Noun(
    event=TEACHER_CHANGED,
    table=teacher_fact,
    # A stream made before announcements were nameless is read again by a rebuild.
    row=lambda body: {"teacher": body.teacher, "version": body.version, "body": as_text(nameless(body))},
    derived=(teacher_place,),
    derive=_place,
)
TERMS = Noun(
    event=TERM_CHANGED,
    table=term_fact,
    row=lambda body: {
        "term": body.term.id,
        "version": body.term.version,
        "starts_on": body.term.starts_on,
        "ends_on": body.term.ends_on,
        "body": as_text(body.term),
    },
)
CALENDARS = Noun(
    event=CALENDAR_CHANGED,
    table=calendar_fact,
    row=lambda body: {"year": body.calendar.year, "version": body.calendar.version, "body": as_text(body.calendar)},
)
