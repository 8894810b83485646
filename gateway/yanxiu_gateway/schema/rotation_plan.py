"""Rotation plans: how they stand, what they hold, why there is none, and what would make one."""

from __future__ import annotations

import asyncio
import re
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import rotation_plan as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_school, named_schools, named_teacher, named_teachers
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, id_of, page_rows, plain_id
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.teacher import Teacher
from yanxiu_gateway.schema.words import wire_word

value = strawberry.enum_value
Row = strawberry.Parent[Any]
# People stand in sentences by the register's ids; who may see the person reads the name instead.
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@strawberry.enum(name="RotationPlanState", description="蹲点方案的状态。How a rotation plan stands.")
class RotationPlanState(Enum):
    """States; the values are the wire's."""

    DRAFT = value("draft", description="草案。A draft.")
    PLANNING = value("planning", description="正在排定，见 progress。The planner is at work; see `progress`.")
    PLANNED = value("planned", description="已排定，可采用。Found; it can be adopted.")
    IMPOSSIBLE = value("impossible", description="无解，见 contents.none。There is none; see `contents.none`.")
    UNDECIDED = value("undecided", description="限时内既无方案也无证明。Neither a plan nor a proof in the time given.")
    CANCELLED = value("cancelled", description="已中止，尚无方案。Ended early, before a plan was found.")
    FAILED = value("failed", description="运算失败，见 problem。The planner failed; see `problem`.")
    ADOPTED = value("adopted", description="已采用，不再改动。Adopted; it does not change any more.")
    REPLACED = value("replaced", description="已被后来的方案替换。Replaced by a later plan.")


@strawberry.enum(name="RotationPlanKind", description="方案的种类。What a plan is of.")
class RotationPlanKind(Enum):
    """Kinds; the values are the wire's."""

    TERMS = value("terms", description="按学期轮换蹲点。Rotation by terms.")
    BATCH = value("batch", description="一批基地学校。A batch of base schools.")


@strawberry.enum(name="PlacingRole", description="蹲点中的角色。A person's role at a school.")
class PlacingRole(Enum):
    """Roles; the values are the wire's."""

    LEAD = value("lead", description="蹲点（主持）研训员。The resident, or lead, researcher.")
    COLLABORATOR = value("collaborator", description="协同人员。A collaborator.")


person_of = named_teacher("person")


school_of_row = named_school("school")


people_of = named_teachers("people")


schools_of = named_schools("schools")


async def named(text: str, info: Info) -> str:
    """A sentence with the names of those whom the caller may see in place of their ids."""
    ids = list(dict.fromkeys(_ID.findall(text)))
    people = await asyncio.gather(*(info.context.loaders.teacher(one, None) for one in ids))
    names = {one: person.name if person is not None else one for one, person in zip(ids, people, strict=True)}
    return _ID.sub(lambda found: names[found.group()], text)


async def said_zh(root: Row, info: Info) -> str:
    """The sentence in Chinese."""
    return await named(root.said.zh, info)


async def said_en(root: Row, info: Info) -> str:
    """The sentence in English."""
    return await named(root.said.en, info)


PERSON = "其人；不在可见范围时为空。The person; null when out of scope."
SCHOOL = "学校。The school."
TERM = "学期编号；批次为其首日。The term's id; of a batch its first day."
ZH, EN = "中文说明。In Chinese.", "英文说明。In English."


@strawberry.type(name="PlanEntry", description="一人在一个学期到一所学校。One person at one school in one period.")
class PlanEntry:
    """A line of a plan."""

    person: Teacher | None = strawberry.field(resolver=person_of, description=PERSON)
    person_id: strawberry.ID = strawberry.field(
        resolver=id_of("Teacher", "person"), description="其人的编号。The person's id."
    )
    school: School | None = strawberry.field(resolver=school_of_row, description=SCHOOL)
    school_id: strawberry.ID = strawberry.field(
        resolver=id_of("School", "school"), description="学校编号。The school's id."
    )
    term: str = strawberry.field(description=TERM)
    role: PlacingRole = strawberry.field(resolver=lambda root: PlacingRole(root.role), description="角色。The role.")


@strawberry.type(name="ScoreItem", description="得分的一项来源。What brings units to a part of the score.")
class ScoreItem:
    """An item of a part."""

    units: int = strawberry.field(description="单位数。Units.")
    person: Teacher | None = strawberry.field(resolver=person_of, description=PERSON)
    school: School | None = strawberry.field(resolver=school_of_row, description=SCHOOL)
    term: str | None = strawberry.field(description=TERM)


@strawberry.type(
    name="ScorePart",
    description="得分的一部分：单位数乘权重即分数，各项单位数之和即单位数。"
    "A part of the score: units times weight are its points, its items add up to its units.",
)
class ScorePart:
    """A part of the score."""

    name: str = strawberry.field(description="名称，与权重同名。Its name, that of its weight.")
    weight: int = strawberry.field(description="权重。Points for a unit.")
    units: int = strawberry.field(description="单位数。Units.")
    points: int = strawberry.field(description="分数，越少越好。Points; fewer are better.")
    items: list[ScoreItem] = strawberry.field(description="各项来源。Where the units come from.")


