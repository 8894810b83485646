"""Move a process on: the step judged, its effect done, signed, the new state stored and announced: one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.announce import announce
from yanxiu_footing.clock import to_us
from yanxiu_footing.stored import canonical
from yanxiu_rulekit.outcome import Period
from yanxiu_rulekit.workflow import WorkStep
from yanxiu_wire.process import Evidence, ProcessPeriod
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import PROCESS_MOVED, ProcessMoved

from yanxiu_credits import refusals
from yanxiu_credits.service import Service
from yanxiu_credits.store.ledger import read_head
from yanxiu_credits.store.projects import read_projects
from yanxiu_credits.workflow import project_effects as projects
from yanxiu_credits.workflow.acting import as_caller
from yanxiu_credits.workflow.assess_step import Given, Taken, assess_step, phase_of
from yanxiu_credits.workflow.publicity_store import close_rounds
from yanxiu_credits.workflow.recognise import recognise, recognised_by
from yanxiu_credits.workflow.results import judging, make_public, tell
from yanxiu_credits.workflow.running import Running
from yanxiu_credits.workflow.signing import RETURN, REVERSAL, Signed, content_of, seal
from yanxiu_credits.workflow.store import Row, add_signature, head_of, move_process
from yanxiu_credits.workflow.tables import notice
from yanxiu_credits.workflow.windows import opening_of

Result = Mapping[str, Any]
_WHAT = {RETURN: "returned", REVERSAL: "taken-back"}


async def advance(
    conn: AsyncConnection, service: Service, running: Running, step: WorkStep, given: Given
) -> Row | Refused:
    """Take a step and return the process as it stands then, or why it may not be taken."""
    row = running.row
    opening = opening_of(running.law, step, running.moment, row.law_on)
    taken = assess_step(running.workflow, step, running.situation, running.actor, given, opening, running.today)
    if isinstance(taken, Refused):
        return taken
    refused = await projects.set_facts(
        conn, row.district, running.law, step, running.projects, given.project_facts, running.today
    )
    if refused is not None:
        return refused
    if running.round is not None and running.round.open:
        await close_rounds(conn, row.district, row.id)
    result = await _effect(conn, service, running, taken)
    if isinstance(result, Refused):
        return result
    move = Move(
        step=step.name,
        to=step.to,
        mark=taken.mark,
        statements=taken.statements,
        evidence=given.evidence,
        result=result,
    )
    return await sign(conn, service, running, move)


async def _effect(conn: AsyncConnection, service: Service, running: Running, taken: Taken) -> Result | Refused:
    district, carried = running.row.district, running.projects
    match taken.step.effect:
        case "approve_projects":
            refused = await projects.approve(conn, district, running.law, carried, running.actor, running.today)
            return refused if refused is not None else {"approved": len(carried)}
        case "publish_projects":
            await projects.publish(conn, district, carried, running.today)
            return {"published": len(carried)}
        case "return_projects":
            await projects.give_back(conn, district, carried, taken.statements)
            return {"returned": len(carried)}
        case "open_publicity" | "recognise":
            return await _results(conn, service, running, taken.step.effect)
        case "feedback":
            return await _feedback(conn, running)
        case None:
            return {}


async def _results(conn: AsyncConnection, service: Service, running: Running, effect: str) -> Result | Refused:
    law, row = judging(running.law), running.row
    if isinstance(law, Refused):
        return law
    if effect == "recognise":
        done = await recognise(conn, service, running, law, as_caller(running.actor, running.caller))
        return done if isinstance(done, Refused) else {"recognised": done}
    period = row.its_period
    if period is None:
        return refusals.period_unknown(running.workflow.per, ())
    made = await make_public(
        conn,
        service,
        row.district,
        law,
        period,
        process=row.id,
        school=row.school,
        before=running.round,
        today=running.today,
        foreseen=running.foreseen,
    )
    if isinstance(made, Refused):
        return made
    # Where the ledger stood: what upheld objections take back afterwards is told from every other change by it.
    place, _hash = await read_head(conn, row.district)
    return {"public": made.digest, "teachers": made.teachers, "ledger": place}


async def _feedback(conn: AsyncConnection, running: Running) -> Result:
    row, its = running.row, notice.c
    recognised = await recognised_by(conn, row.district, row.id)
    known = await conn.execute(sa.select(its.recognition).where(its.district == row.district, its.process == row.id))
    told = await tell(conn, row.district, row.id, recognised, set(known.scalars()), running.today)
    return {"told": told}


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """What is signed: the step (or a return, with its reason), where it leads, what was stated and what it did."""

    step: str
    to: str
    mark: str = ""
    statements: Mapping[str, Any] = {}
    evidence: tuple[Evidence, ...] = ()
    result: Mapping[str, Any] = {}
    reason: str | None = None


async def sign(conn: AsyncConnection, service: Service, running: Running, move: Move) -> Row:
    """Store the signature and where it led, announce the move, and return the process as it stands."""
    body = await _body(conn, running, move.result)
    signed = _signed(running, move, body, to_us(service.clock.now()))
    await add_signature(conn, signed, seal(signed))
    moved = msgspec.structs.replace(
        running.row,
        state=move.to,
        phase=phase_of(running.workflow, (*(one.signed for one in running.chain), signed)),
        ended=move.to in running.workflow.final,
        version=signed.seq,
        entered=running.today,
    )
    await move_process(conn, moved)
    what = _WHAT.get(move.step) or ("opened" if signed.seq == 1 else "step")
    await tell_move(conn, moved, what=what, step=move.step)
    return moved


def _signed(running: Running, move: Move, body: str, now_us: int) -> Signed:
    row, actor, law = running.row, running.actor, running.law
    stated = canonical(move.statements)
    attached = canonical([msgspec.structs.asdict(one) for one in move.evidence])
    return Signed(
        district=row.district,
        process=row.id,
        seq=len(running.chain) + 1,
        step=move.step,
        subject=actor.subject,
        role=actor.role,
        school=actor.school,
        on_behalf_of=actor.behalf,
        delegation=actor.delegation,
        on=running.today,
        mark=move.mark,
        from_state=row.state,
        to_state=move.to,
        body=body,
        statements=stated,
        evidence=attached,
        reason=move.reason,
        pack=law.pack.name,
        version=law.pack.version,
        signed_us=now_us,
        content=content_of(body, stated, attached),
        previous=head_of(running.chain),
    )


async def _body(conn: AsyncConnection, running: Running, result: Result) -> str:
    """Return the process as it is signed: what it is about, the projects as they stand now, what the step did."""
    row = running.row
    found = await read_projects(conn, row.district, running.projects)
    return canonical(
        {
            "process": row.id,
            "workflow": row.workflow,
            "school": row.school,
            "period": row.period,
            "law": [row.jurisdiction, row.pack, row.pack_version, row.law_on],
            "projects": {one: found[one].facts for one in running.projects if one in found},
            "result": result,
        }
    )


async def tell_move(conn: AsyncConnection, row: Row, *, what: str, step: str) -> None:
    """Announce that a process moved; the caller's transaction holds it."""
    moved = ProcessMoved(
        process=row.id,
        workflow=row.workflow,
        school=row.school or None,
        period=period_view(row),
        what=what,  # type: ignore[arg-type]  # one of the words of the event
        step=step,
        state=row.state,
        phase=row.phase,  # type: ignore[arg-type]  # `phase_of` gives no other
        version=row.version,
        on=row.entered,
    )
    await announce(conn, PROCESS_MOVED, row.district, moved)


def period_view(row: Row) -> ProcessPeriod | None:
    """Return a process's period as it travels."""
    return as_period(row.its_period)


def as_period(period: Period | None) -> ProcessPeriod | None:
    """Return a period as it travels."""
    if period is None:
        return None
    return ProcessPeriod(kind=period.kind, label=period.label, starts_on=period.start, ends_on=period.end)
