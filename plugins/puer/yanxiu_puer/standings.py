"""What the credits service asks: a record's attributes, and a teacher's standing in a year and in a cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, date
from typing import Any

from yanxiu_rulekit import CreditLine, CreditRules, Law, Period, Standing, StandingRule, Teacher

from yanxiu_puer.annual import in_first_year, judge_year, year_result
from yanxiu_puer.by_column import CYCLE_COLUMNS, YEAR_COLUMNS
from yanxiu_puer.conduct_bars import approval_clauses
from yanxiu_puer.counted import Counted, last_day_of, read_line, split_by_year, touched
from yanxiu_puer.credits import attributes
from yanxiu_puer.cycle import cycle_result, judge_cycle
from yanxiu_puer.facts import COURSES, Record, RecordQuestion, certified_level, mode_of
from yanxiu_puer.headroom import cycle_headroom, year_headroom
from yanxiu_puer.occasions import SCHOOL_RULE, attended_facts, forgery_facts, move
from yanxiu_puer.spellings import OF_A_RECORD
from yanxiu_puer.wording import NOTHING

PROJECT_FACTS = (
    "kind",
    "mode",
    "level",
    "project_credit",
    "coefficient_set_by",
    "hours_planned",
    "days_planned",
    "module",
    "choice",
    "self_chosen",
    "head_teacher_topic",
    "organiser_recognised",
    "hosted_or_approved",
    "same_level_approved",
    "institution_qualified",
    "plan_approved",
    "plan_approved_on",
    "started_on",
)


# What only the body that sets or approves a project says of it (PUER-11-1, PUER-F3-6-4b, PUER-21-1).
_ONLY_THE_PROJECT = frozenset({"mode", "level", "project_credit", "coefficient_set_by"})
_BY_HOURS = frozenset({"hours", "hours_planned", "hours_completed"})
_BY_DAYS = frozenset({"days_planned", "days_attended"})
# What says which item of article 13 it was; amounts, marks, titles and notes are put down differently.
_TELLING = {"studio": "studio", "lecture": "lecture", "contest": "work", "research": "work", "degree": "study_year"}


def of_the_project(project: Mapping[str, Any], record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the facts of a record that are its project's to state: its coefficient, and one way of counting it.

    A project set in hours is not counted in days, nor the other way round (PUER-10-16); network research counts its
    hours whatever days its project names (PUER-10-17).
    """
    theirs = {OF_A_RECORD.get(name, name) for name in project}
    barred = _ONLY_THE_PROJECT - theirs
    if "kind" not in theirs and record.get("kind", "training") != "training":
        barred |= {"kind"}
    if "hours_planned" in theirs and "days_planned" not in theirs:
        barred |= _BY_DAYS
    if "days_planned" in theirs and "hours_planned" not in theirs and project.get("mode") != "network":
        barred |= _BY_HOURS
    return tuple(name for name in record if OF_A_RECORD.get(name, name) in barred)


