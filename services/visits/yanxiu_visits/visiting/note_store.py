"""Notes as they are stored: added once, read back as the commands they were."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.noting import About

from yanxiu_visits.visiting.notes import KINDS, VERBS, Note
from yanxiu_visits.visiting.tables import note


async def add_note(conn: AsyncConnection, district: str, about: About, added: Note) -> None:
    """Keep a note; its key was not used before in the district."""
    await conn.execute(
        sa.insert(note),
        {
            "district": district,
            "key": added.key,
            "about": about,
            "subject": added.subject,
            "kind": VERBS[type(added.command)],
            "author": added.author,
            "typist": added.command.caller.subject,
            "occurred_us": added.occurred_us,
            "recorded_us": added.recorded_us,
            "body": encode(added.command).decode(),
        },
    )


async def read_notes(conn: AsyncConnection, district: str, about: About, subject: str) -> list[Note]:
    """Return every note of one visit, record or finding, in no order."""
    its = note.c
    rows = await conn.execute(
        sa.select(its.subject, its.kind, its.author, its.occurred_us, its.recorded_us, its.body).where(
            its.district == district, its.about == about, its.subject == subject
        )
    )
    return [
        Note(
            subject=row.subject,
            author=row.author,
            occurred_us=row.occurred_us,
            recorded_us=row.recorded_us,
            command=decode(KINDS[row.kind], row.body.encode()),
        )
        for row in rows
    ]


async def read_subjects(conn: AsyncConnection, district: str, about: About) -> list[str]:
    """Return the ids of everything of a kind that has notes, in order."""
    its = note.c
    where = sa.and_(its.district == district, its.about == about)
    return list((await conn.execute(sa.select(its.subject).where(where).distinct().order_by(its.subject))).scalars())
