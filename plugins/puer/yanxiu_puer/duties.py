"""What authorities and schools are to have, do and evaluate around the training itself (articles 4 to 23, annex 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from yanxiu_rulekit import (
    Facts,
    Law,
    clauses_broken,
    clauses_to_watch,
    decision,
    must_be_one_of,
    must_count,
    rows_that_hold,
)

USES, STAMPED, FED_BACK = "PUER-4-2", "PUER-F2-5-1", "PUER-14-7"
EVALUATED, ASSESSED = "PUER-9-3", "PUER-23-1"
COUNTY, SCHOOL, SYSTEMS, RULES = "PUER-14-3", "PUER-14-5", "PUER-17-1", "PUER-F3-6-3"
COMMITTEE, MODEL, PRINCIPLES, GROUP = "PUER-17-2", "PUER-F3-2-4", "PUER-F3-3-1", "PUER-F3-6-5a"
TRAINS, DIAGNOSED = "PUER-F3-3-3", "PUER-F3-7-3"


class UseQuestion(Facts, frozen=True, kw_only=True):
    """May the credits serve for this purpose? The verdicts of the years that it asks for, by year.

    `unstamped` are those of them that no department of county level or above has sealed.
    """

    use: str
    years: Mapping[str, Literal["PASS", "FAIL", "EXEMPT"]]
    unstamped: tuple[str, ...] = ()


class FeedbackQuestion(Facts, frozen=True, kw_only=True):
    """Was every teacher told what was recognised? Counts of people."""

    recognised: int
    told: int


class PapersQuestion(Facts, frozen=True, kw_only=True):
    """Which of the papers that a county or a school is to have are missing? `present` are those it has."""

    body: Literal["county", "school"]
    present: tuple[str, ...] = ()


class CommitteeQuestion(Facts, frozen=True, kw_only=True):
    """Has the city or county its committee of experts? `own_reviews` are reviewed by a member who works on them."""

    established: bool
    own_reviews: int = 0


class GroupQuestion(Facts, frozen=True, kw_only=True):
    """Is a school's working group led by the principal, and has every teacher a plan of his own?"""

    head: str
    teachers: int
    personal_plans: int


class ModelQuestion(Facts, frozen=True, kw_only=True):
    """Does a school meet what is asked of a model school? The criteria it meets."""

    met: tuple[str, ...] = ()


class PrinciplesQuestion(Facts, frozen=True, kw_only=True):
    """Does a school-based project keep to the principles? Those of which it has evidence."""

    kept: tuple[str, ...] = ()


class Evaluated(Facts, frozen=True, kw_only=True):
    """A project with the forms in which it was evaluated; of a school's own, whether the county evaluated it."""

    project: str
    forms: tuple[str, ...] = ()
    of_school: bool = False


class EvaluationQuestion(Facts, frozen=True, kw_only=True):
    """Was every project evaluated? How often reports were published, how often the county's schools were diagnosed."""

    projects: tuple[Evaluated, ...] = ()
    reports: int | None = None
    diagnoses: int | None = None


class ResearcherQuestion(Facts, frozen=True, kw_only=True):
    """How many training tasks did each of a school's research staff take on in the year, by person?"""

    tasks: Mapping[str, int]


