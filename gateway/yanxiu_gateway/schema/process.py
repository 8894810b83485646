"""Processes of the regulations' workflows: where they stand, who signed what, what comes next and by when."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import process as wire_process
from yanxiu_wire.refusal import RefusalItem

from yanxiu_gateway.errors import say
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.explanation import Reading
from yanxiu_gateway.schema.facts import Fact, fact_rows
from yanxiu_gateway.schema.named_rows import named_school, named_teacher
from yanxiu_gateway.schema.nodes import After, Connection, Dated, First, Node, asked_page, global_id, page_rows
from yanxiu_gateway.schema.project import Project
from yanxiu_gateway.schema.role import CallerRole

if TYPE_CHECKING:
    from yanxiu_gateway.schema.record import Record
    from yanxiu_gateway.schema.school import School
    from yanxiu_gateway.schema.standing import Verdict
    from yanxiu_gateway.schema.teacher import Teacher

value = strawberry.enum_value
LazySchool = Annotated["School", strawberry.lazy("yanxiu_gateway.schema.school")]
LazyTeacher = Annotated["Teacher", strawberry.lazy("yanxiu_gateway.schema.teacher")]
LazyRecord = Annotated["Record", strawberry.lazy("yanxiu_gateway.schema.record")]
LazyVerdict = Annotated["Verdict", strawberry.lazy("yanxiu_gateway.schema.standing")]
LABEL = "按 Accept-Language 的名称。Its name in the language of Accept-Language."
LABEL_ZH = "中文名称。Its name in Chinese."
LABEL_EN = "英文名称。Its name in English."


@strawberry.enum(name="ProcessPhase", description="事项中的记录走到了哪一步。How far a process's records have come.")
class ProcessPhase(Enum):
    """The values are the wire's."""

    REGISTERED = value("registered", description="已登记。Registered.")
    REVIEWED = value("reviewed", description="学校已审核。Reviewed by the school.")
    IN_PUBLICITY = value("in_publicity", description="公示中。In publicity.")
    SUBMITTED = value("submitted", description="已上报。Submitted.")
    RECOGNISED = value("recognised", description="已认定。Recognised.")
    RETURNED = value("returned", description="已退回。Returned.")


@strawberry.enum(name="StepMark", description="是否在期限之外办理。Whether a step was taken outside its window.")
class StepMark(Enum):
    """The values are the wire's."""

    IN_TIME = value("", description="按期。In time.")
    EARLY = value("early", description="提前。Early.")
    LATE = value("late", description="逾期。Late.")


@strawberry.enum(name="ObjectionState", description="异议的状态。Where an objection stands.")
class ObjectionState(Enum):
    """The values are the wire's."""

    OPEN = value("open", description="待处理。Open.")
    UPHELD = value("upheld", description="成立。Upheld.")
    DISMISSED = value("dismissed", description="不成立。Dismissed.")


def label_of(root: strawberry.Parent[Any], info: Info) -> str:
    """The name in the reader's language."""
    return root.label_en if info.context.language == "en" else root.label_zh


def when_of(root: strawberry.Parent[Any], info: Info) -> str:
    """The window in words, in the reader's language."""
    return root.when_en if info.context.language == "en" else root.when_zh


def consequence_of(root: strawberry.Parent[Any], info: Info) -> str:
    """The consequence in the reader's language."""
    return root.consequence_en if info.context.language == "en" else root.consequence_zh


school_of = named_school("school")


teacher_of = named_teacher("teacher")


def teacher_id_of(root: strawberry.Parent[Dated[wire_process.PublicLine]]) -> strawberry.ID:
    """The global id of the teacher whom a line is about."""
    return global_id("Teacher", root.teacher)


async def public_name_of(root: strawberry.Parent[Dated[wire_process.PublicLine]], info: Info) -> str | None:
    """The name of the teacher on the line, which credits has just shown to this caller."""
    return await info.context.loaders.public_name(root.teacher, root.as_of) if root.as_of else None


def statements_of(root: strawberry.Parent[Any]) -> Any:
    """What was stated, by name."""
    return fact_rows(root.statements)


@strawberry.type(name="ProcessPeriod", description="事项所属的学期或年度。The term or year a process is about.")
class ProcessPeriod:
    """A period."""

    kind: str = strawberry.field(description="种类，如 term、year。Its kind, such as term or year.")
    label: str = strawberry.field(description="名称，如 2024-2025-1。Its name.")
    starts_on: date = strawberry.field(description="第一天。First day.")
    ends_on: date = strawberry.field(description="最后一天。Last day.")


