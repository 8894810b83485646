"""What leaves a sound file without hours or credits (ZERO): approval, organiser, conduct, attendance, result."""

from __future__ import annotations

from collections.abc import Callable

from yanxiu_rulekit import Law, plain

from yanxiu_puer.amounts import attended, planned
from yanxiu_puer.bar import Bar, Barred, Refusing
from yanxiu_puer.facts import COURSES, Record, approval_day, certified_level, first_day, is_approved, mode_of
from yanxiu_puer.grading import FAILED, grade_of, prize_of
from yanxiu_puer.wording import LEVEL_ZH, day_zh

UNAPPROVED = ("PUER-F2-3-4", "PUER-21-1")
PLAN = "PUER-F2-4-3d"
ART13 = ("studio", "lecture", "contest", "research", "degree")


def when(broken: Callable[[Record, Law], bool], name: str, clauses: tuple[str, ...], zh: str, en: str) -> Bar:
    """Make a bar of a fact that is either in order or not."""

    def bar(record: Record, law: Law) -> Barred | None:
        return Barred(name, clauses, zh, en) if broken(record, law) else None

    return bar


def approval_clauses(record: Record) -> tuple[str, ...]:
    """Return the clauses that ask for an approved project: PUER-F2-3-4, PUER-21-1, of a school's also PUER-F2-4-3d."""
    return (PLAN, *UNAPPROVED) if mode_of(record) == "school" else UNAPPROVED


def not_approved(record: Record, _law: Law) -> Barred | None:
    """PUER-21-1, PUER-F2-3-4 (and PUER-F2-4-3d of a school's project): unapproved projects are not recognised."""
    if is_approved(record):
        return None
    return Barred(
        "approval",
        approval_clauses(record),
        "项目未经县（区）级以上教育行政部门批准，不予登记学时学分。",
        "The project is not approved by a department of county level or above: nothing is registered.",
        Refusing(
            "PROJECT_NOT_APPROVED",
            "record.project_approved",
            value=False,
            remedy_zh="先报县（区）级以上教育行政部门审批，批准后再组织和登记。",
            remedy_en="Have the project approved by the county department or above first.",
        ),
    )


def plan_not_approved(record: Record, _law: Law) -> Barred | None:
    """PUER-F2-4-3d, PUER-9-1: a school-based project runs on an approved plan."""
    if record.plan_approved or mode_of(record) != "school":
        return None
    return Barred(
        "plan",
        (PLAN,),
        "校本研修计划未经县级以上教育行政部门审定，学时学分一律不予登记。",
        "The school-based plan is not approved: neither hours nor credits are registered.",
        Refusing(
            "PLAN_NOT_APPROVED",
            "record.plan_approved",
            value=False,
            remedy_zh="先申报校本研修计划并经审定后实施。",
            remedy_en="Declare the plan and have it approved before it runs.",
        ),
    )


def before_approval(record: Record, law: Law) -> Barred | None:
    """PUER-F2-4-3d, PUER-9-1 (G-P31): what took place before the approval does not count."""
    approved_on, began = approval_day(record), first_day(record)
    if approved_on is None or began is None or began >= approved_on or law.retroactive_approval:
        return None
    return Barred(
        "approval",
        (PLAN,) if mode_of(record) == "school" else UNAPPROVED,
        f"活动于{day_zh(began)}开始，早于{day_zh(approved_on)}的审批；先审定、后实施，审批前的活动不计。",
        f"The activity began on {began}, before its approval on {approved_on}; approval comes first.",
        Refusing(
            "BEFORE_APPROVAL",
            "record.date",
            began,
            "批准之后重新组织；批准前的活动不能登记。",
            "Hold it after the approval; what came before cannot be registered.",
        ),
    )


def organiser_not_recognised(record: Record, law: Law) -> Barred | None:
    """PUER-F2-4-3c: the province recognises or files the organiser (of outside projects by G-P32)."""
    if record.organiser_recognised is not False or (record.kind == "external" and not law.external_requires_provincial):
        return None
    return Barred(
        "organiser",
        ("PUER-F2-4-3c",),
        "举办机构未经省教育厅认定或备案，一律不予登记学时学分。",
        "The organiser is neither recognised nor filed by the provincial department: nothing is registered.",
    )


def incomplete(record: Record, law: Law) -> Barred | None:
    """PUER-F2-3-3: who did not complete the planned hours gets no credit; there is no proportion (G-P20)."""
    if record.kind not in COURSES or law.partial_completion != "zero":
        return None
    whole, done = planned(record, law), attended(record, law)
    if whole is None or done is None or done >= whole:
        return None
    return Barred(
        "attendance",
        ("PUER-F2-3-3",),
        f"计划{plain(whole)}学时，实修{plain(done)}学时，未修满，不记学分。",
        f"{plain(done)} of {plain(whole)} planned hours were attended: no credit, and no proportion of it.",
    )


def failed_mark(record: Record, law: Law) -> Barred | None:
    """PUER-11-5, PUER-F2-4-3e: who failed gets neither hours nor credits, and bears the costs."""
    if record.kind not in COURSES or grade_of(record, law) != FAILED:
        return None
    given = f"{plain(record.score)}分，" if record.score is not None else ""
    shown = plain(record.score) if record.score is not None else FAILED
    return Barred(
        "mark",
        ("PUER-11-5", "PUER-F2-4-3e"),
        f"成绩{given}低于{plain(law.grade_floor['合格'])}分，不合格：不予登记学时学分，相关费用由本人承担。",
        f"The mark ({shown}) is a fail: neither hours nor credits, and the costs fall on the teacher.",
    )


