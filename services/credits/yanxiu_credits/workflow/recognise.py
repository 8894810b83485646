"""Recognise the results of a period: one entry for each teacher, also of nothing, then the period is locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa
import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.clock import to_us
from yanxiu_footing.stored import canonical
from yanxiu_rulekit import outcome
from yanxiu_rulekit.numbers import to_micro
from yanxiu_wire.caller import Caller
from yanxiu_wire.refusal import Refused

from yanxiu_credits import refusals
from yanxiu_credits.books import refusals as books_no
from yanxiu_credits.books.adding_up import later_standing
from yanxiu_credits.books.kinds import RECOGNITION
from yanxiu_credits.books.locks import lock, locked_period
from yanxiu_credits.books.post import Draft, post
from yanxiu_credits.books.reverse_many import reverse_recognitions
from yanxiu_credits.books.standing_recognitions import STANDS, TAKEN_BACK
from yanxiu_credits.books.tables import recognition
from yanxiu_credits.laws import InForce
from yanxiu_credits.ledger import evidence_of
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger import read_head
from yanxiu_credits.store.ledger_state import is_closed
from yanxiu_credits.workflow import refusals_of_projects as no
from yanxiu_credits.workflow.excused import excused
from yanxiu_credits.workflow.judge_many import PART
from yanxiu_credits.workflow.publicity_store import read_lines
from yanxiu_credits.workflow.results import judged, line_of, teachers_of, tell_again
from yanxiu_credits.workflow.running import Running


class Deciding(msgspec.Struct, frozen=True, kw_only=True):
    """What every recognition of one step has in common; `school` is empty for a whole district.

    `process` is None for what was recognised without one.
    """

    district: str
    process: str | None
    school: str
    period: outcome.Period
    on: date
    by: Caller
    at: datetime


async def recognise(
    conn: AsyncConnection, service: Service, running: Running, law: InForce, by: Caller
) -> int | Refused:
    """Recognise what the process is about and lock its period; returns how many were recognised now.

    Teachers whose period is recognised already keep what stands while it is what is judged, else it is reversed and
    recognised anew. Refuses with LEDGER_BROKEN, PERIOD_LOCKED, LAW_NOT_IN_FORCE, LATER_RECOGNISED, or RESULT_CHANGED
    where a result is not the one that was made public.
    """
    row, period = running.row, running.row.its_period
    if period is None:
        return refusals.period_unknown(running.workflow.per, ())
    deciding = Deciding(
        district=row.district,
        process=row.id,
        school=row.school,
        period=period,
        on=min(period.end, running.today),
        by=by,
        at=service.clock.now(),
    )
    refused = await _closed(conn, deciding, running.today)
    if refused is not None:
        return refused
    teachers = await teachers_of(conn, row.district, row.school, deciding.on)
    standings = await judged(conn, service, row.district, law, period, teachers, running.foreseen)
    if isinstance(standings, Refused):
        return standings
    refused = await _as_made_public(conn, running, law, standings)
    if refused is not None:
        return refused
    since = await _moved_away(conn, service, deciding, law, standings)
    if isinstance(since, Refused):
        return since
    of = f"{running.workflow.label}（{row.label}）"
    done = await enter(conn, service, deciding, law, {**standings, **since}, reason=f"{of}重新认定")
    if isinstance(done, Refused):
        return done
    await _lock(conn, deciding, reason=f"{of}认定后锁定")
    return done


async def _lock(conn: AsyncConnection, deciding: Deciding, *, reason: str) -> None:
    school = deciding.school or None
    its = {"school": school, "period": deciding.period, "by": deciding.by, "at": deciding.at}
    await lock(conn, deciding.district, reason=reason, **its)


async def _moved_away(
    conn: AsyncConnection,
    service: Service,
    deciding: Deciding,
    law: InForce,
    standings: Mapping[str, outcome.Standing],
) -> Mapping[str, outcome.Standing] | Refused:
    """Judge who stands recognised here and is no longer among the teachers: the lock closes over them too."""
    its = recognition.c
    found = await conn.scalars(
        sa.select(its.teacher).where(
            its.district == deciding.district,
            its.period_kind == deciding.period.kind,
            its.label == deciding.period.label,
            its.school == deciding.school if deciding.school else its.school.is_(None),
            STANDS,
        )
    )
    moved = sorted(set(found) - standings.keys())
    return await judged(conn, service, deciding.district, law, deciding.period, moved) if moved else {}


async def _closed(conn: AsyncConnection, deciding: Deciding, today: date) -> Refused | None:
    if await is_closed(conn, deciding.district):
        return refusals.ledger_broken(deciding.district)
    period, school = deciding.period, deciding.school or None
    there = await locked_period(
        conn, deciding.district, school=school, kind=period.kind, label=period.label, today=today
    )
    named = deciding.process or period.label
    return books_no.period_locked(there, field="process", value=named) if there is not None else None


async def _as_made_public(
    conn: AsyncConnection, running: Running, law: InForce, standings: Mapping[str, outcome.Standing]
) -> Refused | None:
    """Return the refusal of results that differ from the public list by more than upheld objections took back."""
    period = running.row.its_period
    if running.round is None or period is None:
        return None
    listed = {
        line.teacher: line for line in await read_lines(conn, running.row.district, running.row.id, running.round.round)
    }
    differ = sorted(
        teacher
        for teacher in listed.keys() | standings.keys()
        if teacher not in standings or line_of(teacher, standings[teacher], law) != listed.get(teacher)
    )
    fine = await excused(conn, running, law, period, listed, differ)
    changed = [teacher for teacher in differ if teacher not in fine]
    return no.result_changed(changed[0], len(changed)) if changed else None


async def enter(
    conn: AsyncConnection,
    service: Service,
    deciding: Deciding,
    law: InForce,
    standings: Mapping[str, outcome.Standing],
    *,
    reason: str,
) -> int | Refused:
    """Post the recognition of every teacher without one, and anew of those whose recognition is not what is judged.

    What another school had recognised is not touched. Whoever was told the old result is told the new one at once.
    Refuses with LATER_RECOGNISED, before anything is written, where a later period rests on one of them.
    """
    newest = await newest_of(conn, deciding.district, deciding.period, standings)
    stale = [one for one in newest.values() if one.differs and one.school == deciding.school]
    again = {one.teacher for one in stale}
    wanted = [one for one in sorted(standings) if one not in newest or newest[one].reversed or one in again]
    later = await later_standing(conn, deciding.district, law, deciding.period, wanted)
    if later is not None:
        return later
    old = [{"id": one.id, "entry": one.entry} for one in stale]
    await reverse_recognitions(conn, service, deciding.district, old, reason=reason, by=deciding.by, why="correction")
    head = await read_head(conn, deciding.district)
    rows = [
        _row(deciding, law, one, standings[one], entry=head[0] + place, generation=_next(newest.get(one)))
        for place, one in enumerate(wanted, start=1)
    ]
    if rows:
        await conn.execute(sa.insert(recognition), rows)
        await post(conn, deciding.district, [_draft(one, deciding) for one in rows], head=head)
        told_before = {one.id: one.teacher for one in stale}
        await tell_again(conn, deciding.district, told_before, {one["teacher"]: one for one in rows}, deciding.at)
    return len(rows)


class Newest(msgspec.Struct, frozen=True, kw_only=True):
    """The newest recognition of a teacher's period; `differs` says that it stands and is not what is judged now."""

    id: str
    teacher: str
    school: str
    generation: int
    entry: int
    reversed: bool
    differs: bool


