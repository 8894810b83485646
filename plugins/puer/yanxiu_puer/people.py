"""Who recognises, who may move with credits, which institution may train, and what fraud brings."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Facts, FactsRefused, Law, decision, plain

from yanxiu_puer.facts import Level
from yanxiu_puer.wording import NOTHING

BODY_ZH = {
    "municipal_bureau": "普洱市教育体育局",
    "county_institute": "县（区）级教科所、教育科学研究和培训中心",
    "county_bureau": "县（区）教育体育局",
    "simao_district_bureau": "思茅区教育体育局",
}
BODY_EN = {
    "municipal_bureau": "Pu'er's municipal bureau of education and sports",
    "county_institute": "the county's institute or training centre",
    "county_bureau": "the county's bureau of education and sports",
    "simao_district_bureau": "Simao district's bureau of education and sports",
}
OUTSIDE = "outside_puer"


class RecogniserQuestion(Facts, frozen=True, kw_only=True):
    """Who recognises this? `record_kind` is a kind of record, `central_training_organiser`, or `school_plan`."""

    affiliation: str
    record_kind: str = "training"
    level: Level | None = None


class TransferQuestion(Facts, frozen=True, kw_only=True):
    """Do earlier credits move along? Same stage and same type say the same thing (同学段（同类型））."""

    within_city: bool
    same_stage: bool = True
    same_type: bool = True
    credits: Decimal = NOTHING


class InstitutionQuestion(Facts, frozen=True, kw_only=True):
    """May centralised training take place here? The name is a key of the list or the institution's own name.

    `documents`, `approved` and `filed` matter outside Pu'er.
    """

    institution: str
    documents: tuple[str, ...] = ()
    approved: bool = True
    filed: bool = True


class FraudQuestion(Facts, frozen=True, kw_only=True):
    """What follows from a forged or altered record? `serious` means 情节严重并造成不良影响."""

    actor: str = "teacher"
    record_credits: Decimal = NOTHING
    record_hours: Decimal = NOTHING
    serious: bool = False


@decision(
    "recogniser",
    asks_zh="由谁组织实施、由谁登记认定",
    facts=RecogniserQuestion,
    clauses=("PUER-14-2", "PUER-14-4", "PUER-F2-2-1", "PUER-F2-2-2", "PUER-F3-6-2"),
)
def recogniser(question: RecogniserQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-F2-2-1, F2-2-2: by affiliation, of studios by level (G-P23); PUER-14-4 of the organiser in Simao."""
    if question.affiliation not in law.recogniser:
        known = ", ".join(law.recogniser)
        raise FactsRefused(field="affiliation", value=question.affiliation, problem=f"unknown; one of {known}")
    own = law.recogniser[question.affiliation]
    if question.record_kind == "central_training_organiser":
        return _organiser(question, own, law)
    if question.record_kind == "school_plan":
        return _plan_reviewer(own, law)
    body = own
    if question.record_kind == "studio":
        if question.level is None:
            raise FactsRefused(field="level", value=None, problem="missing; a studio is recognised by its level")
        of_studio = law.studio_recogniser[question.level]
        body = own if of_studio == "own_body" else of_studio
    itself = question.affiliation == body
    clause = "PUER-F2-2-1" if body == "municipal_bureau" else "PUER-F2-2-2"
    law.step(
        "recogniser",
        body,
        zh=f"由{BODY_ZH[body]}登记认定" + ("；认定本单位人员，请留意回避。" if itself else "。"),
        en=f"Recognised by {BODY_EN[body]}" + ("; it recognises its own staff: mind the conflict." if itself else "."),
        clauses=("PUER-14-2", clause) if body == "municipal_bureau" else (clause,),
    )
    return {"recogniser": body, "self_recognition": itself}


def _organiser(question: RecogniserQuestion, own: str, law: Law) -> Mapping[str, Any]:
    organiser = law.central_organiser[question.affiliation]
    law.step(
        "organiser",
        organiser,
        zh=f"集中研修由{BODY_ZH[organiser]}组织实施，学时学分由{BODY_ZH[own]}认定。",
        en=f"Centralised training is organised by {BODY_EN[organiser]} and recognised by {BODY_EN[own]}.",
        clauses=("PUER-14-4", "PUER-F2-2-1"),
    )
    return {"organiser": organiser, "recogniser": own}


def _plan_reviewer(own: str, law: Law) -> Mapping[str, Any]:
    """PUER-F3-6-2: a school's plan goes to the institute of its level, of schools under the city to the city's."""
    reviewer = law.plan_reviewer[own]
    law.step(
        "reviewer",
        reviewer,
        zh="校本研修计划由市教科所审核。" if own == "municipal_bureau" else "校本研修计划由县（区）级机构审核。",
        en="The city's institute reviews the plan." if own == "municipal_bureau" else "The county's institute does.",
        clauses=("PUER-F3-6-2",),
    )
    return {"reviewer": reviewer, "recogniser": own}


@decision("transfer", asks_zh="变动岗位后原有学分是否认可", facts=TransferQuestion, clauses=("PUER-F2-5-2",))
def transfer(question: TransferQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-F2-5-2: inside the city and the same stage all credits move along; else they are reviewed (G-P44)."""
    moves = question.within_city and question.same_stage and question.same_type
    status = "AUTO" if moves else str(law.transfer_other).upper()
    carried = law.step(
        "carried",
        question.credits if moves else NOTHING,
        unit="学分",
        zh="市内同学段（同类型）变动，原有{value}学分予以认可。"
        if moves
        else "跨市或跨学段变动，文件未规定，逐案核定，核定前为{value}学分。",
        en="Inside the city and the same stage: {value} credits are accepted."
        if moves
        else "Beyond city or stage the text is silent: reviewed case by case, {value} until then.",
        clauses=("PUER-F2-5-2",),
    )
    return {"carried": carried, "status": status}


@decision("institution", asks_zh="培训机构是否具备资格", facts=InstitutionQuestion, clauses=("PUER-20-1", "PUER-20-2"))
def institution(question: InstitutionQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-20-1: the listed institutions; PUER-20-2: outside ones with three documents, reviewed and filed (G-P33)."""
    if question.institution == OUTSIDE:
        return _outside(question, law)
    listed = question.institution in law.institution_whitelist
    status = law.institution_whitelist[question.institution] if listed else "pending"
    qualified = status == "listed"
    law.step(
        "institution",
        status,
        zh="机构在具备培训资质的名单上。"
        if qualified
        else "机构不在所列名单上，也不属普洱市以外机构，待市级列入名单。",
        en="The institution is on the list."
        if qualified
        else "The institution is not on the list; the city may add it.",
        clauses=("PUER-20-1",),
    )
    return {
        "qualified": qualified,
        "status": "QUALIFIED" if qualified else "PENDING",
        "failed": [] if qualified else ["PUER-20-1"],
    }


def _outside(question: InstitutionQuestion, law: Law) -> Mapping[str, Any]:
    wanted = law.outside_documents
    missing = [name for name in wanted if wanted[name] and name not in question.documents]
    approved = question.approved and question.filed
    qualified = approved and not missing
    law.step(
        "institution",
        qualified,
        zh=("材料齐全" if not missing else f"缺{'、'.join(missing)}")
        + ("，已审核批复备案" if approved else "，未经审核批复备案")
        + ("，可确定为培训机构。" if qualified else "，不得确定为培训机构。"),
        en=("All documents" if not missing else f"Missing: {', '.join(missing)}")
        + ("; approved and filed" if approved else "; not approved or not filed")
        + (": qualified." if qualified else ": not qualified."),
        clauses=("PUER-20-2",),
    )
    return {
        "qualified": qualified,
        "missing": missing,
        "status": "QUALIFIED" if qualified else "REFUSED",
        "failed": [] if qualified else ["PUER-20-2"],
    }


@decision("fraud", asks_zh="弄虚作假的后果", facts=FraudQuestion, clauses=("PUER-22-1", "PUER-F2-4-3f"))
def fraud(question: FraudQuestion, law: Law) -> Mapping[str, Any]:
    """PUER-22-1, F2-4-3f: the training is void; a teacher's integrity file; serious: discipline and notice (G-P43)."""
    teacher = question.actor in ("teacher", "applicant")
    scope = "当次" if law.fraud_scope == "record" else "全部"
    law.step(
        "void",
        NOTHING,
        unit="学分",
        zh=f"{scope}培训已登记的{plain(question.record_credits)}学分及其学时取消"
        + ("，计入教师个人培训诚信档案。" if teacher else "；行为人不是教师，不入教师诚信档案。"),
        en=f"The {plain(question.record_credits)} credits of this training and its hours are cancelled"
        + ("; an entry in the teacher's integrity file." if teacher else "; the actor is no teacher, no file entry."),
        clauses=("PUER-22-1", "PUER-F2-4-3f") if teacher else ("PUER-F2-4-3f",),
    )
    if question.serious:
        law.step(
            "discipline",
            None,
            zh="情节严重并造成不良影响：登记人与申报者均给予纪律处分，并在全市通报。",
            en="Serious: both registrar and applicant are disciplined, and the whole city is told.",
            clauses=("PUER-F2-4-3f",),
        )
    return {
        "scope": law.fraud_scope,
        "record_credits": NOTHING,
        "record_hours": NOTHING,
        "integrity_file_entries": 1 if teacher else 0,
        "discipline": ["registrar", "applicant"] if question.serious else [],
        "citywide_notice": question.serious,
    }
