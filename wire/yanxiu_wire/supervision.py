"""Messages of supervision (督导): mixed teams, the published draw, inspections and their reports, a year."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.ruling import Ruling

_SERVICE = "visits"

Side = Literal["administrative", "professional"]
InspectionKind = Literal["regular", "random"]
InspectionState = Literal["scheduled", "reported", "cancelled"]
DrawState = Literal["committed", "revealed"]


# ---- teams --------------------------------------------------------------------------------------------------------


class Supervisor(msgspec.Struct, frozen=True, kw_only=True):
    """A member of a team: a teacher's id, or the subject of the token of somebody who is in no roster; and his side."""

    person: str
    side: Side


class SupervisionTeam(msgspec.Struct, frozen=True, kw_only=True, tag="supervision-team"):
    """A supervision team (督导团队) from a day on."""

    id: str
    name: str
    since: date
    members: tuple[Supervisor, ...]
    appointed_by: str
    appointed_at: datetime
    replayed: bool = False


class AppointTeam(Command, frozen=True, kw_only=True):
    """Appoint a team; refused with the clauses where the law wants both sides and one is missing."""

    name: str
    since: date
    members: tuple[Supervisor, ...]


class ListTeams(Query, frozen=True, kw_only=True):
    """Ask for a page of the district's teams, newest first; `ids` narrow it."""

    page: Page = Page()
    ids: tuple[str, ...] = ()


