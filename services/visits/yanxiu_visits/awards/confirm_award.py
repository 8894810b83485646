"""Confirm an award: its days of objection are over, none is open, and it is within the quota of the law."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.awards import ConfirmAward, Nomination
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits.awards import refusals
from yanxiu_visits.awards.assess_quota import in_line, open_places, within
from yanxiu_visits.awards.award_store import (
    all_of,
    barred_schools,
    category_of,
    put_nomination,
    read_nomination,
    read_year,
    take_place,
)
from yanxiu_visits.awards.objection_store import open_objections
from yanxiu_visits.service import Service


async def confirm_award(
    service: Service, district: str, command: ConfirmAward, deadline: Deadline
) -> Nomination | Refused:
    """Confirm; QUOTA_FULL with the clause for whoever is not among the first of the quota in line.

    The place is a row whose key and check hold the quota in the database, whoever confirms at the same time.
    """

    async def work(conn: AsyncConnection) -> Nomination | Refused:
        one = await read_nomination(conn, district, command.nomination)
        if one is None:
            return refusals.nomination_unknown(command.nomination)
        refused = await _wrong(service, conn, district, one)
        if refused is not None:
            return refused
        return await _placed(service, conn, district, command, one)

    return await once(service.databases, district, command, Nomination, deadline, work)


async def _wrong(service: Service, conn: AsyncConnection, district: str, one: Nomination) -> Refused | None:
    if one.state != "nominated":
        return refusals.year_not_so(one.state, ["nominated"])
    if one.objections_until is None:
        return refusals.not_public(one.id)
    if service.clock.today() <= one.objections_until:
        return refusals.objections_last(one.objections_until)
    waiting = await open_objections(conn, district, [one.id])
    if waiting:
        return refusals.objection_open(waiting[0].id)
    barred = await barred_schools(conn, district, one.year)
    return refusals.school_barred(one.school, barred[one.school]) if one.school in barred else None


async def _placed(
    service: Service, conn: AsyncConnection, district: str, command: ConfirmAward, one: Nomination
) -> Nomination | Refused:
    found = await read_year(conn, district, one.year)
    category = category_of(found[0], one.category) if found is not None else None
    if found is None or category is None:
        return refusals.award_year_unknown(one.year)
    if found[0].state != "ranked":
        return refusals.year_not_so(found[0].state, ["ranked"])
    barred = await barred_schools(conn, district, one.year)
    everyone = await all_of(conn, district, one.year, one.category)
    first = within(in_line(everyone, barred), one.id, open_places(everyone, category.quota))
    place = await take_place(conn, district, one, category.quota) if first else None
    if place is None:
        return refusals.quota_full(category.name, category.quota, category.clauses)
    by, at = command.caller.subject, service.clock.now()
    made = msgspec.structs.replace(one, state="confirmed", place=place, confirmed_by=by, confirmed_at=at)
    await put_nomination(conn, district, made)
    return made
