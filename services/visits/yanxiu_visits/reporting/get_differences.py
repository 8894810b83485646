"""What submitted summaries and reports would say now: nothing that comes later changes them in silence."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_term
from yanxiu_footing.paging import few_enough
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.field_records import FieldRecord, Report, Summary
from yanxiu_wire.refusal import Refused
from yanxiu_wire.term_work import Difference, Differences, GetDifferences

from yanxiu_visits.recording.record_store import may_see, read_records
from yanxiu_visits.reporting.assess_figures import Work, assess_figures, differing
from yanxiu_visits.reporting.collect import collect
from yanxiu_visits.reporting.draft_figures import stretch_of
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service


async def get_differences(
    service: Service, district: str, query: GetDifferences, _deadline: Deadline
) -> Differences | Refused:
    """Return for each summary or report the figures that are other now; each term's records are read once."""
    refused = few_enough("ids", query.ids)
    if refused is not None:
        return refused
    async with service.databases.read(district) as conn:
        found = await read_records(conn, district, may_see(district, scope_of(query.caller)), query.ids)
        works: dict[tuple[str, str], Work] = {}
        differences = {one.id: await _difference(conn, district, one, works) for one in found.values()}
    return Differences(items=tuple(differences.get(one) for one in query.ids))


async def _difference(
    conn: AsyncConnection, district: str, record: FieldRecord, works: dict[tuple[str, str], Work]
) -> Difference | None:
    if not isinstance(record.content, Summary | Report) or record.term is None:
        return None
    term = await read_term(conn, district, record.term)
    if term is None:
        return None
    month = record.content.month if isinstance(record.content, Summary) else None
    within = stretch_of(term, month, record.school)
    if isinstance(within, Refused):
        return None
    key = record.researcher, record.term
    if key not in works:
        works[key] = await collect(conn, district, *key)
    return Difference(record=record.id, figures=differing(record.content.figures, assess_figures(works[key], within)))
