"""Visits as their notes make them: folded, held against the law, stored for lists, and read in pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import CHINA
from yanxiu_footing.in_order import behind, in_order
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.visitfacts import Preparation
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.refusal import Refused
from yanxiu_wire.visiting import Unprepared, Visit

from yanxiu_visits.laws import InForce, Laws
from yanxiu_visits.scope import Scope
from yanxiu_visits.visiting.assess_visit import FoldedVisit, first_day, fold_visit, lacking, last_day
from yanxiu_visits.visiting.note_store import read_notes
from yanxiu_visits.visiting.tables import visit

NO_DAY = date.max


async def fold_and_store(
    conn: AsyncConnection,
    laws: Laws,
    district: str,
    id: str,  # noqa: A002
) -> FoldedVisit | Refused:
    """Fold a visit from all its notes, hold it against the law of its first day, and store it in place of before.

    LAW_UNUSABLE leaves it as it was: a mark must not go because a rule pack is missing for an hour.
    """
    folded = fold_visit(id, await read_notes(conn, district, "visit", id))
    on = first_day(folded.visit)
    law = laws.in_force(await read_district(conn, district), on) if on is not None else None
    if isinstance(law, Refused) and law.errors[0].code == "LAW_UNUSABLE":
        return law
    judged = _by_law(folded, law if isinstance(law, InForce) else None)
    await _store(conn, district, judged.visit)
    return judged


def _by_law(folded: FoldedVisit, law: InForce | None) -> FoldedVisit:
    """Say what the law asks to be set down before a visit: what is missing still, or was when it began."""
    found = folded.visit
    if law is None or law.visits.before_visit is None or found.state == "incomplete":
        return folded
    if folded.at_start is None:
        missing = lacking(found) if found.state == "planned" else ()
        return msgspec.structs.replace(folded, visit=msgspec.structs.replace(found, missing=missing))
    breached = _clauses(law, folded.at_start)
    if not breached:
        return folded
    told = Unprepared(missing=lacking(folded.at_start), clauses=breached)
    return msgspec.structs.replace(folded, visit=msgspec.structs.replace(found, unprepared=told))


def _clauses(law: InForce, at_start: Preparation) -> tuple[str, ...]:
    prepared = at_start.prepared_at
    local = msgspec.structs.replace(
        at_start,
        starts_at=at_start.starts_at.astimezone(CHINA),
        prepared_at=prepared.astimezone(CHINA) if prepared is not None else None,
    )
    return tuple(dict.fromkeys(clause for one in law.answers("before_visit", local) for clause in one.failed))


async def _store(conn: AsyncConnection, district: str, found: Visit) -> None:
    row = {
        "district": district,
        "id": found.id,
        "researcher": found.researcher,
        "school": found.school,
        "term": found.term,
        "phase": found.phase,
        "state": found.state,
        "first_on": first_day(found) or NO_DAY,
        "last_on": last_day(found),
        "unprepared": found.unprepared is not None,
        "body": encode(found).decode(),
    }
    await put(conn, visit, row)


async def put(conn: AsyncConnection, table: sa.Table, row: dict[str, Any]) -> None:
    """Store a row in place of the one with its key."""
    insert = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    written = insert(table).values(row)
    keys = [column.name for column in table.primary_key]
    rest = {name: written.excluded[name] for name in row if name not in keys}
    await conn.execute(written.on_conflict_do_update(index_elements=keys, set_=rest))


# ---- read ----------------------------------------------------------------------------------------------------------


def may_see(district: str, scope: Scope) -> sa.ColumnElement[bool]:
    """Return the condition that a visit is in the scope; a school sees those that are known to be at it."""
    mine = visit.c.district == district
    match scope.kind:
        case "district":
            return mine
        case "school":
            return sa.and_(mine, visit.c.school == scope.id)
        case "self":
            return sa.and_(mine, visit.c.researcher == scope.id)
    return sa.and_(mine, sa.false())


async def read_visits(conn: AsyncConnection, where: sa.ColumnElement[bool], ids: Sequence[str]) -> dict[str, Visit]:
    """Return visits by id, those that the condition lets through."""
    found = await conn.execute(sa.select(visit.c.body).where(where, visit.c.id.in_(list(dict.fromkeys(ids)))))
    visits = [decode(Visit, body.encode()) for body in found.scalars()]
    return {one.id: one for one in visits}


async def visits_of_term(conn: AsyncConnection, district: str, researcher: str, term: str) -> list[Visit]:
    """Return a researcher's visits of a term, and those that nobody knows the term of yet, by first day."""
    its = visit.c
    found = await conn.execute(
        sa.select(its.body)
        .where(its.district == district, its.researcher == researcher, sa.or_(its.term == term, its.term.is_(None)))
        .order_by(its.first_on, its.id)
    )
    return [decode(Visit, body.encode()) for body in found.scalars()]


async def page_visits(
    conn: AsyncConnection,
    where: Sequence[sa.ColumnElement[bool]],
    *,
    first: int,
    after: tuple[date, str] | None,
    newest: bool = False,
) -> tuple[list[Visit], int]:
    """Return up to `first` visits behind a key, and how many match in all."""
    its = visit.c
    place = (its.first_on, its.id)
    total = await conn.scalar(sa.select(sa.func.count()).select_from(visit).where(*where))
    beyond, order = behind(place, after, newest=newest), in_order(place, newest=newest)
    found = await conn.execute(sa.select(its.body).where(*where, *beyond).order_by(*order).limit(first))
    return [decode(Visit, body.encode()) for body in found.scalars()], int(total or 0)
