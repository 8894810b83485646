"""The job `adopt`: decide again what a preview named, and see that all comes out exactly as it had said."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import Person, read_district, read_people
from yanxiu_rulekit import outcome
from yanxiu_wire.caller import Caller
from yanxiu_wire.refusal import Refused

from yanxiu_credits.jobs.work import Work
from yanxiu_credits.laws import InForce
from yanxiu_credits.policy import refuse
from yanxiu_credits.policy.adopt_policy import KIND
from yanxiu_credits.policy.compute import seen_by
from yanxiu_credits.policy.decide_again import Again, decide_again
from yanxiu_credits.policy.lines import figures, lines_of
from yanxiu_credits.policy.read_previews import read_row
from yanxiu_credits.policy.snapshot import read_period
from yanxiu_credits.policy.tables import preview, preview_line, preview_record
from yanxiu_credits.policy.worth import worth_under
from yanxiu_credits.service import Service
from yanxiu_credits.standings.judge import judge
from yanxiu_credits.standings.periods import period_and_law
from yanxiu_credits.tables import decision, record

Part = Mapping[str, Any]


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A part before it writes: the preview, the law of its period, the teachers, and each record decided again."""

    row: Any
    period: outcome.Period
    law: InForce
    people: list[Person]
    again: list[Again]


async def prepare(service: Service, district: str, part: Part) -> Prepared | Refused:
    """Decide the records of a part again, in a thread; refuses where one is not worth what the preview said."""
    async with service.databases.read(district) as conn:
        row = await read_row(conn, district, part["preview"])
        if row is None:
            return refuse.preview_unknown(part["preview"])
        known = await read_district(conn, district)
        on = msgspec.json.decode(row.draft)["on"]
        chosen = period_and_law(service.laws, known, row.kind, date.fromisoformat(on), row.today)
        if isinstance(chosen, Refused):
            return chosen
        stored = await _stored(conn, district, row.id, part["teachers"])
        people = await read_people(conn, district, part["teachers"])

    def weigh() -> list[Again] | Refused:
        again: list[Again] = []
        for one in stored:
            law = service.laws.in_force(known, one["on"])
            worth = worth_under(law, one)
            wanted = (
                one["after_status"],
                one["after_micro_hours"],
                one["after_micro_credits"],
                one["after_attributes"],
            )
            if worth.figures != wanted:
                return refuse.adoption_differs(one["id"], wanted[:3], worth.figures[:3])
            again.append(Again(row=one, worth=worth, law=law))
        return again

    weighed = await asyncio.to_thread(weigh)
    if isinstance(weighed, Refused):
        return weighed
    ordered = sorted(people.values(), key=lambda one: one.id)
    return Prepared(row=row, period=chosen[0], law=chosen[1], people=ordered, again=weighed)


async def _stored(conn: AsyncConnection, district: str, preview_id: str, teachers: Sequence[str]) -> list[Any]:
    """Return the previewed records of these teachers that are open and not decided yet, with record and decision."""
    told = preview_record.c
    names = [told[name] for name in ("entry_id", "after_status", "after_micro_hours", "after_micro_credits")]
    found = await conn.execute(
        sa.select(record, *names, told.after_attributes, decision.c.teacher_facts)
        .join(preview_record, sa.and_(told.district == record.c.district, told.record == record.c.id))
        .join(decision, sa.and_(decision.c.district == record.c.district, decision.c.record == record.c.id))
        .where(
            told.district == district,
            told.preview == preview_id,
            told.teacher.in_(list(teachers)),
            told.locked.is_(None),
            told.matched.is_(None),
        )
        .order_by(record.c.teacher, record.c.id)
    )
    return list(found.mappings())


async def write(
    service: Service, district: str, part: Part, conn: AsyncConnection, found: Prepared
) -> dict[str, Any] | Refused:
    """Reverse and enter anew, then judge every teacher of the part: one figure off, and all of it is undone."""
    by = msgspec.convert(part["by"], Caller)
    made: list[str] = []
    for one in found.again:
        new = await decide_again(conn, service, district, one, by=by, reason=part["reason"])
        if isinstance(new, Refused):
            return new
        made += [new] if new else []
    gone = [one.row["id"] for one in found.again]
    refused = await _compare(conn, district, found, part["teachers"], made, gone)
    if refused is not None:
        return refused
    for table in (preview_line, preview_record):
        told = sa.and_(
            table.c.district == district, table.c.preview == found.row.id, table.c.teacher.in_(part["teachers"])
        )
        open_ones = [table.c.locked.is_(None)] if table is preview_record else []
        await conn.execute(sa.update(table).where(told, *open_ones).values(matched=True))
    return {"records": len(gone), "teachers": len(found.people)}


async def _compare(
    conn: AsyncConnection,
    district: str,
    found: Prepared,
    teachers: Sequence[str],
    made: Sequence[str],
    gone: Sequence[str],
) -> Refused | None:
    """Return the refusal of the first teacher whose standing is not what the preview had said, None when all are."""
    row = found.row
    days = found.law.pack.lines_between(found.period, found.law.settings)
    rows = await read_period(conn, district, teachers, days, seen_by(row), more=made, decided=gone)
    lines = {teacher: lines_of(own) for teacher, own in groupby(rows, key=lambda one: one.teacher)}
    told = await conn.execute(
        sa.select(preview_line).where(
            preview_line.c.district == district,
            preview_line.c.preview == row.id,
            preview_line.c.teacher.in_(list(teachers)),
        )
    )
    wanted = {one["teacher"]: one for one in told.mappings()}
    for person in found.people:
        came = figures(judge(found.law, found.period, lines.get(person.id, ()), person, row.today))
        for name, value in came.items():
            said = wanted[person.id][f"after_{name}"] if person.id in wanted else None
            if said != value:
                return refuse.adoption_differs(f"{person.id} {name}", said, value)
    return None


async def conclude(_service: Service, district: str, part: Part, conn: AsyncConnection) -> dict[str, Any]:
    """Close the preview: every line of it has been compared."""
    mine = sa.and_(preview.c.district == district, preview.c.id == part["preview"])
    await conn.execute(sa.update(preview).where(mine).values(state="adopted"))
    counts: dict[str, Any] = {"preview": part["preview"]}
    for name, table in (("teachers", preview_line), ("records", preview_record)):
        matched = sa.and_(table.c.district == district, table.c.preview == part["preview"], table.c.matched.is_(True))
        counts[name] = int(await conn.scalar(sa.select(sa.func.count()).select_from(table).where(matched)) or 0)
    return counts


WORKS = {KIND: Work(gather=prepare, write=write), f"{KIND}-end": Work(write=conclude)}
