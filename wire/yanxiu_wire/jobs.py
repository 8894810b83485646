"""Messages of jobs: work on a whole district, cut into parts that the replicas of a service share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import RefusalItem, Refused

JobState = Literal["running", "done", "failed", "cancelled"]


class JobProblem(msgspec.Struct, frozen=True, kw_only=True):
    """A part that failed: its place in the job, how often it was tried, and why."""

    part: int
    tries: int
    reason: RefusalItem


class Job(msgspec.Struct, frozen=True, kw_only=True, tag="job"):
    """A job as it stands: parts in all, done and failed, how fast it goes and how long it may still take.

    `per_minute` are parts, `seconds_left` an estimate from the parts done so far; both None before the first one.
    `replicas` is how many processes have worked on it. `about` names what it works on, `result` what came of it.
    """

    id: str
    kind: str
    state: JobState
    total: int
    done: int
    failed: int
    asked_by: str
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    per_minute: Decimal | None = None
    seconds_left: int | None = None
    replicas: int = 0
    about: Mapping[str, Any] = {}
    result: Mapping[str, Any] | None = None
    problems: tuple[JobProblem, ...] = ()


class GetJobs(Query, frozen=True, kw_only=True):
    """Ask for jobs by id."""

    ids: tuple[str, ...]


class Jobs(msgspec.Struct, frozen=True, kw_only=True, tag="jobs"):
    """Jobs in the order asked for; None where unknown or out of scope."""

    items: tuple[Job | None, ...]


class ListJobs(Query, frozen=True, kw_only=True):
    """Ask for a page of the district's jobs, newest first."""

    page: Page = Page()
    kind: str | None = None
    state: JobState | None = None


class JobPage(msgspec.Struct, frozen=True, kw_only=True, tag="job-page"):
    """A page of jobs."""

    items: tuple[Job, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class StartJob(Command, frozen=True, kw_only=True):
    """Start a job that needs nothing but the district: `rebuild-standings`, `replay`, `seal` or `verify`."""

    kind: str


class CancelJob(Command, frozen=True, kw_only=True):
    """Give up the parts of a job that nobody has done yet; what is done stays done."""

    job: str


class JobProgressed(msgspec.Struct, frozen=True, kw_only=True):
    """A job went on by a hundredth, or ended."""

    job: str
    kind: str
    state: JobState
    total: int
    done: int
    failed: int


_SERVICE = "credits"

GET_JOBS = Endpoint(_SERVICE, "get-jobs", GetJobs, Jobs | Refused)
LIST_JOBS = Endpoint(_SERVICE, "list-jobs", ListJobs, JobPage | Refused)
START_JOB = Endpoint(_SERVICE, "start-job", StartJob, Job | Refused, writes=True)
CANCEL_JOB = Endpoint(_SERVICE, "cancel-job", CancelJob, Job | Refused, writes=True)
JOB_PROGRESSED = Event(_SERVICE, "job-progressed", JobProgressed)

ENDPOINTS: tuple[Endpoint[Any, Any], ...] = (GET_JOBS, LIST_JOBS, START_JOB, CANCEL_JOB)
EVENTS: tuple[Event[Any], ...] = (JOB_PROGRESSED,)
