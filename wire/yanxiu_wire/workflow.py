"""Messages, endpoints and events of the regulations' workflows: processes, signatures, delegation, publicity, tasks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.jobs import Job
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.process import (
    Delegation,
    Evidence,
    Notice,
    Objection,
    Phase,
    Process,
    ProcessPeriod,
    PublicLine,
    RecordState,
    Task,
    UnsettledPeriod,
    WorkflowView,
)
from yanxiu_wire.refusal import Refused

SERVICE = "credits"

# ---- commands --------------------------------------------------------------------------------------------------


class OpenProcess(Command, frozen=True, kw_only=True):
    """Open a workflow's process by taking its first step: one for each workflow, school and period.

    `on` is a day within the term or year (default: today); `school` is left out by those who hold a school, and for a
    workflow of the whole district. The rest is what `TakeStep` says.
    """

    workflow: str
    school: str | None = None
    on: date | None = None
    step: str | None = None
    projects: tuple[str, ...] = ()
    statements: Mapping[str, str] = {}
    evidence: tuple[Evidence, ...] = ()
    project_facts: Mapping[str, Mapping[str, Any]] = {}
    on_behalf_of: str | None = None


class TakeStep(Command, frozen=True, kw_only=True):
    """Take a step of a process that stands at `version`; `on_behalf_of` is the id of a delegation.

    `statements` answer the step's asks as texts, `evidence` those of the form document, `project_facts` (project ->
    facts) the one of the form projects. `projects` names other projects where the process is back at its start.
    """

    process: str
    step: str
    version: int
    projects: tuple[str, ...] = ()
    statements: Mapping[str, str] = {}
    evidence: tuple[Evidence, ...] = ()
    project_facts: Mapping[str, Mapping[str, Any]] = {}
    on_behalf_of: str | None = None


class TakeSteps(Command, frozen=True, kw_only=True):
    """Take the same step of every process of a workflow that stands before it and is the caller's, as one job.

    `period` narrows it to a term or year by its label, `statements` answer the step's asks alike for all.
    """

    workflow: str
    step: str
    period: str | None = None
    statements: Mapping[str, str] = {}
    on_behalf_of: str | None = None


class ReturnProcess(Command, frozen=True, kw_only=True):
    """Send a process back with a reason; whoever may take the next step may."""

    process: str
    version: int
    reason: str
    on_behalf_of: str | None = None


class TakeBackRecognition(Command, frozen=True, kw_only=True):
    """Take back what a process recognised, all of it: for a higher level than the one that recognised."""

    process: str
    version: int
    reason: str
    on_behalf_of: str | None = None


class ProcessMovedOn(msgspec.Struct, frozen=True, kw_only=True, tag="process-moved-on"):
    """The process after the command; `replayed` when the same key had been answered before."""

    process: Process
    replayed: bool = False


class DelegateSteps(Command, frozen=True, kw_only=True):
    """Hand the steps of one's own role and scope to another person of the district, both days included."""

    to_subject: str
    since: date
    until: date
    reason: str
    workflows: tuple[str, ...] = ()


class EndDelegation(Command, frozen=True, kw_only=True):
    """End a delegation from now on."""

    delegation: str


class RaiseObjection(Command, frozen=True, kw_only=True):
    """Object to what a process makes public, about a teacher's result or one record."""

    process: str
    text: str
    teacher: str | None = None
    record: str | None = None


class SettleObjection(Command, frozen=True, kw_only=True):
    """Uphold or dismiss an objection with a reason; upheld, the record that it names is reversed."""

    objection: str
    upheld: bool
    reason: str
    on_behalf_of: str | None = None


class ObjectionAnswered(msgspec.Struct, frozen=True, kw_only=True, tag="objection-answered"):
    """The objection as it stands, and its process."""

    process: str
    objection: Objection
    replayed: bool = False


# ---- queries ---------------------------------------------------------------------------------------------------


class GetProcesses(Query, frozen=True, kw_only=True):
    """Ask for processes by id, in full."""

    ids: tuple[str, ...]


