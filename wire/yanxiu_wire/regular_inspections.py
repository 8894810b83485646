"""Messages for entering the regular inspections of a school year, of many schools at once."""

from __future__ import annotations

from datetime import date

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command
from yanxiu_wire.refusal import RefusalItem, Refused
from yanxiu_wire.supervision import Inspection

_SERVICE = "visits"


class RegularInspection(msgspec.Struct, frozen=True, kw_only=True):
    """The regular inspection of a school on a day; `supervisors` are those of the command unless named here."""

    school: str
    due_on: date
    supervisors: tuple[str, ...] = ()


class ScheduleRegularInspections(Command, frozen=True, kw_only=True):
    """Enter the regular inspection of a school year for many schools; each row is entered or refused by itself.

    A school that has one already is refused with ALREADY_SCHEDULED, so that what was entered once is not entered twice
    whatever key a list comes under.
    """

    school_year: str
    team: str
    supervisors: tuple[str, ...]
    rows: tuple[RegularInspection, ...]


class RowRefused(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was not entered: its place in the list from 0, its school, and why."""

    row: int
    school: str
    errors: tuple[RefusalItem, ...]


class RegularInspectionsScheduled(msgspec.Struct, frozen=True, kw_only=True, tag="regular-inspections-scheduled"):
    """What was entered, in the order of the rows, and which rows were refused."""

    entered: tuple[Inspection, ...]
    refused: tuple[RowRefused, ...]
    replayed: bool = False


SCHEDULE_REGULAR_INSPECTIONS = Endpoint(
    _SERVICE,
    "schedule-regular-inspections",
    ScheduleRegularInspections,
    RegularInspectionsScheduled | Refused,
    writes=True,
    seconds=30,
)
