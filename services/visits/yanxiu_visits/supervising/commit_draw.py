"""Commit to a draw: the roster of a day, who is exempted and why, how many, and the digest of a secret seed."""

from __future__ import annotations

import secrets
from datetime import date

import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.supervision import CommitDraw, SupervisionDraw

from yanxiu_visits import refusals as general
from yanxiu_visits.service import Service
from yanxiu_visits.supervising import lots, refusals
from yanxiu_visits.supervising.draw_store import add_draw
from yanxiu_visits.supervising.ground import open_schools, read_law_year, supervised_on
from yanxiu_visits.visiting.assess_note import assess_text


async def commit_draw(
    service: Service, district: str, command: CommitDraw, deadline: Deadline
) -> SupervisionDraw | Refused:
    """Publish the commitment; the roster is every school open on its day, no school left out without a reason."""
    today = service.clock.today()
    on = command.roster_on or today
    if on > today:
        return general.day_in_future(on, today, field="roster_on")
    refused = next((no for one in command.exempted if (no := assess_text("exempted", one.reason, most=500))), None)
    if refused is not None:
        return refused

    async def work(conn: AsyncConnection) -> SupervisionDraw | Refused:
        law = await supervised_on(service, conn, district, on, field="roster_on")
        roster = law if isinstance(law, Refused) else await _roster(service, conn, district, command, on)
        if isinstance(roster, Refused):
            return roster
        seed = secrets.token_bytes(lots.SEED_BYTES)
        draw = SupervisionDraw(
            id=str(uuid_utils.uuid7()),
            school_year=command.school_year,
            state="committed",
            roster_on=on,
            roster=roster,
            exempted=command.exempted,
            count=command.count,
            roster_sha256=lots.digest_of_names(roster),
            seed_sha256=lots.digest_of_seed(seed),
            committed_by=command.caller.subject,
            committed_person=command.caller.teacher,
            committed_at=service.clock.now(),
            algorithm=lots.ALGORITHM,
        )
        await add_draw(conn, district, draw, seed)
        return draw

    return await once(service.databases, district, command, SupervisionDraw, deadline, work)


async def _roster(
    service: Service, conn: AsyncConnection, district: str, command: CommitDraw, on: date
) -> tuple[str, ...] | Refused:
    """Return the schools that may be drawn: all that are open on the day, but those exempted by name.

    A day that lies back leaves out no school that has opened since, unless it is exempted with its reason.
    """
    year = await read_law_year(service, conn, district, command.school_year)
    if isinstance(year, Refused):
        return year
    if not year.holds(on):
        return refusals.day_outside("roster_on", on, year.id, year.clauses)
    there = await open_schools(conn, district, on)
    later = set(await open_schools(conn, district, year.day_of(service.clock.today()))) - set(there)
    exempted = {one.school for one in command.exempted}
    stranger = next((one for one in exempted if one not in there and one not in later), None)
    if stranger is not None:
        return general.school_unknown(stranger, field="exempted")
    left_out = sorted(later - exempted)
    if left_out:
        return refusals.left_out(left_out, on, year.clauses)
    roster = tuple(one for one in there if one not in exempted)
    fits = 1 <= command.count <= len(roster)
    return roster if fits else general.out_of_bounds("count", command.count, 1, len(roster))
