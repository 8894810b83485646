"""openProcess, takeStep, returnProcess and takeBackRecognition: opened by a first step, moved on, or sent back."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import process as wire_process
from yanxiu_wire import workflow as wire_workflow

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import FactInput, named
from yanxiu_gateway.schema.job import Job
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Done, Payload, carried_out, item_of
from yanxiu_gateway.schema.process import Process

INPUT = "输入。The input."
PROCESS_ID = "事项编号。The process's id."
VERSION = "您看到的版本号；已有新进展的不予办理。The version you saw; refused where the process has moved on."
ON_BEHALF_OF = "受托办理的，委托编号。The delegation under which you act."
PROJECTS = "所涉项目的编号。Ids of the projects it is about."
STATEMENTS = "所填内容，按步骤要求的名称。What is stated, by the names that the step asks for."
EVIDENCE = "附件。Attachments."
PROJECT_FACTS = "逐个项目确定的事实，如系数。What is set for each project, such as its coefficient."
NAMES = {"projects": "projectIds", "process": "processId"}


@strawberry.input(name="EvidenceInput", description="一份附件。An attachment.")
class EvidenceInput:
    """An attachment."""

    name: str = strawberry.field(default="", description="回答的是哪一项要求，可不填。Which ask it answers; optional.")
    title: str = strawberry.field(description="名称。What it is called.")
    reference: str = strawberry.field(description="存放位置，如网址或档号。Where it is kept.")
    sha256: str = strawberry.field(description="内容的 SHA-256，64位小写十六进制。SHA-256 of its content, in hex.")


def attached(one: EvidenceInput) -> wire_process.Evidence:
    """An attachment in the wire's words."""
    return wire_process.Evidence(name=one.name, title=one.title, reference=one.reference, sha256=one.sha256)


@strawberry.input(name="ProjectFactsInput", description="一个项目的事实。Facts of one project.")
class ProjectFactsInput:
    """Facts of a project."""

    project_id: strawberry.ID = strawberry.field(description="项目编号。The project's id.")
    facts: list[FactInput] = strawberry.field(description="各项事实。The facts.")


@strawberry.input(name="OpenProcessInput", description="openProcess 的输入。Input of openProcess.")
class OpenProcessInput:
    """What to open."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    workflow: str = strawberry.field(description="流程的名称。The workflow's name.")
    school_id: strawberry.ID | None = strawberry.field(
        default=None, description="哪所学校；学校人员默认本校，全区的流程不填。The school; yours by default."
    )
    on: date | None = strawberry.field(
        default=None, description="所属学期或年度中的一天，默认今天。A day within the term or year; today by default."
    )
    step: str | None = strawberry.field(
        default=None, description="首个步骤有几种时写明哪一种。Which first step, where there are several."
    )
    project_ids: list[strawberry.ID] | None = strawberry.field(default=None, description=PROJECTS)
    statements: list[FactInput] | None = strawberry.field(default=None, description=STATEMENTS)
    evidence: list[EvidenceInput] | None = strawberry.field(default=None, description=EVIDENCE)
    project_facts: list[ProjectFactsInput] | None = strawberry.field(default=None, description=PROJECT_FACTS)
    on_behalf_of: strawberry.ID | None = strawberry.field(default=None, description=ON_BEHALF_OF)


@strawberry.input(name="TakeStepInput", description="takeStep 的输入。Input of takeStep.")
class TakeStepInput:
    """Which step to take."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    process_id: strawberry.ID = strawberry.field(description=PROCESS_ID)
    step: str = strawberry.field(description="步骤的名称。The step's name.")
    version: int = strawberry.field(description=VERSION)
    project_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="退回起始状态后更换的项目。Other projects, where it is back at its start."
    )
    statements: list[FactInput] | None = strawberry.field(default=None, description=STATEMENTS)
    evidence: list[EvidenceInput] | None = strawberry.field(default=None, description=EVIDENCE)
    project_facts: list[ProjectFactsInput] | None = strawberry.field(default=None, description=PROJECT_FACTS)
    on_behalf_of: strawberry.ID | None = strawberry.field(default=None, description=ON_BEHALF_OF)


@strawberry.input(name="TakeStepsInput", description="takeSteps 的输入。Input of takeSteps.")
class TakeStepsInput:
    """Which step to take for all."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    workflow: str = strawberry.field(description="流程的名称。The workflow's name.")
    step: str = strawberry.field(description="步骤的名称。The step's name.")
    period: str | None = strawberry.field(
        default=None, description="只办这个学期或年度的（名称）。Only those of this term or year, by its name."
    )
    statements: list[FactInput] | None = strawberry.field(default=None, description=STATEMENTS)
    on_behalf_of: strawberry.ID | None = strawberry.field(default=None, description=ON_BEHALF_OF)


@strawberry.input(name="ReturnProcessInput", description="returnProcess 的输入。Input of returnProcess.")
class ReturnProcessInput:
    """What to send back."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    process_id: strawberry.ID = strawberry.field(description=PROCESS_ID)
    version: int = strawberry.field(description=VERSION)
    reason: str = strawberry.field(description="退回的理由。Why it is returned.")
    on_behalf_of: strawberry.ID | None = strawberry.field(default=None, description=ON_BEHALF_OF)


