"""Messages of previews: what a draft law would change in a district, and its adoption."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused

Effect = Literal["gains", "loses", "mixed", "same"]
PreviewState = Literal["running", "ready", "failed", "adopting", "adopted"]


class DraftValue(msgspec.Struct, frozen=True, kw_only=True):
    """A value that a draft gives a parameter from a day on, as a pack's parameter file would: with unit and clause.

    `value` is a number as text, a text, a boolean, or a table of these.
    """

    parameter: str
    since: date
    value: Any
    unit: str
    cite: str


class PreviewPolicy(Command, frozen=True, kw_only=True):
    """Try a draft law on the district's real data: every record from `since` on, every teacher's period of `kind`.

    The draft is the law in force on `since` with any of these in its place: `pack` (another jurisdiction), `release`
    (a pack installed for previews, "name version"), `settings` (what the law leaves to the district; those not named
    stay), `values` (parameters as a new edition of the regulation would have them). The period contains `on`.
    """

    since: date
    kind: str
    on: date
    pack: str | None = None
    release: str | None = None
    settings: Mapping[str, Any] = {}
    decided_by: str | None = None
    values: tuple[DraftValue, ...] = ()


class AdoptPolicy(Command, frozen=True, kw_only=True):
    """Decide again, under the law now in force, every record that a preview said would be worth something else."""

    preview: str
    reason: str


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Why something changes: a parameter read with another value, or a clause that comes to another figure.

    `parameter` is None for the latter, `key` the row of a table; `before` and `after` are exact texts, empty where the
    one law reads nothing.
    """

    clause: str
    label: str
    before: str
    after: str
    unit: str = ""
    parameter: str | None = None
    key: str | None = None


class StandingFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A teacher's period under one law: the verdict, and what is registered and recognised."""

    verdict: str
    hours: Decimal
    credits: Decimal
    recognised_hours: Decimal
    recognised_credits: Decimal


class PreviewLine(msgspec.Struct, frozen=True, kw_only=True):
    """A teacher's standing under the present and the draft law; `records` of the teacher change their worth.

    `locked` names the lock of a period that is closed for the teacher's school. `matched` is None before an adoption,
    then whether the adoption came to exactly `after`.
    """

    teacher: str
    school: str | None
    effect: Effect
    records: int
    before: StandingFigures
    after: StandingFigures
    causes: tuple[Cause, ...]
    locked: str | None = None
    matched: bool | None = None


class RecordWorth(msgspec.Struct, frozen=True, kw_only=True):
    """What a record is worth under one law; REJECTED where that law would refuse it altogether."""

    status: Literal["COUNTED", "ZERO", "REJECTED"]
    hours: Decimal
    credits: Decimal


class PreviewedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record that the draft law finds worth something else; one in a locked period is named and stays as it is."""

    record: str
    teacher: str
    school: str | None
    on: date
    before: RecordWorth
    after: RecordWorth
    causes: tuple[Cause, ...]
    locked: str | None = None
    matched: bool | None = None


class PreviewSchool(msgspec.Struct, frozen=True, kw_only=True):
    """A preview summed up for one school: teachers by effect, verdicts that turn, and credits moved (recognised)."""

    school: str | None
    teachers: int
    gains: int
    loses: int
    mixed: int
    same: int
    now_pass: int
    now_fail: int
    recognised_hours: Decimal
    recognised_credits: Decimal


class Preview(msgspec.Struct, frozen=True, kw_only=True, tag="preview"):
    """A preview: the draft, the period, the ledger's head and the facts it saw, and what came of it.

    `total` sums up all schools and `locks` names the locked periods, None while the job runs. `binding` is what the
    registry must bind before the draft can be adopted, None for a draft that needs a released pack first.
    """

    id: str
    job: str
    state: PreviewState
    draft: Mapping[str, Any]
    binding: Mapping[str, Any] | None
    since: date
    kind: str
    label: str
    starts_on: date
    ends_on: date
    hours_unit: str
    credits_unit: str
    head_seq: int
    head_hash: str
    facts: str
    asked_by: str
    created_at: datetime
    total: PreviewSchool | None = None
    records: int | None = None
    locked_records: int | None = None
    locks: tuple[str, ...] = ()
    adoption: str | None = None


class GetPreviews(Query, frozen=True, kw_only=True):
    """Ask for previews by id."""

    ids: tuple[str, ...]


class Previews(msgspec.Struct, frozen=True, kw_only=True, tag="previews"):
    """Previews in the order asked for; None where unknown."""

    items: tuple[Preview | None, ...]


class ListPreviews(Query, frozen=True, kw_only=True):
    """Ask for a page of the district's previews, newest first."""

    page: Page = Page()


