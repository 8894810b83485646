"""Reveal a draw: the seed, the witness's word, and the schools that both draw from the roster."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.supervision import RevealDraw, SupervisionDraw

from yanxiu_visits.service import Service
from yanxiu_visits.supervising import lots, refusals
from yanxiu_visits.supervising.draw_store import add_result, read_draws, read_seed, revealed
from yanxiu_visits.visiting.assess_note import assess_text


async def reveal_draw(
    service: Service, district: str, command: RevealDraw, deadline: Deadline
) -> SupervisionDraw | Refused:
    """Reveal, once, and by another than who committed to it.

    One person is who signs in as the same subject, or is the same teacher by the tokens of both. Somebody with two
    accounts that name no teacher is not known for one.
    """
    refused = assess_text("witness", command.witness, most=200)
    if refused is not None:
        return refused
    witness = command.witness.strip()

    async def work(conn: AsyncConnection) -> SupervisionDraw | Refused:
        draw = (await read_draws(conn, district, [command.draw])).get(command.draw)
        seed = await read_seed(conn, district, command.draw)
        if draw is None or seed is None:
            return refusals.unknown("draw", "抽签", "draw", command.draw)
        if draw.state == "revealed":
            return refusals.not_so("draw", "抽签", "draw", draw.state, "committed")
        person = command.caller.teacher
        if draw.committed_by == command.caller.subject or (person is not None and draw.committed_person == person):
            return refusals.same_hand(draw.committed_by)
        done = revealed(
            draw,
            seed=seed.hex(),
            witness=witness,
            drawn=lots.draw_lots(seed, witness, draw.roster, draw.count),
            revealed_by=command.caller.subject,
            revealed_at=service.clock.now(),
        )
        await add_result(conn, district, done)
        return done

    return await once(service.databases, district, command, SupervisionDraw, deadline, work)
