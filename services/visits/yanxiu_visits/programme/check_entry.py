"""What caller, batch, law and registry say of an entry of the programme."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.refusals import forbidden
from yanxiu_footing.registry_facts import read_district, read_people
from yanxiu_wire.caller import Caller
from yanxiu_wire.programme import Achieved, BaseSchoolBatch, EntryContent
from yanxiu_wire.refusal import Refused

from yanxiu_visits import refusals as general
from yanxiu_visits.programme import refusals
from yanxiu_visits.programme.assess_entry import assess_days, assess_kind
from yanxiu_visits.programme.batches import placed_at
from yanxiu_visits.scope import OFFICERS, RECORDERS, SCHOOL_ROLES
from yanxiu_visits.service import Service
from yanxiu_visits.supervising.refusals import no_such_rule


async def may_record(
    conn: AsyncConnection, caller: Caller, batch: BaseSchoolBatch, school: str, content: EntryContent
) -> Refused | None:
    """Return why the caller may not record this of a school, None where he may.

    An officer records of every base school, a researcher of those at which he is placed, and a school which of its
    teachers took part in a contest: what it has been named, the district records.
    """
    if caller.role in OFFICERS:
        return None
    if caller.role in SCHOOL_ROLES:
        if caller.school != school:
            return refusals.no_base_school(school)
        return forbidden(caller.role, RECORDERS) if isinstance(content, Achieved) else None
    here = caller.teacher is not None and school in await placed_at(conn, caller.district, caller.teacher, batch)
    return None if here else refusals.no_base_school(school)


async def check_entry(
    service: Service, conn: AsyncConnection, district: str, batch: BaseSchoolBatch, school: str, content: EntryContent
) -> Refused | None:
    """Return why law, calendar or registry do not let it stand, None where they do; the law is that of the batch."""
    refused = assess_days(content, batch, service.clock.today())
    if refused is not None:
        return refused
    law = service.laws.in_force(await read_district(conn, district), batch.starts_on, field="batch")
    if isinstance(law, Refused):
        return law
    known = law.visits.achievements(law.law())
    if law.visits.programme is None or not known:
        return no_such_rule(law.pack.jurisdiction, field="batch", zh="基地学校工作目标", en="targets of base schools")
    if isinstance(content, Achieved):
        refused = assess_kind(content, known)
        people = {} if content.teacher is None else {"content.teacher": content.teacher}
        on = content.reached_on
    else:
        people = {f"content.entrants[{at}].teacher": one.teacher for at, one in enumerate(content.entrants)}
        on = content.held_on
    if refused is not None:
        return refused
    found = await read_people(conn, district, list(people.values()))
    for field, person in people.items():
        if person not in found or found[person].school_on(on) != school:
            return general.person_unknown(person, field=field)
    return None
