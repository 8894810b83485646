"""Messages of a district's subjects: their research days (学科研修日), minor ones (小学科), what fell off its day."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.ruling import Ruling

_SERVICE = "visits"


class SubjectSetting(msgspec.Struct, frozen=True, kw_only=True):
    """A subject: the weekday of its research day, 1 (Monday) to 7 (None: not set), and whether it is minor."""

    subject: str
    weekday: int | None = None
    minor: bool = False


class DistrictSubjects(msgspec.Struct, frozen=True, kw_only=True, tag="district-subjects"):
    """A version of the district's subjects, in force from a day on, by whose decision; versions count from 1."""

    version: int
    since: date
    subjects: tuple[SubjectSetting, ...]
    decided_by: str
    set_by: str
    set_at: datetime
    replayed: bool = False


class SetDistrictSubjects(Command, frozen=True, kw_only=True):
    """Set all subjects from a day on; `decided_by` names the decision, `expected_version` the newest seen, 0: none."""

    since: date
    subjects: tuple[SubjectSetting, ...]
    decided_by: str
    expected_version: int = 0


class ListDistrictSubjects(Query, frozen=True, kw_only=True):
    """Ask for every version, newest first."""


class DistrictSubjectsVersions(msgspec.Struct, frozen=True, kw_only=True, tag="district-subjects-versions"):
    """The versions."""

    items: tuple[DistrictSubjects, ...]


class GatheringOnDay(msgspec.Struct, frozen=True, kw_only=True):
    """A gathering of a subject beyond one school, by its record, with the weekday set for the subject on its day."""

    record: str
    researcher: str
    subject: str
    on: date
    weekday: int | None


class GetResearchDays(Query, frozen=True, kw_only=True):
    """Ask whether a term's gatherings, up to a day (default today), fell on the research days of their subjects."""

    term: str
    as_of: date | None = None


class ResearchDaysHeld(msgspec.Struct, frozen=True, kw_only=True, tag="research-days-held"):
    """The gatherings that did not fall on their day, or whose subject has none, how many there were, and the law."""

    term: str
    as_of: date
    gatherings: int
    off_day: tuple[GatheringOnDay, ...]
    failed: tuple[str, ...]
    rulings: tuple[Ruling, ...]


SET_DISTRICT_SUBJECTS = Endpoint(
    _SERVICE, "set-district-subjects", SetDistrictSubjects, DistrictSubjects | Refused, writes=True
)
LIST_DISTRICT_SUBJECTS = Endpoint(
    _SERVICE, "list-district-subjects", ListDistrictSubjects, DistrictSubjectsVersions | Refused
)
GET_RESEARCH_DAYS = Endpoint(_SERVICE, "get-research-days", GetResearchDays, ResearchDaysHeld | Refused)
