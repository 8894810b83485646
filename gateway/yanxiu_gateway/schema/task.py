"""What somebody can do now, whom he acts for, what a teacher was told, and what the law orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from yanxiu_wire import process as wire_process
from yanxiu_wire import workflow as wire_workflow

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import (
    After,
    Connection,
    Edge,
    First,
    Node,
    PageInfo,
    PageRows,
    asked_page,
    global_id,
    page_rows,
    plain_id,
)
from yanxiu_gateway.schema.process import (
    LABEL,
    LABEL_EN,
    LABEL_ZH,
    Asked,
    LazySchool,
    LazyTeacher,
    LazyVerdict,
    OpenStep,
    Process,
    ProcessPeriod,
    consequence_of,
    label_of,
    process_id,
    role_of,
    school_of,
    teacher_of,
    when_of,
)
from yanxiu_gateway.schema.role import CallerRole
from yanxiu_gateway.schema.semantic_null import NULL_IS_A_HOLE


def task_process(root: strawberry.Parent[wire_process.Task]) -> strawberry.ID | None:
    """The process's id, None for one that has still to be opened."""
    return process_id(root.process)


def task_delegation(root: strawberry.Parent[wire_process.Task]) -> strawberry.ID | None:
    """The delegation's id."""
    return global_id("Delegation", root.delegation) if root.delegation is not None else None


@strawberry.type(name="Task", description="一项待办：现在可以办理的一步。Something that can be done now.")
class Task:
    """A task."""

    workflow: str = strawberry.field(description="流程的名称。The workflow.")
    label: str = strawberry.field(resolver=label_of, description=LABEL)
    label_zh: str = strawberry.field(description=LABEL_ZH)
    label_en: str = strawberry.field(description=LABEL_EN)
    process_id: strawberry.ID | None = strawberry.field(
        resolver=task_process,
        description="事项编号，takeStep 用它；为空则用 openProcess 发起。"
        "The process, for takeStep; null where openProcess has still to open it.",
    )
    version: int = strawberry.field(description="事项的版本号。The process's version.")
    school: LazySchool | None = strawberry.field(resolver=school_of, description="哪所学校。The school.")
    period: ProcessPeriod | None = strawberry.field(description="所属学期或年度。The term or year.")
    on: date = strawberry.field(description="该时段中的一天，openProcess 用它。A day of the period, for openProcess.")
    step: OpenStep = strawberry.field(description="要办的一步。The step.")
    delegation_id: strawberry.ID | None = strawberry.field(
        resolver=task_delegation, description="受托办理的，委托编号。The delegation it is done under."
    )
    on_behalf_of: str | None = strawberry.field(description="受谁委托。For whom.")


def lock_of(root: strawberry.Parent[wire_process.UnsettledPeriod]) -> strawberry.ID:
    """The lock that is in force again."""
    return global_id("PeriodLock", root.lock)


@strawberry.type(
    name="UnsettledPeriod",
    description="开锁期满、已自动重新锁定的周期：其间有改动，已认定的与现应认定的不一致；"
    "请用 lockPeriod 重新锁定，随即重新认定。"
    "A period whose opening ran out and that is closed again by itself: what was changed meanwhile is recognised anew "
    "by whoever locks it again (lockPeriod).",
)
class UnsettledPeriod:
    """An unsettled period."""

    lock_id: strawberry.ID = strawberry.field(resolver=lock_of, description="现行的锁定。The lock that is in force.")
    school: LazySchool | None = strawberry.field(
        resolver=school_of, description="哪所学校；全区的为空。The school; null for the whole district."
    )
    period: ProcessPeriod = strawberry.field(description="哪个周期。The period.")
    opened_until: date = strawberry.field(description="开放到哪天为止。The last day it was open.")
    teachers: int = strawberry.field(
        description="有几名教师的认定待重新办理，至多报 500 名。Teachers to be recognised anew, 500 at most are told."
    )


@dataclass(frozen=True, slots=True)
class TaskRows:
    """A page of tasks, with what is to be settled beside."""

    rows: PageRows
    unsettled: Sequence[wire_process.UnsettledPeriod]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rows, name)


def tasks_shown(found: wire_workflow.Tasks, after: str | None) -> TaskRows:
    """A page of the service's as the connection reads it."""
    return TaskRows(page_rows(found, after), found.unsettled)


@strawberry.type(name="TaskConnection", description="待办事项，最急的在前。Tasks, the most urgent first.")
class TaskConnection:
    """A connection, with the periods to be settled."""

    edges: list[Edge[Task]] = strawberry.field(description="本页各项待办。The tasks of this page.")
    page_info: PageInfo = strawberry.field(description="分页信息。Where this page stands.")
    total_count: int = strawberry.field(description="共有几项。How many there are in all.")
    unsettled: list[UnsettledPeriod] = strawberry.field(
        description="开锁期满、待重新认定的周期，一年几个。The few periods to be settled since their opening ran out."
    )


