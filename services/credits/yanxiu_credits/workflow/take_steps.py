"""Take the same step of many processes as one job: each is a part, done by whichever replica is free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.once import once
from yanxiu_footing.registry_facts import read_district
from yanxiu_rulekit.workflow import WorkStep
from yanxiu_wire.caller import Caller
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.jobs import Job
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import TakeSteps

from yanxiu_credits.jobs.enqueue import enqueue
from yanxiu_credits.jobs.read_jobs import read_jobs
from yanxiu_credits.jobs.work import Work
from yanxiu_credits.service import Service
from yanxiu_credits.workflow import refusals as no
from yanxiu_credits.workflow import refusals_of_people as people
from yanxiu_credits.workflow.acting import actor_of, reaches
from yanxiu_credits.workflow.advance import advance
from yanxiu_credits.workflow.assess_step import Actor, Given, who_may_not
from yanxiu_credits.workflow.foresee import foresee
from yanxiu_credits.workflow.foreseen import Foreseen
from yanxiu_credits.workflow.running import load
from yanxiu_credits.workflow.store import Row, waiting_processes

KIND = "take-steps"


async def take_steps(service: Service, district: str, command: TakeSteps, deadline: Deadline) -> Job | Refused:
    """Enter the job and return it as it begins; a process that moved in the meantime is left alone.

    What one process refuses (an open objection, its window) is that part's problem and stops no other. Refuses with
    WORKFLOW_UNKNOWN, STEP_UNKNOWN, STEP_NOT_YOURS, DELEGATION_* or LAW_*.
    """

    async def work(conn: AsyncConnection) -> Job | Refused:
        today = service.clock.today()
        actor = await actor_of(conn, district, command.caller, command.on_behalf_of, today)
        if isinstance(actor, Refused):
            return actor
        step = await _step(conn, service, district, command, actor)
        if isinstance(step, Refused):
            return step
        rows = await waiting_processes(conn, district, command.workflow, step.from_states, command.period)
        parts = [_part(row, command) for row in rows if reaches(actor, row)]
        about = {"workflow": command.workflow, "step": command.step, "processes": len(parts)}
        job = await enqueue(conn, service, district, KIND, parts, command.caller, about=about)
        return (await read_jobs(conn, district, [job], service.clock.now()))[job]

    return await once(service.databases, district, command, Job, deadline, work)


async def _step(
    conn: AsyncConnection, service: Service, district: str, command: TakeSteps, actor: Actor
) -> WorkStep | Refused:
    law = service.laws.bound(await read_district(conn, district), service.clock.today())
    if isinstance(law, Refused):
        return law
    workflow = law.pack.workflows.get(command.workflow)
    if workflow is None:
        return no.workflow_unknown(command.workflow, law.pack.workflows)
    if not actor.covers(command.workflow):
        return people.delegation_narrower(actor, command.workflow)
    step = workflow.step(command.step)
    if step is None:
        return no.step_unknown(workflow, command.step)
    return who_may_not(step, actor) or step


def _part(row: Row, command: TakeSteps) -> dict[str, Any]:
    return {
        "process": row.id,
        "version": row.version,
        "step": command.step,
        "statements": dict(command.statements),
        "caller": msgspec.to_builtins(command.caller),
        "on_behalf_of": command.on_behalf_of,
    }


async def _foresee(service: Service, district: str, part: Mapping[str, Any]) -> Foreseen | None:
    """Judge beside the writers what the step will need."""
    return await foresee(service, district, part["process"], part["step"])


async def _take(
    service: Service, district: str, part: Mapping[str, Any], conn: AsyncConnection, foreseen: Foreseen | None
) -> dict[str, Any] | Refused:
    """Take the step of one process in the transaction that marks the part as done."""
    caller = msgspec.convert(part["caller"], Caller)
    running = await load(conn, service, district, caller, part["process"], part["on_behalf_of"])
    if isinstance(running, Refused):
        return running
    step = running.workflow.step(part["step"])
    if step is None or running.row.version != part["version"]:
        return {"process": part["process"], "taken": False}
    running = replace(running, foreseen=foreseen)
    moved = await advance(conn, service, running, step, Given(statements=part["statements"]))
    return moved if isinstance(moved, Refused) else {"process": moved.id, "taken": True}


WORKS: Mapping[str, Work] = {KIND: Work(gather=_foresee, write=_take)}
