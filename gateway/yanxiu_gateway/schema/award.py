"""Yearly awards: the year with its quotas and rules, nominations in the caller's scope, and blind reviews."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import awards as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_school, named_teacher
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, global_id, page_rows, plain_id
from yanxiu_gateway.schema.ruling import Ruling
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.words import wire_word

if TYPE_CHECKING:
    # The types know each other; at run time each is resolved by its name.
    from yanxiu_gateway.schema.teacher import Teacher

value = strawberry.enum_value
LazyTeacher = Annotated["Teacher", strawberry.lazy("yanxiu_gateway.schema.teacher")]
Row = strawberry.Parent[Any]


@strawberry.enum(name="AwardYearState", description="评优年度的状态。How an award year stands.")
class AwardYearState(Enum):
    """States; the values are the wire's."""

    NOMINATING = value("nominating", description="正在推荐。Nominations are open.")
    SCORING = value("scoring", description="正在匿名评审。Blind reviews.")
    RANKED = value("ranked", description="已排名，公示与确认。Ranked; published and confirmed.")
    CLOSED = value("closed", description="已结束。Closed.")


@strawberry.enum(name="NominationState", description="推荐的状态。How a nomination stands.")
class NominationState(Enum):
    """States; the values are the wire's."""

    NOMINATED = value("nominated", description="待定。Nominated.")
    STRUCK = value("struck", description="异议成立，取消资格。Struck: an objection was upheld.")
    CONFIRMED = value("confirmed", description="已确认。Confirmed.")
    WITHDRAWN = value("withdrawn", description="已撤回。Withdrawn before it was confirmed.")
    REVOKED = value("revoked", description="已确认后撤销。Revoked after it was confirmed.")


@strawberry.type(name="AwardQuota", description="一项评选及其名额。A category and its quota.")
class AwardQuota:
    """A quota."""

    name: str = strawberry.field(description="名称。Its name.")
    quota: int = strawberry.field(description="每年名额。How many a year.")
    recipient: str = strawberry.field(
        description="授予谁：course、school、group、leader、person、case。Who receives it."
    )
    clauses: list[str] = strawberry.field(description="依据的条款。Its clauses.")


@strawberry.type(name="Criterion", description="评分项。What marks are given for.")
class Criterion:
    """A criterion."""

    name: str = strawberry.field(description="名称。Its name.")
    most: int = strawberry.field(description="满分，整数。The most marks.")


@strawberry.type(name="AwardRules", description="评分与同分规则，首个评分后不再改。How a year is judged.")
class AwardRules:
    """Rules."""

    criteria: list[Criterion] = strawberry.field(description="评分项。Criteria.")
    tie: list[str] = strawberry.field(description="同分时依次比较的评分项，仍同则抽签。What parts a tie, then a lot.")
    reviews: int = strawberry.field(description="每项推荐须有几人评审。Reviews that each nomination needs.")
    objection_days: int = strawberry.field(description="公示天数。Days for objection.")


@strawberry.type(name="AwardShortfall", description="名额未满及理由。Fewer awards than the quota, and why.")
class AwardShortfall:
    """A shortfall."""

    category: str = strawberry.field(description="哪一项。The category.")
    missing: int = strawberry.field(description="少几项。How many are missing.")
    reason: str = strawberry.field(description="理由。Why.")


@strawberry.type(name="AwardYear", description="一年的评优。The awards of a year.")
class AwardYear:
    """A year."""

    year: int = strawberry.field(description="年度。The calendar year.")
    state: AwardYearState = strawberry.field(
        resolver=lambda root: AwardYearState(root.state), description="状态。How it stands."
    )
    categories: list[AwardQuota] = strawberry.field(description="各项名额，按启动时的规定。The law's quotas.")
    rules: AwardRules | None = strawberry.field(description="评分规则。How it is judged.")
    rules_frozen: bool = strawberry.field(description="规则是否已冻结。Whether the rules are frozen.")
    lot_sha256: str = strawberry.field(description="抽签种子的 SHA-256。SHA-256 of the lot's seed.")
    lot_seed: str | None = strawberry.field(description="抽签种子，排名后公开。The lot's seed, once ranked.")
    shortfalls: list[AwardShortfall] = strawberry.field(description="名额未满的各项。Categories below their quota.")
    rulings: list[Ruling] = strawberry.field(description="结束时规定的答复。What the law answered when it was closed.")


school_of = named_school("school")