@strawberry.type(name="Evidence", description="一份附件：名称、存放位置与摘要。An attachment: title, place, digest.")
class Evidence:
    """An attachment."""

    name: str = strawberry.field(description="回答的是哪一项要求，可为空。Which ask it answers; may be empty.")
    title: str = strawberry.field(description="名称。What it is called.")
    reference: str = strawberry.field(description="存放位置。Where it is kept.")
    sha256: str = strawberry.field(description="内容的 SHA-256。SHA-256 of its content.")


@strawberry.type(name="Asked", description="办理时须填写或附上的一项。What a signer states or attaches.")
class Asked:
    """An ask."""

    name: str = strawberry.field(description="填写时所用的名称。The name to state it by.")
    label: str = strawberry.field(resolver=label_of, description=LABEL)
    label_zh: str = strawberry.field(description=LABEL_ZH)
    label_en: str = strawberry.field(description=LABEL_EN)
    form: str = strawberry.field(
        description="形式：text、number、day、flag、document、projects。"
        "Its form: text, number, day, flag, document or projects."
    )
    required: bool = strawberry.field(description="是否必填。Whether it must be given.")
    clauses: list[str] = strawberry.field(description="依据的条款编号。Ids of the clauses that ask for it.")


def hindrance_message(root: strawberry.Parent[RefusalItem], info: Info) -> str:
    """The sentence in the reader's language."""
    return say(root, info.context.language)[0]


@strawberry.type(name="Hindrance", description="目前还不能办理的一个原因。Why a step cannot be taken today.")
class Hindrance:
    """A hindrance."""

    code: str = strawberry.field(description="稳定的代码。A stable code.")
    clauses: list[str] = strawberry.field(description="依据的条款编号。Ids of the clauses.")
    message: str = strawberry.field(
        resolver=hindrance_message, description="按 Accept-Language 的说明。What it is, in the reader's language."
    )
    message_zh: str = strawberry.field(description="中文说明。In Chinese.")
    message_en: str = strawberry.field(description="英文说明。In English.")


def roles_by(root: strawberry.Parent[wire_process.OpenStep]) -> list[CallerRole]:
    """The roles that take the step."""
    return [CallerRole(role) for role in root.by]


@strawberry.type(
    name="OpenStep", description="事项的下一步：谁办、期限、须填什么。A next step: by whom, by when, on what."
)
class OpenStep:
    """A step that leads on."""

    name: str = strawberry.field(description="步骤的名称，takeStep 用它。The name that takeStep takes.")
    label: str = strawberry.field(resolver=label_of, description=LABEL)
    label_zh: str = strawberry.field(description=LABEL_ZH)
    label_en: str = strawberry.field(description=LABEL_EN)
    by: list[CallerRole] = strawberry.field(resolver=roles_by, description="由哪些角色办理。Roles that take it.")
    opens: date | None = strawberry.field(description="可办理的第一天；不限时为空。First day; null when open.")
    closes: date | None = strawberry.field(description="期限的最后一天；不限时为空。Last day; null when open.")
    when: str = strawberry.field(
        resolver=when_of, description="期限的文字说明。The window in words, in the reader's language."
    )
    when_zh: str = strawberry.field(description="期限的中文说明。The window in Chinese.")
    when_en: str = strawberry.field(description="期限的英文说明。The window in English.")
    overdue: bool = strawberry.field(description="是否已逾期。Whether the last day has passed.")
    asks: list[Asked] = strawberry.field(description="须填写或附上的各项。What is asked for.")
    clauses: list[str] = strawberry.field(description="依据的条款编号。Ids of the clauses that order it.")
    readings: list[Reading] = strawberry.field(description="推算期限时读到的参数。Parameters read for the window.")
    consequence: str = strawberry.field(
        resolver=consequence_of, description="逾期或缺少的后果。What the law attaches to missing it."
    )
    consequence_zh: str = strawberry.field(description="后果的中文说明。The consequence in Chinese.")
    consequence_en: str = strawberry.field(description="后果的英文说明。The consequence in English.")
    mine: bool = strawberry.field(description="是否由您（或您受托）办理。Whether it is yours to take.")
    hindrances: list[Hindrance] = strawberry.field(description="目前的障碍。What stands against it today.")


def role_of(root: strawberry.Parent[wire_process.Signature]) -> CallerRole:
    """The role in which it was signed."""
    return CallerRole(root.role)


