"""Messages of teachers and of their stretches of work at schools."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from yanxiu_wire.endpoint import Endpoint, Event
from yanxiu_wire.follow_up import Followed, FollowUp
from yanxiu_wire.message import Command, Page, Query
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import SERVICE, Stage


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


class TeacherRow(msgspec.Struct, frozen=True, kw_only=True, tag="teacher-row", gc=False):
    """A teacher of a list in part, as of a date: what was not asked for is unset, and not sent."""

    id: str
    staff_number: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    gender: Literal["female", "male", "unstated"] | UnsetType = UNSET
    subject: str | UnsetType | None = UNSET
    stage: Stage | UnsetType | None = UNSET
    title: str | UnsetType | None = UNSET
    hired_on: date | UnsetType | None = UNSET
    status: Literal["active", "on-leave", "left"] | UnsetType = UNSET
    version: int | UnsetType = UNSET


# What can be asked for in part; the rest (national id, stretches of work) only whole teachers tell.
ROW_FIELDS = frozenset(TeacherRow.__struct_fields__)


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


class GetTeachers(Query, frozen=True, kw_only=True, omit_defaults=True):
    """Ask for teachers by id, as of a date; `reveal` asks for the plain ids (role-bound, audited with `reason`)."""

    ids: tuple[str, ...]
    as_of: date | None = None
    reveal: bool = False
    reason: str = ""
    then: tuple[FollowUp, ...] = ()


class Teachers(msgspec.Struct, frozen=True, kw_only=True, tag="teachers", omit_defaults=True):
    """Teachers in the order asked for; None where unknown or out of the caller's scope."""

    items: tuple[Teacher | None, ...]
    followed: Followed = ()


class ListTeachers(Query, frozen=True, kw_only=True, omit_defaults=True):
    """Ask for a page of each school's teachers; no school means the caller's whole scope.

    They come by staff number, by name (in the order of Unicode, so one surname's together), or the last entered first.
    With `fields`, all of them among `ROW_FIELDS`, these alone are told of each teacher.
    """

    schools: tuple[str, ...] = ()
    page: Page = Page()
    as_of: date | None = None
    subject: str | None = None
    search: str | None = None
    fields: tuple[str, ...] = ()
    status: Literal["active", "on-leave", "left"] | None = None
    stage: Stage | None = None
    title: str | None = None
    order: Literal["staff-number", "name", "newest"] = "staff-number"
    then: tuple[FollowUp, ...] = ()


class TeacherPage(msgspec.Struct, frozen=True, kw_only=True, tag="teacher-page"):
    """A page of teachers, whole or in part."""

    items: tuple[Teacher | TeacherRow, ...]
    cursors: tuple[str, ...]
    has_next: bool
    total: int


class TeacherPages(msgspec.Struct, frozen=True, kw_only=True, tag="teacher-pages", omit_defaults=True):
    """One page per school asked for, in that order (one page in all when no school was named)."""

    pages: tuple[TeacherPage, ...]
    followed: Followed = ()


class TeacherChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A teacher's whole dated history, each entry from its date on, without who it is: no name, no number, no gender.

    The entries have the form of cards, whose name and staff number are empty: `nameless` makes them so.
    """

    teacher: str
    version: int
    history: tuple[tuple[date, Teacher], ...]
    recorded_at: datetime


def nameless(changed: TeacherChanged) -> TeacherChanged:
    """What may leave the registry of a history: announced, copied and kept, it tells of an id and never of a person."""
    told = {"name": "", "staff_number": "", "national_id": None, "gender": "unstated"}
    history = tuple((since, msgspec.structs.replace(card, **told)) for since, card in changed.history)
    return msgspec.structs.replace(changed, history=history)


CREATE_TEACHER = Endpoint(SERVICE, "create-teacher", CreateTeacher, Teacher | Refused, writes=True)
CORRECT_TEACHER = Endpoint(SERVICE, "correct-teacher", CorrectTeacher, Teacher | Refused, writes=True)
EMPLOY_TEACHER = Endpoint(SERVICE, "employ-teacher", EmployTeacher, Teacher | Refused, writes=True)
CORRECT_EMPLOYMENT = Endpoint(SERVICE, "correct-employment", CorrectEmployment, Teacher | Refused, writes=True)
GET_TEACHERS = Endpoint(SERVICE, "get-teachers", GetTeachers, Teachers | Refused)
LIST_TEACHERS = Endpoint(SERVICE, "list-teachers", ListTeachers, TeacherPages | Refused)
TEACHER_CHANGED = Event(SERVICE, "teacher-changed", TeacherChanged)