@strawberry.type(name="Nomination", description="一项推荐。A nomination for an award.")
class Nomination(Node):
    """A nomination."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A nomination of the visits service is shown as this type."""
        return isinstance(obj, wire.Nomination)

    year: int = strawberry.field(description="年度。The year.")
    category: str = strawberry.field(description="哪一项。The category.")
    recipient: str = strawberry.field(description="对象：编号，课程与案例为名称。An id, or a course's or case's title.")
    school: School | None = strawberry.field(resolver=school_of, description="学校。The school.")
    people: list[str] = strawberry.field(description="相关人员编号。Ids of the people behind it.")
    statement: str = strawberry.field(description="推荐材料，匿名。The statement, as reviewers read it.")
    state: NominationState = strawberry.field(
        resolver=lambda root: NominationState(root.state), description="状态。How it stands."
    )
    number: int | None = strawberry.field(
        description="评审编号；排名前仅教研院可见。Its number; officers' until ranked."
    )
    reviews: int = strawberry.field(description="计入的评审数。How many reviews count.")
    rank: int | None = strawberry.field(description="名次。Its rank.")
    mean: str | None = strawberry.field(description="平均总分，分数形式如173/2。Its mean total, as a fraction.")
    parted_by: str | None = strawberry.field(
        description="与前一名同分时凭什么分先后：评分项，或 lot（抽签）。What parted it from an equal above it."
    )
    published_on: date | None = strawberry.field(description="公示日。Day of publication.")
    objections_until: date | None = strawberry.field(description="公示止日。Last day for objection.")
    place: int | None = strawberry.field(
        description="占用名额中的第几个；撤销且未递补的仍占用。"
        "The place of the quota that it takes; one revoked keeps it unless it was freed."
    )
    reason: str | None = strawberry.field(
        description="取消资格、撤回或撤销的理由。Why it was struck, withdrawn or revoked."
    )
    confirmed_at: datetime | None = strawberry.field(description="何时确认。When it was confirmed.")
    ended_at: datetime | None = strawberry.field(description="何时撤回或撤销。When it was withdrawn or revoked.")


@strawberry.type(name="ReviewMark", description="一个评分项的得分。The mark of a criterion.")
class ReviewMark:
    """A mark."""

    criterion: str = strawberry.field(description="评分项。The criterion.")
    mark: int = strawberry.field(description="得分。The mark.")


def marks_of(root: Row) -> Any:
    """The caller's own marks."""
    return [ReviewMark(criterion=name, mark=mark) for name, mark in sorted(root.marks.items())]


@strawberry.type(name="ReviewItem", description="待评的一项，只有编号与材料。What is reviewed: a number, a statement.")
class ReviewItem:
    """An item."""

    category: str = strawberry.field(description="哪一项。The category.")
    number: int = strawberry.field(description="评审编号。Its number.")
    statement: str = strawberry.field(description="材料。The statement.")
    marks: list[ReviewMark] = strawberry.field(resolver=marks_of, description="本人的评分。The caller's own marks.")


@strawberry.type(name="ReviewerStep", description="评审的一次变更。A change of a reviewer.")
class ReviewerStep:
    """A step."""

    what: str = strawberry.field(description="appointed 聘任，conflict 申报回避。Appointed, or a conflict declared.")
    by: str = strawberry.field(description="由谁。By whom.")
    role: str = strawberry.field(description="以何角色。In which role.")
    at: datetime = strawberry.field(description="何时。When.")
    reason: str = strawberry.field(description="理由。Why.")
    categories: list[str] = strawberry.field(description="此后评哪几项。The categories since then.")
    schools: list[str] = strawberry.field(description="申报的学校编号。Schools declared.")
    people: list[str] = strawberry.field(description="申报的人员编号。People declared.")


def reviewer_id(root: Row) -> strawberry.ID:
    """The year and the person: one may review in several years."""
    return global_id("AwardReviewer", f"{root.year}/{root.id}")


@strawberry.type(name="AwardReviewer", description="评审及其回避。A reviewer and his declared conflicts.")
class AwardReviewer(Node):
    """A reviewer."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A reviewer of the visits service is shown as this type."""
        return isinstance(obj, wire.AwardReviewer)

    id: strawberry.ID = strawberry.field(
        resolver=reviewer_id, description="全局编号，不透明；每年各有一个。Global id; opaque, another one every year."
    )
    reviewer: LazyTeacher | None = strawberry.field(
        resolver=named_teacher("id"), description="评审；不在可见范围时为空。Who it is; null when out of scope."
    )
    year: int = strawberry.field(description="年度。The year.")
    categories: list[str] = strawberry.field(description="评哪几项。The categories he judges.")
    declared_schools: list[str] = strawberry.field(description="申报回避的学校编号。Schools declared.")
    declared_people: list[str] = strawberry.field(description="申报回避的人员编号。People declared.")
    history: list[ReviewerStep] = strawberry.field(description="历次变更。What was changed, by whom and why.")


