"""What a regulation's workflow looks like while it runs: process, signatures, open steps, publicity, tasks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from yanxiu_wire.explanation import Reading
from yanxiu_wire.refusal import RefusalItem

Phase = Literal["registered", "reviewed", "in_publicity", "submitted", "recognised", "returned"]
RecordState = Literal["registered", "reviewed", "in_publicity", "submitted", "recognised", "returned", "revoked"]
Mark = Literal["", "early", "late"]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """An attachment: what it is called, where it is kept, and the SHA-256 of its content (64 hex digits).

    `name` is the ask of the step that it answers, empty for one that was added freely.
    """

    title: str
    reference: str
    sha256: str
    name: str = ""


class ProcessPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """The term or year that a process is about, both days included."""

    kind: str
    label: str
    starts_on: date
    ends_on: date


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the signer of a step states or attaches."""

    name: str
    label_zh: str
    label_en: str
    form: str
    required: bool
    clauses: tuple[str, ...] = ()


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """Who took a step (or returned it, `step` is then `return`), when, on what; chained to the one before by `hash`.

    `on_behalf_of` is the subject whose role was exercised under a delegation. `mark` says that the day lay outside
    the step's window.
    """

    seq: int
    step: str
    label_zh: str
    label_en: str
    subject: str
    role: str
    school: str | None
    on_behalf_of: str | None
    on: date
    mark: Mark
    from_state: str
    to_state: str
    statements: Mapping[str, Any]
    evidence: tuple[Evidence, ...]
    reason: str | None
    pack: str
    version: str
    signed_at: datetime
    previous: str
    hash: str


class OpenStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step that leads on from where a process stands: by whom, between which days, on what.

    `mine` says that the asker's role and scope may take it; `hindrances` are what stands against it today, its
    statements aside.
    """

    name: str
    label_zh: str
    label_en: str
    by: tuple[str, ...]
    opens: date | None
    closes: date | None
    when_zh: str
    when_en: str
    overdue: bool
    asks: tuple[Asked, ...]
    clauses: tuple[str, ...]
    readings: tuple[Reading, ...]
    consequence_zh: str
    consequence_en: str
    mine: bool
    hindrances: tuple[RefusalItem, ...] = ()


class Objection(msgspec.Struct, frozen=True, kw_only=True):
    """An objection raised during publicity, and how it was settled.

    `text` and `raised_by` are None for everybody but the one who raised it and those who may settle it; `reason` and
    `settled_by` for colleagues whom it does not concern, who see it only while the list is public.
    """

    id: str
    teacher: str | None
    record: str | None
    text: str | None
    raised_by: str | None
    raised_on: date
    state: Literal["open", "upheld", "dismissed"]
    reason: str | None = None
    settled_by: str | None = None
    settled_on: date | None = None
    reversed_entry: str | None = None


class Publicity(msgspec.Struct, frozen=True, kw_only=True):
    """A list made public: how many teachers it names, since when, until when at least, and its digest."""

    round: int
    teachers: int
    opened_on: date
    open_until: date | None
    open: bool
    digest: str


class PublicLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a public list says of one teacher: the result that will be recognised."""

    teacher: str
    verdict: str
    hours: Decimal
    credits: Decimal
    recognised_hours: Decimal
    recognised_credits: Decimal
    hours_unit: str
    credits_unit: str


class Process(msgspec.Struct, frozen=True, kw_only=True, tag="process"):
    """One run of a workflow: where it stands, what was signed, what comes next.

    `signatures`, `steps`, `publicity` and `objections` are filled where one process is asked for, not in lists.
    """

    id: str
    workflow: str
    label_zh: str
    label_en: str
    carries: str
    school: str | None
    period: ProcessPeriod | None
    state: str
    state_label_zh: str
    state_label_en: str
    phase: Phase
    ended: bool
    version: int
    entered: date
    opened_on: date
    pack: str
    pack_version: str
    clauses: tuple[str, ...]
    projects: tuple[str, ...] = ()
    statements: Mapping[str, Any] = {}
    signatures: tuple[Signature, ...] = ()
    steps: tuple[OpenStep, ...] = ()
    publicity: Publicity | None = None
    objections: tuple[Objection, ...] = ()


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A step that the asker may take now or soon; `process` is None where the process has still to be opened.

    `on` is a day of the period to open it for. `delegation` and `on_behalf_of` are set where it is done for another.
    """

    workflow: str
    label_zh: str
    label_en: str
    process: str | None
    version: int
    school: str | None
    period: ProcessPeriod | None
    on: date
    step: OpenStep
    delegation: str | None = None
    on_behalf_of: str | None = None


class UnsettledPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """A period of a school (None: the district) that was open up to `opened_until` and is closed again by itself.

    Of so many `teachers` the recognition that stands is not what is judged now: whoever locks the period again
    recognises them anew. `lock` is the lock that is in force again.
    """

    lock: str
    school: str | None
    period: ProcessPeriod
    opened_until: date
    teachers: int


class Delegation(msgspec.Struct, frozen=True, kw_only=True, tag="delegation"):
    """One person's steps handed to another for a time; no workflow named means all of them."""

    id: str
    from_subject: str
    role: str
    school: str | None
    to_subject: str
    workflows: tuple[str, ...]
    since: date
    until: date
    reason: str
    ended_on: date | None = None


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What a teacher was told: the result of a period, recognised by which process, as it was recognised.

    `revoked_on` is the day on which that recognition was taken back; what is recognised anew is told again.
    """

    id: str
    teacher: str
    process: str
    period: ProcessPeriod
    verdict: str
    recognised_hours: Decimal
    recognised_credits: Decimal
    hours_unit: str
    credits_unit: str
    told_on: date
    revoked_on: date | None = None


class WorkflowStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step as the law orders it."""

    name: str
    label_zh: str
    label_en: str
    from_states: tuple[str, ...]
    to_state: str
    by: tuple[str, ...]
    asks: tuple[Asked, ...]
    not_by: tuple[str, ...]
    clauses: tuple[str, ...]
    when_zh: str
    when_en: str
    consequence_zh: str
    consequence_en: str


class WorkflowView(msgspec.Struct, frozen=True, kw_only=True):
    """A workflow as the law orders it; `states` are (name, Chinese label, English label)."""

    name: str
    label_zh: str
    label_en: str
    carries: str
    scope: str
    per: str
    states: tuple[tuple[str, str, str], ...]
    steps: tuple[WorkflowStep, ...]
    clauses: tuple[str, ...]
