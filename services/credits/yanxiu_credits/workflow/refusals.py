"""Every 'no' of the workflows, with field, value, clause and remedy in two languages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from yanxiu_rulekit.workflow import Ask, Workflow, WorkStep
from yanxiu_wire.caller import roles_zh
from yanxiu_wire.process import Evidence
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_credits.refusals import refuse


def workflow_unknown(name: str, known: Iterable[str]) -> Refused:
    """The law of the district orders no such workflow."""
    listed = ", ".join(sorted(known))
    return refuse(
        "WORKFLOW_UNKNOWN",
        field="workflow",
        value=name,
        zh="本区县的规定没有这个办理流程。",
        en="The district's law orders no such workflow.",
        remedy=(f"可用：{listed or '无'}。", f"It orders: {listed or 'none'}."),
    )


def process_unknown(process: str, *, field: str = "process") -> Refused:
    """No such process, or out of the caller's scope: both answer alike."""
    return refuse(
        "PROCESS_UNKNOWN",
        field=field,
        value=process,
        zh="没有这个办理事项，或不在您的管理范围内。",
        en="There is no such process, or not in your scope.",
        remedy=("请核对编号，或从待办事项进入。", "Check the id, or take it from your tasks."),
    )


def process_exists(process: str, workflow: Workflow, label: str) -> Refused:
    """One process for each workflow, school and period; this one was opened already."""
    return refuse(
        "PROCESS_EXISTS",
        field="workflow",
        value=process,
        clauses=workflow.cite,
        zh=f"“{workflow.label}”在{label}已经开始办理（{process}）。",
        en=f"The process of '{workflow.label_en}' for {label} has been opened already ({process}).",
        remedy=("请在已有的事项中办理下一步。", "Take the next step of the one that exists."),
    )


def process_changed(given: int, version: int) -> Refused:
    """Somebody else moved the process on in the meantime."""
    return refuse(
        "PROCESS_CHANGED",
        field="version",
        value=given,
        zh=f"该事项已有新的进展（现为第{version}版，您看到的是第{given}版）。",
        en=f"The process has moved on: it stands at version {version}, you saw {given}.",
        remedy=("请重新查看后再办理。", "Look at it again, then decide."),
    )


def school_missing(workflow: Workflow) -> Refused:
    """A workflow of a school needs to be told which."""
    return refuse(
        "SCHOOL_REQUIRED",
        field="school",
        zh=f"“{workflow.label}”按学校办理，请写明学校。",
        en=f"'{workflow.label_en}' is run for a school; name it.",
        remedy=("请填写学校编号。", "Give the school's id."),
    )


def school_unknown(school: str) -> Refused:
    """No such school, or not the caller's."""
    return refuse(
        "SCHOOL_UNKNOWN",
        field="school",
        value=school,
        zh="没有这所学校，或不在您的管理范围内。",
        en="There is no such school, or not in your scope.",
        remedy=("请核对学校编号。", "Check the school's id."),
    )


def school_not_wanted(workflow: Workflow, school: str) -> Refused:
    """A workflow of the whole district has no school."""
    return refuse(
        "SCHOOL_NOT_WANTED",
        field="school",
        value=school,
        zh=f"“{workflow.label}”由全区县统一办理，不按学校办理。",
        en=f"'{workflow.label_en}' is run for the whole district, not for a school.",
        remedy=("请不要填写学校。", "Leave the school out."),
    )


def term_unknown(on: date) -> Refused:
    """The district's calendar has no term on that day."""
    return refuse(
        "TERM_UNKNOWN",
        field="on",
        value=on,
        zh=f"校历中没有包含{on.isoformat()}的学期。",
        en=f"The district's calendar has no term on {on.isoformat()}.",
        remedy=("请先登记学期，或填写学期中的一天。", "Enter the term first, or name a day within one."),
    )


def step_unknown(workflow: Workflow, name: str) -> Refused:
    """The workflow has no such step."""
    listed = ", ".join(step.name for step in workflow.steps)
    return refuse(
        "STEP_UNKNOWN",
        field="step",
        value=name,
        zh=f"“{workflow.label}”没有这个步骤。",
        en=f"'{workflow.label_en}' has no such step.",
        remedy=(f"可用：{listed}。", f"Its steps: {listed}."),
    )


def step_not_yours(step: WorkStep, role: str) -> Refused:
    """Another role takes this step."""
    return refuse(
        "STEP_NOT_YOURS",
        field="caller.role",
        value=role,
        clauses=step.cite,
        zh=f"“{step.label}”不由角色“{roles_zh([role])}”办理。",
        en=f"'{step.label_en}' is not for the role {role}.",
        remedy=(f"由以下角色办理：{roles_zh(step.by)}。", f"It is for: {', '.join(step.by)}."),
    )


def step_not_open(workflow: Workflow, step: WorkStep, state: str) -> Refused:
    """The step does not lead on from where the process stands."""
    zh, en = workflow.label_of(state)
    steps = workflow.open_steps(state)
    next_zh = "、".join(one.label for one in steps) or "无"
    next_en = ", ".join(one.name for one in steps) or "none"
    return refuse(
        "STEP_NOT_OPEN",
        field="step",
        value=step.name,
        clauses=step.cite,
        zh=f"该事项现为“{zh}”，不能办理“{step.label}”。",
        en=f"The process stands at '{en}'; '{step.label_en}' cannot be taken now.",
        remedy=(f"下一步可办理：{next_zh}。", f"What can be taken next: {next_en}."),
    )


