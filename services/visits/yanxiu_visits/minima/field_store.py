"""The field work of a whole district in a term, read at once: visits, records, documents and placings by researcher."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import decode
from yanxiu_wire.field_records import FieldRecord
from yanxiu_wire.residency import Residency
from yanxiu_wire.visiting import Visit

from yanxiu_visits.planning.residency_store import live_of_plan
from yanxiu_visits.recording.tables import field_record
from yanxiu_visits.visiting.tables import visit

R = TypeVar("R", Visit, FieldRecord)


class FieldWork(msgspec.Struct, frozen=True, kw_only=True):
    """What is on file of a term, each by researcher; `papers` may be older than the term."""

    visits: Mapping[str, list[Visit]]
    records: Mapping[str, list[FieldRecord]]
    papers: Mapping[str, list[FieldRecord]]
    placed: Mapping[str, list[Residency]]


async def read_field_work(
    conn: AsyncConnection,
    district: str,
    term: str,
    days: tuple[date, date],
    *,
    papers_since: date,
    researcher: str | None = None,
) -> FieldWork:
    """Return the field work of a term, of one researcher or of all; a visit of unknown term may yet be of this one."""
    visits, records = visit.c, field_record.c
    mine = [] if researcher is None else [visits.researcher == researcher]
    found = await conn.execute(
        sa.select(visits.body)
        .where(visits.district == district, sa.or_(visits.term == term, visits.term.is_(None)), *mine)
        .order_by(visits.first_on, visits.id)
    )
    own = [] if researcher is None else [records.researcher == researcher]
    counting = sa.and_(records.district == district, records.state == "recorded", *own)
    of_term = await conn.execute(sa.select(records.body).where(counting, records.term == term).order_by(records.id))
    paper = sa.and_(records.kind.in_(["paper", "report"]), records.on >= papers_since, records.on <= days[1])
    papers = await conn.execute(sa.select(records.body).where(counting, paper).order_by(records.id))
    placed: dict[str, list[Residency]] = defaultdict(list)
    for one in await live_of_plan(conn, district, *days):
        placed[one.person].append(one)
    return FieldWork(
        visits=_by_researcher(decode(Visit, body.encode()) for body in found.scalars()),
        records=_by_researcher(decode(FieldRecord, body.encode()) for body in of_term.scalars()),
        papers=_by_researcher(decode(FieldRecord, body.encode()) for body in papers.scalars()),
        placed=placed,
    )


def _by_researcher(found: Iterable[R]) -> Mapping[str, list[R]]:
    sorted_out: dict[str, list[R]] = defaultdict(list)
    for one in found:
        sorted_out[one.researcher].append(one)
    return sorted_out
