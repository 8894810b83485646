"""Whether a term's gatherings of areas and the district fell on the research days of their subjects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_term
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.visitfacts import ResearchDays, SubjectActivity
from yanxiu_rulekit.visits import Answered
from yanxiu_wire.codec import decode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.field_records import FieldRecord, Gathering
from yanxiu_wire.refusal import Refused
from yanxiu_wire.subjects import DistrictSubjects, GatheringOnDay, GetResearchDays, ResearchDaysHeld

from yanxiu_visits import refusals as general
from yanxiu_visits.ask_law import rulings
from yanxiu_visits.laws import InForce
from yanxiu_visits.programme.subject_store import in_force, read_versions
from yanxiu_visits.recording.tables import field_record
from yanxiu_visits.service import Service
from yanxiu_visits.supervising.refusals import no_such_rule
from yanxiu_visits.visiting.tables import visit

# How far a gathering reaches that has a day of its own; others are the schools' affair.
WIDE = ("area", "district", "above")


async def get_research_days(
    service: Service, district: str, query: GetResearchDays, _deadline: Deadline
) -> ResearchDaysHeld | Refused:
    """Return the gatherings off their day; TERM_UNKNOWN, or NO_SUCH_RULE where the law sets no research day.

    Each gathering is held against the days in force when it was; the law is asked once for each version of them.
    """
    async with service.databases.read(district) as conn:
        term = await read_term(conn, district, query.term)
        if term is None:
            return general.term_unknown(query.term)
        law = service.laws.in_force(await read_district(conn, district), term.starts_on, field="term", field_work=False)
        if isinstance(law, Refused):
            return law
        if law.visits.research_days is None:
            return no_such_rule(law.pack.jurisdiction, field="term", zh="学科研修日", en="research days of subjects")
        as_of = min(query.as_of or service.clock.today(), term.ends_on)
        versions = await read_versions(conn, district)
        held = await _gatherings(conn, district, term.id, as_of)
    return _held(law, versions, held, term=term.id, as_of=as_of)


def _held(
    law: InForce, versions: list[DistrictSubjects], held: list[FieldRecord], *, term: str, as_of: date
) -> ResearchDaysHeld:
    days = {one.version: _days(one) for one in versions}
    by_version: dict[int, list[FieldRecord]] = {}
    for one in held:
        found = in_force(versions, one.on or as_of)
        by_version.setdefault(found.version if found else 0, []).append(one)
    answers: list[Answered] = []
    off: list[GatheringOnDay] = []
    for version, records in sorted(by_version.items()):
        answers += law.answers("research_days", _facts(days.get(version, {}), records))
        off += [shown for one in records if (shown := _off(law, days.get(version, {}), one)) is not None]
    return ResearchDaysHeld(
        term=term,
        as_of=as_of,
        gatherings=len(held),
        off_day=tuple(sorted(off, key=lambda one: (one.on, one.record))),
        failed=tuple(dict.fromkeys(clause for one in answers for clause in one.failed)),
        rulings=rulings(answers),
    )


async def _gatherings(conn: AsyncConnection, district: str, term: str, as_of: date) -> list[FieldRecord]:
    """The gatherings of a subject beyond one school that are on file of a term up to a day, of no cancelled visit."""
    its, called_off = field_record.c, sa.select(visit.c.id).where(visit.c.district == district)
    found = await conn.execute(
        sa.select(its.body)
        .where(
            its.district == district,
            its.term == term,
            its.kind == "gathering",
            its.state == "recorded",
            its.on <= as_of,
            sa.or_(its.visit.is_(None), its.visit.not_in(called_off.where(visit.c.state == "cancelled"))),
        )
        .order_by(its.on, its.id)
    )
    records = [decode(FieldRecord, body.encode()) for body in found.scalars()]
    return [one for one in records if isinstance(one.content, Gathering) and _is_wide(one.content)]


def _is_wide(content: Gathering) -> bool:
    return content.reach in WIDE and bool((content.subject or "").strip())


def _days(version: DistrictSubjects) -> Mapping[str, int]:
    return {one.subject: one.weekday for one in version.subjects if one.weekday is not None}


def _facts(days: Mapping[str, int], records: list[FieldRecord]) -> ResearchDays:
    activities = tuple(
        SubjectActivity(id=one.id, subject=one.content.subject or "", on=one.on, scope=one.content.reach)
        for one in records
        if isinstance(one.content, Gathering) and one.on is not None
    )
    return ResearchDays(days=days, activities=activities)


def _off(law: InForce, days: Mapping[str, int], record: FieldRecord) -> GatheringOnDay | None:
    """Return a gathering that the law, asked about it alone, finds off its day; None for one in order."""
    facts = _facts(days, [record])
    if not any(one.failed for one in law.answers("research_days", facts)):
        return None
    (asked,) = facts.activities
    return GatheringOnDay(
        record=record.id,
        researcher=record.researcher,
        subject=asked.subject,
        on=asked.on,
        weekday=days.get(asked.subject),
    )