def four_eyes(step: WorkStep, other: WorkStep, subject: str) -> Refused:
    """The same person signed a step that another must have signed."""
    return refuse(
        "FOUR_EYES",
        field="caller.subject",
        value=subject,
        clauses=step.cite,
        zh=f"“{other.label}”与“{step.label}”须由不同的人办理。",
        en=f"'{other.label_en}' and '{step.label_en}' are signed by different people.",
        remedy=("请由另一位有权人员办理。", "Let another person who may take the step do so."),
    )


def too_early(step: WorkStep, today: date, opens: date) -> Refused:
    """The window has not opened."""
    return refuse(
        "STEP_TOO_EARLY",
        field="step",
        value=step.name,
        clauses=step.cite,
        zh=f"“{step.label}”自{opens.isoformat()}起办理，今天是{today.isoformat()}。",
        en=f"'{step.label_en}' opens on {opens.isoformat()}; today is {today.isoformat()}.",
        remedy=(f"请在{opens.isoformat()}当日或之后办理。", f"Take it on or after {opens.isoformat()}."),
    )


def too_late(step: WorkStep, today: date, closes: date) -> Refused:
    """The window has closed, and the law does not take it late."""
    return refuse(
        "STEP_TOO_LATE",
        field="step",
        value=step.name,
        clauses=step.cite,
        zh=f"“{step.label}”截至{closes.isoformat()}，今天是{today.isoformat()}。{step.consequence}",
        en=f"'{step.label_en}' closed on {closes.isoformat()}; today is {today.isoformat()}. {step.consequence_en}",
        remedy=("请与上一级主管部门联系。", "Turn to the authority above."),
    )


def objections_open(count: int) -> Refused:
    """Objections wait to be settled."""
    return refuse(
        "OBJECTIONS_OPEN",
        field="process",
        value=count,
        zh=f"还有{count}项异议未处理。",
        en=f"{count} objection(s) are not settled.",
        remedy=("请逐项处理异议后再办理。", "Settle each objection first."),
    )


def return_not_yours(role: str, roles: tuple[str, ...]) -> Refused:
    """Only whoever may take the next step may send it back."""
    return refuse(
        "RETURN_NOT_YOURS",
        field="caller.role",
        value=role,
        zh=f"角色“{roles_zh([role])}”不办理该事项的下一步，不能退回。",
        en=f"The role {role} takes no next step here and so cannot return it.",
        remedy=(
            f"由以下角色退回：{roles_zh(roles) or '无'}。",
            f"Who may return it: {', '.join(roles) or 'nobody, it has ended'}.",
        ),
    )


def no_return(workflow: Workflow, state: str) -> Refused:
    """Nothing lies before this state, or the law foresees no return."""
    zh, en = workflow.label_of(state)
    return refuse(
        "RETURN_NOT_FORESEEN",
        field="process",
        value=state,
        clauses=workflow.cite,
        zh=f"该事项现为“{zh}”，规定未设退回。",
        en=f"The process stands at '{en}', from where no return is foreseen.",
        remedy=("请办理下一步。", "Take the next step."),
    )


def reason_missing() -> Refused:
    """A return, a delegation, and the settling of an objection say why."""
    return refuse(
        "REASON_MISSING",
        field="reason",
        zh="须说明理由（1000字以内）。",
        en="A reason of at most 1000 characters is needed.",
        remedy=("请填写理由。", "Say why."),
    )


# ---- asks ------------------------------------------------------------------------------------------------------


def ask_unknown(step: WorkStep, field: str, name: str) -> RefusalItem:
    """Something that the step does not ask for in that form."""
    listed = ", ".join(f"{ask.name} ({ask.form})" for ask in step.asks)
    return refuse(
        "ASK_UNKNOWN",
        field=field,
        value=name,
        zh=f"“{step.label}”不要求填写此项。",
        en=f"'{step.label_en}' does not ask for this.",
        remedy=(f"该步骤要求：{listed or '无'}。", f"It asks for: {listed or 'nothing'}."),
    ).errors[0]


def ask_missing(ask: Ask) -> RefusalItem:
    """Something required that nothing answers."""
    field = f"evidence.{ask.name}" if ask.form == "document" else f"statements.{ask.name}"
    return refuse(
        "ASK_MISSING",
        field="project_facts" if ask.form == "projects" else field,
        clauses=ask.cite,
        zh=f"缺少“{ask.label}”。",
        en=f"'{ask.label_en}' is missing.",
        remedy=("请补充后再提交。", "Add it and send again."),
    ).errors[0]


_FORMS = {
    "text": ("1至2000字的文字", "a text of 1 to 2000 characters"),
    "number": ("数字，如 0.75", "a number such as 0.75"),
    "day": ("日期，如 2025-03-07", "a day such as 2025-03-07"),
    "flag": ("true 或 false", "true or false"),
}


def ask_malformed(ask: Ask, text: str) -> RefusalItem:
    """An answer that is not of the form asked for."""
    zh, en = _FORMS[ask.form]
    return refuse(
        "ASK_MALFORMED",
        field=f"statements.{ask.name}",
        value=text,
        clauses=ask.cite,
        zh=f"“{ask.label}”应为{zh}。",
        en=f"'{ask.label_en}' must be {en}.",
        remedy=("请更正。", "Correct it."),
    ).errors[0]


def evidence_malformed(one: Evidence, field: str = "evidence") -> RefusalItem:
    """An attachment without title, place or digest."""
    return refuse(
        "EVIDENCE_MALFORMED",
        field=f"{field}.{one.name}" if one.name else field,
        value=one.sha256,
        zh="附件须有名称、存放位置和 SHA-256 摘要（64位小写十六进制）。",
        en="An attachment needs a title, a reference and its SHA-256 (64 lower-case hex digits).",
        remedy=("请补全附件信息。", "Complete it."),
    ).errors[0]
