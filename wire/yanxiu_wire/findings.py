"""Messages of findings (问题): recorded by a visitor, remedied by the school, checked by somebody else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Page, Query
from yanxiu_wire.noting import SERVICE, Effect, FieldCommand
from yanxiu_wire.refusal import RefusalItem, Refused

FindingState = Literal["incomplete", "open", "remedied", "closed", "withdrawn"]
Source = Literal["visit", "supervision"]


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """What the school says it has done, who said so, and when; with the re-check of it, once there is one."""

    text: str
    by: str
    at: datetime
    checked_by: str | None = None
    checked_at: datetime | None = None
    passed: bool | None = None
    remark: str = ""


class VisitFinding(msgspec.Struct, frozen=True, kw_only=True, tag="finding"):
    """Something found at a school: who found it, who owns it, until when, and what came of it.

    `overdue` compares `due_on` with the day of the answer; a closed or withdrawn finding is never overdue. `remedies`
    are in order, the last one is the one that counts. `steps` are the keys of the notes that made it what it is, in
    order: a re-check sends back those that its checker saw.
    """

    id: str
    finder: str
    state: FindingState
    source: Source = "visit"
    source_id: str | None = None
    school: str | None = None
    text: str = ""
    advice: str = ""
    owner: str | None = None
    due_on: date | None = None
    found_on: date | None = None
    remedies: tuple[Remedy, ...] = ()
    closed_at: datetime | None = None
    reason: str | None = None
    overdue: bool = False
    steps: tuple[str, ...] = ()


class RecordFinding(FieldCommand, frozen=True, kw_only=True):
    """Record a finding, or put it right: who finds it is the visitor (`researcher`), or the supervisor himself.

    `owner` is the person of the school (a teacher's id) who answers for it; `due_on` the last day for the remedy.
    """

    finding: str
    school: str
    text: str
    owner: str
    due_on: date
    advice: str = ""
    source: Source = "visit"
    source_id: str | None = None


class ChangeFinding(FieldCommand, frozen=True, kw_only=True):
    """Give a finding another owner or deadline, with a reason.

    With an `owner` stands the finding's `school`, at which he is employed on that day.
    """

    finding: str
    reason: str
    owner: str | None = None
    school: str | None = None
    due_on: date | None = None


class ReportRemedy(FieldCommand, frozen=True, kw_only=True):
    """Report what was done about a finding: its owner, or the school for him."""

    finding: str
    text: str


class RecheckFinding(FieldCommand, frozen=True, kw_only=True):
    """Check a remedy: neither who found it, nor its owner, nor who reported the remedy. Passed, it is closed.

    `seen` are the `steps` of the finding as the checker saw it: what he judged, and nothing else.
    """

    finding: str
    passed: bool
    seen: tuple[str, ...] = ()
    remark: str = ""


class WithdrawFinding(FieldCommand, frozen=True, kw_only=True):
    """Take a finding back as mistaken, with a reason: who found it, or an officer."""

    finding: str
    reason: str


class FindingNoted(msgspec.Struct, frozen=True, kw_only=True, tag="finding-noted"):
    """The finding with this note among its others.

    Where it has not arrived, or is out of the caller's scope, it is only the id, `incomplete`.
    """

    finding: VisitFinding
    effect: Effect
    cautions: tuple[RefusalItem, ...] = ()
    replayed: bool = False


class GetFindings(Query, frozen=True, kw_only=True):
    """Ask for findings by id; None where unknown or out of scope."""

    ids: tuple[str, ...]


class Findings(msgspec.Struct, frozen=True, kw_only=True, tag="findings"):
    """Findings in the order asked for."""

    items: tuple[VisitFinding | None, ...]


class ListFindings(Query, frozen=True, kw_only=True):
    """Ask for a page of findings in the caller's scope, by deadline and id.

    Those that have not come yet (`incomplete`) only by their state. `open` asks for those not closed or withdrawn;
    `overdue` for those of them whose deadline lies before today.
    """

    page: Page = Page()
    school: str | None = None
    finder: str | None = None
    owner: str | None = None
    source_id: str | None = None
    state: FindingState | None = None
    open: bool | None = None
    overdue: bool | None = None


class FindingPage(msgspec.Struct, frozen=True, kw_only=True, tag="finding-page"):
    """A page of findings; `cursors` stand beside `items`; `total` counts all matches."""

    items: tuple[VisitFinding, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class ListFindingsBySource(Query, frozen=True, kw_only=True):
    """Ask for the same page of what was found on each of several visits or inspections, by deadline and id."""

    sources: tuple[str, ...]
    page: Page = Page()


class FindingsBySource(msgspec.Struct, frozen=True, kw_only=True, tag="findings-by-source"):
    """A page for each source asked for, in that order, of the first of them as many as fit into a message.

    An empty page where nothing is seen.
    """

    pages: tuple[FindingPage, ...]


RECORD_FINDING = Endpoint(SERVICE, "record-finding", RecordFinding, FindingNoted | Refused, writes=True)
CHANGE_FINDING = Endpoint(SERVICE, "change-finding", ChangeFinding, FindingNoted | Refused, writes=True)
REPORT_REMEDY = Endpoint(SERVICE, "report-remedy", ReportRemedy, FindingNoted | Refused, writes=True)
RECHECK_FINDING = Endpoint(SERVICE, "recheck-finding", RecheckFinding, FindingNoted | Refused, writes=True)
WITHDRAW_FINDING = Endpoint(SERVICE, "withdraw-finding", WithdrawFinding, FindingNoted | Refused, writes=True)
GET_FINDINGS = Endpoint(SERVICE, "get-findings", GetFindings, Findings | Refused)
LIST_FINDINGS = Endpoint(SERVICE, "list-findings", ListFindings, FindingPage | Refused)
LIST_FINDINGS_BY_SOURCE = Endpoint(SERVICE, "list-findings-by-source", ListFindingsBySource, FindingsBySource | Refused)

ENDPOINTS = (
    RECORD_FINDING, CHANGE_FINDING, REPORT_REMEDY, RECHECK_FINDING, WITHDRAW_FINDING, GET_FINDINGS, LIST_FINDINGS,
    LIST_FINDINGS_BY_SOURCE,
)  # fmt: skip
