"""startJob and cancelJob: work on the whole district is begun, or what is left of it given up."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from yanxiu_wire import jobs as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.job import Job
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled

NAMES = {"job": "jobId"}


@strawberry.input(name="StartJobInput", description="startJob 的输入。Input of startJob.")
class StartJobInput:
    """What to start."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    kind: str = strawberry.field(
        description="种类：verify 核对台账，rebuild-standings 重算达标情况，replay 重演全部裁定，"
        "seal 封存已锁定的年度。"
        "What to do: verify the ledger, rebuild-standings, replay every decision, or seal the years that are locked."
    )


@strawberry.input(name="CancelJobInput", description="cancelJob 的输入。Input of cancelJob.")
class CancelJobInput:
    """What to cancel."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    job_id: strawberry.ID = strawberry.field(description="作业编号。The job's id.")


@strawberry.type(name="StartJobPayload", description="startJob 的结果。What startJob came to.")
class StartJobPayload(Payload):
    """The job or errors."""

    job: Job | None = strawberry.field(resolver=item_of, description="发起的作业。The job begun.")


@strawberry.type(name="CancelJobPayload", description="cancelJob 的结果。What cancelJob came to.")
class CancelJobPayload(Payload):
    """The job or errors."""

    job: Job | None = strawberry.field(resolver=item_of, description="取消的作业。The job given up.")


async def start_job(
    info: Info, given: Annotated[StartJobInput, strawberry.argument(name="input", description="输入。The input.")]
) -> Any:
    """Start a job."""
    if problem := key_problem(given.idempotency_key):
        return problem
    context = info.context
    command = wire.StartJob(caller=context.caller, key=given.idempotency_key, kind=given.kind)
    return settled(await context.backend.start_job(command, deadline=context.deadline))


async def cancel_job(
    info: Info, given: Annotated[CancelJobInput, strawberry.argument(name="input", description="输入。The input.")]
) -> Any:
    """Cancel a job."""
    if problem := key_problem(given.idempotency_key):
        return problem
    context = info.context
    job = plain_id("Job", given.job_id)
    command = wire.CancelJob(caller=context.caller, key=given.idempotency_key, job=job)
    return settled(await context.backend.cancel_job(command, deadline=context.deadline), NAMES)


@strawberry.type(description="作业的写操作。What can be done about jobs.")
class JobMutations:
    """Root fields."""

    start_job: StartJobPayload | None = strawberry.mutation(
        resolver=start_job,
        description="发起一项只需区县的作业，分部分进行。Begin a job that needs nothing but the district.",
    )
    cancel_job: CancelJobPayload | None = strawberry.mutation(
        resolver=cancel_job,
        description="取消作业尚未做的部分；采纳不能取消。Give up what of a job is not done; an adoption cannot be.",
    )
