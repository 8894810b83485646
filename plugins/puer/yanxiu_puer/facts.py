"""What Pu'er's rules may be told of a record, a teacher and a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from yanxiu_rulekit import Facts, FactsRefused, RecordFacts, Teacher

Kind = Literal["training", "special", "external", "studio", "lecture", "contest", "research", "degree", "induction"]
Mode = Literal["network", "central", "school"]
Level = Literal["national", "provincial", "municipal", "county", "school"]
Grade = Literal["优", "良", "中", "合格", "不合格"]
Allocation = str | dict[str, Decimal]

# What is taught and marked (articles 11, 12 and 13 item 6); the other kinds are art. 13 items and induction.
COURSES = ("training", "special", "external")


class Record(RecordFacts, frozen=True, kw_only=True):
    """One training record as it is registered; a fact that is not stated is in order.

    Hours are in 学时, days in days of teaching, `class_hours` in 课时, `score` in marks of 100, `project_credit` in
    credits per hour. Where two words for one fact are in use (`approved` and `project_approved`, `hours_completed`
    and `hours_attended`) both are understood. What a timetable (`hours_per_day`) or an organiser (`claimed_level`)
    claims is held and never used: short centralised training counts by the day (PUER-10-16), an award by its
    certificate (PUER-13-3). Titles, topics, notes and names are held for the file.
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
    hours_attended: Decimal | None = None
    days_planned: Decimal | None = None
    days_attended: Decimal | None = None
    days_completed: Decimal | None = None
    hours_per_day: Decimal | None = None
    class_hours: Decimal | None = None
    practical_hours: Decimal | None = None
    hours_by_year: dict[str, Decimal] | None = None

    # coefficient and mark
    project_credit: Decimal | None = None
    coefficient_set_by: str | None = None
    score: Decimal | None = None
    grade: Grade | None = None
    result: Grade | None = None

    # the days of the project
    started_on: dt.date | None = None
    start_date: dt.date | None = None
    completed_on: dt.date | None = None
    end_date: dt.date | None = None

    # approval, organiser, conduct
    approved: bool = True
    approved_on: dt.date | None = None
    plan_approved: bool = True
    plan_approved_on: dt.date | None = None
    implemented_as_planned: bool = True
    effective: bool = True
    organiser_recognised: bool = True
    provincial_recognised: bool = True
    hosted_or_approved: bool = True
    same_level_approved: bool = True
    institution_qualified: bool = True
    qualified_institution: bool = True
    registrar_signed: bool = True
    school_reviewed: bool = True
    evidence_filed: bool = True
    fraud: bool = False

    # choice and module
    choice: Literal["directive", "self_chosen", "teacher", "school", "指令性", "自主选学"] | None = None
    self_chosen: bool | None = None
    teacher_chosen: bool = False
    consent: bool | None = True
    county_consent: bool | None = True
    module: Allocation | None = None
    modules: dict[str, Decimal] | None = None
    module_hours: dict[str, Decimal] | None = None
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


class PuerTeacher(Teacher, frozen=True, kw_only=True):
    """A teacher as the questions state one; `head_teacher_years` names the years as 班主任.

    Leave is held and changes nothing: the text knows neither exemption nor pro-rata (G-P17).
    """

    id: str | None = None
    head_teacher_years: tuple[int, ...] = ()
    on_leave: bool = False


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


def is_approved(record: Record) -> bool:
    """Return whether the project was approved by a department of county level or above."""
    return record.approved and record.project_approved


def approval_day(record: Record) -> dt.date | None:
    """Return the day from which the activity may run, where one is stated."""
    own = record.plan_approved_on if record.mode == "school" else None
    return own or record.project_approved_on or record.approved_on or record.plan_approved_on


def first_day(record: Record) -> dt.date | None:
    """Return the day on which the activity began, else the day it is dated."""
    return record.started_on or record.start_date or last_day(record)


def last_day(record: Record) -> dt.date | None:
    """Return the day on which the training was completed."""
    return record.completed_on or record.end_date or record.date


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
    return record.module_hours or record.modules or record.module


def is_self_chosen(record: Record) -> bool | None:
    """Return whether the project was self-chosen (PUER-8-1), None where the record does not say."""
    if record.self_chosen is not None:
        return record.self_chosen
    if record.choice is None:
        return True if record.teacher_chosen else None
    return record.choice not in ("directive", "指令性")


def hour_log(record: Record) -> dict[int, Decimal]:
    """Return the hours by calendar year as logged; raises `FactsRefused` for a key that is no year."""
    hours: dict[int, Decimal] = {}
    for key, amount in (record.hours_by_year or {}).items():
        try:
            hours[dt.date.fromisoformat(f"{key}-01-01").year] = amount
        except ValueError:
            raise FactsRefused(
                field=f"record.hours_by_year.{key}", value=key, problem="no year; write it like 2024"
            ) from None
    return hours
