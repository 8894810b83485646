"""Messages of the base-school programme: what base schools reached, kept and corrected, and how far its targets are."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from yanxiu_wire.endpoint import Endpoint
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.ruling import Ruling

_SERVICE = "visits"

AchievementKind = Literal["demonstration", "brand", "advanced-group", "famous-teacher"]
EntryKind = Literal["demonstration", "brand", "advanced-group", "famous-teacher", "contest"]
Level = Literal["school", "area", "county", "municipal", "provincial", "national"]


class Achieved(msgspec.Struct, frozen=True, kw_only=True, tag="achieved"):
    """Something a base school has reached since a day, such as a demonstration base or a brand project.

    `level` is at which it was awarded; `subject` or `teacher` (an id) whose it is, where the law's kind is of one.
    """

    kind: AchievementKind
    reached_on: date
    title: str
    level: Level | None = None
    subject: str | None = None
    teacher: str | None = None


class Entrant(msgspec.Struct, frozen=True, kw_only=True):
    """A teacher of the school against a contest: whether he took part, and what he won (empty: nothing).

    `born_on` is told to those who record entries, and to nobody else.
    """

    teacher: str
    born_on: date | None = None
    took_part: bool = True
    award: str = ""


class ContestHeld(msgspec.Struct, frozen=True, kw_only=True, tag="contest-held"):
    """A quality-lesson contest on its day: the school's teachers who might take part, whether they did or not."""

    name: str
    held_on: date
    entrants: tuple[Entrant, ...]


EntryContent = Achieved | ContestHeld


class ProgrammeEntry(msgspec.Struct, frozen=True, kw_only=True, tag="programme-entry"):
    """One version of what a base school reached in a batch, named by its first day; versions count from 1.

    A correction is another version with its `reason`; one that is `withdrawn` counts no more. `recorded_by` is the
    subject of a token, `recorded_role` the role in which he recorded it (None of what was recorded before it was kept).
    """

    id: str
    version: int
    batch: date
    school: str
    content: EntryContent
    evidence: str
    reason: str | None = None
    withdrawn: bool = False
    recorded_by: str
    recorded_at: datetime
    recorded_role: str | None = None
    replayed: bool = False


class RecordProgrammeEntry(Command, frozen=True, kw_only=True):
    """Record what a base school of a batch reached, or its teachers in a contest; `evidence` is where it is proven."""

    batch: date
    school: str
    content: EntryContent
    evidence: str


class CorrectProgrammeEntry(Command, frozen=True, kw_only=True):
    """Put an entry right: a new version after the one that was seen; the old one stays on file."""

    entry: str
    expected_version: int
    content: EntryContent
    evidence: str
    reason: str


class WithdrawProgrammeEntry(Command, frozen=True, kw_only=True):
    """Take an entry back: it stays on file and counts no more."""

    entry: str
    expected_version: int
    reason: str


class ListProgrammeEntries(Query, frozen=True, kw_only=True):
    """Ask for a page of entries as they were recorded; with `history` every version, and those withdrawn.

    An id is an entry's, or with a slash and a number one version's.
    """

    page: Page = Page()
    batch: date | None = None
    school: str | None = None
    kind: EntryKind | None = None
    history: bool = False
    ids: tuple[str, ...] = ()


