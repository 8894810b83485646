"""The job `preview`: re-assess a school's records and judge its teachers under the present and the draft law."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import Person, read_district, read_people
from yanxiu_footing.stored import canonical
from yanxiu_rulekit.errors import RuleNotInForce
from yanxiu_wire.caller import Caller
from yanxiu_wire.codec import decode, encode
from yanxiu_wire.policy import Cause, PreviewPolicy
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import District

from yanxiu_credits import refusals
from yanxiu_credits.books.locks import Lock
from yanxiu_credits.jobs.work import Work
from yanxiu_credits.laws import Laws
from yanxiu_credits.policy import refuse
from yanxiu_credits.policy.judge_both import Both, TwoLaws, judge_both
from yanxiu_credits.policy.lines import effect
from yanxiu_credits.policy.preview_policy import KIND, Drawn, draw
from yanxiu_credits.policy.read_previews import read_row, sum_up
from yanxiu_credits.policy.snapshot import (
    Recognised,
    Seen,
    closing,
    named,
    read_current,
    read_locks,
    read_period,
    read_recognised,
)
from yanxiu_credits.policy.tables import preview, preview_line, preview_record
from yanxiu_credits.policy.weigh_many import Weigher
from yanxiu_credits.policy.worth import Worth, why_worth, worth_under
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger import hash_at, read_head

Part = Mapping[str, Any]
_NOBODY = Caller(subject="preview", role="auditor", district="")


class Ready(msgspec.Struct, frozen=True):
    """A draft with what weighs records by it and by the present law; all parts of a preview share it."""

    drawn: Drawn
    draft: Weigher
    present: Weigher


class School(msgspec.Struct, frozen=True, kw_only=True):
    """What one part works on, as it was read: the draft, the teachers, their records and lines, and the locks."""

    row: Any
    ready: Ready
    people: list[Person]
    records: list[Any]
    lines: list[Any]
    locks: list[Lock]
    recognised: frozenset[Recognised]


def seen_by(row: Any) -> Seen:
    """Return up to where a preview sees the books."""
    return Seen(seq=row.head_seq, us=row.created_us)


async def read_school(service: Service, district: str, part: Part) -> School | Refused:
    """Read what the part needs, in one state of the database."""
    async with service.databases.read(district) as conn:
        row = await read_row(conn, district, part["preview"])
        if row is None:
            return refuse.preview_unknown(part["preview"])
        ready = ready_for(service, row, await read_district(conn, district))
        if isinstance(ready, Refused):
            return ready
        drawn, teachers, seen = ready.drawn, part["teachers"], seen_by(row)
        try:
            days = _reaching_out(drawn)
        except RuleNotInForce:
            return refusals.law_not_in_force(drawn.period.end)
        return School(
            row=row,
            ready=ready,
            people=sorted((await read_people(conn, district, teachers)).values(), key=lambda one: one.id),
            records=await read_current(conn, district, teachers, row.since, seen),
            lines=await read_period(conn, district, teachers, days, seen),
            locks=await read_locks(conn, district, row.today),
            recognised=await read_recognised(conn, district, teachers),
        )


def _reaching_out(drawn: Drawn) -> tuple[Any, Any]:
    days = [one.pack.lines_between(drawn.period, one.settings) for one in (drawn.law, drawn.present)]
    return min(first for first, _ in days), max(last for _, last in days)


def ready_for(service: Service, row: Any, known: District | None) -> Ready | Refused:
    """Return the draft of a stored preview, as it was drawn when it was asked for."""
    return _drawn(service.laws, encode(known), row.draft, row.today)


@lru_cache(maxsize=4)
def _drawn(laws: Laws, known: bytes, draft: str, today: date) -> Ready | Refused:
    """Draw once for all parts: the paths of a law, traced in one part, serve the next."""
    asked = msgspec.convert({**msgspec.json.decode(draft), "key": "-", "caller": _NOBODY}, PreviewPolicy)
    drawn = draw(laws, decode(District | None, known), asked, today)
    if isinstance(drawn, Refused):
        return drawn
    district, governs = drawn.district, drawn.laws
    return Ready(
        drawn,
        Weigher(lambda on: governs.in_force(district, on)),
        Weigher(lambda on: laws.in_force(district, on)),
    )


async def look(service: Service, district: str, part: Part) -> dict[str, Any] | Refused:
    """Compute the rows of a part; the judging runs in a thread, so that others are answered meanwhile."""
    school = await read_school(service, district, part)
    if isinstance(school, Refused):
        return school
    try:
        return await asyncio.to_thread(_compare, school, part["school"])
    except RuleNotInForce:
        return refusals.law_not_in_force(school.ready.drawn.period.end)


def _compare(school: School, name: str) -> dict[str, Any]:
    """Return the rows of records whose worth changes, and of every teacher's line."""
    changed: dict[str, tuple[Any, Worth]] = {}
    records: list[dict[str, Any]] = []
    causes: dict[str, list[Sequence[Cause]]] = {}
    ready = school.ready
    for row, after in ready.draft.changed(school.records):
        before = worth_under(ready.present.law_on(row["on"]), row)
        why, of = why_worth(before, after), {"teacher": row["teacher"], "school": row["school"], "on": row["on"]}
        lock = closing(school.locks, school.recognised, **of)
        records.append(_record_row(row, after, why, lock))
        if lock is None:
            changed[row["id"]] = (row, after)
            causes.setdefault(row["teacher"], []).append(why)
    drawn = ready.drawn
    laws = TwoLaws(period=drawn.period, present=drawn.present, draft=drawn.law, today=school.row.today)
    judged = judge_both(laws, school.people, school.lines, changed, causes)
    moved = Counter(row["teacher"] for row, _worth in changed.values())
    locked = _locked_period(school, name)
    return {
        "records": records,
        "lines": [
            {"teacher": teacher, "school": name, "records": moved[teacher], "locked": locked, **_line_row(both)}
            for teacher, both in judged.items()
        ],
    }