@strawberry.type(name="Signature", description="一次签署：谁、何时、凭什么。Who signed what, when, on what.")
class Signature:
    """A signature."""

    seq: int = strawberry.field(description="第几次签署。Its number in the process.")
    step: str = strawberry.field(description="步骤的名称；退回为 return。The step; return for a return.")
    label: str = strawberry.field(resolver=label_of, description=LABEL)
    label_zh: str = strawberry.field(description=LABEL_ZH)
    label_en: str = strawberry.field(description=LABEL_EN)
    subject: str = strawberry.field(description="签署人的用户标识。The signer's subject.")
    role: CallerRole = strawberry.field(resolver=role_of, description="以何种角色。In which role.")
    school: LazySchool | None = strawberry.field(resolver=school_of, description="代表哪所学校。For which school.")
    on_behalf_of: str | None = strawberry.field(description="受谁委托。For whom, under a delegation.")
    on: date = strawberry.field(description="签署之日。The day.")
    mark: StepMark = strawberry.field(description="是否按期。Whether it was in time.")
    from_state: str = strawberry.field(description="办理前的状态。The state before.")
    to_state: str = strawberry.field(description="办理后的状态。The state after.")
    statements: list[Fact] = strawberry.field(resolver=statements_of, description="所填内容。What was stated.")
    evidence: list[Evidence] = strawberry.field(description="附件。Attachments.")
    reason: str | None = strawberry.field(description="退回的理由。Why it was returned.")
    pack: str = strawberry.field(description="依据的规则包。The rule pack.")
    version: str = strawberry.field(description="规则包的版本。Its version.")
    signed_at: datetime = strawberry.field(description="签署时刻。The instant.")
    previous: str = strawberry.field(description="前一次签署的摘要。Hash of the signature before.")
    hash: str = strawberry.field(description="本次签署的摘要。Hash of this signature.")


async def record_of(root: strawberry.Parent[wire_process.Objection], info: Info) -> Any:
    """The record that is objected to, where the reader may see it."""
    return await info.context.loaders.record(root.record) if root.record else None


