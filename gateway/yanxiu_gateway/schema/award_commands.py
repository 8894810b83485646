"""Mutations of awards: the year, nominations, reviewers, marks, publication, objections and confirmation."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from yanxiu_wire import awards as wire

from yanxiu_gateway.schema.award import AwardObjection, AwardReviewer, AwardYear, Nomination, ReviewItem
from yanxiu_gateway.schema.blind_statement import names_somebody
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, carried_out, item_of, key_problem

INPUT = "输入。The input."
YEAR = "年度。The calendar year."
CATEGORY = "哪一项。The category."
NOMINATION_ID = "推荐编号。The nomination's id."
_NAMES = {
    "nomination": "nominationId",
    "objection": "objectionId",
    "school": "schoolId",
    "reviewer": "reviewerId",
    "people": "peopleIds",
}


@strawberry.type(name="AwardYearPayload", description="评优年度写操作的结果。What a change of a year came to.")
class AwardYearPayload(Payload):
    """The year or errors."""

    year: AwardYear | None = strawberry.field(resolver=item_of, description="年度。The year.")


@strawberry.type(name="NominationPayload", description="推荐写操作的结果。What a change of a nomination came to.")
class NominationPayload(Payload):
    """The nomination or errors."""

    nomination: Nomination | None = strawberry.field(resolver=item_of, description="推荐。The nomination.")


def published(root: strawberry.Parent[Any]) -> Any:
    """The nominations that are public."""
    return root.item.items if root.item is not None else []


@strawberry.type(name="PublishAwardsPayload", description="公示的结果。What publishing came to.")
class PublishAwardsPayload(Payload):
    """The list or errors."""

    nominations: list[Nomination] = strawberry.field(resolver=published, description="公示名单，按名次。Best first.")


@strawberry.type(name="AwardReviewerPayload", description="评审写操作的结果。What a change of a reviewer came to.")
class AwardReviewerPayload(Payload):
    """The reviewer or errors."""

    reviewer: AwardReviewer | None = strawberry.field(resolver=item_of, description="评审。The reviewer.")


def scored(root: strawberry.Parent[Any]) -> Any:
    """The item with the marks kept."""
    return root.item.item if root.item is not None else None


@strawberry.type(name="ScoreNominationPayload", description="评分的结果。What giving marks came to.")
class ScoreNominationPayload(Payload):
    """The item or errors."""

    item: ReviewItem | None = strawberry.field(resolver=scored, description="所评的一项。What was marked.")


@strawberry.type(name="AwardObjectionPayload", description="异议写操作的结果。What an objection came to.")
class AwardObjectionPayload(Payload):
    """The objection or errors."""

    objection: AwardObjection | None = strawberry.field(resolver=item_of, description="异议。The objection.")


@strawberry.input(name="AwardYearInput", description="只需年度的输入。Input that names a year.")
class AwardYearInput:
    """A year."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    year: int = strawberry.field(description=YEAR)


@strawberry.input(name="CriterionInput", description="评分项。A criterion.")
class CriterionInput:
    """A criterion."""

    name: str = strawberry.field(description="名称。Its name.")
    most: int = strawberry.field(description="满分，整数。The most marks.")


@strawberry.input(name="SetAwardRulesInput", description="setAwardRules 的输入。Input of setAwardRules.")
class SetAwardRulesInput(AwardYearInput):
    """Rules."""

    criteria: list[CriterionInput] = strawberry.field(description="评分项。Criteria.")
    tie: list[str] = strawberry.field(description="同分时依次比较的评分项，仍同则抽签。What parts a tie, then a lot.")
    reviews: int = strawberry.field(description="每项推荐须有几人评审。Reviews that each nomination needs.")
    objection_days: int = strawberry.field(description="公示天数。Days for objection.")


@strawberry.input(name="ShortfallReasonInput", description="名额未满的理由。Why a category is below its quota.")
class ShortfallReasonInput:
    """A reason."""

    category: str = strawberry.field(description=CATEGORY)
    reason: str = strawberry.field(description="理由。Why.")


@strawberry.input(name="CloseAwardYearInput", description="closeAwardYear 的输入。Input of closeAwardYear.")
class CloseAwardYearInput(AwardYearInput):
    """Reasons."""

    reasons: list[ShortfallReasonInput] = strawberry.field(default_factory=list, description="理由。Reasons.")


@strawberry.input(name="NominateInput", description="nominate 的输入。Input of nominate.")
class NominateInput(AwardYearInput):
    """A nomination."""

    category: str = strawberry.field(description=CATEGORY)
    recipient: str = strawberry.field(description="对象编号；课程、案例为名称。The recipient's id, or a title.")
    school_id: strawberry.ID = strawberry.field(description="学校编号。The school's id.")
    statement: str = strawberry.field(description="材料，不得出现学校与人员名称。The statement, without names.")
    people_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="相关人员。People behind it.")


