"""What a researcher does at a base school in a school year (YUEQING-4): seven tasks, each seen from its log."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, clauses_broken, decision, must_be_one_of, rows_that_hold

from yanxiu_yueqing.checks import listed, warned

TASKS = ("YUEQING-4-1", "YUEQING-4-2", "YUEQING-4-3", "YUEQING-4-4", "YUEQING-4-5", "YUEQING-4-6", "YUEQING-4-7")
# The clause of each task, by the number that the text gives it.
TASK = {clause.rpartition("-")[2]: clause for clause in TASKS}
ROUTINE, WEAK, GUIDED, ATTENTION = "YUEQING-4-2", "YUEQING-4-3", "YUEQING-4-5", "YUEQING-4-6"


class TaskLogQuestion(Facts, frozen=True, kw_only=True):
    """Which of the seven tasks were seen to in a school year? Log entries by the task's number, `1` to `7`."""

    entries: Mapping[str, int]
    modes: tuple[str, ...] = ()


class RoutineQuestion(Facts, frozen=True, kw_only=True):
    """Were all links of the teaching routine inspected? The links of the inspections made."""

    inspected: tuple[str, ...]


class Problem(Facts, frozen=True, kw_only=True):
    """A problem found at a school, in one of four areas; of a weak subject or class where it says so."""

    what: str
    area: str
    weak: bool = False
    measures: int = 0


class ProblemsQuestion(Facts, frozen=True, kw_only=True):
    """Has every weak subject and class a measure?"""

    problems: tuple[Problem, ...]


class GuidedPlan(Facts, frozen=True, kw_only=True):
    """The school-based research plan of a school: whether there is one, and whether its researcher saw it."""

    school: str
    has_plan: bool = True
    reviewed: bool = True


class GuidedQuestion(Facts, frozen=True, kw_only=True):
    """Was the plan of every base school made under its researcher's guidance?"""

    plans: tuple[GuidedPlan, ...]


class AttentionQuestion(Facts, frozen=True, kw_only=True):
    """How many students stand at the lower end, and how far did they come? Means of their scores, where stated."""

    students: int
    mean_before: Decimal | None = None
    mean_after: Decimal | None = None


@decision("task_log", asks_zh="七项工作任务一学年是否都有记录", facts=TaskLogQuestion, clauses=TASKS)
def task_log(question: TaskLogQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-4-1 to 4-7: each task has an entry; the text gives no number, so that a task without one only warns."""
    for number, count in question.entries.items():
        must_be_one_of(tuple(law.tasks), f"entries.{number}", number)
        if count < 0:
            raise FactsRefused(field=f"entries.{number}", value=count, problem="count: no less than none")
    for index, mode in enumerate(question.modes):
        must_be_one_of(rows_that_hold(law.activity_modes), f"modes[{index}]", mode)
    counts = {number: question.entries.get(number, 0) for number in law.tasks}
    without = [number for number, count in counts.items() if count < law.task_entries]
    checks = [
        (TASK[number], number not in without, f"没有记录：{law.tasks[number]}", f"no entry of task {number}")
        for number in counts
    ]
    covered = law.step(
        "tasks",
        len(counts) - len(without),
        unit="项",
        clauses=TASKS,
        zh="七项任务中{value}项有记录。",
        en="{value} of the tasks have entries.",
    )
    return {
        "counts": counts,
        "covered": covered,
        "missing": without,
        "missing_tasks": [law.tasks[number] for number in without],
        "modes": {mode: mode in question.modes for mode in rows_that_hold(law.activity_modes)},
        "failed": [],
        "warnings": warned(checks, law),
    }


@decision("routine_links", asks_zh="教学常规五个环节是否都检查指导", facts=RoutineQuestion, clauses=(ROUTINE,))
def routine_links(question: RoutineQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-4-2: five links; no frequency is given, so that a link never inspected only warns."""
    for index, link in enumerate(question.inspected):
        must_be_one_of(rows_that_hold(law.routine_links), f"inspected[{index}]", link)
    missing = [link for link in rows_that_hold(law.routine_links) if link not in question.inspected]
    covered = law.step(
        "inspected",
        len(rows_that_hold(law.routine_links)) - len(missing),
        unit="个",
        clauses=(ROUTINE,),
        zh="五个环节中{value}个已检查。",
        en="{value} of the links were inspected.",
    )
    said = (ROUTINE, not missing, f"没有检查{listed(missing)}", f"not inspected: {', '.join(missing)}")
    return {"covered": covered, "missing": missing, "failed": [], "warnings": warned((said,), law)}


@decision("weak_measures", asks_zh="薄弱学科、薄弱班级是否都有帮扶措施", facts=ProblemsQuestion, clauses=(WEAK,))
def weak_measures(question: ProblemsQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-4-3: every weak subject and class has a measure; what is weak, the school and the researcher say."""
    for index, one in enumerate(question.problems):
        must_be_one_of(rows_that_hold(law.problem_areas), f"problems[{index}].area", one.area)
    without = [one.what for one in question.problems if one.weak and one.measures < 1]
    failed = clauses_broken(
        ((WEAK, not without, f"没有措施：{listed(without)}", f"no measure: {', '.join(without)}"),), law
    )
    areas = {
        area: sum(1 for one in question.problems if one.area == area) for area in rows_that_hold(law.problem_areas)
    }
    return {"areas": areas, "without_measure": without, "failed": failed}


@decision("guided_plans", asks_zh="各基地学校的校本研修计划是否经研训员指导", facts=GuidedQuestion, clauses=(GUIDED,))
def guided_plans(question: GuidedQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-4-5: each base school has a plan, and its researcher guided it."""
    without = [one.school for one in question.plans if not one.has_plan]
    unseen = [one.school for one in question.plans if one.has_plan and not one.reviewed]
    failed = clauses_broken(
        (
            (GUIDED, not without, f"没有计划：{listed(without)}", f"no plan: {', '.join(without)}"),
            (GUIDED, not unseen, f"未经研训员指导：{listed(unseen)}", f"not guided: {', '.join(unseen)}"),
        ),
        law,
    )
    return {"without_plan": without, "not_reviewed": unseen, "failed": failed}


@decision("attention_students", asks_zh="应特别关注的后20%学生有多少人", facts=AttentionQuestion, clauses=(ATTENTION,))
def attention_students(question: AttentionQuestion, law: Law) -> Mapping[str, Any]:
    """YUEQING-4-6: a fifth of the students, raised to a whole one unless the district lowers it; figures only."""
    if question.students < 0:
        raise FactsRefused(field="students", value=question.students, problem="count: no less than none")
    exact = question.students * law.attention_share
    rounding = ROUND_CEILING if law.attention_rounding == "up" else ROUND_FLOOR
    number = law.step(
        "attention",
        int(exact.to_integral_value(rounding=rounding)),
        unit="人",
        clauses=(ATTENTION,),
        zh="{students}名学生中应特别关注的（后段）为{value}人。",
        en="{value} of {students} students stand at the lower end.",
        students=question.students,
    )
    gain = None
    if question.mean_before is not None and question.mean_after is not None:
        gain = law.step(
            "gain",
            question.mean_after - question.mean_before,
            unit="分",
            clauses=(ATTENTION,),
            zh="平均分变化{value}分。",
            en="Their mean changed by {value}.",
        )
    return {"number": number, "gain": gain}
