"""Make everything that follows from notes again of the notes: visits, records and findings."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_visits.findings import finding_store
from yanxiu_visits.laws import Laws
from yanxiu_visits.recording import record_store
from yanxiu_visits.visiting import visit_store
from yanxiu_visits.visiting.note_store import read_subjects


async def refold(conn: AsyncConnection, laws: Laws, district: str) -> int:
    """Fold every visit, record and finding of a district anew, in the caller's transaction; returns how many.

    Nothing changes where nothing was amiss: a visit that was held against a law that arrived later is held again.
    """
    visits = await read_subjects(conn, district, "visit")
    for one in visits:
        await visit_store.fold_and_store(conn, laws, district, one)
    records = await read_subjects(conn, district, "record")
    for one in records:
        await record_store.fold_and_store(conn, district, one)
    findings = await read_subjects(conn, district, "finding")
    for one in findings:
        await finding_store.fold_and_store(conn, district, one)
    return len(visits) + len(records) + len(findings)
