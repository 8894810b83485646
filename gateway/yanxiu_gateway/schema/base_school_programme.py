"""The base-school programme: batches, targets with what was reached, each school's part, and the entries behind it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import programme as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_school, named_schools, named_teacher
from yanxiu_gateway.schema.nodes import After, AsOf, Connection, First, Node, asked_page, global_id, page_rows, plain_id
from yanxiu_gateway.schema.ruling import Ruling
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.semantic_null import NULL_IS_A_HOLE
from yanxiu_gateway.schema.teacher import Teacher
from yanxiu_gateway.schema.words import wire_word

value = strawberry.enum_value
EntryRow = strawberry.Parent[wire.ProgrammeEntry]
BatchRow = strawberry.Parent[wire.BaseSchoolBatch]
BATCH = "批次，以其首日表示。The batch, by its first day."


@strawberry.enum(name="AchievementKind", description="基地学校可以取得什么。What a base school can reach.")
class AchievementKind(Enum):
    """Kinds; the values are the wire's."""

    DEMONSTRATION = value("demonstration", description="“示范”基地。A demonstration base.")
    BRAND = value("brand", description="特色品牌项目。A brand project.")
    ADVANCED_GROUP = value("advanced-group", description="先进教研组。An advanced research group.")
    FAMOUS_TEACHER = value("famous-teacher", description="名优教师。A famous teacher.")


@strawberry.enum(name="ProgrammeEntryKind", description="登记的种类。Kinds of entries.")
class ProgrammeEntryKind(Enum):
    """Kinds; the values are the wire's."""

    DEMONSTRATION = value("demonstration", description="“示范”基地。A demonstration base.")
    BRAND = value("brand", description="特色品牌项目。A brand project.")
    ADVANCED_GROUP = value("advanced-group", description="先进教研组。An advanced research group.")
    FAMOUS_TEACHER = value("famous-teacher", description="名优教师。A famous teacher.")
    CONTEST = value("contest", description="优质课评比。A quality-lesson contest.")


@strawberry.enum(name="HonourLevel", description="评定的级别，由低到高。At which level it was awarded, lowest first.")
class HonourLevel(Enum):
    """Levels; the values are the wire's."""

    SCHOOL = value("school", description="校级。The school's.")
    AREA = value("area", description="片区级。The area's.")
    COUNTY = value("county", description="县（市、区）级，即本区县。The district's own.")
    MUNICIPAL = value("municipal", description="设区市级。The municipality's.")
    PROVINCIAL = value("provincial", description="省级。The province's.")
    NATIONAL = value("national", description="国家级。National.")


teacher_of = named_teacher("teacher")


school_of = named_school("school")


schools_of = named_schools("schools")


def plan_of(root: BatchRow) -> strawberry.ID:
    """The plan's global id."""
    return global_id("RotationPlan", root.plan)


@strawberry.type(
    name="BaseSchoolBatch",
    description="一批研训基地学校，首尾两天都算在内。A batch of base schools; both days included.",
)
class BaseSchoolBatch:
    """A batch."""

    starts_on: date = strawberry.field(description="首日，也是批次的编号。First day, by which the batch is named.")
    ends_on: date = strawberry.field(description="最后一天。Last day.")
    school_count: int = strawberry.field(
        resolver=lambda root: len(root.schools), description="基地学校数。How many base schools."
    )
    schools: list[School] = strawberry.field(
        resolver=schools_of, description="您看得到的基地学校。The base schools that you may see."
    )
    plan_id: strawberry.ID = strawberry.field(resolver=plan_of, description="所依据的方案。The plan that made it.")


@strawberry.type(
    name="ProgrammeTarget",
    description="一项力争目标：已达到多少、还差多少；未达到不是违规。"
    "A target: what was reached of what is aimed at, and how much is to go. It binds nobody.",
)
class ProgrammeTarget:
    """A target."""

    clause: str = strawberry.field(description="条款。Its clause.")
    measure: str = strawberry.field(description="名称。Its name in code.")
    label_zh: str = strawberry.field(description="中文名称。In Chinese.")
    label_en: str = strawberry.field(description="英文名称。In English.")
    unit: str = strawberry.field(description="单位。Its unit.")
    aimed: Decimal = strawberry.field(description="目标数，比例已乘以基数。What is aimed at; a share is of `of`.")
    reached: Decimal | None = strawberry.field(
        description="已达到的数；没有可计的为空。What was reached; null where there is nothing yet to take a share of."
    )
    to_go: Decimal = strawberry.field(description="还差多少，不为负。How much is to go, never negative.")
    of: Decimal | None = strawberry.field(description="比例的基数；不是比例的为空。Of how many, for a share.")
    met: bool = strawberry.field(description="是否已达到。Whether it is reached.")
    due_on: date = strawberry.field(description="力争达到的日期。The day by which it is aimed at.")