@strawberry.type(name="Objection", description="公示期间的一项异议。An objection to what is made public.")
class Objection(Node):
    """An objection."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """An objection of the credits service is shown as this type."""
        return isinstance(obj, wire_process.Objection)

    teacher: LazyTeacher | None = strawberry.field(resolver=teacher_of, description="涉及的教师。About whom.")
    record: LazyRecord | None = strawberry.field(resolver=record_of, description="涉及的记录。About which record.")
    text: str | None = strawberry.field(
        description="内容，只有提出人和处理人员可见。What is wrong; null but to who raised it and who may settle it."
    )
    raised_by: str | None = strawberry.field(
        description="由谁提出，只有提出人和处理人员可见。Who raised it; null but to that person and who may settle it."
    )
    raised_on: date = strawberry.field(description="提出之日。When.")
    state: ObjectionState = strawberry.field(description="状态。Where it stands.")
    reason: str | None = strawberry.field(
        description="处理的理由；与之无关的同事看不到。"
        "Why it was settled so; null to colleagues whom it does not concern."
    )
    settled_by: str | None = strawberry.field(
        description="由谁处理；与之无关的同事看不到。Who settled it; null to colleagues whom it does not concern."
    )
    settled_on: date | None = strawberry.field(description="处理之日。When.")
    reversed_entry: str | None = strawberry.field(description="冲销的分录。The entry that took the record back.")


@strawberry.type(name="PublicLine", description="公示名单中的一行。One teacher's line of a public list.")
class PublicLine:
    """A line."""

    teacher_id: strawberry.ID = strawberry.field(
        resolver=teacher_id_of, description="教师编号，提异议时填写。The teacher's id, to be named in an objection."
    )
    name: str | None = strawberry.field(
        resolver=public_name_of,
        description="姓名：本校人员在公示名单中可见的只有姓名。"
        "The name: all that the people of the school are shown of each other on a public list.",
    )
    teacher: LazyTeacher | None = strawberry.field(
        resolver=teacher_of,
        description="教师；只有可查看其资料的人可见。The teacher; null but to those who may see the card.",
    )
    verdict: LazyVerdict = strawberry.field(description="结论。The verdict.")
    hours: Decimal = strawberry.field(description="登记的学时。Hours registered.")
    credits: Decimal = strawberry.field(description="登记的学分。Credits registered.")
    recognised_hours: Decimal = strawberry.field(description="将认定的学时。Hours to be recognised.")
    recognised_credits: Decimal = strawberry.field(description="将认定的学分。Credits to be recognised.")
    hours_unit: str = strawberry.field(description="学时的单位。Unit of the hours.")
    credits_unit: str = strawberry.field(description="学分的单位。Unit of the credits.")


@strawberry.type(name="Publicity", description="一次公示。One time that a process was made public.")
class Publicity:
    """A publicity."""

    round: int = strawberry.field(description="第几次公示。Its number.")
    teachers: int = strawberry.field(description="名单人数。How many teachers it names.")
    opened_on: date = strawberry.field(description="公示之日。Since when.")
    open_until: date | None = strawberry.field(description="至少公示到哪天。Until when at least.")
    open: bool = strawberry.field(description="是否正在公示。Whether it is public now.")
    digest: str = strawberry.field(description="名单的摘要。Digest of the list.")


async def projects_of(root: strawberry.Parent[wire_process.Process], info: Info) -> Any:
    """The projects it is about."""
    found = [await info.context.loaders.project(one) for one in root.projects]
    return [one for one in found if one is not None]


async def public_lines_of(
    root: strawberry.Parent[wire_process.Process], info: Info, first: First = 50, after: After = None
) -> Any:
    """A page of the newest public list."""
    found = await info.context.loaders.workflow.public_lines(root.id, asked_page(first, after))
    return page_rows(found, after, found.on)


def in_full(name: str) -> Any:
    """A resolver of what only a process read by id has; one from a list is read again, in batches."""

    async def resolve(root: strawberry.Parent[wire_process.Process], info: Info) -> Any:
        whole = root if root.signatures else await info.context.loaders.workflow.process(root.id)
        found = getattr(whole, name) if whole is not None else getattr(root, name)
        return fact_rows(found) if name == "statements" else found

    return resolve


@strawberry.type(name="Process", description="一个办理事项：规定的流程走了一遍。One run of a workflow.")
class Process(Node):
    """A process."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A process of the credits service is shown as this type."""
        return isinstance(obj, wire_process.Process)

    workflow: str = strawberry.field(description="流程的名称，由本区规则确定。The workflow, as the law names it.")
    label: str = strawberry.field(resolver=label_of, description=LABEL)
    label_zh: str = strawberry.field(description=LABEL_ZH)
    label_en: str = strawberry.field(description=LABEL_EN)
    school: LazySchool | None = strawberry.field(
        resolver=school_of, description="哪所学校；全区的为空。The school; null for the whole district."
    )
    period: ProcessPeriod | None = strawberry.field(description="所属学期或年度。The term or year it is about.")
    state: str = strawberry.field(description="状态的名称。Where it stands.")
    state_label_zh: str = strawberry.field(description="状态的中文名称。The state in Chinese.")
    state_label_en: str = strawberry.field(description="状态的英文名称。The state in English.")
    phase: ProcessPhase = strawberry.field(description="其中的记录走到哪一步。How far its records have come.")
    ended: bool = strawberry.field(description="是否已办结。Whether it has ended.")
    version: int = strawberry.field(description="版本号，办理下一步时填写。To be given with the next step.")
    entered: date = strawberry.field(description="何时到此状态。Since when it stands there.")
    opened_on: date = strawberry.field(description="发起之日。The day it was opened.")
    pack: str = strawberry.field(description="依据的规则包。The rule pack it was opened under.")
    pack_version: str = strawberry.field(description="规则包的版本。Its version.")
    clauses: list[str] = strawberry.field(description="依据的条款编号。Ids of the clauses that order it.")
    projects: list[Project] = strawberry.field(resolver=projects_of, description="所涉项目。The projects it is about.")
    statements: list[Fact] = strawberry.field(
        resolver=in_full("statements"), description="至今所填的内容。What was stated so far."
    )
    signatures: list[Signature] = strawberry.field(
        resolver=in_full("signatures"), description="各次签署，从早到晚。Who signed what, oldest first."
    )
    steps: list[OpenStep] = strawberry.field(resolver=in_full("steps"), description="下一步。What comes next.")
    publicity: Publicity | None = strawberry.field(
        resolver=in_full("publicity"), description="最近一次公示。The newest publicity."
    )
    public_lines: Connection[PublicLine] | None = strawberry.field(
        resolver=public_lines_of, description="最近一次公示的名单。The newest public list."
    )
    objections: list[Objection] = strawberry.field(
        resolver=in_full("objections"),
        description="异议，从早到晚；公示结束后，教师只见本人提出或涉及本人的。"
        "Objections, oldest first; when the list is public no longer, a teacher sees those that he raised or that "
        "concern him.",
    )


def process_id(plain: str | None) -> strawberry.ID | None:
    """The global id of a process, None for none."""
    return global_id("Process", plain) if plain is not None else None
