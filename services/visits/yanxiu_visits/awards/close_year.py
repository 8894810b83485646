"""Close an award year: the law is asked whether it keeps to the quotas, and each shortfall has its reason."""

from __future__ import annotations

from collections import Counter
from datetime import date

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit import visitfacts
from yanxiu_wire.awards import AwardYear, CloseAwardYear, Shortfall
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits.ask_law import breached, rulings
from yanxiu_visits.awards import refusals
from yanxiu_visits.awards.award_store import all_of, put_year, read_year
from yanxiu_visits.awards.objection_store import open_objections
from yanxiu_visits.service import Service
from yanxiu_visits.supervising.refusals import against_the_law


async def close_award_year(
    service: Service, district: str, command: CloseAwardYear, deadline: Deadline
) -> AwardYear | Refused:
    """Close; SHORTFALL_UNEXPLAINED names a category that gave fewer than its quota without a reason."""

    async def work(conn: AsyncConnection) -> AwardYear | Refused:
        found = await read_year(conn, district, command.year)
        if found is None:
            return refusals.award_year_unknown(command.year)
        year, seed = found
        if year.state != "ranked":
            return refusals.year_not_so(year.state, ["ranked"])
        everyone = await all_of(conn, district, command.year)
        waiting = await open_objections(conn, district, [one.id for one in everyone])
        if waiting:
            return refusals.objection_open(waiting[0].id)
        given = Counter(one.category for one in everyone if one.state == "confirmed")
        shortfalls = []
        for one in year.categories:
            missing = one.quota - given[one.name]
            reason = command.reasons.get(one.name, "").strip()
            if missing > 0 and not reason:
                return refusals.shortfall_unexplained(one.name, missing, one.clauses)
            if missing > 0:
                shortfalls.append(Shortfall(category=one.name, missing=missing, reason=reason))
        last = date(command.year, 12, 31)
        law = service.laws.in_force(await read_district(conn, district), last, field="year", field_work=False)
        if isinstance(law, Refused):
            return law
        awards = {one.name: given[one.name] for one in year.categories if given[one.name]}
        asked = visitfacts.AwardYear(year=command.year, awards=awards)
        answers = law.answers("award_quota", asked) if law.visits.award_quota is not None else ()
        failed, said = breached(answers)
        if failed:
            return against_the_law("year", command.year, failed, said)
        made = msgspec.structs.replace(year, state="closed", shortfalls=tuple(shortfalls), rulings=rulings(answers))
        await put_year(conn, district, made, seed)
        return made

    return await once(service.databases, district, command, AwardYear, deadline, work)
