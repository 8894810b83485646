"""Jobs: work on the whole district in parts, its progress, and why parts failed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import jobs as wire

from yanxiu_gateway.errors import granted
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import Fact, fact_rows
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, page_rows, plain_id
from yanxiu_gateway.schema.outcome import UserError, UserErrorRow
from yanxiu_gateway.schema.words import wire_word

value = strawberry.enum_value


@strawberry.enum(name="JobState", description="作业的状态。How a job stands.")
class JobState(Enum):
    """States; the values are the wire's."""

    RUNNING = value("running", description="进行中。At work, or waiting for a free process.")
    DONE = value("done", description="已完成。Every part is done.")
    FAILED = value("failed", description="有部分失败，见 problems。A part failed; `problems` says why.")
    CANCELLED = value("cancelled", description="已取消；做完的部分保留。Given up; what was done stays done.")


JobRow = strawberry.Parent[wire.Job]


def reason_of(root: strawberry.Parent[wire.JobProblem]) -> Any:
    """Why, as errors are told."""
    return UserErrorRow(root.reason, root.reason.field)


@strawberry.type(name="JobProblem", description="失败的一部分及原因。A part that failed, and why.")
class JobProblem:
    """A failed part."""

    part: int = strawberry.field(description="第几部分，从 1 起。Its place in the job, from 1.")
    tries: int = strawberry.field(description="尝试过几次。How often it was tried.")
    reason: UserError = strawberry.field(
        resolver=reason_of,
        description="原因与办法。Why, and what to do.",
    )


def percent(root: JobRow) -> int:
    """Hundredths of the parts that have ended."""
    return (root.done + root.failed) * 100 // root.total if root.total else 100


def facts_of(values: Mapping[str, Any] | None) -> Any:
    """A job's own words as facts."""
    return fact_rows(values or {})


@strawberry.type(name="Job", description="一项分部分进行的作业。A piece of work on the district, done in parts.")
class Job(Node):
    """A job."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A job of the credits service is shown as this type."""
        return isinstance(obj, wire.Job)

    kind: str = strawberry.field(
        description="种类，如 preview、adopt、verify、rebuild-standings。What it does, such as preview or adopt."
    )
    state: JobState = strawberry.field(resolver=lambda root: JobState(root.state), description="状态。How it stands.")
    total: int = strawberry.field(description="共有几部分。Parts in all.")
    done: int = strawberry.field(description="完成几部分。Parts done.")
    failed: int = strawberry.field(description="失败几部分。Parts that failed.")
    percent: int = strawberry.field(resolver=percent, description="进度，百分之几。Progress in hundredths.")
    per_minute: Decimal | None = strawberry.field(description="每分钟完成几部分。Parts done a minute.")
    seconds_left: int | None = strawberry.field(description="估计还需几秒。Seconds it may still take; an estimate.")
    replicas: int = strawberry.field(description="参与的进程数。How many processes have worked on it.")
    asked_by: str = strawberry.field(description="由谁发起。Who asked for it.")
    created_at: datetime = strawberry.field(description="发起的时刻。When it was asked for.")
    started_at: datetime | None = strawberry.field(description="开始的时刻。When the first part was begun.")
    ended_at: datetime | None = strawberry.field(description="结束的时刻。When it ended.")
    about: list[Fact] = strawberry.field(
        resolver=lambda root: facts_of(root.about), description="所办何事。What it works on."
    )
    result: list[Fact] = strawberry.field(
        resolver=lambda root: facts_of(root.result), description="结果；未完成时为空。What came of it; empty before."
    )
    problems: list[JobProblem] = strawberry.field(description="失败的部分，至多 20 个。Parts that failed, at most 20.")


JobId = Annotated[strawberry.ID, strawberry.argument(name="id", description="作业编号。The job's id.")]
KindWanted = Annotated[str | None, strawberry.argument(description="只要这个种类。Only jobs of this kind.")]
StateWanted = Annotated[JobState | None, strawberry.argument(description="只要这个状态。Only jobs that stand so.")]


async def get_job(info: Info, job: JobId) -> Any:
    """One job; None for one that does not exist here."""
    context = info.context
    query = wire.GetJobs(caller=context.caller, ids=(plain_id("Job", job),))
    return granted(await context.backend.get_jobs(query, deadline=context.deadline)).items[0]


async def list_jobs(
    info: Info, first: First = 50, after: After = None, kind: KindWanted = None, state: StateWanted = None
) -> Any:
    """A page of the district's jobs."""
    context = info.context
    query = wire.ListJobs(
        caller=context.caller,
        page=asked_page(first, after),
        kind=kind,
        state=wire_word(state),  # type: ignore[arg-type]  # the enum's values are the wire's
    )
    return page_rows(granted(await context.backend.list_jobs(query, deadline=context.deadline)), after)


@strawberry.type(description="作业的查询。What can be asked about jobs.")
class JobQueries:
    """Root fields."""

    job: Job | None = strawberry.field(
        resolver=get_job, description="一项作业的进度；不存在时为空。One job and its progress; null when there is none."
    )
    jobs: Connection[Job] | None = strawberry.field(
        resolver=list_jobs, description="本区的作业，新的在前。The district's jobs, newest first."
    )