def _next(newest: Newest | None) -> int:
    return newest.generation + 1 if newest is not None else 1


async def newest_of(
    conn: AsyncConnection, district: str, period: outcome.Period, standings: Mapping[str, outcome.Standing]
) -> dict[str, Newest]:
    """Return the newest recognition of each teacher that has one, beside what is judged; in parts of bounded size."""
    teachers, found = list(standings), dict[str, Newest]()
    for start in range(0, len(teachers), PART):
        for row in await _rows(conn, district, period, teachers[start : start + PART]):
            back = bool(row.back)
            found[row.teacher] = Newest(
                id=row.id,
                teacher=row.teacher,
                school=row.school or "",
                generation=row.generation,
                entry=row.entry,
                reversed=back,
                differs=not back and row.standing != standing_text(standings[row.teacher]),
            )
    return found


async def _rows(conn: AsyncConnection, district: str, period: outcome.Period, teachers: Sequence[str]) -> Sequence[Any]:
    its = recognition.c
    found = await conn.execute(
        sa.select(its.id, its.teacher, its.school, its.generation, its.entry, its.standing, TAKEN_BACK.label("back"))
        .where(
            its.district == district,
            its.period_kind == period.kind,
            its.label == period.label,
            its.teacher.in_(teachers),
        )
        .order_by(its.generation)
    )
    return found.all()


