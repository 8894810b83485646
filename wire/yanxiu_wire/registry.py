"""Messages, endpoints and events owned by the registry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from yanxiu_wire.calendar_year import CALENDAR_CHANGED, LIST_CALENDAR_YEARS, SET_CALENDAR_DAYS
from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import RefusalItem, Refused

Stage = Literal["kindergarten", "primary", "junior", "senior", "nine-year", "complete", "special", "vocational"]
Affiliation = Literal["county-school", "municipal-direct-school", "municipal-institution", "county-institution"]


# ---- views -----------------------------------------------------------------------------------------------------


class PackBinding(msgspec.Struct, frozen=True, kw_only=True):
    """From `since` on, the district is under this rule pack and these settings (parameter -> value, decided by)."""

    pack: str
    since: date
    settings: Mapping[str, Any] = {}
    decided_by: str | None = None


class District(msgspec.Struct, frozen=True, kw_only=True, tag="district"):
    """A district with its dated rule-pack bindings, oldest first; `version` grows with every change."""

    id: str
    name_zh: str
    name_en: str
    bindings: tuple[PackBinding, ...] = ()
    synthetic: bool = False
    version: int = 1


class School(msgspec.Struct, frozen=True, kw_only=True, tag="school"):
    """A school as of a date."""

    id: str
    code: str
    name: str
    stage: Stage
    location: Literal["town", "rural"]
    ownership: Literal["public", "private"] = "public"
    affiliation: Affiliation = "county-school"
    opened_on: date
    closed_on: date | None = None
    version: int = 1


class Employment(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a teacher's work at one school, both days included; `until` None means it goes on."""

    school: str
    since: date
    until: date | None = None
    post: str = "teacher"


class Teacher(msgspec.Struct, frozen=True, kw_only=True, tag="teacher"):
    """A teacher as of a date; `national_id` is masked unless the caller's role needs it and asked for it."""

    id: str
    staff_number: str
    name: str
    national_id: str | None = None
    gender: Literal["female", "male", "unstated"] = "unstated"
    subject: str | None = None
    stage: Stage | None = None
    title: str | None = None
    hired_on: date | None = None
    status: Literal["active", "on-leave", "left"] = "active"
    school: str | None = None
    employments: tuple[Employment, ...] = ()
    head_teacher_periods: tuple[tuple[date, date | None], ...] = ()
    version: int = 1


class Term(msgspec.Struct, frozen=True, kw_only=True, tag="term"):
    """A term of a school year; both days included. `id` is `<school_year>-<number>`, such as `2024-2025-1`."""

    id: str
    school_year: str
    number: int
    starts_on: date
    ends_on: date
    version: int = 1


# ---- district --------------------------------------------------------------------------------------------------


class CreateDistrict(Command, frozen=True, kw_only=True):
    """Open a district (platform operator)."""

    name_zh: str
    name_en: str
    synthetic: bool = False


class BindRulePack(Command, frozen=True, kw_only=True):
    """Put the district under a pack from a date on; a date before the newest binding is refused."""

    pack: str
    since: date
    settings: Mapping[str, Any] = {}
    decided_by: str | None = None


class CorrectDistrict(Command, frozen=True, kw_only=True):
    """Change the names of a district; a name not given stays as it is."""

    expected_version: int | None = None
    name_zh: str | None = None
    name_en: str | None = None


class ListDistricts(Query, frozen=True, kw_only=True):
    """Ask for a page of the platform's districts in id order (platform operator); asked of the district `platform`."""

    page: Page = Page()


