"""What the visits service needs of this regulation: plans by batches, a term's minima, papers, tasks, targets."""

from __future__ import annotations

from collections.abc import Iterator

from yanxiu_rulekit import (
    Asked,
    Law,
    Named,
    Paper,
    Preparation,
    VisitQuestion,
    VisitRules,
)

from yanxiu_yueqing.calendar import summary_months, teaching_weeks
from yanxiu_yueqing.tasks import TASK
from yanxiu_yueqing.visit_plan import KINDS, asked_of_batch, placing
from yanxiu_yueqing.visit_programme import achievements, asked_of_programme, programme_targets
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
        Named(name=law.tasks[number], clauses=(TASK[number],), label_en=f"task {number}") for number in law.tasks
    )


def asked_before_visit(preparation: Preparation, _law: Law) -> Iterator[Asked]:
    """Ask whether goal, focus and tasks stand."""
    pre = {"goal": preparation.goal, "focus": preparation.focus, "tasks": preparation.tasks}
    at = preparation.prepared_at.isoformat() if preparation.prepared_at else None
    start = preparation.starts_at.isoformat()
    yield Asked(kind="previsit", given={"visit_start": start, "pre": {**pre, "created_at": at}})


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
    achievements=achievements,
    targets=programme_targets,
)