@strawberry.input(name="AppointReviewerInput", description="appointReviewer 的输入。Input of appointReviewer.")
class AppointReviewerInput(AwardYearInput):
    """A reviewer."""

    reviewer_id: strawberry.ID = strawberry.field(description="评审（教师编号）。The reviewer: a teacher's id.")
    categories: list[str] = strawberry.field(description="评哪几项。The categories.")
    reason: str = strawberry.field(default="", description="减少时的理由。Why, where some are taken away.")


@strawberry.input(name="DeclareConflictInput", description="declareConflict 的输入。Input of declareConflict.")
class DeclareConflictInput(AwardYearInput):
    """Conflicts."""

    school_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="学校。Schools.")
    people_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="人员。People.")
    reviewer_id: strawberry.ID | None = strawberry.field(default=None, description="代为申报的评审。For whom.")
    reason: str = strawberry.field(default="", description="代为申报的理由。Why, where an officer declares it.")


@strawberry.input(name="ReviewMarkInput", description="一个评分项的得分。The mark of a criterion.")
class ReviewMarkInput:
    """A mark."""

    criterion: str = strawberry.field(description="评分项。The criterion.")
    mark: int = strawberry.field(description="得分，整数。A whole mark.")


@strawberry.input(name="ScoreNominationInput", description="scoreNomination 的输入。Input of scoreNomination.")
class ScoreNominationInput(AwardYearInput):
    """Marks."""

    category: str = strawberry.field(description=CATEGORY)
    number: int = strawberry.field(description="评审编号。The number.")
    marks: list[ReviewMarkInput] = strawberry.field(description="逐项得分。The marks, every criterion.")


@strawberry.input(name="PublishAwardsInput", description="publishAwards 的输入。Input of publishAwards.")
class PublishAwardsInput(AwardYearInput):
    """A category."""

    category: str = strawberry.field(description=CATEGORY)
    reserves: int = strawberry.field(default=0, description="名额之外的备选数。How many in reserve.")


@strawberry.input(name="ConfirmAwardInput", description="confirmAward 的输入。Input of confirmAward.")
class ConfirmAwardInput:
    """A nomination."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION_ID)


@strawberry.input(name="RaiseAwardObjectionInput", description="raiseAwardObjection 的输入。Its input.")
class RaiseAwardObjectionInput(ConfirmAwardInput):
    """An objection."""

    text: str = strawberry.field(description="内容。What it says.")


@strawberry.input(name="SettleAwardObjectionInput", description="settleAwardObjection 的输入。Its input.")
class SettleAwardObjectionInput:
    """An answer."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    objection_id: strawberry.ID = strawberry.field(description="异议编号。The objection's id.")
    upheld: bool = strawberry.field(description="是否成立。Whether it is upheld.")
    answer: str = strawberry.field(description="答复。The answer.")


def _of(info: Info, given: Any) -> dict[str, Any]:
    asked = {"caller": info.context.caller, "key": given.idempotency_key}
    return asked | ({"year": given.year} if hasattr(given, "year") else {})


GivenYear = Annotated[AwardYearInput, strawberry.argument(name="input", description=INPUT)]


async def open_award_year(info: Info, given: GivenYear) -> Any:
    """Open a year."""
    command = wire.OpenAwardYear(**_of(info, given))
    return await carried_out(info, info.context.backend.open_award_year, command, _NAMES)