class SupervisionTeamPage(msgspec.Struct, frozen=True, kw_only=True, tag="supervision-team-page"):
    """A page of teams."""

    items: tuple[SupervisionTeam, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


# ---- the draw -----------------------------------------------------------------------------------------------------


class Exempted(msgspec.Struct, frozen=True, kw_only=True):
    """A school that is on the roster of the day and not in the draw, with the reason that is published."""

    school: str
    reason: str


class SupervisionDraw(msgspec.Struct, frozen=True, kw_only=True, tag="supervision-draw"):
    """A draw of schools: committed to first, revealed afterwards, repeatable by anyone (see docs).

    Committed: the schools that may be drawn (`roster`, every school open on `roster_on` but those in `exempted`), their
    SHA-256, how many are drawn, and the SHA-256 of a secret seed. Revealed: the seed, a word that a witness gave after
    the commitment, and what the two draw from the roster, in order. `committed_by` is the subject of a token,
    `committed_person` the teacher whom that token named.
    """

    id: str
    school_year: str
    state: DrawState
    roster_on: date
    roster: tuple[str, ...]
    exempted: tuple[Exempted, ...]
    count: int
    roster_sha256: str
    seed_sha256: str
    committed_by: str
    committed_at: datetime
    algorithm: str
    committed_person: str | None = None
    seed: str | None = None
    witness: str | None = None
    drawn: tuple[str, ...] = ()
    revealed_by: str | None = None
    revealed_at: datetime | None = None
    replayed: bool = False


class CommitDraw(Command, frozen=True, kw_only=True):
    """Publish a commitment: the roster as of a day (default today), who is exempted and why, and how many are drawn."""

    school_year: str
    count: int
    roster_on: date | None = None
    exempted: tuple[Exempted, ...] = ()


class RevealDraw(Command, frozen=True, kw_only=True):
    """Reveal a draw with a witness's word, such as the day's lottery numbers; by another than who committed to it."""

    draw: str
    witness: str


class GetDraws(Query, frozen=True, kw_only=True):
    """Ask for draws by id."""

    ids: tuple[str, ...]


class SupervisionDraws(msgspec.Struct, frozen=True, kw_only=True, tag="supervision-draws"):
    """Draws in the order asked for; None where there is none of the id."""

    items: tuple[SupervisionDraw | None, ...]


class ListDraws(Query, frozen=True, kw_only=True):
    """Ask for a page of draws, newest first."""

    page: Page = Page()
    school_year: str | None = None


class SupervisionDrawPage(msgspec.Struct, frozen=True, kw_only=True, tag="supervision-draw-page"):
    """A page of draws."""

    items: tuple[SupervisionDraw, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


# ---- inspections --------------------------------------------------------------------------------------------------


class ReportLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the supervision form, by the law's name, and what was seen."""

    name: str
    remark: str


class Inspection(msgspec.Struct, frozen=True, kw_only=True, tag="inspection"):
    """A supervision (督导) of a school: scheduled for a day, held and reported on, or cancelled with a reason.

    `form` are the lines that the law named when it was scheduled. Findings stand apart, with this id as their source.
    """

    id: str
    school: str
    school_year: str
    kind: InspectionKind
    state: InspectionState
    due_on: date
    team: str
    supervisors: tuple[str, ...]
    form: tuple[str, ...]
    form_clauses: tuple[str, ...] = ()
    draw: str | None = None
    held_on: date | None = None
    lines: tuple[ReportLine, ...] = ()
    summary: str = ""
    reported_by: str | None = None
    reported_at: datetime | None = None
    reason: str | None = None
    replayed: bool = False


class ScheduleInspection(Command, frozen=True, kw_only=True):
    """Schedule an inspection; a random one is of a school that a revealed draw drew, and of each draw once."""

    school: str
    school_year: str
    kind: InspectionKind
    due_on: date
    team: str
    supervisors: tuple[str, ...]
    draw: str | None = None


class ReportInspection(Command, frozen=True, kw_only=True):
    """Report on an inspection, every line of its form; by one of its supervisors (an officer may type for one)."""

    inspection: str
    held_on: date
    lines: tuple[ReportLine, ...]
    summary: str
    reporter: str | None = None


class CancelInspection(Command, frozen=True, kw_only=True):
    """Cancel a scheduled inspection, with a reason."""

    inspection: str
    reason: str


class GetInspections(Query, frozen=True, kw_only=True):
    """Ask for inspections by id; None where unknown or out of scope."""

    ids: tuple[str, ...]


class Inspections(msgspec.Struct, frozen=True, kw_only=True, tag="inspections"):
    """Inspections in the order asked for."""

    items: tuple[Inspection | None, ...]


class ListInspections(Query, frozen=True, kw_only=True):
    """Ask for a page of inspections in the caller's scope, by day; a school sees its own once they are reported."""

    page: Page = Page()
    school: str | None = None
    school_year: str | None = None
    kind: InspectionKind | None = None
    state: InspectionState | None = None


class InspectionPage(msgspec.Struct, frozen=True, kw_only=True, tag="inspection-page"):
    """A page of inspections."""

    items: tuple[Inspection, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class InspectionChanged(msgspec.Struct, frozen=True, kw_only=True):
    """An inspection as it now stands, for whoever follows."""

    inspection: str
    school: str
    state: InspectionState


class DrawPublished(msgspec.Struct, frozen=True, kw_only=True):
    """A draw was committed to, or revealed: its public figures."""

    draw: str
    state: DrawState
    seed_sha256: str
    roster_sha256: str


# ---- the year's standing ------------------------------------------------------------------------------------------


class GetSupervisionStanding(Query, frozen=True, kw_only=True):
    """Ask how the supervisions of a school year stand against the law, as of today."""

    school_year: str


class SupervisionStanding(msgspec.Struct, frozen=True, kw_only=True, tag="supervision-standing"):
    """The supervisions of a school year: whom the law still owes a regular or a random one, and its answers.

    `drawn_missing` are schools that a revealed draw drew and whose inspection of that draw is not reported.
    """

    school_year: str
    roster_on: date
    schools: int
    reported_regular: int
    reported_random: int
    missing: tuple[str, ...]
    random_missing: tuple[str, ...]
    drawn_missing: tuple[str, ...] = ()
    rulings: tuple[Ruling, ...]


APPOINT_TEAM = Endpoint(_SERVICE, "appoint-team", AppointTeam, SupervisionTeam | Refused, writes=True)
LIST_TEAMS = Endpoint(_SERVICE, "list-teams", ListTeams, SupervisionTeamPage | Refused)
COMMIT_DRAW = Endpoint(_SERVICE, "commit-draw", CommitDraw, SupervisionDraw | Refused, writes=True)
REVEAL_DRAW = Endpoint(_SERVICE, "reveal-draw", RevealDraw, SupervisionDraw | Refused, writes=True)
GET_DRAWS = Endpoint(_SERVICE, "get-draws", GetDraws, SupervisionDraws | Refused)
LIST_DRAWS = Endpoint(_SERVICE, "list-draws", ListDraws, SupervisionDrawPage | Refused)
SCHEDULE_INSPECTION = Endpoint(_SERVICE, "schedule-inspection", ScheduleInspection, Inspection | Refused, writes=True)
REPORT_INSPECTION = Endpoint(_SERVICE, "report-inspection", ReportInspection, Inspection | Refused, writes=True)
CANCEL_INSPECTION = Endpoint(_SERVICE, "cancel-inspection", CancelInspection, Inspection | Refused, writes=True)
GET_INSPECTIONS = Endpoint(_SERVICE, "get-inspections", GetInspections, Inspections | Refused)
LIST_INSPECTIONS = Endpoint(_SERVICE, "list-inspections", ListInspections, InspectionPage | Refused)
GET_SUPERVISION_STANDING = Endpoint(
    _SERVICE, "get-supervision-standing", GetSupervisionStanding, SupervisionStanding | Refused
)
INSPECTION_CHANGED = Event(_SERVICE, "inspection-changed", InspectionChanged)
DRAW_PUBLISHED = Event(_SERVICE, "draw-published", DrawPublished)
