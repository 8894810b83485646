"""A school's plan and its programmes (OUHAI-2-1, 3, 4): aim, strands, principles, steps, domains, evaluation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from yanxiu_rulekit import Facts, Law, decision, rows_that_hold

from yanxiu_ouhai.organisation import held, warned
from yanxiu_ouhai.spellings import must_be_one_of

AIM, STRANDS, PRINCIPLES, STEPS = "OUHAI-2-1", "OUHAI-3-1", "OUHAI-3-2", "OUHAI-3-4"
CONTENT, EVALUATED, CLASSROOM, HOMEWORK, MORAL, GAPS = (
    "OUHAI-4-0",
    "OUHAI-4-1",
    "OUHAI-4-2",
    "OUHAI-4-3",
    "OUHAI-4-4",
    "OUHAI-4-5",
)
DOCUMENTS = "OUHAI-7-1d"


class AnnualPlanQuestion(Facts, frozen=True, kw_only=True):
    """Is a school's yearly plan whole? What is not stated is in order.

    `strands` are 教研, 科研 and 培训; `moral` the activities of moral education that it foresees: 德育, 班主任.
    """

    aim: str | None = None
    strands: tuple[str, ...] | None = None
    moral: tuple[str, ...] | None = None


class OwnPlan(Facts, frozen=True, kw_only=True):
    """A school and its plan, by an id."""

    school: str
    plan: str


class PlansQuestion(Facts, frozen=True, kw_only=True):
    """Has every school a plan of its own?"""

    schools: tuple[str, ...]
    plans: tuple[OwnPlan, ...]


class ProgrammeQuestion(Facts, frozen=True, kw_only=True):
    """Is a programme whole? What is not stated is in order.

    `principles` and `steps` are those with evidence; `archived` says that its files are kept.
    """

    domains: tuple[str, ...] | None = None
    directions: tuple[str, ...] | None = None
    principles: tuple[str, ...] | None = None
    steps: tuple[str, ...] | None = None
    archived: bool = True


class CurriculumQuestion(Facts, frozen=True, kw_only=True):
    """Was the curriculum plan evaluated in the school year? The kind of course that each evaluation was about."""

    evaluated: tuple[str, ...]


class TopicsQuestion(Facts, frozen=True, kw_only=True):
    """Which topics of classroom and homework reform did the activities take up? Others than those named are allowed."""

    topics: tuple[str, ...]


class Gap(Facts, frozen=True, kw_only=True):
    """Something in which a school falls behind the guideline, and whether what was done about it is recorded."""

    what: str
    rectified: bool = True


class GapsQuestion(Facts, frozen=True, kw_only=True):
    """Was every gap put right?"""

    gaps: tuple[Gap, ...]


class DocumentsQuestion(Facts, frozen=True, kw_only=True):
    """Has a school laid down its two documents? One that is not stated is in order."""

    documents: Mapping[str, bool]


@decision("annual_plan", asks_zh="学校年度计划是否完整", facts=AnnualPlanQuestion, clauses=(AIM, STRANDS, MORAL))
def annual_plan(question: AnnualPlanQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-2-1: an aim; 3-1: the three strands; 4-4: moral education. The last two only warn."""
    strands = _absent("strands", question.strands, rows_that_hold(law.plan_strands))
    moral = _absent("moral", question.moral, rows_that_hold(law.moral_activities))
    stated = question.aim is None or bool(question.aim.strip())
    failed = held(((AIM, stated, "没有写明学校发展目标", "no aim of the school is stated"),), law)
    soft = (
        (STRANDS, not strands, f"计划没有{'、'.join(strands)}", f"the plan lacks {', '.join(strands)}"),
        (MORAL, not moral, f"计划没有{'、'.join(moral)}研修", f"the plan lacks {', '.join(moral)}"),
    )
    return {
        "strands_missing": strands,
        "moral_missing": moral,
        "failed": failed,
        "warnings": warned(soft, law),
    }