class Processes(msgspec.Struct, frozen=True, kw_only=True, tag="processes"):
    """Processes in the order asked for; None where unknown or out of scope."""

    items: tuple[Process | None, ...]


class ListProcesses(Query, frozen=True, kw_only=True):
    """Ask for a page of processes, newest first; each filter narrows it. By `objections` they come in full."""

    page: Page = Page()
    workflow: str | None = None
    school: str | None = None
    state: str | None = None
    period: str | None = None
    project: str | None = None
    ended: bool | None = None
    objections: tuple[str, ...] = ()


class ProcessPage(msgspec.Struct, frozen=True, kw_only=True, tag="process-page"):
    """A page of processes."""

    items: tuple[Process, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class ListTasks(Query, frozen=True, kw_only=True):
    """Ask what the caller can do now, for himself and for those who delegated to him; the nearest deadline first.

    `after` is the cursor of the task to go on behind.
    """

    first: int = 50
    after: str | None = None


class Tasks(msgspec.Struct, frozen=True, kw_only=True, tag="tasks"):
    """A page of the tasks, how many there are in all, and the periods to be settled by locking them again."""

    items: tuple[Task, ...]
    total: int
    unsettled: tuple[UnsettledPeriod, ...] = ()
    cursors: tuple[str, ...] = ()
    has_next: bool = False


class ListPublicLines(Query, frozen=True, kw_only=True):
    """Ask for a page of the newest public list of a process, by teacher."""

    process: str
    page: Page = Page()


class PublicLinePage(msgspec.Struct, frozen=True, kw_only=True, tag="public-line-page"):
    """A page of a public list; `on` is the day whose teachers it names."""

    items: tuple[PublicLine, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int
    on: date | None = None


class GetPublicLists(Query, frozen=True, kw_only=True):
    """Ask for the same page of the newest public list of each of several processes."""

    processes: tuple[str, ...]
    page: Page = Page()


class PublicLists(msgspec.Struct, frozen=True, kw_only=True, tag="public-lists"):
    """A page for each process asked for, in that order; a refusal where the caller may not see it."""

    pages: tuple[PublicLinePage | Refused, ...]


class ListDelegations(Query, frozen=True, kw_only=True):
    """Ask for the delegations given by or to the caller; an officer may ask for all of the district.

    With `ids` for those of them alone, of all that the caller may ask for.
    """

    all: bool = False
    ids: tuple[str, ...] = ()


class Delegations(msgspec.Struct, frozen=True, kw_only=True, tag="delegations"):
    """Delegations, newest first."""

    items: tuple[Delegation, ...]


class ListNotices(Query, frozen=True, kw_only=True):
    """Ask for what a teacher was told, newest first; with `ids` for those notices, whoever was told."""

    teacher: str | None = None
    ids: tuple[str, ...] = ()
    page: Page = Page()


class NoticePage(msgspec.Struct, frozen=True, kw_only=True, tag="notice-page"):
    """A page of notices."""

    items: tuple[Notice, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class GetRecordStates(Query, frozen=True, kw_only=True):
    """Ask where records stand between registration and recognition."""

    ids: tuple[str, ...]


class RecordStates(msgspec.Struct, frozen=True, kw_only=True, tag="record-states"):
    """States in the order asked for; None where unknown or out of scope."""

    items: tuple[RecordState | None, ...]


class ListWorkflows(Query, frozen=True, kw_only=True):
    """Ask for the workflows of the law in force on a day (default: today)."""

    on: date | None = None


class Workflows(msgspec.Struct, frozen=True, kw_only=True, tag="workflows"):
    """The workflows of a law, in its order."""

    items: tuple[WorkflowView, ...]


class VerifySignatures(Query, frozen=True, kw_only=True):
    """Recompute every process's chain of signatures."""


class SignaturesVerified(msgspec.Struct, frozen=True, kw_only=True, tag="signatures-verified"):
    """How many processes and signatures were read, and the first that does not fit (None when all fit)."""

    processes: int
    signatures: int
    first_bad: str | None = None
    problem: str | None = None


# ---- endpoints and events --------------------------------------------------------------------------------------

OPEN_PROCESS = Endpoint(SERVICE, "open-process", OpenProcess, ProcessMovedOn | Refused, writes=True, seconds=60)
TAKE_STEP = Endpoint(SERVICE, "take-step", TakeStep, ProcessMovedOn | Refused, writes=True, seconds=60)
TAKE_STEPS = Endpoint(SERVICE, "take-steps", TakeSteps, Job | Refused, writes=True)
RETURN_PROCESS = Endpoint(SERVICE, "return-process", ReturnProcess, ProcessMovedOn | Refused, writes=True)
TAKE_BACK_RECOGNITION = Endpoint(
    SERVICE, "take-back-recognition", TakeBackRecognition, ProcessMovedOn | Refused, writes=True, seconds=60
)
DELEGATE_STEPS = Endpoint(SERVICE, "delegate-steps", DelegateSteps, Delegation | Refused, writes=True)
END_DELEGATION = Endpoint(SERVICE, "end-delegation", EndDelegation, Delegation | Refused, writes=True)
RAISE_OBJECTION = Endpoint(SERVICE, "raise-objection", RaiseObjection, ObjectionAnswered | Refused, writes=True)
SETTLE_OBJECTION = Endpoint(SERVICE, "settle-objection", SettleObjection, ObjectionAnswered | Refused, writes=True)
GET_PROCESSES = Endpoint(SERVICE, "get-processes", GetProcesses, Processes | Refused)
LIST_PROCESSES = Endpoint(SERVICE, "list-processes", ListProcesses, ProcessPage | Refused)
LIST_TASKS = Endpoint(SERVICE, "list-tasks", ListTasks, Tasks | Refused)
LIST_PUBLIC_LINES = Endpoint(SERVICE, "list-public-lines", ListPublicLines, PublicLinePage | Refused, superseded=True)
GET_PUBLIC_LISTS = Endpoint(SERVICE, "get-public-lists", GetPublicLists, PublicLists | Refused)
LIST_DELEGATIONS = Endpoint(SERVICE, "list-delegations", ListDelegations, Delegations | Refused)
LIST_NOTICES = Endpoint(SERVICE, "list-notices", ListNotices, NoticePage | Refused)
GET_RECORD_STATES = Endpoint(SERVICE, "get-record-states", GetRecordStates, RecordStates | Refused)
LIST_WORKFLOWS = Endpoint(SERVICE, "list-workflows", ListWorkflows, Workflows | Refused)
VERIFY_SIGNATURES = Endpoint(SERVICE, "verify-signatures", VerifySignatures, SignaturesVerified | Refused, seconds=60)


class ProcessMoved(msgspec.Struct, frozen=True, kw_only=True):
    """A process was opened, moved on, sent back, had its recognition taken back, or has a new or settled objection."""

    process: str
    workflow: str
    school: str | None
    period: ProcessPeriod | None
    what: Literal["opened", "step", "returned", "taken-back", "objection"]
    step: str
    state: str
    phase: Phase
    version: int
    on: date


PROCESS_MOVED = Event(SERVICE, "process-moved", ProcessMoved)

ENDPOINTS: tuple[Endpoint[Any, Any], ...] = (
    OPEN_PROCESS,
    TAKE_STEP,
    TAKE_STEPS,
    RETURN_PROCESS,
    TAKE_BACK_RECOGNITION,
    DELEGATE_STEPS,
    END_DELEGATION,
    RAISE_OBJECTION,
    SETTLE_OBJECTION,
    GET_PROCESSES,
    LIST_PROCESSES,
    LIST_TASKS,
    LIST_PUBLIC_LINES,
    GET_PUBLIC_LISTS,
    LIST_DELEGATIONS,
    LIST_NOTICES,
    GET_RECORD_STATES,
    LIST_WORKFLOWS,
    VERIFY_SIGNATURES,
)
EVENTS: tuple[Event[Any], ...] = (PROCESS_MOVED,)