async def nomination_of(root: Row, info: Info) -> Any:
    """The nomination that an objection is about."""
    return await info.context.loaders.awards.nomination(root.nomination)


@strawberry.type(name="AwardObjection", description="公示期的异议。An objection to a published nomination.")
class AwardObjection(Node):
    """An objection."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """An objection of the visits service is shown as this type."""
        return isinstance(obj, wire.AwardObjection)

    nomination: Nomination | None = strawberry.field(
        resolver=nomination_of, description="针对哪一项推荐。The nomination that it is about."
    )
    text: str = strawberry.field(description="内容。What it says.")
    raised_at: datetime = strawberry.field(description="何时提出。When it was raised.")
    settled_at: datetime | None = strawberry.field(description="何时答复。When it was settled.")
    upheld: bool | None = strawberry.field(description="是否成立；未答复为空。Whether it was upheld.")
    answer: str = strawberry.field(description="答复。The answer.")


ThisYear = Annotated[int, strawberry.argument(description="年度。The calendar year.")]
OfCategory = Annotated[str | None, strawberry.argument(description="只要这一项的。Only of this category.")]
InState = Annotated[NominationState | None, strawberry.argument(description="只要这个状态的。Only that stand so.")]
StillOpen = Annotated[bool | None, strawberry.argument(description="只要未答复（或已答复）的。Only open, or settled.")]
NominationId = Annotated[strawberry.ID, strawberry.argument(name="id", description="推荐编号。The nomination's id.")]


async def get_year(info: Info, year: ThisYear) -> Any:
    """An award year."""
    return await info.context.loaders.awards.year(year)


async def get_nomination(info: Info, nomination: NominationId) -> Any:
    """One nomination."""
    return await info.context.loaders.awards.nomination(plain_id("Nomination", nomination))


async def list_nominations(
    info: Info,
    year: ThisYear,
    first: First = 50,
    after: After = None,
    category: OfCategory = None,
    state: InState = None,
) -> Any:
    """A page of nominations."""
    page = await info.context.loaders.awards.nominations(
        page=asked_page(first, after), year=year, category=category, state=wire_word(state)
    )
    return page_rows(page, after)


async def list_objections(
    info: Info,
    year: ThisYear,
    first: First = 50,
    after: After = None,
    category: OfCategory = None,
    open: StillOpen = None,
) -> Any:
    """A page of objections."""
    page = await info.context.loaders.awards.objections(
        page=asked_page(first, after), year=year, category=category, open=open
    )
    return page_rows(page, after)


async def list_reviewers(info: Info, year: ThisYear) -> Any:
    """The reviewers of a year."""
    return await info.context.loaders.awards.reviewers(year)


async def list_review_items(info: Info, year: ThisYear, category: OfCategory = None) -> Any:
    """What the caller is to review."""
    return (await info.context.loaders.awards.review_items(year, category)).items


@strawberry.type(description="评优的查询。What can be asked about awards.")
class AwardQueries:
    """Root fields."""

    award_year: AwardYear | None = strawberry.field(
        resolver=get_year, description="一年的评优；未启动为空。The awards of a year; null where not open."
    )
    nomination: Nomination | None = strawberry.field(
        resolver=get_nomination, description="一项推荐；不存在时为空。One nomination; null when there is none."
    )
    nominations: Connection[Nomination] | None = strawberry.field(
        resolver=list_nominations,
        description="推荐：学校见本校的，公示后人人可见。Nominations: a school sees its own, everybody what is public.",
    )
    award_objections: Connection[AwardObjection] | None = strawberry.field(
        resolver=list_objections,
        description="一年的异议；教研院、教育局与审计见全部，其他人见本人提出的。"
        "The objections of a year: officers and auditors see all, everybody else his own.",
    )
    award_reviewers: list[AwardReviewer] | None = strawberry.field(
        resolver=list_reviewers,
        description="一年的评审（聘任的几个人）；教研院、教育局与审计见全部，评审见本人。"
        "The few reviewers appointed for a year: officers and auditors see all, a reviewer himself.",
    )
    review_items: list[ReviewItem] | None = strawberry.field(
        resolver=list_review_items,
        description="本人待评的，已除去需回避的。What the caller reviews, without conflicts.",
    )
