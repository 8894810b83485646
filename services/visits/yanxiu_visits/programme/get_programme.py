"""How far a batch of base schools is: each target with what was reached, each school with what it has."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import read_district
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.programme import (
    BaseSchoolBatch,
    BaseSchoolBatches,
    BaseSchoolProgramme,
    GetBaseSchoolProgramme,
    ListBaseSchoolBatches,
    ProgrammeEntry,
    SchoolProgramme,
)
from yanxiu_wire.refusal import Refused

from yanxiu_visits.ask_law import rulings
from yanxiu_visits.laws import InForce
from yanxiu_visits.programme import refusals
from yanxiu_visits.programme.assess_programme import achievements_of, held, of_school, programme_of, until
from yanxiu_visits.programme.batches import batch_of, placed_at, read_batches
from yanxiu_visits.programme.entry_store import standing_entries
from yanxiu_visits.programme.unlisted import read_unlisted
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service
from yanxiu_visits.supervising.refusals import no_such_rule


async def list_batches(
    service: Service, district: str, _query: ListBaseSchoolBatches, _deadline: Deadline
) -> BaseSchoolBatches | Refused:
    """Return the batches, newest first; which schools are base schools is public in the district."""
    async with service.databases.read(district) as conn:
        return BaseSchoolBatches(items=tuple(await read_batches(conn, district)))


async def get_programme(
    service: Service, district: str, query: GetBaseSchoolProgramme, _deadline: Deadline
) -> BaseSchoolProgramme | Refused:
    """Return a batch as of a day; BATCH_UNKNOWN, or NO_SUCH_RULE where the batch's law strives for nothing."""
    as_of = query.as_of or service.clock.today()
    async with service.databases.read(district) as conn:
        batches = await read_batches(conn, district)
        batch = batch_of(batches, query.batch)
        if batch is None:
            return refusals.batch_unknown(query.batch)
        law = service.laws.in_force(await read_district(conn, district), batch.starts_on, field="batch")
        if isinstance(law, Refused):
            return law
        if law.visits.programme is None:
            return no_such_rule(
                law.pack.jurisdiction, field="batch", zh="基地学校工作目标", en="targets of base schools"
            )
        entries = until(await standing_entries(conn, district, until=batch.starts_on), as_of)
        seen = await _seen(conn, query.caller, batch)
        unlisted = await read_unlisted(conn, district, batch, entries, seen)
    ever = {school for one in batches if one.starts_on < batch.starts_on for school in one.schools}
    programme = programme_of(batch, entries, ever)
    return BaseSchoolProgramme(
        batch=batch,
        as_of=as_of,
        targets=tuple(map(held, law.visits.targets(programme, law.law()))),
        schools=tuple(_school(law, batch, entries, one, unlisted.get(one, ())) for one in seen),
        rulings=rulings(law.answers("programme", programme)),
    )


async def _seen(conn: AsyncConnection, caller: Caller, batch: BaseSchoolBatch) -> tuple[str, ...]:
    """The schools of a batch that a caller sees: all of them, a school its own, a researcher where he is placed."""
    scope = scope_of(caller)
    if scope.kind == "self":
        here = await placed_at(conn, caller.district, scope.id, batch)
        return tuple(one for one in batch.schools if one in here)
    return tuple(one for one in batch.schools if scope.covers(None, one))


def _school(
    law: InForce, batch: BaseSchoolBatch, entries: list[ProgrammeEntry], school: str, unlisted: tuple[str, ...]
) -> SchoolProgramme:
    alone = law.visits.targets(of_school(batch, entries, school), law.law())
    return SchoolProgramme(
        school=school,
        achievements=achievements_of(school, law.visits.achievements(law.law()), entries),
        teachers=tuple(held(one) for one in alone if one.counts == "teachers"),
        unlisted=unlisted,
    )
