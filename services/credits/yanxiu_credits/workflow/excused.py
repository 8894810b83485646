"""Whose result differs from the public list by nothing but what upheld objections took back since."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import read_people
from yanxiu_rulekit.outcome import Period

from yanxiu_credits.books.kinds import REGISTRATION
from yanxiu_credits.books.lineage import corrections_of
from yanxiu_credits.books.tables import reversal
from yanxiu_credits.laws import InForce
from yanxiu_credits.standings.judge import judge_all, lines_by_teacher
from yanxiu_credits.standings.lines import read_rows
from yanxiu_credits.tables import ledger, record
from yanxiu_credits.workflow.publicity_store import Line
from yanxiu_credits.workflow.results import line_of
from yanxiu_credits.workflow.running import Running

_undoing = ledger.alias("undoing")


async def excused(
    conn: AsyncConnection,
    running: Running,
    law: InForce,
    period: Period,
    listed: dict[str, Line],
    changed: Sequence[str],
) -> set[str]:
    """Return those of `changed` whose result would be the public one again with the entries of upheld objections.

    Only entries count that stood when the list was made public and were taken back since; whatever else happened to
    the teacher's records shows, because it is not undone.
    """
    taken = await _taken_back(conn, running) if changed else {}
    teachers = [one for one in changed if one in taken]
    if not teachers:
        return set()
    entries = [entry for one in teachers for entry in taken[one]]
    since, until = law.pack.lines_between(period, law.settings, told=True)
    rows = await read_rows(conn, running.row.district, teachers, since, until, restored=entries)
    people = await read_people(conn, running.row.district, teachers)
    with_them = judge_all(law, period, lines_by_teacher(rows), people.values(), running.today)
    return {one for one, standing in with_them.items() if line_of(one, standing, law) == listed.get(one)}


async def _taken_back(conn: AsyncConnection, running: Running) -> dict[str, list[str]]:
    """Return the entries, by teacher, that upheld objections took from the newest public list."""
    listed_at = ledger_at_publicity(running)
    records = [
        name
        for one in running.objections
        if one.state == "upheld" and one.record is not None
        for name in await corrections_of(conn, running.row.district, one.record)
    ]
    if not records:
        return {}
    its, back, undoing, of = ledger.c, reversal.c, _undoing.c, record.c
    found = await conn.execute(
        sa.select(its.teacher, its.entry_id)
        .join(reversal, sa.and_(back.district == its.district, back.reverses == its.entry_id))
        .join(_undoing, sa.and_(undoing.district == its.district, undoing.entry_id == back.entry_id))
        .where(
            its.district == running.row.district,
            # By the entries that the records name: no index leads from a record's id to its entry.
            its.seq.in_(sa.select(of.entry).where(of.district == running.row.district, of.id.in_(records))),
            its.kind == REGISTRATION,
            its.seq <= listed_at,
            undoing.seq > listed_at,
        )
    )
    entries: dict[str, list[str]] = {}
    for teacher, entry in found:
        entries.setdefault(teacher, []).append(entry)
    return entries


def ledger_at_publicity(running: Running) -> int:
    """Return the place of the ledger's last entry when the newest list was made public, as it was signed."""
    opened = {step.name for step in running.workflow.steps if step.effect == "open_publicity"}
    signed = [one.signed for one in running.chain if one.signed.step in opened]
    return int(msgspec.json.decode(signed[-1].body)["result"].get("ledger", 0)) if signed else 0
