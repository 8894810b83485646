"""Messages of researchers (研训员): who guides which subjects and stages, where, with whom not, and when absent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import SERVICE, Stage


class ConflictOfInterest(msgspec.Struct, frozen=True, kw_only=True):
    """A school that a researcher may not be assigned to, with the kind of reason, such as 亲属在校."""

    school: str
    kind: str


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of days without a researcher, both included; `until` None means it goes on. `kind` such as 产假."""

    since: date
    until: date | None = None
    kind: str


class Researcher(msgspec.Struct, frozen=True, kw_only=True, tag="researcher"):
    """A researcher as of a date: a teacher of the register, by whose id he goes.

    `stages` are stages of schooling taught in (a nine-year school is both primary and junior); `areas` is empty for the
    whole district; `capacity` is how many schools he can take at a time. `conflicts` and `absences` (all on file, those
    to come too) are told to officers, auditors and himself; to others both are empty.
    """

    id: str
    subjects: tuple[str, ...]
    stages: tuple[Stage, ...]
    areas: tuple[str, ...] = ()
    capacity: int = 1
    conflicts: tuple[ConflictOfInterest, ...] = ()
    absences: tuple[Absence, ...] = ()
    begins_on: date
    ends_on: date | None = None
    version: int = 1


class EnrolResearcher(Command, frozen=True, kw_only=True):
    """Make a teacher of the register a researcher from a day on.

    One who had been a researcher before becomes one again; the days between are kept as an absence of kind 未聘.
    """

    teacher: str
    begins_on: date
    subjects: tuple[str, ...]
    stages: tuple[Stage, ...]
    areas: tuple[str, ...] = ()
    capacity: int = 1
    conflicts: tuple[ConflictOfInterest, ...] = ()


class CorrectResearcher(Command, frozen=True, kw_only=True):
    """Change the named fields from a date on: subjects, stages, areas, capacity, conflicts (lists whole), begins_on."""

    researcher: str
    since: date
    expected_version: int | None = None
    changes: Mapping[str, Any]


class EndResearcher(Command, frozen=True, kw_only=True):
    """Say on which day a researcher's work as such ends (its last day), or with None that it goes on after all."""

    researcher: str
    ends_on: date | None
    expected_version: int | None = None


class RecordAbsence(Command, frozen=True, kw_only=True):
    """Enter an absence; those of one researcher never overlap."""

    researcher: str
    since: date
    until: date | None = None
    kind: str


class CorrectAbsence(Command, frozen=True, kw_only=True):
    """Change `since`, `until` or `kind` of the absence that began on `begun_on`, or take it back as never entered."""

    researcher: str
    begun_on: date
    expected_version: int | None = None
    changes: Mapping[str, Any] = {}
    take_back: bool = False


class GetResearchers(Query, frozen=True, kw_only=True):
    """Ask for researchers by the teacher's id, as of a date (default today); the order is kept, None where unknown."""

    ids: tuple[str, ...]
    as_of: date | None = None


class Researchers(msgspec.Struct, frozen=True, kw_only=True, tag="researchers"):
    """Researchers in the order asked for."""

    items: tuple[Researcher | None, ...]


class ListResearchers(Query, frozen=True, kw_only=True):
    """Ask for a page of those who are researchers on a day (default today), in id order.

    `area` also finds those of the whole district.
    """

    page: Page = Page()
    as_of: date | None = None
    subject: str | None = None
    stage: Stage | None = None
    area: str | None = None


class ResearcherPage(msgspec.Struct, frozen=True, kw_only=True, tag="researcher-page"):
    """A page of researchers; `cursors` stand beside `items`; `total` counts all matches."""

    items: tuple[Researcher, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class ResearcherChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A researcher's whole dated history: each entry holds from its date on, until `ends_on` of the card.

    Every card carries all absences and the conflicts of its days.
    """

    researcher: str
    version: int
    history: tuple[tuple[date, Researcher], ...]


ENROL_RESEARCHER = Endpoint(SERVICE, "enrol-researcher", EnrolResearcher, Researcher | Refused, writes=True)
CORRECT_RESEARCHER = Endpoint(SERVICE, "correct-researcher", CorrectResearcher, Researcher | Refused, writes=True)
END_RESEARCHER = Endpoint(SERVICE, "end-researcher", EndResearcher, Researcher | Refused, writes=True)
RECORD_ABSENCE = Endpoint(SERVICE, "record-absence", RecordAbsence, Researcher | Refused, writes=True)
CORRECT_ABSENCE = Endpoint(SERVICE, "correct-absence", CorrectAbsence, Researcher | Refused, writes=True)
GET_RESEARCHERS = Endpoint(SERVICE, "get-researchers", GetResearchers, Researchers | Refused)
LIST_RESEARCHERS = Endpoint(SERVICE, "list-researchers", ListResearchers, ResearcherPage | Refused)
RESEARCHER_CHANGED = Event(SERVICE, "researcher-changed", ResearcherChanged)
