"""School-based activities: form, evidence and contents; how projects are sorted, and who registers (annexes 2, 3)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from yanxiu_rulekit import (
    Facts,
    FactsRefused,
    Law,
    clauses_broken,
    decision,
    must_be_one_of,
    must_count,
    rows_that_hold,
)

from yanxiu_puer.facts import Level
from yanxiu_puer.wording import NOTHING

SORTED, SET, ANSWERABLE, PLANNED = "PUER-6-2", "PUER-5-2", "PUER-17-3", "PUER-9-2"
REGISTERED, BY_SCHOOL = "PUER-F2-4-1a", "PUER-F2-4-1c"
STATED = "PUER-F3-4-1"
DEGREES, INDUCTION = "PUER-T1-2", "PUER-T1-5"
DOMAINS = (STATED, "PUER-F3-4-2", "PUER-F3-4-3", "PUER-F3-4-4")
# The forms in the order of the text.
FORMS = (
    "PUER-F3-5-1",
    "PUER-F3-5-2",
    "PUER-F3-5-3",
    "PUER-F3-5-4",
    "PUER-F3-5-5",
    "PUER-F3-5-6",
    "PUER-F3-5-7",
    "PUER-F3-5-8",
    "PUER-F3-5-9",
    "PUER-F3-5-10",
)
ALL_TAKE_PART = "听课评课"


class ActivityQuestion(Facts, frozen=True, kw_only=True):
    """Is a school-based activity one of the ten forms, with the evidence that its form asks for?

    `evidence` are the names of what is there; `teachers` and `took_part` count where all are to take part.
    `domains` are the contents; one at least, where they are stated.
    """

    form: str
    evidence: tuple[str, ...] = ()
    teachers: int | None = None
    took_part: int | None = None
    domains: tuple[str, ...] | None = None


class SortedQuestion(Facts, frozen=True, kw_only=True):
    """Does a project say its category, its tier and its subject, and did the body of its level set it?"""

    category: str = ""
    tier: str = ""
    subject: str = ""
    level: Level | None = None
    set_by: str | None = None


class PlanQuestion(Facts, frozen=True, kw_only=True):
    """Does a school's research plan say the problem that it takes up and what is to come of it?"""

    problem: str = ""
    outcome: str = ""


class RegistrarQuestion(Facts, frozen=True, kw_only=True):
    """Who fills in the register of a training: the institution or the school? `organiser` as the text names it."""

    mode: Literal["network", "central", "school"]
    organiser: str | None = None


class DegreeRow(Facts, frozen=True, kw_only=True):
    """A row of form 二: a course of study, and whether the employer certified it."""

    study: str
    certified: bool = True


class InductionRow(Facts, frozen=True, kw_only=True):
    """A row of form 五: a course of the induction with its hours."""

    course: str
    hours: Decimal


class RegisterQuestion(Facts, frozen=True, kw_only=True):
    """Are the forms 二 (degree study) and 五 (induction) of the register in order?"""

    degrees: tuple[DegreeRow, ...] = ()
    induction: tuple[InductionRow, ...] | None = None