async def set_award_rules(
    info: Info, given: Annotated[SetAwardRulesInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Set the rules."""
    rules = wire.AwardRules(
        criteria=tuple(wire.Criterion(name=one.name, most=one.most) for one in given.criteria),
        tie=tuple(given.tie),
        reviews=given.reviews,
        objection_days=given.objection_days,
    )
    command = wire.SetAwardRules(rules=rules, **_of(info, given))
    return await carried_out(info, info.context.backend.set_award_rules, command, _NAMES)


async def start_scoring(info: Info, given: GivenYear) -> Any:
    """End nominations."""
    return await carried_out(info, info.context.backend.start_scoring, wire.StartScoring(**_of(info, given)), _NAMES)


async def rank_awards(info: Info, given: GivenYear) -> Any:
    """Rank."""
    return await carried_out(info, info.context.backend.rank_awards, wire.RankAwards(**_of(info, given)), _NAMES)


async def close_award_year(
    info: Info, given: Annotated[CloseAwardYearInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Close a year."""
    reasons = {one.category: one.reason for one in given.reasons}
    command = wire.CloseAwardYear(reasons=reasons, **_of(info, given))
    return await carried_out(info, info.context.backend.close_award_year, command, _NAMES)


async def nominate(
    info: Info, given: Annotated[NominateInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Nominate."""
    recipient = given.recipient
    for kind in ("School", "Teacher", "ResearchGroup"):
        recipient = plain_id(kind, recipient)
    command = wire.Nominate(
        category=given.category,
        recipient=recipient,
        school=plain_id("School", given.school_id),
        statement=given.statement,
        people=tuple(plain_id("Teacher", one) for one in given.people_ids),
        **_of(info, given),
    )
    telling = key_problem(command.key) or await names_somebody(info, command)
    return telling or await carried_out(info, info.context.backend.nominate, command, _NAMES)


async def appoint_reviewer(
    info: Info, given: Annotated[AppointReviewerInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Appoint a reviewer."""
    command = wire.AppointReviewer(
        reviewer=plain_id("Teacher", given.reviewer_id),
        categories=tuple(given.categories),
        reason=given.reason,
        **_of(info, given),
    )
    return await carried_out(info, info.context.backend.appoint_reviewer, command, _NAMES)


async def declare_conflict(
    info: Info, given: Annotated[DeclareConflictInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Declare conflicts."""
    command = wire.DeclareConflict(
        schools=tuple(plain_id("School", one) for one in given.school_ids),
        people=tuple(plain_id("Teacher", one) for one in given.people_ids),
        reviewer=None if given.reviewer_id is None else plain_id("Teacher", given.reviewer_id),
        reason=given.reason,
        **_of(info, given),
    )
    return await carried_out(info, info.context.backend.declare_conflict, command, _NAMES)


async def score_nomination(
    info: Info, given: Annotated[ScoreNominationInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Give marks."""
    marks = {one.criterion: one.mark for one in given.marks}
    command = wire.ScoreNomination(category=given.category, number=given.number, marks=marks, **_of(info, given))
    return await carried_out(info, info.context.backend.score_nomination, command, _NAMES)


async def publish_awards(
    info: Info, given: Annotated[PublishAwardsInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Publish."""
    command = wire.PublishAwards(category=given.category, reserves=given.reserves, **_of(info, given))
    return await carried_out(info, info.context.backend.publish_awards, command, _NAMES)


async def confirm_award(
    info: Info, given: Annotated[ConfirmAwardInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Confirm."""
    command = wire.ConfirmAward(nomination=plain_id("Nomination", given.nomination_id), **_of(info, given))
    return await carried_out(info, info.context.backend.confirm_award, command, _NAMES)


async def raise_award_objection(
    info: Info, given: Annotated[RaiseAwardObjectionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Object."""
    nomination = plain_id("Nomination", given.nomination_id)
    command = wire.RaiseAwardObjection(nomination=nomination, text=given.text, **_of(info, given))
    return await carried_out(info, info.context.backend.raise_award_objection, command, _NAMES)


async def settle_award_objection(
    info: Info, given: Annotated[SettleAwardObjectionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Settle an objection."""
    command = wire.SettleAwardObjection(
        objection=plain_id("AwardObjection", given.objection_id),
        upheld=given.upheld,
        answer=given.answer,
        **_of(info, given),
    )
    return await carried_out(info, info.context.backend.settle_award_objection, command, _NAMES)


@strawberry.type(description="评优的写操作。What can be done about awards.")
class AwardMutations:
    """Root fields."""

    open_award_year: AwardYearPayload | None = strawberry.mutation(
        resolver=open_award_year, description="启动一年的评优，名额按规定。Open a year, with the law's quotas."
    )
    set_award_rules: AwardYearPayload | None = strawberry.mutation(
        resolver=set_award_rules, description="公布评分与同分规则。Set how a year is judged, ties too."
    )
    start_scoring: AwardYearPayload | None = strawberry.mutation(
        resolver=start_scoring, description="截止推荐，开始匿名评审。End nominations, begin blind reviews."
    )
    rank_awards: AwardYearPayload | None = strawberry.mutation(
        resolver=rank_awards, description="截止评审并排名。End reviews and rank."
    )
    close_award_year: AwardYearPayload | None = strawberry.mutation(
        resolver=close_award_year, description="结束一年的评优，名额未满须说明。Close a year; shortfalls are explained."
    )
    nominate: NominationPayload | None = strawberry.mutation(
        resolver=nominate, description="推荐参评。Nominate for an award."
    )
    appoint_reviewer: AwardReviewerPayload | None = strawberry.mutation(
        resolver=appoint_reviewer, description="聘任评审。Appoint a reviewer."
    )
    declare_conflict: AwardReviewerPayload | None = strawberry.mutation(
        resolver=declare_conflict, description="申报回避。Declare conflicts of interest."
    )
    score_nomination: ScoreNominationPayload | None = strawberry.mutation(
        resolver=score_nomination, description="匿名评分。Give marks, blind."
    )
    publish_awards: PublishAwardsPayload | None = strawberry.mutation(
        resolver=publish_awards, description="公示一项的名单。Publish a category's list for objection."
    )
    confirm_award: NominationPayload | None = strawberry.mutation(
        resolver=confirm_award, description="确认，绝不超过名额。Confirm an award; never above the quota."
    )
    raise_award_objection: AwardObjectionPayload | None = strawberry.mutation(
        resolver=raise_award_objection, description="公示期内提出异议。Object while the days last."
    )
    settle_award_objection: AwardObjectionPayload | None = strawberry.mutation(
        resolver=settle_award_objection,
        description="答复异议，成立即取消资格。Settle an objection; upheld, it strikes.",
    )