@strawberry.input(
    name="TakeBackRecognitionInput", description="takeBackRecognition 的输入。Input of takeBackRecognition."
)
class TakeBackRecognitionInput:
    """What to take back."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    process_id: strawberry.ID = strawberry.field(description=PROCESS_ID)
    version: int = strawberry.field(description=VERSION)
    reason: str = strawberry.field(description="撤销认定的理由。Why the recognition is taken back.")
    on_behalf_of: strawberry.ID | None = strawberry.field(default=None, description=ON_BEHALF_OF)


def process_of(root: strawberry.Parent[Done]) -> Any:
    """The process that moved, None when there are errors."""
    return root.item.process if root.item is not None else None


def replayed_of(root: strawberry.Parent[Done]) -> bool:
    """Whether the key had been answered before."""
    return root.item is not None and root.item.replayed


@strawberry.type
class ProcessPayload(Payload):
    """The process or errors."""

    process: Process | None = strawberry.field(resolver=process_of, description="办理后的事项。The process.")
    replayed: bool = strawberry.field(
        resolver=replayed_of, description="是否为同一键的重复答复。Whether this key had been answered before."
    )


@strawberry.type(name="OpenProcessPayload", description="openProcess 的结果。What openProcess came to.")
class OpenProcessPayload(ProcessPayload):
    """The process opened."""


@strawberry.type(name="TakeStepPayload", description="takeStep 的结果。What takeStep came to.")
class TakeStepPayload(ProcessPayload):
    """The process moved on."""


@strawberry.type(name="TakeStepsPayload", description="takeSteps 的结果。What takeSteps came to.")
class TakeStepsPayload(Payload):
    """The job or errors."""

    job: Job | None = strawberry.field(resolver=item_of, description="批量任务，一个事项为一部分。The job.")


@strawberry.type(name="ReturnProcessPayload", description="returnProcess 的结果。What returnProcess came to.")
class ReturnProcessPayload(ProcessPayload):
    """The process sent back."""


@strawberry.type(
    name="TakeBackRecognitionPayload", description="takeBackRecognition 的结果。What takeBackRecognition came to."
)
class TakeBackRecognitionPayload(ProcessPayload):
    """The process whose recognition was taken back."""


def _stated(given: OpenProcessInput | TakeStepInput) -> dict[str, Any]:
    """What both inputs state, in the wire's words."""
    return {
        "step": given.step,
        "projects": tuple(plain_id("Project", one) for one in given.project_ids or ()),
        "statements": named(given.statements),
        "evidence": tuple(attached(one) for one in given.evidence or ()),
        "project_facts": {plain_id("Project", one.project_id): named(one.facts) for one in given.project_facts or ()},
        "on_behalf_of": delegation_id(given.on_behalf_of),
    }


def delegation_id(given: strawberry.ID | None) -> str | None:
    """The wire's id of a delegation."""
    return plain_id("Delegation", given) if given is not None else None


async def open_process(
    info: Info, given: Annotated[OpenProcessInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Open a process by its first step."""
    command = wire_workflow.OpenProcess(
        caller=info.context.caller,
        key=given.idempotency_key,
        workflow=given.workflow,
        school=plain_id("School", given.school_id) if given.school_id is not None else None,
        on=given.on,
        **_stated(given),
    )
    return await carried_out(info, info.context.backend.open_process, command, NAMES)


async def take_step(
    info: Info, given: Annotated[TakeStepInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Take a step."""
    command = wire_workflow.TakeStep(
        caller=info.context.caller,
        key=given.idempotency_key,
        process=plain_id("Process", given.process_id),
        version=given.version,
        **_stated(given),
    )
    return await carried_out(info, info.context.backend.take_step, command, NAMES)


async def take_steps(
    info: Info, given: Annotated[TakeStepsInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Take a step of all that wait for it."""
    command = wire_workflow.TakeSteps(
        caller=info.context.caller,
        key=given.idempotency_key,
        workflow=given.workflow,
        step=given.step,
        period=given.period,
        statements=named(given.statements),
        on_behalf_of=delegation_id(given.on_behalf_of),
    )
    return await carried_out(info, info.context.backend.take_steps, command, NAMES)


async def return_process(
    info: Info, given: Annotated[ReturnProcessInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Send a process back."""
    command = wire_workflow.ReturnProcess(
        caller=info.context.caller,
        key=given.idempotency_key,
        process=plain_id("Process", given.process_id),
        version=given.version,
        reason=given.reason,
        on_behalf_of=delegation_id(given.on_behalf_of),
    )
    return await carried_out(info, info.context.backend.return_process, command, NAMES)


async def take_back_recognition(
    info: Info, given: Annotated[TakeBackRecognitionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Take a process's recognition back."""
    command = wire_workflow.TakeBackRecognition(
        caller=info.context.caller,
        key=given.idempotency_key,
        process=plain_id("Process", given.process_id),
        version=given.version,
        reason=given.reason,
        on_behalf_of=delegation_id(given.on_behalf_of),
    )
    return await carried_out(info, info.context.backend.take_back_recognition, command, NAMES)


@strawberry.type(description="办理流程的写操作。What can be done in workflows.")
class ProcessMutations:
    """Root fields."""

    open_process: OpenProcessPayload | None = strawberry.mutation(
        resolver=open_process,
        description="发起一个事项，同时办理其首个步骤。Open a process by taking its first step.",
    )
    take_step: TakeStepPayload | None = strawberry.mutation(
        resolver=take_step, description="办理事项的下一步并签署。Take a process's next step, and sign it."
    )
    take_steps: TakeStepsPayload | None = strawberry.mutation(
        resolver=take_steps,
        description="对所有等待此步骤的事项一次办理，作为批量任务进行。"
        "Take the same step of every process that waits for it, as one job.",
    )
    return_process: ReturnProcessPayload | None = strawberry.mutation(
        resolver=return_process, description="说明理由，退回一个事项。Send a process back with a reason."
    )
    take_back_recognition: TakeBackRecognitionPayload | None = strawberry.mutation(
        resolver=take_back_recognition,
        description="由更高层级说明理由，撤销一个事项的全部认定：逐笔冲销、开锁，可重新认定。"
        "Take back all that a process recognised, for a higher level: reversed, opened, to be recognised anew.",
    )