@strawberry.type(name="Delegation", description="一项委托：把自己的办理权限交给他人。Steps handed to another person.")
class Delegation(Node):
    """A delegation."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A delegation of the credits service is shown as this type."""
        return isinstance(obj, wire_process.Delegation)

    from_subject: str = strawberry.field(description="委托人。Who gives it.")
    role: CallerRole = strawberry.field(resolver=role_of, description="委托人的角色。The giver's role.")
    school: LazySchool | None = strawberry.field(resolver=school_of, description="委托人的学校。The giver's school.")
    to_subject: str = strawberry.field(description="受托人。Who receives it.")
    workflows: list[str] = strawberry.field(description="哪些流程；为空即全部。Which workflows; none means all.")
    since: date = strawberry.field(description="自哪天起。From which day.")
    until: date = strawberry.field(description="到哪天止，含当天。Up to and including which day.")
    reason: str = strawberry.field(description="理由。Why.")
    ended_on: date | None = strawberry.field(description="提前终止之日。When it was ended early.")


@strawberry.type(name="Notice", description="向教师反馈的认定结果。The recognised result that a teacher was told.")
class Notice(Node):
    """A notice."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A notice of the credits service is shown as this type."""
        return isinstance(obj, wire_process.Notice)

    teacher: LazyTeacher | None = strawberry.field(resolver=teacher_of, description="教师。The teacher.")
    period: ProcessPeriod = strawberry.field(description="所属学期或年度。The term or year.")
    verdict: LazyVerdict = strawberry.field(description="结论。The verdict.")
    recognised_hours: Decimal = strawberry.field(description="认定的学时。Hours recognised.")
    recognised_credits: Decimal = strawberry.field(description="认定的学分。Credits recognised.")
    hours_unit: str = strawberry.field(description="学时的单位。Unit of the hours.")
    credits_unit: str = strawberry.field(description="学分的单位。Unit of the credits.")
    told_on: date = strawberry.field(description="反馈之日。When it was told.")
    revoked_on: date | None = strawberry.field(
        description="该认定被撤销之日；未撤销为空。When that recognition was taken back; null while it stands."
    )


@strawberry.type(name="WorkflowState", description="流程的一个状态。A state of a workflow.")
class WorkflowState:
    """A state."""

    name: str = strawberry.field(description="名称。Its name.")
    label_zh: str = strawberry.field(description=LABEL_ZH)
    label_en: str = strawberry.field(description=LABEL_EN)


def by_of(root: strawberry.Parent[wire_process.WorkflowStep]) -> list[CallerRole]:
    """The roles that take the step."""
    return [CallerRole(role) for role in root.by]


@strawberry.type(name="WorkflowStep", description="流程的一步，如规定所定。A step as the law orders it.")
class WorkflowStep:
    """A step."""

    name: str = strawberry.field(description="名称。Its name.")
    label: str = strawberry.field(resolver=label_of, description=LABEL)
    label_zh: str = strawberry.field(description=LABEL_ZH)
    label_en: str = strawberry.field(description=LABEL_EN)
    from_states: list[str] = strawberry.field(description="可在哪些状态办理。States it is taken in.")
    to_state: str = strawberry.field(description="办理后的状态。The state it leads to.")
    by: list[CallerRole] = strawberry.field(resolver=by_of, description="由哪些角色办理。Roles that take it.")
    asks: list[Asked] = strawberry.field(description="须填写或附上的各项。What is asked for.")
    not_by: list[str] = strawberry.field(description="不得与哪些步骤同一人。Steps whose signer may not take it.")
    clauses: list[str] = strawberry.field(description="依据的条款编号。Ids of the clauses that order it.")
    when: str = strawberry.field(resolver=when_of, description="期限的文字说明。The window in words.")
    consequence: str = strawberry.field(resolver=consequence_of, description="逾期或缺少的后果。The consequence.")


def states_of(root: strawberry.Parent[wire_process.WorkflowView]) -> Any:
    """The states with their labels."""
    return [WorkflowState(name=name, label_zh=zh, label_en=en) for name, zh, en in root.states]


@strawberry.type(name="Workflow", description="规定的一个办理流程。A workflow as the law orders it.")
class Workflow:
    """A workflow."""

    name: str = strawberry.field(description="名称，openProcess 用它。The name that openProcess takes.")
    label: str = strawberry.field(resolver=label_of, description=LABEL)
    label_zh: str = strawberry.field(description=LABEL_ZH)
    label_en: str = strawberry.field(description=LABEL_EN)
    carries: str = strawberry.field(description="关于 projects、records 或 statements。What it is about.")
    scope: str = strawberry.field(description="按学校 school 或全区 district。For a school or the district.")
    per: str = strawberry.field(description="每学期、每年度或不限。For each term or year, or as often as needed.")
    states: list[WorkflowState] = strawberry.field(resolver=states_of, description="各状态。Its states.")
    steps: list[WorkflowStep] = strawberry.field(description="各步骤。Its steps.")
    clauses: list[str] = strawberry.field(description="依据的条款编号。Ids of the clauses that order it.")


