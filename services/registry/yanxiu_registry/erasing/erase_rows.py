"""Clear every row of the registry in which a person can be recognised; his id stays, as that of nobody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.persons.held import holds
from yanxiu_wire.roster_import import RosterReport

from yanxiu_registry.entries.tables import research_group_fact, researcher_fact
from yanxiu_registry.erasing.assess_erasure import erased_number
from yanxiu_registry.store.dated import Stamp
from yanxiu_registry.tables import inbox, roster, roster_change, roster_row, teacher, teacher_fact

ERASED_NAME = "已删除"
_REPORT = msgspec.json.Decoder(RosterReport)


async def erase_rows(conn: AsyncConnection, district: str, teacher_id: str, stamp: Stamp) -> dict[str, int]:
    """Clear the person's rows, past versions too; returns how many of each table were changed.

    Stretches of work, stage, day of hire and status stay: by them others' sums were judged, and they name nobody.
    """
    if conn.dialect.name == "sqlite":
        # What is overwritten is zeroed in the page, not merely let go.
        await conn.exec_driver_sql("PRAGMA secure_delete=ON")
    sought = await called(conn, district, teacher_id)
    return {
        "inbox": await _replies(conn, district, teacher_id, sought),
        "roster": await _reports(conn, district, sought),
        "roster_row": await _drafts(conn, district),
        "teacher_fact": await _changed(
            conn, teacher_fact, district, teacher_fact.c.teacher == teacher_id,
            name=ERASED_NAME, gender="unstated", subject=None, title=None,
        ),
        "roster_change": await _changed(
            conn, roster_change, district, roster_change.c.teacher == teacher_id,
            national_id=None, national_id_index=None,
        ),
        # Why he was away may be his health.
        "researcher_fact": await _changed(
            conn, researcher_fact, district, researcher_fact.c.researcher == teacher_id, absences="[]", conflicts="[]"
        ),
        "research_group_fact": await _changed(
            conn, research_group_fact, district, research_group_fact.c.leader == teacher_id,
            leader_grounds=None, appointed_by=None,
        ),
        "teacher": await _changed(
            conn, teacher, district, teacher.c.id == teacher_id,
            staff_number=erased_number(teacher_id), national_id=None, national_id_index=None,
            version=teacher.c.version + 1, **stamp.columns(),
        ),
    }  # fmt: skip


async def called(conn: AsyncConnection, district: str, teacher_id: str) -> set[str]:
    """Every name and staff number that he had."""
    names = sa.select(teacher_fact.c.name).where(
        teacher_fact.c.district == district, teacher_fact.c.teacher == teacher_id
    )
    numbers = sa.select(teacher.c.staff_number).where(teacher.c.district == district, teacher.c.id == teacher_id)
    found = {*(await conn.execute(names)).scalars(), *(await conn.execute(numbers)).scalars()}
    return found - {ERASED_NAME, erased_number(teacher_id)}


async def _changed(
    conn: AsyncConnection, table: sa.Table, district: str, which: sa.ColumnElement[bool], **values: Any
) -> int:
    change = sa.update(table).where(table.c.district == district, which).values(**values)
    return int((await conn.execute(change)).rowcount)


async def _replies(conn: AsyncConnection, district: str, teacher_id: str, sought: Iterable[str]) -> int:
    """Forget answers that show him; the command's hash was made of his name too.

    His name may be a part of another's: it is sought as a whole value, but in the sentences of an import anywhere.
    """
    told = inbox.c.reply_type.startswith("Roster")
    shows = [holds(inbox.c.reply, msgspec.json.encode(word).decode()) for word in sought]
    shows += [sa.and_(told, holds(inbox.c.reply, word)) for word in sought]
    card = sa.and_(inbox.c.reply_type == "Teacher", holds(inbox.c.reply, f'"{teacher_id}"'))
    return await _changed(conn, inbox, district, sa.or_(card, *shows), reply=None, reply_type="erased", hash="erased")


async def _reports(conn: AsyncConnection, district: str, sought: Iterable[str]) -> int:
    """Take samples and errors, which name people, out of the reports of imports that name him."""
    named = sa.or_(sa.false(), *(holds(roster.c.report, word) for word in sought))
    found = await conn.execute(sa.select(roster.c.id, roster.c.report).where(roster.c.district == district, named))
    rows = found.all()
    for row in rows:
        report = msgspec.structs.replace(_REPORT.decode(row.report), samples=(), errors=())
        text = msgspec.json.encode(report).decode()
        await _changed(conn, roster, district, roster.c.id == row.id, report=text)
    return len(rows)


async def _drafts(conn: AsyncConnection, district: str) -> int:
    """Let go of every row that lies ready for a roster: sealed, it may be his, and would enter him anew.

    Who applies such a roster is told that it is not there, and not what came of an application before.
    """
    ready = sa.select(roster_row.c.roster).where(roster_row.c.district == district)
    drafts = sa.and_(roster.c.district == district, roster.c.id.in_(ready))
    await conn.execute(sa.update(roster).where(drafts).values(report=None))
    return int((await conn.execute(sa.delete(roster_row).where(roster_row.c.district == district))).rowcount)