@strawberry.type(name="PlanMove", description="与原方案相比的一处改动。What a plan changes of the one in force.")
class PlanMove:
    """A move."""

    person: Teacher | None = strawberry.field(resolver=person_of, description=PERSON)
    term: str = strawberry.field(description=TERM)
    before: list[PlanEntry] = strawberry.field(description="原安排。Before.")
    after: list[PlanEntry] = strawberry.field(description="新安排。After.")


@strawberry.type(name="PlanCause", description="无解的一项缘由。One constraint of a contradiction.")
class PlanCause:
    """A cause."""

    kind: str = strawberry.field(description="种类，如 cover、present、conflict。Its kind, such as cover or conflict.")
    clauses: list[str] = strawberry.field(description="依据的条款；本区所加的为空。The law's clauses; none if added.")
    people: list[Teacher] = strawberry.field(resolver=people_of, description="所涉人员。The people.")
    schools: list[School] = strawberry.field(resolver=schools_of, description="所涉学校。The schools.")
    terms: list[str] = strawberry.field(description="所涉学期。The terms.")
    message_zh: str = strawberry.field(resolver=said_zh, description=ZH)
    message_en: str = strawberry.field(resolver=said_en, description=EN)


@strawberry.type(
    name="PlanCount",
    description="计数证明：这些学校只有这些人能去，人次不足。A proof by counting: too few places for these schools.",
)
class PlanCount:
    """A count."""

    schools: list[School] = strawberry.field(resolver=schools_of, description="这些学校。The schools.")
    people: list[Teacher] = strawberry.field(resolver=people_of, description="能去的人。Who can reach any of them.")
    slots: int = strawberry.field(description="共有多少人次。Their places in all.")
    short: int = strawberry.field(description="少多少人次。How many too few.")


@strawberry.type(name="PlanRelief", description="可使方案成立的一项改变。A change that helps.")
class PlanRelief:
    """A change."""

    kind: str = strawberry.field(description="种类，如 researcher、fixed、conflict。Its kind, such as researcher.")
    count: int = strawberry.field(description="数量。How many.")
    person: Teacher | None = strawberry.field(resolver=person_of, description=PERSON)
    school: School | None = strawberry.field(resolver=school_of_row, description=SCHOOL)
    term: str | None = strawberry.field(description=TERM)
    stage: str | None = strawberry.field(description="所增人员的学段。The stage that one added must have.")
    subject: str | None = strawberry.field(description="所增人员的学科。The subject that one added must have.")
    lawful: bool = strawberry.field(description="是否合乎规定。Whether it keeps to the law.")
    message_zh: str = strawberry.field(resolver=said_zh, description=ZH)
    message_en: str = strawberry.field(resolver=said_en, description=EN)


@strawberry.type(
    name="PlanRemedy", description="改变之后即有方案，已再次求解核实。After these a plan exists: solved again."
)
class PlanRemedy:
    """A remedy."""

    changes: list[PlanRelief] = strawberry.field(description="各项改变。The changes.")
    least: bool = strawberry.field(description="是否已证明最少。Whether fewer were shown not to do.")


@strawberry.type(name="NoPlan", description="无解的证明与最少的改变。Why there is no plan, and the least change.")
class NoPlan:
    """A proof."""

    causes: list[PlanCause] = strawberry.field(description="不能同时满足的各项。What cannot be met together.")
    irreducible: bool = strawberry.field(description="去掉任一项即可满足。Whether none of them can be spared.")
    counted: PlanCount | None = strawberry.field(description="仅凭计数即可证明时的计数。The count, where it suffices.")
    message_zh: str = strawberry.field(resolver=said_zh, description=ZH)
    message_en: str = strawberry.field(resolver=said_en, description=EN)
    least: PlanRemedy | None = strawberry.field(description="最少的改变。The least change of all kinds together.")
    ways: list[PlanRemedy] = strawberry.field(description="只用一类改变的办法。The least of one kind each.")


@strawberry.type(name="PlanContents", description="方案的内容。What a plan holds.")
class PlanContents:
    """Contents."""

    entries: list[PlanEntry] = strawberry.field(
        resolver=lambda root: root.placed,
        description="各人各学期的安排；排定中为目前最好的。The placings; while it is planned, the best so far.",
    )
    parts: list[ScorePart] = strawberry.field(description="得分的各部分。The parts of the score.")
    moved: list[PlanMove] = strawberry.field(description="与原方案相比的改动。What it changes of the one in force.")
    none: NoPlan | None = strawberry.field(description="无解的证明。Why there is none.")


