"""Messages, endpoints and events owned by the credits service; all numbers are exact decimals (text in JSON)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from yanxiu_wire import jobs, policy
from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.explanation import Explanation
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.process import Evidence
from yanxiu_wire.record_parts import RecordColumns, RecordTable
from yanxiu_wire.refusal import Refused
from yanxiu_wire.standings import GET_STANDINGS as GET_STANDINGS
from yanxiu_wire.standings import LIST_SCHOOL_RATIOS, LIST_SHORTFALLS, SUMMARISE_SHORTFALLS
from yanxiu_wire.standings import Finding as Finding
from yanxiu_wire.standings import GetStandings as GetStandings
from yanxiu_wire.standings import Standing as Standing
from yanxiu_wire.standings import Standings as Standings

# ---- views -----------------------------------------------------------------------------------------------------

ProjectState = Literal["proposed", "approved", "returned"]


class Project(msgspec.Struct, frozen=True, kw_only=True, tag="project"):
    """A training project: what it fixes for every record under it, and whether the department approved it.

    `approval_document` is the paper that an approval outside a process rests on: the project was approved on paper.
    """

    id: str
    title: str
    organiser: str
    facts: Mapping[str, Any]
    state: ProjectState
    starts_on: date | None = None
    ends_on: date | None = None
    approved_on: date | None = None
    approved_by: str | None = None
    return_reason: str | None = None
    version: int = 1
    proposed_on: date | None = None
    published_on: date | None = None
    school: str | None = None
    approval_document: Evidence | None = None


class Reversal(msgspec.Struct, frozen=True, kw_only=True):
    """Why a record's entry was taken back, by whom in which role; `entry` is the reversing entry's id.

    `integrity` names the finding of fraud that it rests on.
    """

    entry: str
    why: Literal["correction", "fraud", "objection", "law", "return"]
    reason: str
    reversed_by: str
    role: str
    recorded_at: datetime
    integrity: str | None = None


class Record(msgspec.Struct, frozen=True, kw_only=True, tag="record"):
    """A training record with what it earned; `explanation` is filled only where it was asked for.

    With a `reversal` it counts no longer: it is revoked, or corrected by the record in `superseded_by`.
    """

    id: str
    teacher: str
    school: str | None
    project: str | None
    on: date
    status: Literal["COUNTED", "ZERO"]
    hours: Decimal
    credits: Decimal
    hours_unit: str
    credits_unit: str
    facts: Mapping[str, Any]
    attributes: Mapping[str, Any]
    reasons: tuple[str, ...] = ()
    entry: int | None = None
    recorded_at: datetime
    supersedes: str | None = None
    superseded_by: str | None = None
    reversal: Reversal | None = None
    explanation: Explanation | None = None


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the district's ledger: its place in the chain, what it moved, and its hash (hex).

    `kind` is `registration` (a record counts), `recognition` (a teacher's period is recognised: `record` is then the
    recognition's id and `activity` `<period kind>:<label>`), or `registration-reversal` and `recognition-reversal`
    with the negative amounts of the entry whose id stands in `reverses`.
    """

    seq: int
    id: str
    teacher: str
    record: str
    kind: str
    on: date
    hours: Decimal
    credits: Decimal
    recorded_at: datetime
    previous: str
    hash: str
    activity: str = ""
    generation: int = 1
    reverses: str | None = None


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """A teacher's sums of the ledger up to a date: what was registered, and what was officially recognised."""

    teacher: str
    hours: Decimal
    credits: Decimal
    records: int
    recognised_hours: Decimal = Decimal(0)
    recognised_credits: Decimal = Decimal(0)


# ---- project ---------------------------------------------------------------------------------------------------


class ProposeProject(Command, frozen=True, kw_only=True):
    """Enter a training project; `facts` are those that the law lets a project fix (mode, level, coefficient ...)."""

    title: str
    organiser: str
    facts: Mapping[str, Any]
    starts_on: date | None = None
    ends_on: date | None = None


class DecideProject(Command, frozen=True, kw_only=True):
    """Approve a project, or return it with a reason; `facts` may set what the law leaves to the approver.

    `document` is the paper that the approval rests on, such as the department's notice.
    """

    project: str
    approve: bool
    on: date
    reason: str | None = None
    facts: Mapping[str, Any] = {}
    document: Evidence | None = None