class DistrictPage(msgspec.Struct, frozen=True, kw_only=True, tag="district-page"):
    """A page of districts; `cursors` stand beside `items`; `total` counts all."""

    items: tuple[District, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class GetDistrict(Query, frozen=True, kw_only=True):
    """Ask for the caller's own district."""


# ---- school ----------------------------------------------------------------------------------------------------


class CreateSchool(Command, frozen=True, kw_only=True):
    """Enter a school; `code` is unique in the district."""

    code: str
    name: str
    stage: Stage
    location: Literal["town", "rural"]
    ownership: Literal["public", "private"] = "public"
    affiliation: Affiliation = "county-school"
    opened_on: date


class CorrectSchool(Command, frozen=True, kw_only=True):
    """Change the named fields of a school from a date on; earlier days keep the earlier values."""

    school: str
    since: date
    expected_version: int | None = None
    changes: Mapping[str, Any]


class GetSchools(Query, frozen=True, kw_only=True):
    """Ask for schools by id, as of a date (default today); the answer keeps the order, None where unknown."""

    ids: tuple[str, ...]
    as_of: date | None = None


class Schools(msgspec.Struct, frozen=True, kw_only=True, tag="schools"):
    """Schools in the order asked for."""

    items: tuple[School | None, ...]


class ListSchools(Query, frozen=True, kw_only=True):
    """Ask for a page of schools in code order, as of a date."""

    page: Page = Page()
    as_of: date | None = None
    stage: Stage | None = None
    search: str | None = None


class SchoolPage(msgspec.Struct, frozen=True, kw_only=True, tag="school-page"):
    """A page of schools; `cursors` stand beside `items`; `total` counts all matches."""

    items: tuple[School, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


# ---- teacher ---------------------------------------------------------------------------------------------------


class CreateTeacher(Command, frozen=True, kw_only=True):
    """Enter a teacher with a first employment; staff number and national id are unique in the district."""

    staff_number: str
    name: str
    school: str
    employed_since: date
    national_id: str | None = None
    gender: Literal["female", "male", "unstated"] = "unstated"
    subject: str | None = None
    stage: Stage | None = None
    title: str | None = None
    hired_on: date | None = None
    post: str = "teacher"


class CorrectTeacher(Command, frozen=True, kw_only=True):
    """Change the named fields of a teacher from a date on."""

    teacher: str
    since: date
    expected_version: int | None = None
    changes: Mapping[str, Any]


class EmployTeacher(Command, frozen=True, kw_only=True):
    """Move a teacher to a school from a date on; the running employment ends the day before."""

    teacher: str
    school: str
    since: date
    post: str = "teacher"


class CorrectEmployment(Command, frozen=True, kw_only=True):
    """Change `since`, `school` or `post` of the stretch of work that began on `begun_on`, or take it back.

    A stretch that ended the day before it goes on ending there: it moves with the new day, and runs on when this one
    is taken back.
    """

    teacher: str
    begun_on: date
    expected_version: int | None = None
    changes: Mapping[str, Any] = {}
    take_back: bool = False


class GetTeachers(Query, frozen=True, kw_only=True):
    """Ask for teachers by id, as of a date; `reveal` asks for the plain ids (role-bound, audited with `reason`)."""

    ids: tuple[str, ...]
    as_of: date | None = None
    reveal: bool = False
    reason: str = ""


class Teachers(msgspec.Struct, frozen=True, kw_only=True, tag="teachers"):
    """Teachers in the order asked for; None where unknown or out of the caller's scope."""

    items: tuple[Teacher | None, ...]


class ListTeachers(Query, frozen=True, kw_only=True):
    """Ask for a page of each school's teachers in staff-number order; no school means the caller's whole scope."""

    schools: tuple[str, ...] = ()
    page: Page = Page()
    as_of: date | None = None
    subject: str | None = None
    search: str | None = None


class TeacherPage(msgspec.Struct, frozen=True, kw_only=True, tag="teacher-page"):
    """A page of teachers."""

    items: tuple[Teacher, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class TeacherPages(msgspec.Struct, frozen=True, kw_only=True, tag="teacher-pages"):
    """One page per school asked for, in that order (one page in all when no school was named)."""

    pages: tuple[TeacherPage, ...]


# ---- calendar --------------------------------------------------------------------------------------------------


class SetTerm(Command, frozen=True, kw_only=True):
    """Enter or correct a term; terms of a district never overlap."""

    school_year: str
    number: int
    starts_on: date
    ends_on: date


class ListTerms(Query, frozen=True, kw_only=True):
    """Ask for the district's terms, oldest first; as of a day, for those that had begun by then."""

    as_of: date | None = None


class Terms(msgspec.Struct, frozen=True, kw_only=True, tag="terms"):
    """The district's terms."""

    items: tuple[Term, ...]


# ---- roster import ---------------------------------------------------------------------------------------------


class RosterRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row as it stands in the file: its number there and each known column's text."""

    number: int
    cells: Mapping[str, str]


class StageRoster(Command, frozen=True, kw_only=True):
    """Lay rows of a roster ready under an import id (at most 1,000 a message); nothing is entered yet."""

    roster: str
    rows: tuple[RosterRow, ...]


class RosterStaged(msgspec.Struct, frozen=True, kw_only=True, tag="roster-staged"):
    """How many rows lie ready in all."""

    roster: str
    rows: int


class RowError(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one cell: row number, column, value (national ids masked) and remedy."""

    row: int
    column: str
    value: str
    item: RefusalItem


class CheckRoster(Query, frozen=True, kw_only=True):
    """Compare the staged rows with the register as of a date (dry run)."""

    roster: str
    as_of: date | None = None


class ApplyRoster(Command, frozen=True, kw_only=True):
    """Enter every staged row in one transaction; refused while any row has an error."""

    roster: str
    as_of: date | None = None


class RosterReport(msgspec.Struct, frozen=True, kw_only=True, tag="roster-report"):
    """What the import would do, or did: counts, the errors (first 200, `error_count` in all), samples of the diff."""

    roster: str
    rows: int
    created: int
    corrected: int
    moved: int
    unchanged: int
    errors: tuple[RowError, ...] = ()
    error_count: int = 0
    samples: tuple[str, ...] = ()
    applied: bool = False


class UndoRoster(Command, frozen=True, kw_only=True):
    """Take an applied import back, where nothing has been changed since; refused otherwise, naming the rows."""

    roster: str


class RosterUndone(msgspec.Struct, frozen=True, kw_only=True, tag="roster-undone"):
    """How many changes were taken back."""

    roster: str
    undone: int


class Republish(Command, frozen=True, kw_only=True):
    """Announce every district, school, teacher and term again (for a consumer that rebuilds its projection)."""


class Republished(msgspec.Struct, frozen=True, kw_only=True, tag="republished"):
    """How many announcements were queued."""

    events: int


# ---- endpoints and events --------------------------------------------------------------------------------------

SERVICE = "registry"

CREATE_DISTRICT = Endpoint(SERVICE, "create-district", CreateDistrict, District | Refused, writes=True)
CORRECT_DISTRICT = Endpoint(SERVICE, "correct-district", CorrectDistrict, District | Refused, writes=True)
LIST_DISTRICTS = Endpoint(SERVICE, "list-districts", ListDistricts, DistrictPage | Refused)
BIND_RULE_PACK = Endpoint(SERVICE, "bind-rule-pack", BindRulePack, District | Refused, writes=True)
GET_DISTRICT = Endpoint(SERVICE, "get-district", GetDistrict, District | Refused)
CREATE_SCHOOL = Endpoint(SERVICE, "create-school", CreateSchool, School | Refused, writes=True)
CORRECT_SCHOOL = Endpoint(SERVICE, "correct-school", CorrectSchool, School | Refused, writes=True)
GET_SCHOOLS = Endpoint(SERVICE, "get-schools", GetSchools, Schools | Refused)
LIST_SCHOOLS = Endpoint(SERVICE, "list-schools", ListSchools, SchoolPage | Refused)
CREATE_TEACHER = Endpoint(SERVICE, "create-teacher", CreateTeacher, Teacher | Refused, writes=True)
CORRECT_TEACHER = Endpoint(SERVICE, "correct-teacher", CorrectTeacher, Teacher | Refused, writes=True)
EMPLOY_TEACHER = Endpoint(SERVICE, "employ-teacher", EmployTeacher, Teacher | Refused, writes=True)
CORRECT_EMPLOYMENT = Endpoint(SERVICE, "correct-employment", CorrectEmployment, Teacher | Refused, writes=True)
GET_TEACHERS = Endpoint(SERVICE, "get-teachers", GetTeachers, Teachers | Refused)
LIST_TEACHERS = Endpoint(SERVICE, "list-teachers", ListTeachers, TeacherPages | Refused)
SET_TERM = Endpoint(SERVICE, "set-term", SetTerm, Term | Refused, writes=True)
LIST_TERMS = Endpoint(SERVICE, "list-terms", ListTerms, Terms | Refused)
STAGE_ROSTER = Endpoint(SERVICE, "stage-roster", StageRoster, RosterStaged | Refused, writes=True)
CHECK_ROSTER = Endpoint(SERVICE, "check-roster", CheckRoster, RosterReport | Refused, seconds=60)
APPLY_ROSTER = Endpoint(SERVICE, "apply-roster", ApplyRoster, RosterReport | Refused, writes=True, seconds=120)
UNDO_ROSTER = Endpoint(SERVICE, "undo-roster", UndoRoster, RosterUndone | Refused, writes=True, seconds=120)
REPUBLISH = Endpoint(SERVICE, "republish", Republish, Republished | Refused, writes=True, seconds=60)


class DistrictChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The district as it now stands, with all bindings."""

    district: District


class SchoolChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A school's whole dated history: each entry holds from its date on."""

    school: str
    version: int
    history: tuple[tuple[date, School], ...]


class TeacherChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A teacher's whole dated history, without any national id: each entry holds from its date on."""

    teacher: str
    version: int
    history: tuple[tuple[date, Teacher], ...]
    recorded_at: datetime


class TermChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A term as it now stands."""

    term: Term


DISTRICT_CHANGED = Event(SERVICE, "district-changed", DistrictChanged)
SCHOOL_CHANGED = Event(SERVICE, "school-changed", SchoolChanged)
TEACHER_CHANGED = Event(SERVICE, "teacher-changed", TeacherChanged)
TERM_CHANGED = Event(SERVICE, "term-changed", TermChanged)

ENDPOINTS: tuple[Endpoint[Any, Any], ...] = (
    CREATE_DISTRICT,
    CORRECT_DISTRICT,
    LIST_DISTRICTS,
    BIND_RULE_PACK,
    GET_DISTRICT,
    CREATE_SCHOOL,
    CORRECT_SCHOOL,
    GET_SCHOOLS,
    LIST_SCHOOLS,
    CREATE_TEACHER,
    CORRECT_TEACHER,
    EMPLOY_TEACHER,
    CORRECT_EMPLOYMENT,
    GET_TEACHERS,
    LIST_TEACHERS,
    SET_TERM,
    LIST_TERMS,
    SET_CALENDAR_DAYS,
    LIST_CALENDAR_YEARS,
    STAGE_ROSTER,
    CHECK_ROSTER,
    APPLY_ROSTER,
    UNDO_ROSTER,
    REPUBLISH,
)
EVENTS: tuple[Event[Any], ...] = (DISTRICT_CHANGED, SCHOOL_CHANGED, TEACHER_CHANGED, TERM_CHANGED, CALENDAR_CHANGED)