@decision("credit_use", asks_zh="学分能否用于注册、评聘、考核、评先", facts=UseQuestion, clauses=(USES, STAMPED))
def credit_use(question: UseQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-4-2: for the four uses, each year that the user asks for must be completed; which they are, he says.

    PUER-F2-5-1: only what is sealed may be used.
    """
    must_be_one_of(rows_that_hold(law.credit_uses), "use", question.use)
    short = [year for year, verdict in question.years.items() if verdict == "FAIL"]
    open_ones = [year for year in question.years if year in question.unstamped]
    failed = clauses_broken(
        (
            (USES, not short, f"未完成的年度：{'、'.join(short)}", f"years not completed: {', '.join(short)}"),
            (STAMPED, not open_ones, f"未盖章确认：{'、'.join(open_ones)}", f"not sealed: {', '.join(open_ones)}"),
        ),
        law,
    )
    return {"may_use": not failed, "years_short": short, "unstamped": open_ones, "failed": failed}


@decision("results_told", asks_zh="认定结果是否都反馈给教师本人", facts=FeedbackQuestion, clauses=(FED_BACK,))
def results_told(question: FeedbackQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-14-7: each teacher whose hours and credits are recognised is told."""
    must_count("recognised", question.recognised)
    must_count("told", question.told, question.recognised)
    left = question.recognised - question.told
    failed = clauses_broken(((FED_BACK, left == 0, f"{left}人未反馈", f"{left} were not told"),), law)
    return {"not_told": left, "failed": failed}


@decision(
    "body_papers", asks_zh="县（区）或学校应备的制度、规划、方案是否齐备", facts=PapersQuestion,
    clauses=(COUNTY, SCHOOL, SYSTEMS, RULES),
)  # fmt: skip
def body_papers(question: PapersQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-14-3, 17-1, F3-6-3 of a county; PUER-14-5 of a school: each paper named is there."""
    wanted = (
        ((SCHOOL, law.school_papers),)
        if question.body == "school"
        else ((COUNTY, law.county_papers), (SYSTEMS, law.county_systems), (RULES, law.county_rules))
    )
    lacking = {clause: _lacking(rows_that_hold(table), question.present) for clause, table in wanted}
    missing = [name for names in lacking.values() for name in names]
    told = [(clause, not names, f"缺{'、'.join(names)}", f"no {', '.join(names)}") for clause, names in lacking.items()]
    return {"missing": missing, "failed": clauses_broken(told, law)}


@decision("expert_committee", asks_zh="是否建立本级专家指导委员会", facts=CommitteeQuestion, clauses=(COMMITTEE,))
def expert_committee(question: CommitteeQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-17-2: there is one; that a member reviews what he works on is pointed out, the text is silent on it."""
    must_count("own_reviews", question.own_reviews)
    failed = clauses_broken(((COMMITTEE, question.established, "尚未建立", "there is none"),), law)
    own = question.own_reviews == 0
    said = ((COMMITTEE, own, f"委员评审本人项目{question.own_reviews}个", f"{question.own_reviews} of their own"),)
    return {"failed": failed, "warnings": clauses_to_watch(said, law)}


@decision("working_group", asks_zh="校本研修工作小组和个人研修计划是否合规", facts=GroupQuestion, clauses=(GROUP,))
def working_group(question: GroupQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-F3-6-5a: the principal leads the group; it guides each teacher to a plan of his own."""
    must_count("teachers", question.teachers)
    must_count("personal_plans", question.personal_plans, question.teachers)
    without = question.teachers - question.personal_plans
    failed = clauses_broken(
        (
            (GROUP, question.head == law.group_head, "组长不是校长", "not led by the principal"),
            (GROUP, without == 0, f"{without}名教师没有个人研修计划", f"{without} teachers without a plan"),
        ),
        law,
    )
    return {"without_plan": without, "failed": failed}


@decision("model_school", asks_zh="校本研修示范校的五项标准是否都符合", facts=ModelQuestion, clauses=(MODEL,))
def model_school(question: ModelQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-F3-2-4: all five; how each is measured, and how many schools are chosen, is not written."""
    missing = _lacking(_named("met", question.met, law.model_criteria), question.met)
    told = ((MODEL, not missing, f"未达：{'、'.join(missing)}", f"not met: {', '.join(missing)}"),)
    return {"missing": missing, "failed": clauses_broken(told, law)}


@decision(
    "research_principles", asks_zh="校本研修项目是否体现五项原则", facts=PrinciplesQuestion, clauses=(PRINCIPLES,)
)
def research_principles(question: PrinciplesQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-F3-3-1: each of the five has evidence; a project that lacks one is pointed out."""
    missing = _lacking(_named("kept", question.kept, law.research_principles), question.kept)
    told = ((PRINCIPLES, not missing, f"未体现：{'、'.join(missing)}", f"no evidence of {', '.join(missing)}"),)
    return {"missing": missing, "failed": [], "warnings": clauses_to_watch(told, law)}


@decision(
    "evaluations", asks_zh="项目评估、监测报告和校本诊断是否进行", facts=EvaluationQuestion,
    clauses=(EVALUATED, ASSESSED, DIAGNOSED),
)  # fmt: skip
def evaluations(question: EvaluationQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-23-1, 9-3: each project is evaluated in one of the forms; F3-7-3: schools are diagnosed; reports appear.

    How often is not written: fewer than the number set is only pointed out.
    """
    must_count("reports", question.reports)
    must_count("diagnoses", question.diagnoses)
    for index, one in enumerate(question.projects):
        _named(f"projects[{index}].forms", one.forms, law.evaluation_forms)
    idle = [one for one in question.projects if not one.forms]
    schools, others = ([one.project for one in idle if one.of_school is own] for own in (True, False))
    told = (
        (EVALUATED, not schools, f"未评估的校本项目：{'、'.join(schools)}", f"not evaluated: {', '.join(schools)}"),
        (ASSESSED, not others, f"未评估的项目：{'、'.join(others)}", f"not evaluated: {', '.join(others)}"),
        (ASSESSED, _enough(question.reports, law.reports_least), "没有发布监测评估报告", "no report was published"),
        (DIAGNOSED, _enough(question.diagnoses, law.diagnoses_least), "没有诊断、指导", "no school was diagnosed"),
    )
    return {"not_evaluated": [*schools, *others], "failed": [], "warnings": clauses_to_watch(told, law)}


@decision("research_staff", asks_zh="教研、科研人员是否也承担培训", facts=ResearcherQuestion, clauses=(TRAINS,))
def research_staff(question: ResearcherQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-F3-3-3: each takes on some training; the amount is not written, so that none at all is pointed out."""
    for who, count in question.tasks.items():
        must_count(f"tasks.{who}", count)
    idle = [who for who, count in question.tasks.items() if count < law.training_tasks_least]
    told = ((TRAINS, not idle, f"未承担培训{len(idle)}人", f"{len(idle)} took on no training"),)
    return {"without_task": idle, "failed": [], "warnings": clauses_to_watch(told, law)}


def _named(field: str, given: Sequence[str], table: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of a table; refuses one given that is not among them."""
    names = rows_that_hold(table)
    for index, one in enumerate(given):
        must_be_one_of(names, f"{field}[{index}]", one)
    return names


def _lacking(names: Sequence[str], given: Sequence[str]) -> list[str]:
    return [name for name in names if name not in given]


def _enough(count: int | None, least: Any) -> bool:
    return count is None or count >= least