class GetProjects(Query, frozen=True, kw_only=True):
    """Ask for projects by id."""

    ids: tuple[str, ...]


class Projects(msgspec.Struct, frozen=True, kw_only=True, tag="projects"):
    """Projects in the order asked for; None where unknown."""

    items: tuple[Project | None, ...]


class ListProjects(Query, frozen=True, kw_only=True):
    """Ask for a page of projects, newest first unless `oldest_first`."""

    page: Page = Page()
    state: ProjectState | None = None
    search: str | None = None
    oldest_first: bool = False


class ProjectPage(msgspec.Struct, frozen=True, kw_only=True, tag="project-page"):
    """A page of projects."""

    items: tuple[Project, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


# ---- record ----------------------------------------------------------------------------------------------------


class RegisterTraining(Command, frozen=True, kw_only=True):
    """Register one training of one teacher; the district's law on the day `on` computes what it earns.

    `facts` are the record's own facts in the law's words; what the project fixes is added and may not be contradicted.
    Without `explain` the answer leaves the explanation out, which is kept with the decision all the same.
    """

    teacher: str
    on: date
    facts: Mapping[str, Any]
    project: str | None = None
    explain: bool = True


class TrainingRegistered(msgspec.Struct, frozen=True, kw_only=True, tag="training-registered"):
    """The record, with its explanation where asked; `replayed` when the same key had been answered before."""

    record: Record
    replayed: bool = False


class GetRecords(Query, frozen=True, kw_only=True):
    """Ask for records by id; `explain` adds the explanations. A superseded one is found too, and says by which."""

    ids: tuple[str, ...]
    explain: bool = False
    as_known_at: datetime | None = None


class Records(msgspec.Struct, frozen=True, kw_only=True, tag="records"):
    """Records in the order asked for; None where unknown or out of scope."""

    items: tuple[Record | None, ...]


class ListRecords(Query, frozen=True, kw_only=True):
    """Ask for a page of each teacher's records, oldest first unless `newest`; of the whole scope where none is named.

    `school` is the one that the teacher worked at on the record's day.

    Records that were superseded are history: they are not listed, and are found by id from the one in their place.
    `fields` of `record_parts` ask for those alone, and for cursors and totals by name: of named teachers the answer
    may then be a table, and where the asker knows `columns` that table in columns.
    """

    teachers: tuple[str, ...] = ()
    page: Page = Page()
    since: date | None = None
    until: date | None = None
    explain: bool = False
    as_known_at: datetime | None = None
    fields: tuple[str, ...] = ()
    columns: bool = False
    school: str | None = None
    project: str | None = None
    status: Literal["COUNTED", "ZERO"] | None = None
    newest: bool = False


class RecordPage(msgspec.Struct, frozen=True, kw_only=True, tag="record-page"):
    """A page of records."""

    items: tuple[Record, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class RecordPages(msgspec.Struct, frozen=True, kw_only=True, tag="record-pages"):
    """One page per teacher asked for, in that order."""

    pages: tuple[RecordPage, ...]


class GetTotals(Query, frozen=True, kw_only=True):
    """Ask for the sum of the ledger per teacher, between two dates (both included)."""

    teachers: tuple[str, ...]
    since: date | None = None
    until: date | None = None
    as_known_at: datetime | None = None


class Totals(msgspec.Struct, frozen=True, kw_only=True, tag="totals"):
    """Sums in the order asked for; zero for a teacher without entries, None for one out of scope."""

    items: tuple[Total | None, ...]


class ListEntries(Query, frozen=True, kw_only=True):
    """Ask for a page of the ledger in chain order, or its newest first; a teacher or ids narrow it."""

    teacher: str | None = None
    ids: tuple[str, ...] = ()
    newest_first: bool = False
    page: Page = Page()
    as_known_at: datetime | None = None


class EntryPage(msgspec.Struct, frozen=True, kw_only=True, tag="entry-page"):
    """A page of ledger entries."""

    items: tuple[LedgerEntry, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class VerifyLedger(Query, frozen=True, kw_only=True):
    """Recompute the whole chain of the district.

    `heads` are signed heads (JWS) that were kept outside the database: the ledger must still continue every one.
    """

    heads: tuple[str, ...] = ()


class LedgerVerified(msgspec.Struct, frozen=True, kw_only=True, tag="ledger-verified"):
    """The result: how many entries, the head, and the first row that does not fit (None when all fit).

    `first_bad` is 0 for a record without an entry, which `problem` names. `reopened` says that the district had been
    closed for a broken ledger and accepts entries again, since all fit now. `signed_heads` of the database and
    `outside_heads` of the question were compared with the tree over the entries. `wrong_balances` counts teachers whose
    kept balance is not the sum of their entries, in a ledger that holds; `problem` says it too. `erased` says for each
    erasure of how many rows that hashes rest on it took a text out: they answer by a signed redaction, and cannot be
    recomputed.
    """

    entries: int
    head: str
    first_bad: int | None = None
    problem: str | None = None
    reopened: bool = False
    signed_heads: int = 0
    outside_heads: int = 0
    wrong_balances: int = 0
    erased: Mapping[str, int] = {}


class RebuildProjection(Command, frozen=True, kw_only=True):
    """Empty the local copy of the registry's facts and fill it again from the stream; make the balances anew.

    STREAM_BEHIND where the stream lacks what was applied here before, unless the loss is accepted.
    """

    accept_loss: bool = False


class ProjectionRebuilt(msgspec.Struct, frozen=True, kw_only=True, tag="projection-rebuilt"):
    """What the copy holds now; `before` and `after` are digests of it, equal where there was nothing to mend.

    `balances_mended` counts teachers whose kept balance was not the sum of their entries; now it is.
    """

    schools: int
    teachers: int
    terms: int
    before: str = ""
    after: str = ""
    balances_mended: int = 0


# ---- endpoints and events --------------------------------------------------------------------------------------

SERVICE = "credits"

PROPOSE_PROJECT = Endpoint(SERVICE, "propose-project", ProposeProject, Project | Refused, writes=True)
DECIDE_PROJECT = Endpoint(SERVICE, "decide-project", DecideProject, Project | Refused, writes=True)
GET_PROJECTS = Endpoint(SERVICE, "get-projects", GetProjects, Projects | Refused)
LIST_PROJECTS = Endpoint(SERVICE, "list-projects", ListProjects, ProjectPage | Refused)
REGISTER_TRAINING = Endpoint(SERVICE, "register-training", RegisterTraining, TrainingRegistered | Refused, writes=True)
GET_RECORDS = Endpoint(SERVICE, "get-records", GetRecords, Records | Refused)
LIST_RECORDS = Endpoint(SERVICE, "list-records", ListRecords, RecordPages | RecordTable | RecordColumns | Refused)
GET_TOTALS = Endpoint(SERVICE, "get-totals", GetTotals, Totals | Refused)
LIST_ENTRIES = Endpoint(SERVICE, "list-entries", ListEntries, EntryPage | Refused)
VERIFY_LEDGER = Endpoint(SERVICE, "verify-ledger", VerifyLedger, LedgerVerified | Refused, seconds=60)
REBUILD_PROJECTION = Endpoint(
    SERVICE, "rebuild-projection", RebuildProjection, ProjectionRebuilt | Refused, writes=True, seconds=120
)


class CreditRecognised(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger entry was written."""

    entry: LedgerEntry


CREDIT_RECOGNISED = Event(SERVICE, "credit-recognised", CreditRecognised)

ENDPOINTS: tuple[Endpoint[Any, Any], ...] = (
    PROPOSE_PROJECT,
    DECIDE_PROJECT,
    GET_PROJECTS,
    LIST_PROJECTS,
    REGISTER_TRAINING,
    GET_RECORDS,
    LIST_RECORDS,
    GET_TOTALS,
    GET_STANDINGS,
    LIST_SHORTFALLS,
    SUMMARISE_SHORTFALLS,
    LIST_SCHOOL_RATIOS,
    LIST_ENTRIES,
    VERIFY_LEDGER,
    REBUILD_PROJECTION,
    *jobs.ENDPOINTS,
    *policy.ENDPOINTS,
)
EVENTS: tuple[Event[Any], ...] = (CREDIT_RECOGNISED, *jobs.EVENTS)
