"""Subscriptions jobChanged and tasksChanged: a job's progress, and what the caller can do, whenever it is another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import strawberry
from yanxiu_wire.jobs import JOB_PROGRESSED, JobProgressed
from yanxiu_wire.workflow import PROCESS_MOVED, ProcessMoved

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.job import Job, JobId
from yanxiu_gateway.schema.nodes import First, asked_page, plain_id
from yanxiu_gateway.schema.task import TaskConnection, tasks_shown
from yanxiu_gateway.schema.watching import watched


async def job_changed(info: Info, job: JobId) -> AsyncGenerator[Job | None, None]:
    """Give the job as the query gives it, first at once, then each time that it went on; it ends after null."""
    named = plain_id("Job", job)

    def its(body: JobProgressed) -> bool:
        return body.job == named

    async def look() -> Any:
        return await info.context.loaders.workflow.job(named)

    async for found in watched(info, JOB_PROGRESSED, its, look, ends_with_nothing=True):
        yield found


async def tasks_changed(info: Info, first: First = 50) -> AsyncGenerator[TaskConnection | None, None]:
    """Give the first page of the caller's tasks, first at once, then each time that a process moved that he reaches.

    He reaches those of his school and of the district, and of the schools whose steps were handed to him; what was
    handed to him is read again with each look.
    """
    page, caller = asked_page(first, None), info.context.caller
    schools: set[str | None] = {caller.school}

    def mine(body: ProcessMoved) -> bool:
        return body.school is None or None in schools or body.school in schools

    async def look() -> Any:
        reads = info.context.loaders.workflow
        if caller.school is None:
            return tasks_shown(await reads.tasks(page), None)
        tasks, given = await asyncio.gather(reads.tasks(page), reads.delegations(of_district=False))
        handed = (one.school for one in given if one.to_subject == caller.subject and one.ended_on is None)
        schools.update(handed)
        return tasks_shown(tasks, None)

    async for found in watched(info, PROCESS_MOVED, mine, look, in_turn=True):
        yield found


@strawberry.type(description="作业与待办的订阅。What can be followed of jobs and tasks.")
class WorkSubscriptions:
    """Root fields."""

    job_changed: AsyncGenerator[Job | None, None] = strawberry.subscription(
        resolver=job_changed,
        description="一项作业：立即给出一次，此后每有进展再给出；不存在时给出空值后结束。"
        "A job: at once, then whenever it went on or ended; null and the end when there is none.",
    )
    tasks_changed: AsyncGenerator[TaskConnection | None, None] = strawberry.subscription(
        resolver=tasks_changed,
        description="我的待办（第一页）：立即给出一次，此后每有变化再给出。"
        "The first page of my tasks: at once, then whenever they are others.",
    )