@decision(
    "school_activity",
    asks_zh="校本研修活动的形式、材料和内容是否合规",
    facts=ActivityQuestion,
    clauses=(*FORMS, *DOMAINS),
)
def school_activity(question: ActivityQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-F3-5-1 to 5-10: one of ten forms, with the evidence it asks for; F3-4-1 to 4-4: of one domain at least.

    Every form is school-based research, network cooperation too: it is no network research (G-P30).
    """
    forms = tuple(law.activity_forms)
    must_be_one_of(forms, "form", question.form)
    must_count("teachers", question.teachers)
    must_count("took_part", question.took_part, question.teachers)
    clause = str(law.activity_forms[question.form])
    missing = [name for name in _evidence(question.form, law) if name not in question.evidence]
    absent = _absent(question) if question.form == ALL_TAKE_PART else 0
    contents = {name: law.content_domains[name] for name in law.content_domains}
    for index, domain in enumerate(question.domains or ()):
        must_be_one_of(tuple(contents), f"domains[{index}]", domain)
    failed = clauses_broken(
        (
            (clause, not missing, f"缺{'、'.join(missing)}", f"no {', '.join(missing)}"),
            (clause, absent == 0, f"{absent}名教师没有参加", f"{absent} teachers did not take part"),
            (STATED, question.domains != (), "没有写明内容", "no content is stated"),
        ),
        law,
    )
    return {
        "mode": "school",
        "clause": clause,
        "missing": missing,
        "absent": absent,
        "contents": [contents[domain] for domain in question.domains or ()],
        "failed": failed,
    }


def _evidence(form: str, law: Law) -> list[str]:
    """Return what a form asks for: the rows of the table that begin with its name."""
    rows = (row.partition("：") for row in rows_that_hold(law.activity_evidence))
    return [name for of, _colon, name in rows if of == form]


def _absent(question: ActivityQuestion) -> int:
    if question.teachers is None or question.took_part is None:
        return 0
    return question.teachers - question.took_part


@decision(
    "project_sorted",
    asks_zh="项目是否写明类别、层次、学科，是否由本级设置",
    facts=SortedQuestion,
    clauses=(SORTED, SET, ANSWERABLE),
)
def project_sorted(question: SortedQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-6-2: by category, tier and subject; 5-2: set by the body of its level, which answers for it (17-3)."""
    said = {"类别": question.category, "层次": question.tier, "学科": question.subject}
    missing = [name for name, text in said.items() if not text.strip()]
    setter = None if question.level is None else str(law.project_setter[question.level])
    own = None in (setter, question.set_by) or setter == question.set_by
    failed = clauses_broken(
        (
            (SORTED, not missing, f"没有写明{'、'.join(missing)}", f"not stated: {', '.join(missing)}"),
            (SET, own, f"应由{setter}设置", f"{setter} should have set it"),
        ),
        law,
    )
    return {"missing": missing, "failed": failed, **({} if setter is None else {"answerable": setter})}


@decision("plan_stated", asks_zh="校本研修计划是否写明问题和成果", facts=PlanQuestion, clauses=(PLANNED,))
def plan_stated(question: PlanQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-9-2: it sets out from a problem and leads to an outcome."""
    said = {"问题": question.problem, "成果": question.outcome}
    missing = [name for name, text in said.items() if not text.strip()]
    told = ((PLANNED, not missing, f"没有写明{'、'.join(missing)}", f"not stated: {', '.join(missing)}"),)
    return {"missing": missing, "failed": clauses_broken(told, law)}


@decision("registrar", asks_zh="登记册由培训机构还是学校填写", facts=RegistrarQuestion, clauses=(REGISTERED, BY_SCHOOL))
def registrar(question: RegistrarQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-F2-4-1a: of network research the institution, but the school where ministry or province held it.

    PUER-F2-4-1c: of school-based research the school.
    """
    above = question.organiser in rows_that_hold(law.register_by_school_of)
    by_school = question.mode == "school" or (question.mode == "network" and above)
    law.step(
        "registrar",
        "school" if by_school else "institution",
        clauses=(BY_SCHOOL if question.mode == "school" else REGISTERED,),
        zh="由学校审核登记。" if by_school else "由承担培训的机构填写，交回学校登记。",
        en="The school registers it." if by_school else "The institution fills it in and hands it back to the school.",
    )
    return {"registrar": "school" if by_school else "institution"}


@decision("register_rows", asks_zh="登记册表二、表五是否合规", facts=RegisterQuestion, clauses=(DEGREES, INDUCTION))
def register_rows(question: RegisterQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-T1-2: so many rows of degree study, each certified; PUER-T1-5: the induction adds up to its hours."""
    for index, row in enumerate(question.induction or ()):
        if row.hours < NOTHING:
            raise FactsRefused(field=f"induction[{index}].hours", value=row.hours, problem="below zero; give the hours")
    uncertified = [row.study for row in question.degrees if not row.certified]
    hours = None if question.induction is None else sum((row.hours for row in question.induction), NOTHING)
    failed = clauses_broken(
        (
            (DEGREES, len(question.degrees) <= law.degree_rows, "行数多于表格", "more rows than the form has"),
            (
                DEGREES,
                not uncertified,
                f"没有单位证明：{'、'.join(uncertified)}",
                f"no proof: {', '.join(uncertified)}",
            ),
            (INDUCTION, hours is None or hours >= law.induction_hours, "合计学时不足", "the hours do not add up"),
        ),
        law,
    )
    return {"uncertified": uncertified, "induction_hours": hours, "failed": failed}