class PreviewPage(msgspec.Struct, frozen=True, kw_only=True, tag="preview-page"):
    """A page of previews."""

    items: tuple[Preview, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class ListPreviewLines(Query, frozen=True, kw_only=True):
    """Ask for a page of a preview's teachers, by school and teacher; `effects` and `school` narrow it."""

    preview: str
    effects: tuple[Effect, ...] = ()
    school: str | None = None
    page: Page = Page()


class PreviewLinePage(msgspec.Struct, frozen=True, kw_only=True, tag="preview-line-page"):
    """A page of lines."""

    items: tuple[PreviewLine, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class ListPreviewedRecords(Query, frozen=True, kw_only=True):
    """Ask for a page of the records whose worth a preview changes, by teacher and id; `teacher` narrows it."""

    preview: str
    teacher: str | None = None
    page: Page = Page()


class PreviewedRecordPage(msgspec.Struct, frozen=True, kw_only=True, tag="previewed-record-page"):
    """A page of records."""

    items: tuple[PreviewedRecord, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class GetPreviewLines(Query, frozen=True, kw_only=True):
    """Ask for the same page of the lines of each of several previews."""

    previews: tuple[str, ...]
    effects: tuple[Effect, ...] = ()
    school: str | None = None
    page: Page = Page()


class PreviewLinePages(msgspec.Struct, frozen=True, kw_only=True, tag="preview-line-pages"):
    """A page for each preview asked for, in that order, or why there is none."""

    pages: tuple[PreviewLinePage | Refused, ...]


class GetPreviewedRecords(Query, frozen=True, kw_only=True):
    """Ask for the same page of the records that each of several previews changes."""

    previews: tuple[str, ...]
    teacher: str | None = None
    page: Page = Page()


class PreviewedRecordPages(msgspec.Struct, frozen=True, kw_only=True, tag="previewed-record-pages"):
    """A page for each preview asked for, in that order, or why there is none."""

    pages: tuple[PreviewedRecordPage | Refused, ...]


class SummarisePreview(Query, frozen=True, kw_only=True):
    """Ask for a preview summed up by school."""

    preview: str


class PreviewSchools(msgspec.Struct, frozen=True, kw_only=True, tag="preview-schools"):
    """A preview by school, in the order of the schools' ids."""

    items: tuple[PreviewSchool, ...]


class SummarisePreviews(Query, frozen=True, kw_only=True):
    """Ask for several previews, each summed up by school."""

    previews: tuple[str, ...]


class PreviewSummaries(msgspec.Struct, frozen=True, kw_only=True, tag="preview-summaries"):
    """The schools of each preview asked for, in that order, or why there are none."""

    items: tuple[PreviewSchools | Refused, ...]


_SERVICE = "credits"

PREVIEW_POLICY = Endpoint(_SERVICE, "preview-policy", PreviewPolicy, Preview | Refused, writes=True, seconds=60)
ADOPT_POLICY = Endpoint(_SERVICE, "adopt-policy", AdoptPolicy, Preview | Refused, writes=True, seconds=60)
GET_PREVIEWS = Endpoint(_SERVICE, "get-previews", GetPreviews, Previews | Refused)
LIST_PREVIEWS = Endpoint(_SERVICE, "list-previews", ListPreviews, PreviewPage | Refused)
LIST_PREVIEW_LINES = Endpoint(
    _SERVICE, "list-preview-lines", ListPreviewLines, PreviewLinePage | Refused, superseded=True
)
LIST_PREVIEWED_RECORDS = Endpoint(
    _SERVICE, "list-previewed-records", ListPreviewedRecords, PreviewedRecordPage | Refused, superseded=True
)
SUMMARISE_PREVIEW = Endpoint(_SERVICE, "summarise-preview", SummarisePreview, PreviewSchools | Refused, superseded=True)
GET_PREVIEW_LINES = Endpoint(_SERVICE, "get-preview-lines", GetPreviewLines, PreviewLinePages | Refused)
GET_PREVIEWED_RECORDS = Endpoint(_SERVICE, "get-previewed-records", GetPreviewedRecords, PreviewedRecordPages | Refused)
SUMMARISE_PREVIEWS = Endpoint(_SERVICE, "summarise-previews", SummarisePreviews, PreviewSummaries | Refused)

ENDPOINTS: tuple[Endpoint[Any, Any], ...] = (
    PREVIEW_POLICY,
    ADOPT_POLICY,
    GET_PREVIEWS,
    LIST_PREVIEWS,
    LIST_PREVIEW_LINES,
    LIST_PREVIEWED_RECORDS,
    SUMMARISE_PREVIEW,
    GET_PREVIEW_LINES,
    GET_PREVIEWED_RECORDS,
    SUMMARISE_PREVIEWS,
)
