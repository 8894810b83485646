"""Revoke a confirmed award; what was confirmed stays to be seen, and its place goes to another only in an open year."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.award_endings import RevokeAward
from yanxiu_wire.awards import AwardYear, Nomination, Shortfall
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_visits.awards import refusals
from yanxiu_visits.awards.award_store import category_of, end_nomination, put_year, read_nomination, read_year
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_note import assess_text


async def revoke_award(
    service: Service, district: str, command: RevokeAward, deadline: Deadline
) -> Nomination | Refused:
    """Revoke; PLACE_NOT_FREED with the clause where its place is asked for once the year is closed.

    The law gives a number for a year, so that nobody moves up into a year that is over: it counts one fewer, and the
    reason stands with the year's other shortfalls.
    """
    refused = assess_text("reason", command.reason, most=1000)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> Nomination | Refused:
        one = await read_nomination(conn, district, command.nomination)
        found = await read_year(conn, district, one.year) if one is not None else None
        if one is None or found is None:
            return refusals.nomination_unknown(command.nomination)
        if one.state != "confirmed":
            return refusals.year_not_so(one.state, ["confirmed"])
        year, seed = found
        category = category_of(year, one.category)
        if year.state == "closed" and command.free_place:
            clauses = category.clauses if category is not None else ()
            return refusals.place_not_freed(one.category, one.place, clauses)
        reason = command.reason.strip()
        made = msgspec.structs.replace(
            one,
            state="revoked",
            place=None if command.free_place else one.place,
            reason=reason,
            ended_by=command.caller.subject,
            ended_at=service.clock.now(),
        )
        await end_nomination(conn, district, made, had=one.place, freed=command.free_place, role=command.caller.role)
        if year.state == "closed":
            await put_year(conn, district, _one_fewer(year, one.category, reason), seed)
        return made

    return await once(service.databases, district, command, Nomination, deadline, work)


def _one_fewer(year: AwardYear, category: str, reason: str) -> AwardYear:
    """Return a closed year with one award fewer in a category, and why beside what was said of it before."""
    before = next((one for one in year.shortfalls if one.category == category), None)
    fewer = Shortfall(
        category=category,
        missing=1 + (before.missing if before is not None else 0),
        reason=f"{before.reason}；{reason}" if before is not None else reason,
    )
    others = tuple(one for one in year.shortfalls if one.category != category)
    return msgspec.structs.replace(year, shortfalls=(*others, fewer))