@strawberry.type(name="SchoolAchievement", description="一所基地学校的一项。One thing that a base school can reach.")
class SchoolAchievement:
    """An achievement."""

    kind: AchievementKind = strawberry.field(
        resolver=lambda root: AchievementKind(root.kind), description="种类。Its kind."
    )
    name: str = strawberry.field(description="规定中的名称。The law's name of it.")
    label_en: str = strawberry.field(description="英文名称。In English.")
    clauses: list[str] = strawberry.field(description="条款。Its clauses.")
    since: date | None = strawberry.field(description="最早哪天取得；空为尚未。Since when; null for not yet.")
    entries: list[strawberry.ID] = strawberry.field(description="所依据的登记。The entries that say so.")


@strawberry.type(name="SchoolProgramme", description="一所基地学校的完成情况。A base school's part.")
class SchoolProgramme:
    """A school's part."""

    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    achievements: list[SchoolAchievement] = strawberry.field(description="各项取得与否。What it can reach, and since.")
    teachers: list[ProgrammeTarget] = strawberry.field(
        description="按本校教师计的目标。The targets that count teachers, of its own teachers."
    )
    unlisted: list[str] = strawberry.field(
        description="评比当日在校而未列入任何名单的教师编号，年龄未知。"
        "Ids of teachers at the school on a contest's day who stand in no list; their age is not known."
    )


@strawberry.type(name="BaseSchoolProgramme", description="一批基地学校的目标完成情况。How far a batch's targets are.")
class BaseSchoolProgramme:
    """A batch's programme."""

    batch: BaseSchoolBatch = strawberry.field(description="批次。The batch.")
    as_of: date = strawberry.field(description="以哪一天为准。As of which day.")
    targets: list[ProgrammeTarget] = strawberry.field(
        description="各项目标；目标日早于批次的没有。The targets; none where they were due before the batch began."
    )
    schools: list[SchoolProgramme] = strawberry.field(
        description="各校；学校见本校，研训员见所在学校。The schools: a school sees its own, a researcher where he is."
    )
    rulings: list[Ruling] = strawberry.field(description="规定的答复及读法。What the law answers.")


@strawberry.type(name="Achieved", description="取得的一项。What was reached.")
class Achieved:
    """Something reached."""

    kind: AchievementKind = strawberry.field(
        resolver=lambda root: AchievementKind(root.kind), description="种类。Its kind."
    )
    reached_on: date = strawberry.field(description="取得的日期。The day it was reached.")
    title: str = strawberry.field(description="名称。Its title.")
    level: HonourLevel | None = strawberry.field(
        resolver=lambda root: None if root.level is None else HonourLevel(root.level), description="级别。Its level."
    )
    subject: str | None = strawberry.field(description="学科。The subject whose it is.")
    teacher: Teacher | None = strawberry.field(resolver=teacher_of, description="教师。The teacher whose it is.")


@strawberry.type(name="ContestEntrant", description="评比名单中的一位教师。A teacher of a contest's list.")
class ContestEntrant:
    """An entrant."""

    teacher: Teacher | None = strawberry.field(resolver=teacher_of, description="教师。The teacher.")
    born_on: date | None = strawberry.field(
        description="出生日期，只给登记的人看。Day of birth, for those who record entries only."
    )
    took_part: bool = strawberry.field(description="是否参评。Whether he took part.")
    award: str = strawberry.field(description="所获奖项，空为没有。What he won; empty for nothing.")


@strawberry.type(name="ContestHeld", description="一次优质课评比。A quality-lesson contest.")
class ContestHeld:
    """A contest."""

    name: str = strawberry.field(description="名称。Its name.")
    held_on: date = strawberry.field(description="评比之日。Its day.")
    entrants: list[ContestEntrant] = strawberry.field(description="本校名单。The school's list.")


def version_id(root: EntryRow) -> strawberry.ID:
    """The entry and its version: each version is an object of its own, kept as it was."""
    return global_id("ProgrammeEntry", f"{root.id}/{root.version}")


def entry_of(given: strawberry.ID) -> str:
    """The register's id of the entry, whichever version of it was named."""
    return plain_id("ProgrammeEntry", given).partition("/")[0]


def achieved_of(root: EntryRow) -> Any:
    """What was reached, None for a contest."""
    return root.content if isinstance(root.content, wire.Achieved) else None


def contest_of(root: EntryRow) -> Any:
    """The contest, None for anything else."""
    return root.content if isinstance(root.content, wire.ContestHeld) else None


