"""The registry's facts as they were known: kept as they come, read as of a past instant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import to_us
from yanxiu_footing.registry_facts import Person, read_district, read_people
from yanxiu_wire.calendar_year import CalendarChanged
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.erasure import ErasureBegun
from yanxiu_wire.events import Delivery
from yanxiu_wire.registry import District, DistrictChanged, SchoolChanged
from yanxiu_wire.teacher import TeacherChanged, nameless
from yanxiu_wire.term import TermChanged

from yanxiu_credits.standings.tables import fact_history

_later = fact_history.alias("later")


async def remember(conn: AsyncConnection, district: str, deliveries: Sequence[Delivery]) -> None:
    """Keep announcements with the instants at which the stream had them; one that is there already stays as it is."""
    if not deliveries:
        return
    found = await conn.scalar(sa.select(sa.func.max(fact_history.c.seq)).where(fact_history.c.district == district))
    first = (found or 0) + 1
    # That an erasure was begun is no fact by which anybody is judged.
    judged = [one for one in deliveries if not isinstance(one.body, ErasureBegun)]
    rows = [{"district": district, "seq": first + index, **_row(one)} for index, one in enumerate(judged)]
    known = await _known(conn, district, rows)
    news = {(row["noun"], row["id"], row["version"]): row for row in rows}
    fresh = [row for key, row in news.items() if key not in known]
    if fresh:
        await conn.execute(sa.insert(fact_history), fresh)


async def _known(conn: AsyncConnection, district: str, rows: Sequence[dict[str, Any]]) -> set[tuple[str, str, int]]:
    """Return which of the announcements are there: the table refuses an insert that would replace one."""
    found = await conn.execute(
        sa.select(fact_history.c.noun, fact_history.c.id, fact_history.c.version).where(
            fact_history.c.district == district, fact_history.c.id.in_({row["id"] for row in rows})
        )
    )
    return {(noun, name, version) for noun, name, version in found}


def _row(one: Delivery) -> dict[str, Any]:
    known_us = to_us(one.announced_at)
    match one.body:
        case DistrictChanged():
            return _fact("district", one.body.district.id, one.body.district.version, known_us, one.body.district)
        case SchoolChanged():
            return _fact("school", one.body.school, one.body.version, known_us, one.body)
        case TeacherChanged():
            return _fact("teacher", one.body.teacher, one.body.version, known_us, nameless(one.body))
        case TermChanged():
            return _fact("term", one.body.term.id, one.body.term.version, known_us, one.body.term)
        case CalendarChanged():
            year = one.body.calendar
            return _fact("calendar", str(year.year), year.version, known_us, year)
    raise TypeError(f"{type(one.body).__name__} is no announcement of the registry")


def _fact(noun: str, name: str, version: int, known_us: int, body: msgspec.Struct) -> dict[str, Any]:
    return {"noun": noun, "id": name, "version": version, "known_us": known_us, "body": encode(body).decode()}


async def district_known(conn: AsyncConnection, district: str, known_us: int | None) -> District | None:
    """Return the district as it was known at an instant (microseconds since 1970), or as it is now for None."""
    if known_us is None:
        return await read_district(conn, district)
    bodies = await _bodies(conn, district, "district", [district], known_us)
    return decode(District, bodies[0].encode()) if bodies else None


async def people_known(
    conn: AsyncConnection, district: str, teachers: Sequence[str], known_us: int | None
) -> dict[str, Person]:
    """Return the teachers as they were known at an instant, by id, in one statement; as they are now for None."""
    if known_us is None:
        return await read_people(conn, district, teachers)
    bodies = await _bodies(conn, district, "teacher", list(dict.fromkeys(teachers)), known_us) if teachers else []
    people = [Person(decode(TeacherChanged, body.encode())) for body in bodies]
    return {one.id: one for one in people if one.changed.history}


async def _bodies(conn: AsyncConnection, district: str, noun: str, ids: Sequence[str], known_us: int) -> list[str]:
    newer = sa.exists().where(
        _later.c.district == fact_history.c.district,
        _later.c.noun == fact_history.c.noun,
        _later.c.id == fact_history.c.id,
        _later.c.version > fact_history.c.version,
        _later.c.known_us <= known_us,
    )
    found = await conn.execute(
        sa.select(fact_history.c.body).where(
            fact_history.c.district == district,
            fact_history.c.noun == noun,
            fact_history.c.id.in_(ids),
            fact_history.c.known_us <= known_us,
            ~newer,
        )
    )
    return list(found.scalars())


async def last_fact(conn: AsyncConnection, district: str) -> int:
    """Return the number of the newest fact that was kept, 0 for none."""
    found = await conn.scalar(sa.select(sa.func.max(fact_history.c.seq)).where(fact_history.c.district == district))
    return int(found or 0)


async def teachers_changed(conn: AsyncConnection, district: str, since: int) -> list[str]:
    """Return the teachers of whom a fact was kept after the one with that number."""
    found = await conn.execute(
        sa.select(fact_history.c.id)
        .where(fact_history.c.district == district, fact_history.c.noun == "teacher", fact_history.c.seq > since)
        .distinct()
    )
    return list(found.scalars())