def signatures_intact(root: strawberry.Parent[Any]) -> bool:
    """Whether nothing was found."""
    return root.first_bad is None


def first_bad(root: strawberry.Parent[Any]) -> strawberry.ID | None:
    """The process whose signatures do not fit."""
    return process_id(root.first_bad)


@strawberry.type(name="SignatureVerification", description="签署链的校验结果。Whether all signatures fit.")
class SignatureVerification:
    """A verification."""

    intact: bool = strawberry.field(resolver=signatures_intact, description="是否全部相符。Whether all of them fit.")
    processes: int = strawberry.field(description="校验的事项数。Processes read.")
    signatures: int = strawberry.field(description="校验的签署数。Signatures read.")
    first_bad: strawberry.ID | None = strawberry.field(
        resolver=first_bad, description="第一个不符的事项。The first process that does not fit."
    )
    problem: str | None = strawberry.field(description="哪里不符。What does not fit.")


# ---- queries ---------------------------------------------------------------------------------------------------

ProcessId = Annotated[strawberry.ID, strawberry.argument(name="id", description="事项编号。The process's id.")]
OfWorkflow = Annotated[str | None, strawberry.argument(description="只要这个流程的。Only of this workflow.")]
OfSchool = Annotated[strawberry.ID | None, strawberry.argument(description="只要这所学校的。Only of this school.")]
InState = Annotated[str | None, strawberry.argument(description="只要这个状态的。Only in this state.")]
OfPeriod = Annotated[str | None, strawberry.argument(description="只要这个学期或年度的。Only of this term or year.")]
OfProject = Annotated[strawberry.ID | None, strawberry.argument(description="只要涉及这个项目的。About this project.")]
Ended = Annotated[bool | None, strawberry.argument(description="只要已办结（或未办结）的。Only ended, or not.")]
AllOfThem = Annotated[bool, strawberry.argument(description="是否取全区的。Whether those of the whole district.")]
OnDay = Annotated[date | None, strawberry.argument(description="哪天的规定，默认今天。The law of which day; today.")]


async def get_process(info: Info, process: ProcessId) -> Any:
    """One process; None for one that does not exist here or is out of the caller's scope."""
    return await info.context.loaders.workflow.process(plain_id("Process", process))


async def list_processes(
    info: Info,
    first: First = 50,
    after: After = None,
    workflow: OfWorkflow = None,
    school: OfSchool = None,
    state: InState = None,
    period: OfPeriod = None,
    project: OfProject = None,
    ended: Ended = None,
) -> Any:
    """A page of processes in the caller's scope."""
    filters = {
        "workflow": workflow,
        "school": plain_id("School", school) if school is not None else None,
        "state": state,
        "period": period,
        "project": plain_id("Project", project) if project is not None else None,
        "ended": ended,
    }
    return page_rows(await info.context.loaders.workflow.processes(asked_page(first, after), filters), after)


async def list_tasks(info: Info, first: First = 50, after: After = None) -> Any:
    """A page of what the caller can do now."""
    return tasks_shown(await info.context.loaders.workflow.tasks(asked_page(first, after)), after)


async def list_delegations(info: Info, of_district: AllOfThem = False) -> Any:
    """Delegations given by the caller or to him."""
    return await info.context.loaders.workflow.delegations(of_district=of_district)


async def list_workflows(info: Info, on: OnDay = None) -> Any:
    """The workflows of the law."""
    return await info.context.loaders.workflow.workflows(on)


async def get_verification(info: Info) -> Any:
    """Whether every signature fits."""
    return await info.context.loaders.workflow.verification()


@strawberry.type(description="办理流程的查询。What can be asked about workflows.")
class WorkflowQueries:
    """Root fields."""

    workflows: list[Workflow] | None = strawberry.field(
        resolver=list_workflows, description="本区规定的办理流程。The workflows that the district's law orders."
    )
    process: Process | None = strawberry.field(
        resolver=get_process, description="按编号取一个事项；不存在时为空。One process by id; null when there is none."
    )
    processes: Connection[Process] | None = strawberry.field(
        resolver=list_processes, description="可见范围内的事项，从新到旧。Processes in scope, newest first."
    )
    tasks: TaskConnection | None = strawberry.field(
        resolver=list_tasks,
        metadata=NULL_IS_A_HOLE,
        description="我现在可以办理的事项，包括受托的。What I can do now, for myself and those I act for.",
    )
    delegations: list[Delegation] | None = strawberry.field(
        resolver=list_delegations, description="我给出和收到的委托。Delegations given by me and to me."
    )
    signature_verification: SignatureVerification | None = strawberry.field(
        resolver=get_verification,
        metadata=NULL_IS_A_HOLE,
        description="校验全部签署（区县教育局、审计）。Recompute all signatures (district officer, auditor).",
    )


async def notices_of(root: strawberry.Parent[Any], info: Info, first: First = 50, after: After = None) -> Any:
    """A page of what the caller was told as a teacher."""
    if root.teacher is None:
        return None
    return page_rows(await info.context.loaders.workflow.notices(root.teacher, asked_page(first, after)), after)