@strawberry.type(
    name="ProgrammeEntry",
    description="登记的一版：更正即另立一版，旧版保留。A version of an entry; a correction is another one.",
)
class ProgrammeEntry(Node):
    """An entry."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """An entry of the visits service is shown as this type."""
        return isinstance(obj, wire.ProgrammeEntry)

    id: strawberry.ID = strawberry.field(
        resolver=version_id,
        description="这一版的全局编号，不透明；更正、撤回时填写。"
        "Global id of this version; opaque. To be given with a correction or withdrawal.",
    )
    version: int = strawberry.field(description="第几版，自1起。Which version, from 1.")
    batch: date = strawberry.field(description=BATCH)
    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    achieved: Achieved | None = strawberry.field(
        resolver=achieved_of,
        description="取得的一项；评比为空。What was reached; null for a contest.",
    )
    contest: ContestHeld | None = strawberry.field(
        resolver=contest_of,
        description="一次评比；其他为空。The contest; null for anything else.",
    )
    evidence: str = strawberry.field(description="依据：文号、证书、公布处。Where it is proven.")
    reason: str | None = strawberry.field(description="更正或撤回的理由。Why it was corrected or withdrawn.")
    withdrawn: bool = strawberry.field(description="是否已撤回。Whether it was withdrawn.")
    recorded_by: str = strawberry.field(description="登记人。Who recorded this version.")
    recorded_at: datetime = strawberry.field(description="登记时刻。When it was recorded.")


@strawberry.type(name="SchoolYearPlan", description="一所基地学校的学年方案。A base school's plan of a school year.")
class SchoolYearPlan:
    """A row."""

    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    record_ids: list[strawberry.ID] = strawberry.field(
        resolver=lambda root: [global_id("FieldRecord", one) for one in root.records],
        description="已交的方案；没有为空。The plans handed in; empty for none.",
    )


@strawberry.type(
    name="SchoolYearPlans", description="各基地学校的学年整体工作方案。Base schools' plans of a school year."
)
class SchoolYearPlans:
    """A year."""

    school_year: str = strawberry.field(description="学年。The school year.")
    as_of: date = strawberry.field(description="以哪一天为准。As of which day.")
    papers: list[str] = strawberry.field(description="规定中的名称。The law's names of the document.")
    items: list[SchoolYearPlan] = strawberry.field(
        description="各校；学校见本校的。The schools: a school sees its own."
    )
    failed: list[str] = strawberry.field(description="违反的条款。Clauses breached.")
    rulings: list[Ruling] = strawberry.field(description="规定的答复及理由。What the law answers, and why.")


OfYear = Annotated[
    str, strawberry.argument(name="schoolYear", description="学年，如 2020-2021。The school year, such as 2020-2021.")
]
OfBatch = Annotated[date, strawberry.argument(description=BATCH)]
OnlyBatch = Annotated[date | None, strawberry.argument(description="只要这一批的。Only of this batch.")]
AtSchool = Annotated[strawberry.ID | None, strawberry.argument(description="只要这所学校的。Only of this school.")]
OfKind = Annotated[ProgrammeEntryKind | None, strawberry.argument(description="只要这一种。Only of this kind.")]
History = Annotated[
    bool, strawberry.argument(description="也列出旧版和已撤回的。Every version, and those withdrawn too.")
]


async def list_batches(info: Info) -> Any:
    """The batches."""
    return await info.context.loaders.programme.batches()


async def get_programme(info: Info, batch: OfBatch, as_of: AsOf = None) -> Any:
    """How far a batch is."""
    return await info.context.loaders.programme.programme(batch=batch, as_of=as_of)


async def get_year_plans(info: Info, school_year: OfYear, as_of: AsOf = None) -> Any:
    """The plans of a school year."""
    return await info.context.loaders.programme.year_plans(school_year=school_year, as_of=as_of)


async def list_entries(
    info: Info,
    first: First = 50,
    after: After = None,
    batch: OnlyBatch = None,
    school: AtSchool = None,
    kind: OfKind = None,
    history: History = False,
) -> Any:
    """A page of entries."""
    page = await info.context.loaders.programme.entries(
        page=asked_page(first, after),
        batch=batch,
        school=None if school is None else plain_id("School", school),
        kind=wire_word(kind),
        history=history,
    )
    return page_rows(page, after)


@strawberry.type(description="基地学校工作目标的查询。What can be asked about the base-school programme.")
class BaseSchoolProgrammeQueries:
    """Root fields."""

    base_school_batches: list[BaseSchoolBatch] | None = strawberry.field(
        resolver=list_batches, description="各批基地学校，新的在前。The batches of base schools, newest first."
    )
    base_school_programme: BaseSchoolProgramme | None = strawberry.field(
        resolver=get_programme,
        description="一批基地学校的工作目标（力争）：已达到多少、还差多少，各校如何。"
        "The targets of a batch: what was reached, what is to go, and each school's part.",
    )
    school_year_plans: SchoolYearPlans | None = strawberry.field(
        resolver=get_year_plans,
        metadata=NULL_IS_A_HOLE,
        description="各基地学校是否有学年整体工作方案。Whether every base school has its plan of the school year.",
    )
    programme_entries: Connection[ProgrammeEntry] | None = strawberry.field(
        resolver=list_entries, description="目标所依据的登记，按登记先后。The entries behind it, as they were recorded."
    )
