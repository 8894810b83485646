"""Messages of what a researcher records of his work: lessons observed, gatherings, tasks, papers, summaries, reports.

A record's id is made by who records it, as a visit's is; recording it again under the same id puts it right (the last
word by `occurred_at` counts), and withdrawing it takes it out of every count.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Page, Query
from yanxiu_wire.noting import SERVICE, Effect, FieldCommand
from yanxiu_wire.refusal import RefusalItem, Refused

RecordKind = Literal["observation", "gathering", "task", "paper", "summary", "report"]
GatheringKind = Literal["preparation", "theme", "seminar", "exchange", "other"]
Reach = Literal["school", "schools", "area", "district", "above"]


class Observation(msgspec.Struct, frozen=True, kw_only=True, tag="observation"):
    """A lesson observed (听课), on a published version of a form; with a comment it is 听评课."""

    subject: str
    title: str
    teacher: str | None = None
    grade: str = ""
    form: str | None = None
    answers: Mapping[str, str] = {}
    comment: str = ""


class Gathering(msgspec.Struct, frozen=True, kw_only=True, tag="gathering"):
    """Collective preparation, themed research, a seminar or an exchange; organised by the researcher, or attended."""

    kind: GatheringKind
    reach: Reach
    title: str
    subject: str | None = None
    organised: bool = False


class TaskDone(msgspec.Struct, frozen=True, kw_only=True, tag="task"):
    """Something done towards one of the law's tasks, by its name there."""

    task: str
    text: str


class Paper(msgspec.Struct, frozen=True, kw_only=True, tag="paper"):
    """A document handed in, by its name in the law: its title and its file's SHA-256 (hex); the file stays outside."""

    paper: str
    title: str
    digest: str


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A number of a summary or report: what it counts, and the id of every record that it counts."""

    name: str
    value: int
    ids: tuple[str, ...]


class Summary(msgspec.Struct, frozen=True, kw_only=True, tag="summary"):
    """The summary of a month, such as `2024-10`, with the figures that it was drafted from."""

    month: str
    text: str
    figures: tuple[Figure, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True, tag="report"):
    """The report of a term, about one school or about all (`school` of the record None), with its figures.

    `paper` is the document of the law that it is, by its name there; it counts as handed in.
    """

    title: str
    paper: str | None = None
    text: str
    figures: tuple[Figure, ...] = ()


Content = Observation | Gathering | TaskDone | Paper | Summary | Report


class FieldRecord(msgspec.Struct, frozen=True, kw_only=True, tag="field-record"):
    """One record of a researcher's work, as all its notes together say; withdrawn, it counts nowhere.

    `incomplete`: what was said of it came before the record itself. `visit_known` is False while the visit that it
    names has not arrived.
    """

    id: str
    researcher: str
    state: Literal["incomplete", "recorded", "withdrawn"]
    kind: RecordKind | None = None
    on: date | None = None
    term: str | None = None
    school: str | None = None
    visit: str | None = None
    visit_known: bool = True
    content: Content | None = None
    reason: str | None = None


class RecordWork(FieldCommand, frozen=True, kw_only=True):
    """Record a piece of work, or put it right: `content` says what it is and never becomes another kind.

    `on` is its day in China, not before the term and not after it; `visit` the visit that it belongs to, which may
    arrive later.
    """

    record: str
    on: date
    term: str
    school: str | None = None
    visit: str | None = None
    content: Content


class CommentOnLesson(FieldCommand, frozen=True, kw_only=True):
    """Set down the comment on an observed lesson (评课); the last one counts."""

    record: str
    comment: str


class WithdrawRecord(FieldCommand, frozen=True, kw_only=True):
    """Take a record back, with a reason; recording it later takes it up again."""

    record: str
    reason: str


class RecordNoted(msgspec.Struct, frozen=True, kw_only=True, tag="record-noted"):
    """The record with this note among its others."""

    record: FieldRecord
    effect: Effect
    cautions: tuple[RefusalItem, ...] = ()
    replayed: bool = False


class GetFieldRecords(Query, frozen=True, kw_only=True):
    """Ask for records by id; None where unknown or out of scope."""

    ids: tuple[str, ...]


class FieldRecords(msgspec.Struct, frozen=True, kw_only=True, tag="field-records"):
    """Records in the order asked for."""

    items: tuple[FieldRecord | None, ...]


class ListFieldRecords(Query, frozen=True, kw_only=True):
    """Ask for a page of records in the caller's scope, by day and id or backwards; withdrawn ones only if asked for."""

    page: Page = Page()
    researcher: str | None = None
    school: str | None = None
    term: str | None = None
    visit: str | None = None
    kind: RecordKind | None = None
    since: date | None = None
    until: date | None = None
    withdrawn: bool = False
    newest: bool = False


class FieldRecordPage(msgspec.Struct, frozen=True, kw_only=True, tag="field-record-page"):
    """A page of records; `cursors` stand beside `items`; `total` counts all matches."""

    items: tuple[FieldRecord, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


RECORD_WORK = Endpoint(SERVICE, "record-work", RecordWork, RecordNoted | Refused, writes=True)
COMMENT_ON_LESSON = Endpoint(SERVICE, "comment-on-lesson", CommentOnLesson, RecordNoted | Refused, writes=True)
WITHDRAW_RECORD = Endpoint(SERVICE, "withdraw-record", WithdrawRecord, RecordNoted | Refused, writes=True)
GET_FIELD_RECORDS = Endpoint(SERVICE, "get-field-records", GetFieldRecords, FieldRecords | Refused)
LIST_FIELD_RECORDS = Endpoint(SERVICE, "list-field-records", ListFieldRecords, FieldRecordPage | Refused)

ENDPOINTS = (RECORD_WORK, COMMENT_ON_LESSON, WITHDRAW_RECORD, GET_FIELD_RECORDS, LIST_FIELD_RECORDS)