def contest_without_award(record: Record, _law: Law) -> Barred | None:
    """PUER-13-3: county level or above, organised or confirmed by a department, and with an award."""
    if record.kind != "contest":
        return None
    if certified_level(record) == "school":
        why = ("校级活动不在县级及以上之列", "A school-level contest is below county level")
    elif not record.organised_or_confirmed:
        why = ("活动未由教育行政部门组织或确认", "No department organised or confirmed the activity")
    elif prize_of(record) is None:
        why = ("未获奖励", "There was no award")
    else:
        return None
    return Barred("award", ("PUER-13-3",), f"{why[0]}，不计学时学分。", f"{why[1]}: nothing counts.")


def research_not_counting(record: Record, _law: Law) -> Barred | None:
    """PUER-13-4: county level or above, and concluded."""
    if record.kind != "research":
        return None
    if certified_level(record) == "school":
        zh, en = "校级小课题不在县级及以上之列，可作为校本研修形式", "A school-level topic is below county level"
    elif not record.concluded:
        zh, en = "课题未结题", "The project is not concluded"
    else:
        return None
    return Barred("research", ("PUER-13-4",), f"{zh}，不计学时学分。", f"{en}: nothing counts.")


def degree_not_counting(record: Record, law: Law) -> Barred | None:
    """PUER-13-5: a yearly transcript, for three years at most."""
    if record.kind != "degree":
        return None
    if not record.transcript:
        return Barred("degree", ("PUER-13-5",), "没有年度成绩证明，不予登记。", "There is no transcript of the year.")
    if record.study_year is None or record.study_year <= law.degree_max_years:
        return None
    most = plain(law.degree_max_years)
    return Barred(
        "degree",
        ("PUER-13-5",),
        f"第{record.study_year}学年已超过{most}年有效期，不予登记。",
        f"Study year {record.study_year} is beyond the {most} years that count.",
    )


def studio_failed(record: Record, law: Law) -> Barred | None:
    """PUER-13-1: the studio and the person both passed the yearly assessment (G-P22)."""
    if record.kind != "studio":
        return None
    if grade_of(record, law) != FAILED and record.studio_passed and record.person_passed:
        return None
    level = LEVEL_ZH.get(record.level or "", "")
    return Barred(
        "studio",
        ("PUER-13-1",),
        f"{level}工作室年度考核不合格，不计学时学分。",
        "The studio's yearly assessment was not passed: nothing counts.",
    )


ZEROING: tuple[Bar, ...] = (
    when(
        lambda record, _law: record.consent is False,
        "consent",
        ("PUER-8-2", "PUER-21-1"),
        "教师自主选学未经县（区）级教育行政部门同意，视同未经批准，不予登记。",
        "The teacher's own choice had no consent of the county department and counts as not approved.",
    ),
    incomplete,
    failed_mark,
    studio_failed,
    when(
        lambda record, law: record.kind == "lecture" and record.repeat and not law.repeat_counts,
        "repeat",
        ("PUER-13-2",),
        "同一课重复讲授，本县（区）规定不再计学时。",
        "The lecture was given before, and the district counts it once.",
    ),
    contest_without_award,
    research_not_counting,
    degree_not_counting,
    when(
        lambda record, _law: record.kind == "external" and not record.same_level_approved,
        "same_level",
        ("PUER-13-6",),
        "非教育系统组织的培训未经同级教育行政部门审核同意，不予登记。",
        "The department of the same level did not approve this training from outside the education system.",
    ),
    when(
        lambda record, _law: (
            mode_of(record) == "school" and (not record.implemented_as_planned or record.effective is False)
        ),
        "implementation",
        ("PUER-15-3",),
        "校本研修未按计划实施或经评估未取得成效，不得计予学时学分。",
        "The school-based research was not carried out as planned or had no effect: nothing counts.",
    ),
    when(
        lambda record, _law: (
            record.kind in COURSES and mode_of(record) == "central" and record.institution_qualified is False
        ),
        "institution",
        ("PUER-20-1",),
        "集中研修不在具备教师培训资质的机构进行，不予登记。",
        "Centralised training took place at an institution that is not qualified.",
    ),
    not_approved,
    when(
        lambda record, _law: record.fraud,
        "fraud",
        ("PUER-22-1",),
        "学时、成绩或学分系伪造、篡改，当次培训学分无效，并计入教师个人培训诚信档案。",
        "Hours, mark or credits were forged: this training is void and goes into the teacher's integrity file.",
    ),
    when(
        lambda record, _law: record.kind in ART13 and not (record.school_reviewed and record.evidence_filed),
        "evidence",
        ("PUER-F2-4-1b",),
        "第十三条项目须由本人申报、附证明材料并经学校审核，现不予登记。",
        "An item of article 13 needs the teacher's evidence and the school's review.",
    ),
    organiser_not_recognised,
    when(
        lambda record, _law: not record.hosted_or_approved,
        "host",
        ("PUER-F2-4-3c",),
        "非教育行政部门主办，也未经教育行政部门批准承办，一律不予登记学时学分。",
        "No department of education hosts it or approved its host: nothing is registered.",
    ),
    plan_not_approved,
    before_approval,
    when(
        lambda record, _law: record.registrar_signed is False,
        "signature",
        ("PUER-F2-4-3f",),
        "登记人未签名确认，登记无效。",
        "The registrar did not sign: the registration is not valid.",
    ),
)