def project_lacks(project: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a project must state before it is approved: its mode, and of centralised research the level.

    PUER-7-1, PUER-5-1: nothing under it could be computed otherwise, and no record may state either.
    """
    if project.get("kind", "training") not in COURSES:
        return ()
    mode = mode_of(
        Record(mode=project.get("mode"), level=project.get("level"), days_planned=project.get("days_planned"))
    )
    lacks_level = mode == "central" and project.get("level") is None
    return ("mode",) if mode is None else ("level",) if lacks_level else ()


def told_apart_by(question: RecordQuestion, _law: Law) -> Mapping[str, Any]:
    """Return what tells one item of article 13 from another of the same day (G-P22, G-P24, G-P25)."""
    record = question.record
    told: dict[str, Any] = {"kind": record.kind, "level": certified_level(record)}
    name = _TELLING.get(record.kind)
    if name is not None:
        which = getattr(record, name)
        told[name] = which.strip() if isinstance(which, str) else which
    return told


def project_demanded_by(question: RecordQuestion) -> tuple[str, ...]:
    """Return the clauses by which a course counts only as an approved project.

    Items of article 13 and induction are declared on evidence and stand alone.
    """
    return approval_clauses(question.record) if question.record.kind in COURSES else ()


def year_of(day: date, _law: Law) -> Period:
    """PUER-F2-4-3b: the calendar year of a day."""
    start = date(day.year, 1, 1)
    return Period(kind="year", label=f"{day.year}年度", start=start, end=last_day_of(day.year))


def cycle_of(day: date, law: Law) -> Period:
    """PUER-10-1: the fixed five-year cycle of a day (G-P17)."""
    length, first = int(law.cycle_years), int(law.cycle_start)
    start = first + (day.year - first) // length * length
    last = min(start + length - 1, MAXYEAR)
    return Period(kind="cycle", label=f"{start}—{last}年周期", start=date(start, 1, 1), end=last_day_of(last))


def reaching(period: Period, law: Law) -> tuple[date, date]:
    """Return the days of the lines of a period: also what ends later, where a part of it may lie in the period (G-P38).

    A project is taken to end within a cycle of the year it began in.
    """
    if law.year_attribution == "completion_date":
        return period.start, period.end
    return period.start, last_day_of(min(period.end.year + int(law.cycle_years), MAXYEAR))


def with_neighbours(period: Period, law: Law) -> tuple[date, date]:
    """Return the days of the year with those before and after it: induction lasts twelve months (PUER-10-4, G-P16)."""
    if law.first_year_definition != "12_months" or not MINYEAR < period.start.year < MAXYEAR:
        return period.start, period.end
    before = period.start.replace(year=period.start.year - 1)
    return before, last_day_of(period.end.year + 1)


def _counted(lines: Sequence[CreditLine], law: Law) -> list[Counted]:
    return [read_line(part) for line in lines for part in split_by_year(line, law)]


def judge_year_period(period: Period, lines: tuple[CreditLine, ...], teacher: Teacher, law: Law) -> Standing:
    """Return the standing in a calendar year: its measures, every duty with its shortfall, and the annual result."""
    year = period.start.year
    judged = judge_year(year, _counted(lines, law), teacher, law, first_year=in_first_year(teacher, year))
    result = year_result(judged, law)
    return Standing(
        period=period,
        verdict=judged.verdict,
        hours=judged.measures["hours"],
        credits=judged.measures["credits"],
        recognised_hours=judged.recognised_hours,
        recognised_credits=judged.recognised_credits,
        findings=judged.findings,
        measures=judged.measures,
        result=result,
        steps=tuple(law.steps),
    )


def judge_cycle_period(period: Period, lines: tuple[CreditLine, ...], teacher: Teacher, law: Law) -> Standing:
    """Return the standing in a five-year cycle, over what its years recognise.

    A year to come is named, not judged: one after today's, or where no day is given, after the last with a record.
    """
    years = tuple(range(period.start.year, period.end.year + 1))
    counted = _counted(lines, law)
    last = law.today.year if law.today is not None else max((line.on.year for line in counted), default=0)
    to_come = [year for year in years if year > last]
    found = judge_cycle(years, counted, teacher, law, to_come=to_come)
    return Standing(
        period=period,
        verdict=found.verdict,
        hours=sum((judged.measures["hours"] for judged in found.years), NOTHING),
        credits=sum((judged.measures["credits"] for judged in found.years), NOTHING),
        recognised_hours=found.measures["hours"],
        recognised_credits=found.measures["credits"],
        findings=found.findings,
        measures=found.measures,
        result=cycle_result(found),
        steps=tuple(law.steps),
    )


CREDIT_RULES = CreditRules(
    record="record",
    attributes=attributes,
    project_facts=PROJECT_FACTS,
    hours_unit="学时",
    credits_unit="学分",
    project_demanded_by=project_demanded_by,
    of_the_project=of_the_project,
    project_lacks=project_lacks,
    told_apart_by=told_apart_by,
    touched=touched,
    attended=attended_facts,
    attendance_per="project",
    transfer=move,
    fraud="fraud",
    fraud_facts=forgery_facts,
    school_rule=SCHOOL_RULE,
    standings=(
        StandingRule(
            period="year",
            label_zh="年度",
            label_en="calendar year",
            period_of=year_of,
            judge=judge_year_period,
            headroom=year_headroom,
            columns=YEAR_COLUMNS,
            lines_between=reaching,
            told_between=with_neighbours,
        ),
        StandingRule(
            period="cycle",
            label_zh="五年周期",
            label_en="five-year cycle",
            period_of=cycle_of,
            judge=judge_cycle_period,
            headroom=cycle_headroom,
            inner="year",
            columns=CYCLE_COLUMNS,
            lines_between=reaching,
        ),
    ),
)