def _row(
    deciding: Deciding, law: InForce, teacher: str, standing: outcome.Standing, *, entry: int, generation: int
) -> dict[str, Any]:
    period = deciding.period
    row: dict[str, Any] = {
        "district": deciding.district,
        "id": str(uuid_utils.uuid7()),
        "teacher": teacher,
        "school": deciding.school or None,
        "period_kind": period.kind,
        "label": period.label,
        "generation": generation,
        "starts_on": period.start,
        "ends_on": period.end,
        "process": deciding.process,
        "standing": standing_text(standing),
        "pack": law.pack.name,
        "version": law.pack.version,
        "micro_hours": to_micro(standing.recognised_hours),
        "micro_credits": to_micro(standing.recognised_credits),
        "hours_unit": law.credit.hours_unit,
        "credits_unit": law.credit.credits_unit,
        "entry": entry,
        "decided_by": deciding.by.subject,
        "recorded_us": to_us(deciding.at),
    }
    return {**row, "evidence": evidence_of(row, {})}


def standing_text(standing: outcome.Standing) -> str:
    """Return what is kept of a standing that was recognised: verdict, amounts, and every requirement's outcome."""
    kept = {
        "verdict": standing.verdict,
        "hours": standing.hours,
        "credits": standing.credits,
        "recognised_hours": standing.recognised_hours,
        "recognised_credits": standing.recognised_credits,
        "findings": [
            _finding(one.clause, one.measure, one.threshold, one.earned, one.shortfall, one.met, one.binding)
            for one in standing.findings
        ],
    }
    return canonical(kept)


@lru_cache(maxsize=16_384)
def _finding(*figures: Any) -> msgspec.Raw:
    """Write a finding out; thousands of teachers have the same."""
    return msgspec.Raw(canonical(dict(zip(_KEPT, figures, strict=True))).encode())


_KEPT = ("clause", "measure", "threshold", "earned", "shortfall", "met", "binding")


def _draft(row: Mapping[str, Any], deciding: Deciding) -> Draft:
    return Draft(
        teacher=row["teacher"],
        record=row["id"],
        activity=f"{row['period_kind']}:{row['label']}",
        kind=RECOGNITION,
        generation=row["generation"],
        on=deciding.on,
        micro_hours=row["micro_hours"],
        micro_credits=row["micro_credits"],
        hours_unit=row["hours_unit"],
        credits_unit=row["credits_unit"],
        pack=row["pack"],
        version=row["version"],
        evidence=row["evidence"],
        recorded_us=row["recorded_us"],
    )


async def recognised_by(conn: AsyncConnection, district: str, process: str) -> list[Mapping[str, Any]]:
    """Return the recognitions that a process made and that stand, by teacher."""
    its = recognition.c
    rows = await conn.execute(
        sa.select(recognition).where(its.district == district, its.process == process, STANDS).order_by(its.teacher)
    )
    return [dict(row) for row in rows.mappings()]