@strawberry.type(name="PlanProgress", description="排定的进度。How far the planner is.")
class PlanProgress:
    """Progress."""

    step: str = strawberry.field(
        description="步骤：fewest_changes、best_score、why_none、least_change。The step the planner is at."
    )
    seconds_ms: int = strawberry.field(description="已用毫秒。Milliseconds spent.")
    best: int | None = strawberry.field(description="目前最好。The best so far.")
    bound: int | None = strawberry.field(description="不可能低于。What no plan is below.")
    gap: int | None = strawberry.field(description="差距。The difference.")


async def contents_of(root: strawberry.Parent[wire.RotationPlan], info: Info) -> Any:
    """What the plan holds."""
    return await info.context.loaders.visit_plans.contents(root.id)


async def replaced_plan(root: strawberry.Parent[wire.RotationPlan], info: Info) -> Any:
    """The plan that this one is to replace, or did."""
    return None if root.replaces is None else await info.context.loaders.visit_plans.plan(root.replaces)


@strawberry.type(name="RotationPlan", description="一个蹲点方案。A rotation plan: who is placed where.")
class RotationPlan(Node):
    """A plan."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A plan of the wire is shown as this type."""
        return isinstance(obj, wire.RotationPlan)

    name: str = strawberry.field(description="名称。Its name.")
    kind: RotationPlanKind = strawberry.field(
        resolver=lambda root: RotationPlanKind(root.kind), description="种类。What it is of."
    )
    state: RotationPlanState = strawberry.field(
        resolver=lambda root: RotationPlanState(root.state), description="状态。How it stands."
    )
    terms: list[str] = strawberry.field(description="各学期，批次为其首日。Its terms; of a batch its first day.")
    starts_on: date = strawberry.field(description="第一天。First day.")
    ends_on: date = strawberry.field(description="最后一天。Last day.")
    open_from: int = strawberry.field(description="前几个学期已过，不再改动。How many terms are over and kept.")
    replaces: RotationPlan | None = strawberry.field(
        resolver=replaced_plan, description="所替换的方案。The plan it replaces."
    )
    reason: str | None = strawberry.field(description="重新排定的缘由。Why it was planned anew.")
    drafted_by: str = strawberry.field(description="由谁起草。Who drafted it.")
    drafted_at: datetime = strawberry.field(description="起草的时刻。When it was drafted.")
    started_at: datetime | None = strawberry.field(description="开始排定的时刻。When the planner was started.")
    ended_at: datetime | None = strawberry.field(description="排定结束的时刻。When the planner ended.")
    adopted_by: str | None = strawberry.field(description="由谁采用。Who adopted it.")
    adopted_at: datetime | None = strawberry.field(description="采用的时刻。When it was adopted.")
    cancelling: bool = strawberry.field(description="是否正在中止。Whether it is being cancelled.")
    progress: PlanProgress | None = strawberry.field(description="排定的进度。How far the planner is.")
    score: int | None = strawberry.field(description="总分，越少越好。The score; less is better.")
    bound: int | None = strawberry.field(description="任何方案不可能低于此分。No plan scores below this.")
    gap: int | None = strawberry.field(description="与下限的差距。Score less bound.")
    proven: bool | None = strawberry.field(description="是否已证明最优。Whether it is proven to be the best.")
    distance: int | None = strawberry.field(
        description="与原方案相比增减的安排数。Placings taken away and added, against the plan in force."
    )
    distance_bound: int | None = strawberry.field(description="任何方案至少增减这么多。No plan changes less.")
    problem: str | None = strawberry.field(description="运算失败的原因。Why the planner failed.")
    contents: PlanContents | None = strawberry.field(resolver=contents_of, description="方案的内容。What it holds.")


PlanId = Annotated[strawberry.ID, strawberry.argument(name="id", description="方案编号。The plan's id.")]
StateWanted = Annotated[
    RotationPlanState | None, strawberry.argument(description="只要这个状态。Only plans that stand so.")
]


async def get_rotation_plan(info: Info, plan: PlanId) -> Any:
    """One plan; None for one that does not exist here."""
    return await info.context.loaders.visit_plans.plan(plain_id("RotationPlan", plan))


async def list_rotation_plans(info: Info, first: First = 50, after: After = None, state: StateWanted = None) -> Any:
    """A page of the district's plans."""
    asked = await info.context.loaders.visit_plans.plans(page=asked_page(first, after), state=wire_word(state))
    return page_rows(asked, after)


@strawberry.type(description="蹲点方案的查询。What can be asked about rotation plans.")
class RotationPlanQueries:
    """Root fields."""

    rotation_plan: RotationPlan | None = strawberry.field(
        resolver=get_rotation_plan, description="一个蹲点方案；不存在时为空。One plan; null when there is none."
    )
    rotation_plans: Connection[RotationPlan] | None = strawberry.field(
        resolver=list_rotation_plans, description="本区的蹲点方案，新的在前。The district's plans, newest first."
    )
