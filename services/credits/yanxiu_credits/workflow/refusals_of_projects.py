"""Every 'no' about the projects that a process carries, and about results that have changed."""

from __future__ import annotations

from yanxiu_rulekit.workflow import Workflow
from yanxiu_wire.caller import roles_zh
from yanxiu_wire.refusal import Refused

from yanxiu_credits.refusals import refuse


def process_open(project: str, process: str, workflow: Workflow | None, state: str) -> Refused:
    """A project that a process under way is about is decided there."""
    label = workflow.label if workflow else ""
    return refuse(
        "PROCESS_OPEN",
        field="project",
        value=process,
        clauses=workflow.cite if workflow else (),
        zh=f"该项目正在按“{label}”办理（事项{process}，当前{state}），不能另行处理。",
        en=f"The project {project} is in process {process}, which stands at {state}; it is decided there.",
        remedy=("请在该事项中办理下一步，或退回。", "Take that process's next step, or return it."),
    )


def process_required(project: str, workflow: Workflow) -> Refused:
    """The law orders a workflow for such a project."""
    return refuse(
        "PROCESS_REQUIRED",
        field="project",
        value=project,
        clauses=workflow.cite,
        zh=f"这类项目须经“{workflow.label}”办理，不能直接审批。",
        en=f"Such a project is decided in '{workflow.label_en}' ({workflow.name}), not directly.",
        remedy=(
            "请由学校发起该流程；项目在本平台登记之前已经纸面批准并已开始（须填写startsOn）的，可附批准文件按当时的日期补录。",
            "Let the school open that workflow; what was approved on paper, and had begun (startsOn), before the "
            "project was entered here is entered with the day and the document of that approval.",
        ),
    )


def not_yours_to_approve(role: str, roles: tuple[str, ...], clauses: tuple[str, ...]) -> Refused:
    """The law names who approves such a project."""
    return refuse(
        "APPROVAL_NOT_YOURS",
        field="caller.role",
        value=role,
        clauses=clauses,
        zh=f"这类项目由{roles_zh(roles)}批准，其批准文件也由其录入。",
        en=f"Such a project is approved by the {' or '.join(roles)}, who enters what was approved on paper too.",
        remedy=(f"请由{roles_zh(roles)}录入。", f"Ask {' or '.join(roles)}."),
    )


def approves_own_proposal(project: str, roles: tuple[str, ...], clauses: tuple[str, ...]) -> Refused:
    """Who proposed a project does not approve it."""
    return refuse(
        "FOUR_EYES",
        field="caller.subject",
        value=project,
        clauses=clauses,
        zh="申报项目的人不能自行录入其批准。",
        en="Whoever proposed a project does not enter its approval.",
        remedy=(f"请由另一位{roles_zh(roles)}录入。", f"Let another {' or '.join(roles)} enter it."),
    )


def document_missing(project: str, clauses: tuple[str, ...]) -> Refused:
    """An approval outside a process rests on a paper."""
    return refuse(
        "DOCUMENT_MISSING",
        field="document",
        value=project,
        clauses=clauses,
        zh="不经流程的批准，须附所依据的批准文件或通知（名称、文号或存放位置、SHA-256）。",
        en="An approval outside a process rests on a document: title, reference and SHA-256 of the notice.",
        remedy=("请填写document。", "Give the document."),
    )


def projects_required(workflow: Workflow) -> Refused:
    """A process about projects names at least one."""
    return refuse(
        "PROJECTS_REQUIRED",
        field="projects",
        clauses=workflow.cite,
        zh=f"“{workflow.label}”须至少写明一个培训项目。",
        en=f"'{workflow.label_en}' names at least one project.",
        remedy=("请先申报项目，再写明其编号。", "Propose the projects, then name them."),
    )


def projects_not_wanted(workflow: Workflow) -> Refused:
    """Projects given where the process carries none, or is past naming them."""
    return refuse(
        "PROJECTS_NOT_WANTED",
        field="projects",
        zh=f"此时“{workflow.label}”不能写明或更换项目。",
        en=f"'{workflow.label_en}' takes no projects here.",
        remedy=("请不要填写项目。", "Leave the projects out."),
    )


def project_not_carried(project: str) -> Refused:
    """Facts for a project that the process is not about."""
    return refuse(
        "PROJECT_NOT_CARRIED",
        field="project_facts",
        value=project,
        zh="该项目不属于本事项。",
        en="The process is not about this project.",
        remedy=("请核对项目编号。", "Check the project's id."),
    )


def project_facts_missing(project: str, fact: str) -> Refused:
    """A project for which the step's required fact was not given."""
    return refuse(
        "ASK_MISSING",
        field="project_facts",
        value=project,
        zh=f"项目{project}没有填写所要求的{fact}。",
        en=f"The project {project} has no {fact}, which the step asks for.",
        remedy=(f"请逐个项目填写{fact}。", f"Give {fact} for each project."),
    )


def result_changed(teacher: str, count: int) -> Refused:
    """What would be recognised is no longer what was made public."""
    return refuse(
        "RESULT_CHANGED",
        field="process",
        value=teacher,
        zh=f"公示之后有{count}名教师的结果发生变化（如教师{teacher}），不能按原公示认定。",
        en=f"The results of {count} teacher(s) have changed since they were made public, such as {teacher}'s.",
        remedy=("请退回并重新公示。", "Return the process and make the list public again."),
    )


def nothing_recognised(process: str) -> Refused:
    """A process without a recognition that stands."""
    return refuse(
        "NOTHING_RECOGNISED",
        field="process",
        value=process,
        zh="该事项没有有效的认定可以撤销。",
        en="The process has no recognition that stands.",
        remedy=("请核对事项编号和办理进度。", "Check the process's id and how far it has come."),
    )
