"""A teacher's transcript: all entries between two days under a signed head, each with its proof, signed as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import read_people
from yanxiu_wire import merkle
from yanxiu_wire.books import GetTranscript, SignedHead, Transcript
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.sealed import Entry
from yanxiu_wire.signed import TRANSCRIPT
from yanxiu_wire.transcript import FORMAT, Content, Document, Line, signed_part, sums_of, write

from yanxiu_credits import refusals
from yanxiu_credits.books import refusals as no
from yanxiu_credits.books.kinds import TRANSFERRED
from yanxiu_credits.books.lineage import first_activity
from yanxiu_credits.books.sign_head import sign_now
from yanxiu_credits.books.tables import recognition
from yanxiu_credits.books.tree import read_known
from yanxiu_credits.scope import scope_of
from yanxiu_credits.service import Service
from yanxiu_credits.tables import decision, ledger, record
from yanxiu_credits.transfer.tables import transfer_item

# With their paths, entries of a hundred million make about 2.5 kB each; a message holds 1 MB.
MOST_ENTRIES = 300


async def get_transcript(
    service: Service, district: str, query: GetTranscript, deadline: Deadline
) -> Transcript | Refused:
    """Return the document, after signing the head where entries have come since the last one.

    A teacher has the own, a school that of its present teachers, officers any. Refuses with TEACHER_UNKNOWN, TOO_MANY,
    LEDGER_EMPTY or LEDGER_BROKEN.
    """
    today = service.clock.today()
    async with service.databases.read(district) as conn:
        person = (await read_people(conn, district, [query.teacher])).get(query.teacher)
    if person is None or not scope_of(query.caller).covers(person.id, person.school_on(today)):
        return refusals.teacher_unknown(query.teacher)
    head = await sign_now(service, district, deadline)
    if isinstance(head, Refused):
        return head
    async with service.databases.read(district) as conn:
        lines = await _lines(conn, district, query, head)
    if isinstance(lines, Refused):
        return lines
    content = Content(
        format=FORMAT,
        district=district,
        teacher=query.teacher,
        since=query.since,
        until=query.until,
        issued_at=service.clock.now(),
        entries=tuple(lines),
        sums=sums_of(line.entry for line in lines),
        head=head.token,
    )
    signature = service.signer.sign_detached(signed_part(content), TRANSCRIPT)
    return Transcript(
        teacher=query.teacher,
        entries=len(lines),
        issued_at=content.issued_at,
        document=write(Document(content=content, signature=signature)),
    )


async def _lines(conn: AsyncConnection, district: str, query: GetTranscript, head: SignedHead) -> list[Line] | Refused:
    mine = [ledger.c.district == district, ledger.c.teacher == query.teacher, ledger.c.seq <= head.size]
    mine += _between(query.since, query.until)
    count = int(await conn.scalar(sa.select(sa.func.count()).select_from(ledger).where(*mine)) or 0)
    if count > MOST_ENTRIES:
        return no.transcript_too_long(count, MOST_ENTRIES)
    rows = list((await conn.execute(sa.select(ledger).where(*mine).order_by(ledger.c.seq))).mappings())
    known = await read_known(conn, district, head.size, [row["seq"] - 1 for row in rows])
    cited = await _clauses(conn, district, [row["record"] for row in rows])
    known_by = await _facts(conn, district, [row["record"] for row in rows])
    first = await _trainings(conn, district, [row["record"] for row in rows])
    return [
        Line(
            entry=Entry(**{name: row[name] for name in Entry.__struct_fields__}),
            hash=row["hash"],
            clauses=cited.get(row["record"], ()),
            path=tuple(one.hex() for one in merkle.inclusion(known, row["seq"] - 1, head.size)),
            jurisdiction=known_by.get(row["record"], ("", {}))[0],
            facts=known_by.get(row["record"], ("", {}))[1],
            training=first.get(row["record"], ""),
        )
        for row in rows
    ]


async def _facts(conn: AsyncConnection, district: str, records: Sequence[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the law and the facts by which each record was judged."""
    found = await conn.execute(
        sa.select(record.c.id, decision.c.jurisdiction, record.c.facts)
        .join(decision, sa.and_(decision.c.district == record.c.district, decision.c.record == record.c.id))
        .where(record.c.district == district, record.c.id.in_(list(records)))
    )
    return {row.id: (row.jurisdiction, msgspec.json.decode(row.facts)) for row in found}


async def _trainings(conn: AsyncConnection, district: str, records: Sequence[str]) -> dict[str, str]:
    """Return what each record's training is known by: the district and the activity of its first entry.

    What came by a transfer keeps the name that it came with.
    """
    its, item = record.c, transfer_item.c
    found = await conn.execute(
        sa.select(its.id, its.kind, its.activity, its.replaces, item.training)
        .outerjoin_from(record, transfer_item, sa.and_(item.district == its.district, item.source == its.activity))
        .where(its.district == district, its.id.in_(list(records)))
    )
    trainings: dict[str, str] = {}
    for row in found.all():
        if row.kind == TRANSFERRED:
            trainings[row.id] = row.training or row.activity
            continue
        first = row.activity if row.replaces is None else await first_activity(conn, district, row.id)
        trainings[row.id] = f"{district}:{first}"
    return trainings


def _between(since: date | None, until: date | None) -> list[sa.ColumnElement[bool]]:
    return [*([ledger.c.on >= since] if since else []), *([ledger.c.on <= until] if until else [])]


async def _clauses(conn: AsyncConnection, district: str, rests_on: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the clauses that each record's decision names, and each recognition's requirements."""
    decisions = await conn.execute(
        sa.select(decision.c.record, decision.c.body).where(
            decision.c.district == district, decision.c.record.in_(list(rests_on))
        )
    )
    recognitions = await conn.execute(
        sa.select(recognition.c.id, recognition.c.standing).where(
            recognition.c.district == district, recognition.c.id.in_(list(rests_on))
        )
    )
    return {name: _cited(msgspec.json.decode(body)) for name, body in (*decisions, *recognitions)}


def _cited(body: Any) -> tuple[str, ...]:
    """Return every clause named anywhere in a stored decision or standing, in the order of their first mention."""
    found: dict[str, None] = {}

    def look(value: Any) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                if name == "clauses" and isinstance(inner, list):
                    found.update(dict.fromkeys(inner))
                elif name == "clause" and isinstance(inner, str):
                    found[inner] = None
                else:
                    look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    look(body)
    return tuple(found)