@decision("school_plans", asks_zh="是否一校一策", facts=PlansQuestion, clauses=(CONTENT,))
def school_plans(question: PlansQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-4-0: every school has a plan, and no two share one."""
    without = [school for school in question.schools if school not in {one.school for one in question.plans}]
    users = Counter(plan for plan, _school in {(one.plan, one.school) for one in question.plans})
    shared = sorted(plan for plan, number in users.items() if number > 1)
    failed = held(
        (
            (CONTENT, not without, f"没有自己的方案：{'、'.join(without)}", f"no plan: {', '.join(without)}"),
            (CONTENT, not shared, f"几校共用：{'、'.join(shared)}", f"shared: {', '.join(shared)}"),
        ),
        law,
    )
    return {"without_plan": without, "shared": shared, "failed": failed}


@decision(
    "programme",
    asks_zh="研修项目的领域、方向、原则、步骤是否齐全",
    facts=ProgrammeQuestion,
    clauses=(CONTENT, PRINCIPLES, STEPS),
)
def programme(question: ProgrammeQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-4-0: a domain and a direction; 3-2: seven principles; 3-4: four steps with evidence, and the archive."""
    principles = _absent("principles", question.principles, rows_that_hold(law.principles))
    steps = _absent("steps", question.steps, rows_that_hold(law.programme_steps))
    _absent("domains", question.domains, rows_that_hold(law.domains))
    _absent("directions", question.directions, rows_that_hold(law.directions))
    failed = held(
        (
            (PRINCIPLES, not principles, f"未体现{'、'.join(principles)}", f"no evidence of {', '.join(principles)}"),
            (STEPS, not steps, f"缺步骤：{'、'.join(steps)}", f"steps missing: {', '.join(steps)}"),
            (STEPS, question.archived, "没有归档", "not archived"),
            (CONTENT, question.domains != (), "没有写明领域", "no domain"),
            (CONTENT, question.directions != (), "没有写明方向", "no direction"),
        ),
        law,
    )
    return {"principles_missing": principles, "steps_missing": steps, "failed": failed}


@decision("curriculum_evaluation", asks_zh="课程实施方案是否定期评估", facts=CurriculumQuestion, clauses=(EVALUATED,))
def curriculum_evaluation(question: CurriculumQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-4-1: evaluated in the school year; a kind of course never evaluated is pointed out."""
    missing = _absent("evaluated", question.evaluated, rows_that_hold(law.courses_evaluated))
    enough = len(question.evaluated) >= law.curriculum_evaluations
    failed = held(((EVALUATED, enough, "本学年没有评估", "not evaluated in the school year"),), law)
    soft = (EVALUATED, not missing, f"没有评估{'、'.join(missing)}", f"not evaluated: {', '.join(missing)}")
    return {"kinds_missing": missing, "failed": failed, "warnings": warned((soft,), law)}


@decision("topics", asks_zh="课堂与作业改革各主题涉及多少", facts=TopicsQuestion, clauses=(CLASSROOM, HOMEWORK))
def topics(question: TopicsQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-4-2, 4-3: how often each named topic was taken up; the lists are open, so that others are counted too."""
    named = {
        "classroom": {topic: question.topics.count(topic) for topic in rows_that_hold(law.classroom_topics)},
        "homework": {topic: question.topics.count(topic) for topic in rows_that_hold(law.homework_topics)},
    }
    taken = sum(sum(counts.values()) for counts in named.values())
    others = law.step(
        "others",
        len(question.topics) - taken,
        unit="次",
        clauses=(CLASSROOM, HOMEWORK),
        zh="列名的主题{taken}次，其他主题{value}次。",
        en="{taken} of named topics, {value} of others.",
        taken=taken,
    )
    return {**named, "others": others, "failed": []}


@decision("gap_rectification", asks_zh="对标发现的问题是否整改", facts=GapsQuestion, clauses=(GAPS,))
def gap_rectification(question: GapsQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-4-5: each gap found against the guideline has a record of what was done."""
    open_ones = [one.what for one in question.gaps if not one.rectified]
    said = (GAPS, not open_ones, f"没有整改：{'、'.join(open_ones)}", f"not put right: {', '.join(open_ones)}")
    return {"open": open_ones, "failed": held((said,), law)}


@decision("school_documents", asks_zh="学校管理制度和实施办法是否齐备", facts=DocumentsQuestion, clauses=(DOCUMENTS,))
def school_documents(question: DocumentsQuestion, law: Law) -> Mapping[str, Any]:
    """OUHAI-7-1d: the management system, and the implementing measures."""
    for name in question.documents:
        must_be_one_of(tuple(law.school_documents), f"documents.{name}", name)
    missing = [name for name, present in question.documents.items() if not present]
    said = (DOCUMENTS, not missing, f"缺{'、'.join(missing)}", f"missing: {', '.join(missing)}")
    return {"missing": missing, "failed": held((said,), law)}


def _absent(field: str, given: Sequence[str] | None, named: Sequence[str]) -> list[str]:
    """Return the names of the law that are not given; none where nothing is stated. A name of no law is refused."""
    for index, one in enumerate(given or ()):
        must_be_one_of(named, f"{field}[{index}]", one)
    return [] if given is None else [name for name in named if name not in given]
