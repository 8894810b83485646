"""What Pu'er's rules may be told of a record, a teacher and a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from yanxiu_rulekit import Facts, FactsRefused, Teacher

from yanxiu_puer.spellings import (
    OF_A_RECORD,
    OF_A_TEACHER,
    Allocation,
    SpelledRecord,
    fold,
    refuse_contradictions,
    word_for,
)

Kind = Literal["training", "special", "external", "studio", "lecture", "contest", "research", "degree", "induction"]
Mode = Literal["network", "central", "school"]
Level = Literal["national", "provincial", "municipal", "county", "school"]
Grade = Literal["优", "良", "中", "合格", "不合格"]
# What is taught and marked (articles 11, 12 and 13 item 6); the other kinds are art. 13 items and induction.
COURSES = ("training", "special", "external")


class Record(SpelledRecord, frozen=True, kw_only=True):
    """One training record as it is registered; a fact that is not stated is in order.

    Hours are in 学时, days in days of teaching, `class_hours` in 课时, `score` in marks of 100, `project_credit` in
    credits per hour. `result` is a grade, of a contest a prize. What a timetable (`hours_per_day`) or an organiser
    (`claimed_level`) claims is held and never used: short centralised training counts by the day (PUER-10-16), an
    award by its certificate (PUER-13-3). Titles, topics, notes and names are held for the file.
    """

    kind: Kind = "training"
    mode: Mode | None = None
    level: Level | None = None
    id: str | None = None
    title: str | None = None
    topic: str | None = None
    note: str | None = None
    organiser: str | None = None
    institution: str | None = None
    registrar: str | None = None

    # amount
    hours: Decimal | None = None
    hours_planned: Decimal | None = None
    hours_completed: Decimal | None = None
    days_planned: Decimal | None = None
    days_attended: Decimal | None = None
    hours_per_day: Decimal | None = None
    class_hours: Decimal | None = None
    practical_hours: Decimal | None = None
    hours_by_year: dict[str, Decimal] | None = None

    # coefficient and mark
    project_credit: Decimal | None = None
    coefficient_set_by: str | None = None
    score: Decimal | None = None
    grade: Grade | None = None
    result: str | None = None

    # the days of the project
    started_on: dt.date | None = None
    completed_on: dt.date | None = None

    # approval, organiser, conduct
    approved: bool | None = None
    approved_on: dt.date | None = None
    plan_approved: bool = True
    plan_approved_on: dt.date | None = None
    implemented_as_planned: bool = True
    effective: bool | None = None
    organiser_recognised: bool | None = None
    hosted_or_approved: bool = True
    same_level_approved: bool = True
    institution_qualified: bool | None = None
    registrar_signed: bool | None = None
    school_reviewed: bool = True
    evidence_filed: bool = True
    fraud: bool = False

    # choice and module
    choice: Literal["directive", "self_chosen", "teacher", "school", "指令性", "自主选学"] | None = None
    self_chosen: bool | None = None
    teacher_chosen: bool = False
    consent: bool | None = None
    module: Allocation | None = None
    head_teacher_topic: bool = False

    # art. 13
    role: Literal["host", "member", "trainee", "participant"] | None = None
    studio: str | None = None
    studio_passed: bool = True
    person_passed: bool = True
    lecture: str | None = None
    repeat: bool = False
    prize: str | None = None
    work: str | None = None
    certificate_level: Level | None = None
    claimed_level: Level | None = None
    organised_or_confirmed: bool = True
    concluded: bool = True
    study_year: int | None = None
    transcript: bool = True

    def __post_init__(self) -> None:
        """Read the other words."""
        fold(self, OF_A_RECORD)


class PuerTeacher(Facts, frozen=True, kw_only=True):
    """A teacher as the questions state one; `head_teacher_years` names the years as 班主任.

    `first_year` says whether the year asked about is the first in post (in a cycle: its first year), or which year
    is. Leave is held and changes nothing: the text knows neither exemption nor pro-rata (G-P17).
    """

    id: str | None = None
    hired_on: dt.date | None = None
    appointed_on: dt.date | None = None
    first_year: bool | int | None = None
    head_teacher: bool = False
    head_teacher_years: tuple[int, ...] = ()
    on_leave: bool = False
    stage: str | None = None
    subject: str | None = None
    title: str | None = None

    def __post_init__(self) -> None:
        """Read the other words."""
        fold(self, OF_A_TEACHER)


AnyTeacher = Teacher | PuerTeacher


class RecordQuestion(Facts, frozen=True, kw_only=True):
    """What is this record worth?"""

    record: Record


class AnnualQuestion(Facts, frozen=True, kw_only=True):
    """Did this teacher meet the duties of a calendar year? Records of other years are passed over."""

    year: int
    teacher: PuerTeacher = PuerTeacher()
    records: tuple[Record, ...] = ()


class CycleQuestion(Facts, frozen=True, kw_only=True):
    """Did this teacher meet the duties of a five-year cycle (`cycle`: its years)?"""

    cycle: tuple[int, ...]
    teacher: PuerTeacher = PuerTeacher()
    records: tuple[Record, ...] = ()


def calendar_year(field: str, year: int) -> int:
    """Return the year; raises `FactsRefused` for one that has no next, so that its windows and deadlines are dates."""
    if not dt.MINYEAR <= year < dt.MAXYEAR:
        raise FactsRefused(field=field, value=year, problem="no calendar year; write it like 2024")
    return year


def is_approved(record: Record) -> bool:
    """Return whether the project was approved by a department of county level or above."""
    return record.approved is not False and record.project_approved


def approval_day(record: Record) -> dt.date | None:
    """Return the day from which the activity may run, where one is stated."""
    own = record.plan_approved_on if record.mode == "school" else None
    return own or record.project_approved_on or record.approved_on or record.plan_approved_on


def first_day(record: Record) -> dt.date | None:
    """Return the day on which the activity began, else the day it is dated."""
    return record.started_on or last_day(record)


def last_day(record: Record) -> dt.date | None:
    """Return the day on which the training was completed."""
    return record.completed_on or record.date


def certified_level(record: Record) -> Level | None:
    """Return the level that counts: of a contest or research project, that of the certificate (PUER-13-3, 13-4L)."""
    return record.certificate_level or record.level


def mode_of(record: Record) -> Mode | None:
    """Return the mode, or None where it cannot be known; art. 13 items count as centralised research (PUER-13-0).

    A project that the school set is school-based (G-P30); days are counted of centralised training only.
    """
    if record.kind == "induction":
        return None
    if record.kind not in COURSES:
        return "central"
    if record.mode is not None:
        return record.mode
    if record.level == "school":
        return "school"
    return "central" if record.days_planned is not None or record.kind != "training" else None


def allocation_of(record: Record) -> Mapping[str, Decimal] | str | None:
    """Return how the record is spread over modules: hours by module, one module, or nothing stated."""
    return record.module or None


def is_self_chosen(record: Record) -> bool | None:
    """Return whether the project was self-chosen (PUER-8-1), None where the record does not say."""
    if record.self_chosen is not None:
        return record.self_chosen
    if record.choice is None:
        return True if record.teacher_chosen else None
    return record.choice not in ("directive", "指令性")


def sound(record: Record, path: str) -> Record:
    """Return the record; raises `FactsRefused` for facts that contradict each other or name no year.

    `path` is where the record stands in the question, such as `records[2]`.
    """
    refuse_contradictions(record, OF_A_RECORD, f"{path}.")
    for key in record.hours_by_year or {}:
        if not _is_year(key):
            field = f"{path}.{word_for(record, 'hours_by_year', OF_A_RECORD)}.{key}"
            raise FactsRefused(field=field, value=key, problem="no year; write it like 2024")
    return record


def _is_year(text: str) -> bool:
    try:
        return dt.date.fromisoformat(f"{text}-01-01").year < dt.MAXYEAR
    except ValueError:
        return False


def hour_log(record: Record) -> dict[int, Decimal]:
    """Return the hours by calendar year as logged."""
    return {int(key): amount for key, amount in (record.hours_by_year or {}).items()}