def _record_row(row: Any, after: Worth, why: Sequence[Cause], lock: str | None) -> dict[str, Any]:
    counted = row["status"] == "COUNTED"
    return {
        "record": row["id"],
        "teacher": row["teacher"],
        "school": row["school"] or "",
        "on": row["on"],
        "entry_id": row["entry_id"] if counted else None,
        "before_status": row["status"],
        "before_micro_hours": row["micro_hours"] if counted else 0,
        "before_micro_credits": row["micro_credits"] if counted else 0,
        "after_status": after.status,
        "after_micro_hours": after.micro_hours,
        "after_micro_credits": after.micro_credits,
        "after_attributes": after.attributes,
        "causes": canonical(why),
        "locked": lock,
    }


def _line_row(both: Both) -> dict[str, Any]:
    return {
        "effect": effect(both.before, both.after),
        **{f"before_{key}": value for key, value in both.figures[0].items()},
        **{f"after_{key}": value for key, value in both.figures[1].items()},
        "causes": canonical(both.why),
    }


def _locked_period(school: School, name: str) -> str | None:
    period = school.ready.drawn.period
    for one in school.locks:
        if one.school in (None, name) and (one.kind, one.label) == (period.kind, period.label):
            return named(one)
    return None


async def keep(
    _service: Service, district: str, part: Part, conn: AsyncConnection, found: dict[str, Any]
) -> dict[str, Any]:
    """Store the rows of a part."""
    own = {"district": district, "preview": part["preview"]}
    for table, rows in ((preview_record, found["records"]), (preview_line, found["lines"])):
        if rows:
            await conn.execute(sa.insert(table), [{**own, **row} for row in rows])
    return {"records": len(found["records"]), "teachers": len(found["lines"])}


async def conclude(_service: Service, district: str, part: Part, conn: AsyncConnection) -> dict[str, Any] | Refused:
    """Sum the preview up, and see that the ledger it was made from is still under the ledger as it is."""
    row = await read_row(conn, district, part["preview"])
    if row is None:
        return refuse.preview_unknown(part["preview"])
    if await hash_at(conn, district, row.head_seq) != row.head_hash:
        return refusals.ledger_broken(district)
    head, _ = await read_head(conn, district)
    summary = {
        **await sum_up(conn, district, row.id),
        "locks": sorted({named(one) for one in await read_locks(conn, district, row.today)}),
    }
    mine = sa.and_(preview.c.district == district, preview.c.id == row.id)
    await conn.execute(sa.update(preview).where(mine).values(state="ready", summary=canonical(summary)))
    return {"preview": row.id, "head_before": row.head_seq, "head_after": head}


WORKS = {KIND: Work(gather=look, write=keep), f"{KIND}-end": Work(write=conclude)}