class ProgrammeEntryPage(msgspec.Struct, frozen=True, kw_only=True, tag="programme-entry-page"):
    """A page of entries."""

    items: tuple[ProgrammeEntry, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class BaseSchoolBatch(msgspec.Struct, frozen=True, kw_only=True):
    """A batch of base schools as an adopted plan made it; both days included."""

    starts_on: date
    ends_on: date
    plan: str
    schools: tuple[str, ...]


class ListBaseSchoolBatches(Query, frozen=True, kw_only=True):
    """Ask for the district's batches, newest first."""


class BaseSchoolBatches(msgspec.Struct, frozen=True, kw_only=True, tag="base-school-batches"):
    """The batches."""

    items: tuple[BaseSchoolBatch, ...]


class TargetHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A target as of a day: what was reached of what is aimed at, and how much is to go; it binds nobody.

    `of` is how many a share is taken of; `reached` is None where there is nothing yet to take a share of.
    """

    clause: str
    measure: str
    label_zh: str
    label_en: str
    unit: str
    aimed: Decimal
    reached: Decimal | None
    to_go: Decimal
    of: Decimal | None
    met: bool
    due_on: date


class SchoolAchievement(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a base school can reach: since when it has (None: not yet), and the entries that say so."""

    kind: AchievementKind
    name: str
    label_en: str
    clauses: tuple[str, ...]
    since: date | None
    entries: tuple[str, ...]


class SchoolProgramme(msgspec.Struct, frozen=True, kw_only=True):
    """A base school's part: what it reached, and the targets that count its own teachers.

    `unlisted` are teachers who by the register worked there on the day of one of its contests and stand in no list of
    that batch's contests: the register holds no days of birth, so whether they are of the age counted is not known.
    """

    school: str
    achievements: tuple[SchoolAchievement, ...]
    teachers: tuple[TargetHeld, ...]
    unlisted: tuple[str, ...] = ()


class GetBaseSchoolProgramme(Query, frozen=True, kw_only=True):
    """Ask how far a batch, named by its first day, has come as of a day (default today)."""

    batch: date
    as_of: date | None = None


class BaseSchoolProgramme(msgspec.Struct, frozen=True, kw_only=True, tag="base-school-programme"):
    """A batch with its targets, none where they were due before it began, and the schools in the caller's scope."""

    batch: BaseSchoolBatch
    as_of: date
    targets: tuple[TargetHeld, ...]
    schools: tuple[SchoolProgramme, ...]
    rulings: tuple[Ruling, ...]


class GetSchoolYearPlans(Query, frozen=True, kw_only=True):
    """Ask which base schools have their work plan of a school year, by a day (default today)."""

    school_year: str
    as_of: date | None = None


class SchoolYearPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A base school and the records of the plans handed in for it, none where it has none yet."""

    school: str
    records: tuple[str, ...]


class SchoolYearPlans(msgspec.Struct, frozen=True, kw_only=True, tag="school-year-plans"):
    """The base schools of a year in the caller's scope, the law's names of the document, and what the law answers."""

    school_year: str
    as_of: date
    papers: tuple[str, ...]
    items: tuple[SchoolYearPlan, ...]
    failed: tuple[str, ...]
    rulings: tuple[Ruling, ...]


RECORD_PROGRAMME_ENTRY = Endpoint(
    _SERVICE, "record-programme-entry", RecordProgrammeEntry, ProgrammeEntry | Refused, writes=True
)
CORRECT_PROGRAMME_ENTRY = Endpoint(
    _SERVICE, "correct-programme-entry", CorrectProgrammeEntry, ProgrammeEntry | Refused, writes=True
)
WITHDRAW_PROGRAMME_ENTRY = Endpoint(
    _SERVICE, "withdraw-programme-entry", WithdrawProgrammeEntry, ProgrammeEntry | Refused, writes=True
)
LIST_PROGRAMME_ENTRIES = Endpoint(
    _SERVICE, "list-programme-entries", ListProgrammeEntries, ProgrammeEntryPage | Refused
)
LIST_BASE_SCHOOL_BATCHES = Endpoint(
    _SERVICE, "list-base-school-batches", ListBaseSchoolBatches, BaseSchoolBatches | Refused
)
GET_BASE_SCHOOL_PROGRAMME = Endpoint(
    _SERVICE, "get-base-school-programme", GetBaseSchoolProgramme, BaseSchoolProgramme | Refused
)
GET_SCHOOL_YEAR_PLANS = Endpoint(_SERVICE, "get-school-year-plans", GetSchoolYearPlans, SchoolYearPlans | Refused)
