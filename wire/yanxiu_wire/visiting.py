"""Messages of visits to schools: planned, prepared, arrived, left, called off; and of their notes.

A visit's id is made by who plans it, before there is a line: 8 to 64 letters, digits or hyphens. Within the district it
is known as `<researcher>.<id>`; a command may name it either way.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Page, Query
from yanxiu_wire.noting import FIELD_WORK_CHANGED, SERVICE, Effect, FieldCommand, ListNotes, Notes
from yanxiu_wire.refusal import RefusalItem, Refused

VisitState = Literal["incomplete", "planned", "under-way", "done", "cancelled"]
Part = Literal["goal", "focus", "tasks"]


class PlannedDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day at a school: one half day, or two."""

    on: date
    half_days: int = 2


class DayThere(msgspec.Struct, frozen=True, kw_only=True):
    """A day as it was: first arrival, last leaving, and how many half days (0 until he has left)."""

    on: date
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    half_days: int = 0


class Unprepared(msgspec.Struct, frozen=True, kw_only=True):
    """A visit that was started before the law's preparation was set down: the parts missing then, and the clauses."""

    missing: tuple[Part, ...]
    clauses: tuple[str, ...]


class Visit(msgspec.Struct, frozen=True, kw_only=True, tag="visit"):
    """A visit of one researcher to one school, as all its notes together say.

    `incomplete`: neither its plan nor its arrival has come yet. `prepared_late` says that the preparation came here
    only after the visit had begun, whatever its own clock said. `missing` are the parts of the preparation that the law
    asks for and that are not there yet; `half_days` sums up the days.
    """

    id: str
    researcher: str
    state: VisitState
    school: str | None = None
    term: str | None = None
    phase: str | None = None
    residency: str | None = None
    planned: tuple[PlannedDay, ...] = ()
    days: tuple[DayThere, ...] = ()
    half_days: int = 0
    goal: str = ""
    focus: str = ""
    tasks: tuple[str, ...] = ()
    missing: tuple[Part, ...] = ()
    unprepared: Unprepared | None = None
    prepared_late: bool = False
    reason: str | None = None


class PlanVisit(FieldCommand, frozen=True, kw_only=True):
    """Plan a visit, or plan it anew: the last plan counts. Its days lie in the term; goal, focus, tasks may follow."""

    visit: str
    school: str
    term: str
    days: tuple[PlannedDay, ...]
    phase: str | None = None
    residency: str | None = None
    goal: str = ""
    focus: str = ""
    tasks: tuple[str, ...] = ()


class PrepareVisit(FieldCommand, frozen=True, kw_only=True):
    """Set down goal, focus and tasks; what is left out stays as it is."""

    visit: str
    goal: str | None = None
    focus: str | None = None
    tasks: tuple[str, ...] | None = None


class ArriveAtSchool(FieldCommand, frozen=True, kw_only=True):
    """Say that the visitor has come (`occurred_at`). It stands by itself: a visit without a plan is one all the same.

    `school` and `term` are where he is; they count before those of the plan.
    """

    visit: str
    school: str
    term: str
    phase: str | None = None


class LeaveSchool(FieldCommand, frozen=True, kw_only=True):
    """Say that the visitor has gone (`occurred_at`), and how many half days this day was: 1 or 2."""

    visit: str
    half_days: int


class CancelVisit(FieldCommand, frozen=True, kw_only=True):
    """Call a visit off, with a reason; a later plan or arrival takes it up again."""

    visit: str
    reason: str


class VisitNoted(msgspec.Struct, frozen=True, kw_only=True, tag="visit-noted"):
    """The visit with this note among its others; `cautions` say why the note has no effect, or what is amiss."""

    visit: Visit
    effect: Effect
    cautions: tuple[RefusalItem, ...] = ()
    replayed: bool = False


class GetVisits(Query, frozen=True, kw_only=True):
    """Ask for visits by id; None where unknown or out of scope."""

    ids: tuple[str, ...]


class Visits(msgspec.Struct, frozen=True, kw_only=True, tag="visits"):
    """Visits in the order asked for."""

    items: tuple[Visit | None, ...]


class ListVisits(Query, frozen=True, kw_only=True):
    """Ask for a page of visits in the caller's scope, by first day (those without one last) and id, or the other way.

    `since` and `until` bound the days planned or spent; `unprepared` asks for those begun without their preparation, or
    (False) the others.
    """

    page: Page = Page()
    researcher: str | None = None
    school: str | None = None
    term: str | None = None
    state: VisitState | None = None
    phase: str | None = None
    since: date | None = None
    until: date | None = None
    unprepared: bool | None = None
    newest: bool = False


class VisitPage(msgspec.Struct, frozen=True, kw_only=True, tag="visit-page"):
    """A page of visits; `cursors` stand beside `items`; `total` counts all matches."""

    items: tuple[Visit, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


PLAN_VISIT = Endpoint(SERVICE, "plan-visit", PlanVisit, VisitNoted | Refused, writes=True)
PREPARE_VISIT = Endpoint(SERVICE, "prepare-visit", PrepareVisit, VisitNoted | Refused, writes=True)
ARRIVE_AT_SCHOOL = Endpoint(SERVICE, "arrive-at-school", ArriveAtSchool, VisitNoted | Refused, writes=True)
LEAVE_SCHOOL = Endpoint(SERVICE, "leave-school", LeaveSchool, VisitNoted | Refused, writes=True)
CANCEL_VISIT = Endpoint(SERVICE, "cancel-visit", CancelVisit, VisitNoted | Refused, writes=True)
GET_VISITS = Endpoint(SERVICE, "get-visits", GetVisits, Visits | Refused)
LIST_VISITS = Endpoint(SERVICE, "list-visits", ListVisits, VisitPage | Refused)
LIST_NOTES = Endpoint(SERVICE, "list-notes", ListNotes, Notes | Refused)

ENDPOINTS = (
    PLAN_VISIT, PREPARE_VISIT, ARRIVE_AT_SCHOOL, LEAVE_SCHOOL, CANCEL_VISIT, GET_VISITS, LIST_VISITS, LIST_NOTES,
)  # fmt: skip
EVENTS = (FIELD_WORK_CHANGED,)
