"""What the visits service needs of this regulation: plans by batches, a term's minima, papers, tasks, targets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from yanxiu_rulekit import (
    Asked,
    Law,
    Named,
    Paper,
    Preparation,
    Programme,
    VisitQuestion,
    VisitRules,
    age_on,
)

from yanxiu_yueqing.calendar import summary_months, teaching_weeks
from yanxiu_yueqing.targets import reference_day
from yanxiu_yueqing.tasks import TASK
from yanxiu_yueqing.visit_plan import KINDS, asked_of_batch, placing
from yanxiu_yueqing.visit_term import asked_of_term, term_minima
from yanxiu_yueqing.visit_year import asked_of_plans, asked_of_year

IN_ENGLISH = {"总体工作计划": "overall plan", "学期工作安排": "schedule of the term", "总结": "summary"}


def papers(law: Law) -> tuple[Paper, ...]:
    """YUEQING-5-2a, 5-2c, 5-2d, 6-4: what is to be written, by whom or about what, and how often."""
    per_school = law.report_per == "school"
    named = [
        Paper(name=name, label_en=IN_ENGLISH[name], per=law.documents[name], of="researcher", clauses=("YUEQING-6-4",))
        for name in law.documents
    ]
    return (
        *named,
        Paper(
            name="学年整体工作方案",
            label_en="whole work plan of a school year",
            per="school_year",
            of="school",
            clauses=("YUEQING-5-2a",),
        ),
        Paper(name="月小结", label_en="summary of a month", per="month", of="researcher", clauses=("YUEQING-5-2c",)),
        Paper(
            name="蹲点调研工作报告",
            label_en="residency report",
            per="term",
            of="school" if per_school else "researcher",
            clauses=("YUEQING-5-2d",),
        ),
    )


def tasks(law: Law) -> tuple[Named, ...]:
    """YUEQING-4: the seven tasks by their names, each with its clause."""
    return tuple(
        Named(name=law.tasks[number], clauses=(f"{TASK}{number}",), label_en=f"task {number}") for number in law.tasks
    )


def asked_before_visit(preparation: Preparation, _law: Law) -> Iterator[Asked]:
    """Ask whether goal, focus and tasks stand."""
    pre = {"goal": preparation.goal, "focus": preparation.focus, "tasks": preparation.tasks}
    at = preparation.prepared_at.isoformat() if preparation.prepared_at else None
    start = preparation.starts_at.isoformat()
    yield Asked(kind="previsit", given={"visit_start": start, "pre": {**pre, "created_at": at}})


def asked_of_programme(programme: Programme, law: Law) -> Iterator[Asked]:
    """Ask after the targets as they stand on the day by which they are due."""
    due = date.fromisoformat(law.targets_due)
    schools = programme.schools
    ever = {school.id: school for school in (*programme.ever, *schools)}
    young = [
        entry
        for entry in programme.entries
        if age_on(entry.born_on, reference_day(entry.contest_on, law) or entry.contest_on) <= law.young_age
    ]
    took_part = [entry for entry in young if entry.took_part]
    yield Asked(
        kind="programme_targets",
        given={
            "base_schools": len(schools),
            "demo_bases_by_2022_06_30": _reached([school.demonstration_on for school in ever.values()], due),
            "schools_with_brand": _reached([school.brand_on for school in schools], due),
            "schools_with_advanced_group": _reached([school.advanced_group_on for school in schools], due),
            "schools_with_famous_teacher": _reached([school.famous_teacher_on for school in schools], due),
            "young_teachers": len(young),
            "young_participants": len(took_part),
            "young_winners": sum(1 for entry in took_part if entry.won),
        },
    )


def _reached(days: list[date | None], due: date) -> int:
    return sum(1 for day in days if day is not None and day <= due)


VISIT_RULES = VisitRules(
    placing=placing,
    plan=VisitQuestion(kinds=KINDS, asks=asked_of_batch),
    term=VisitQuestion(kinds=("researcher_term", "task_log"), asks=asked_of_term),
    minima=term_minima,
    papers=papers,
    tasks=tasks,
    weeks=teaching_weeks,
    months=summary_months,
    before_visit=VisitQuestion(kinds=("previsit",), asks=asked_before_visit),
    plans=VisitQuestion(kinds=("school_year_plans",), asks=asked_of_plans),
    assessment=VisitQuestion(kinds=("yearly_assessment", "task_log"), asks=asked_of_year),
    programme=VisitQuestion(kinds=("programme_targets",), asks=asked_of_programme),
)
