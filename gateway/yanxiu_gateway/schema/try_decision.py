"""tryDecision and tryTraining: what the law would say, and where a teacher would then stand; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from yanxiu_wire import rules as wire
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.explanation import Explanation
from yanxiu_gateway.schema.facts_scalar import Facts
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import Done, Payload, UserError, UserErrorRow, item_of
from yanxiu_gateway.schema.record import RecordStatus
from yanxiu_gateway.schema.semantic_null import NULL_IS_A_HOLE
from yanxiu_gateway.schema.standing import Standing

_NAMES: Mapping[str, str] = {"teacher": "teacherId", "project": "projectId", "law": ""}


@dataclass(frozen=True, slots=True)
class TriedRow:
    """What the law said, as the type below reads it."""

    view: wire.DecisionTried

    def __getattr__(self, name: str) -> Any:
        return getattr(self.view, name)

    @property
    def refusals(self) -> list[UserErrorRow]:
        """What the law refuses, with fields as the client wrote them."""
        return [_row(one) for one in self.view.refusals]


def _row(item: RefusalItem) -> UserErrorRow:
    """A refusal with its path in the input: facts keep the law's own names."""
    first, dot, rest = item.field.partition(".")
    parts = [part for part in ("input", _NAMES.get(first, first), rest if dot else "") if part]
    return UserErrorRow(item, ".".join(parts))


def _answered(reply: Any) -> Done:
    if isinstance(reply, Refused):
        return Done(None, tuple(_row(one) for one in reply.errors))
    return Done(TriedRow(reply) if isinstance(reply, wire.DecisionTried) else reply)


@strawberry.type(name="TriedDecision", description="规定对所给事实的答复。What the law says of the facts given.")
class TriedDecision:
    """A decision."""

    jurisdiction: str = strawberry.field(description="辖区。The jurisdiction.")
    kind: str = strawberry.field(description="所问的问题。The question.")
    on: date = strawberry.field(description="以哪天的规定为准。The day whose law was applied.")
    result: Facts = strawberry.field(description="结果，数值为精确文本。The result, its numbers exact texts.")
    settings: Facts = strawberry.field(description="所用的另定。The settings that were applied.")
    explanation: Explanation = strawberry.field(description="推算过程与依据。How it came about, and by which clauses.")
    refusals: list[UserError] = strawberry.field(
        description="规定不予受理之处；不为空时这样的事实不能登记。"
        "What the law refuses; where there is any, such facts could not be entered."
    )


@strawberry.type(
    name="TriedStanding", description="一个周期在这次研修前后的情况。A period without and with the training."
)
class TriedStanding:
    """A period, twice."""

    before: Standing = strawberry.field(description="不计这次研修。Without it.")
    after: Standing = strawberry.field(description="计入这次研修。With it.")


@strawberry.type(
    name="TriedTraining",
    description="一次研修若登记会怎样：所得，及各周期的变化。"
    "What a training would bring: its worth, and each period that it changes.",
)
class TriedTraining:
    """A training that was tried."""

    on: date = strawberry.field(description="完成之日。The day of completion.")
    status: RecordStatus = strawberry.field(description="结论。What the record would come to.")
    hours: Decimal = strawberry.field(description="所得学时。The hours it would earn.")
    credits: Decimal = strawberry.field(description="所得学分。The credits it would earn.")
    hours_unit: str = strawberry.field(description="学时的单位。Unit of the hours.")
    credits_unit: str = strawberry.field(description="学分的单位。Unit of the credits.")
    reasons: list[str] = strawberry.field(description="不计的条款编号。Ids of the clauses for which nothing counts.")
    facts: Facts = strawberry.field(description="据以核算的全部事实。All facts that it was judged by.")
    explanation: Explanation = strawberry.field(description="推算过程与依据。How it came about, and by which clauses.")
    standings: list[TriedStanding] = strawberry.field(description="所在的各周期。Each period that it lies in.")


@strawberry.input(name="TryDecisionInput", description="tryDecision 的输入。Input of tryDecision.")
class TryDecisionInput:
    """What to ask."""

    jurisdiction: str | None = strawberry.field(
        default=None, description="辖区，默认本区所适用的。The jurisdiction; by default the law of the own district."
    )
    on: date | None = strawberry.field(
        default=None,
        description="以哪天的规定为准，默认事实所载之日，其次今天。The day; by default that of the facts, else today.",
    )
    kind: str | None = strawberry.field(
        default=None,
        description="问题的名称，见 RulePack.decisions；默认一条研修记录值多少。"
        "The question, one of RulePack.decisions; by default what a training record is worth.",
    )
    facts: Facts = strawberry.field(description="事实，按规则所用的名称。The facts, by the names the law uses.")
    settings: Facts | None = strawberry.field(
        default=None,
        description="假设的另定；本区的规定以本区现行的另定为底。Supposed settings, over those of the own district.",
    )


@strawberry.input(name="TryTrainingInput", description="tryTraining 的输入。Input of tryTraining.")
class TryTrainingInput:
    """What to try."""

    teacher_id: strawberry.ID = strawberry.field(description="教师编号。The teacher's id.")
    on: date = strawberry.field(
        description="完成之日，可以是将来的一天，至多十年。The day of completion; it may be to come, ten years at most."
    )
    project_id: strawberry.ID | None = strawberry.field(default=None, description="所属项目。The training project.")
    facts: Facts = strawberry.field(description="事实，按规则所用的名称。The facts, by the names the law uses.")


@strawberry.type(name="TryDecisionPayload", description="tryDecision 的结果。What tryDecision came to.")
class TryDecisionPayload(Payload):
    """The decision or errors."""

    decision: TriedDecision | None = strawberry.field(resolver=item_of, description="答复。What the law says.")


@strawberry.type(name="TryTrainingPayload", description="tryTraining 的结果。What tryTraining came to.")
class TryTrainingPayload(Payload):
    """The training or errors."""

    training: TriedTraining | None = strawberry.field(
        resolver=item_of,
        description="若登记会怎样；登记会被拒绝时为空。What it would bring; null where it would be refused.",
    )


async def try_decision(
    info: Info,
    given: Annotated[TryDecisionInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Put a question to a law."""
    context = info.context
    query = wire.TryDecision(
        caller=context.caller,
        law=wire.PackAsked(jurisdiction=given.jurisdiction, on=given.on),
        kind=given.kind,
        facts=given.facts,  # type: ignore[arg-type]  # the scalar gives a mapping
        settings=given.settings,  # type: ignore[arg-type]  # likewise
    )
    return _answered(await context.backend.try_decision(query, deadline=context.deadline))


async def try_training(
    info: Info,
    given: Annotated[TryTrainingInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Try a training of a teacher."""
    context = info.context
    query = wire.TryTraining(
        caller=context.caller,
        teacher=plain_id("Teacher", given.teacher_id),
        on=given.on,
        project=plain_id("Project", given.project_id) if given.project_id is not None else None,
        facts=given.facts,  # type: ignore[arg-type]  # the scalar gives a mapping
    )
    return _answered(await context.backend.try_training(query, deadline=context.deadline))


@strawberry.type(description="试算：什么也不写入。What can be tried; nothing is written.")
class TryQueries:
    """Root fields."""

    try_decision: TryDecisionPayload | None = strawberry.field(
        resolver=try_decision,
        metadata=NULL_IS_A_HOLE,
        description="按任一规则包、任一日期的规定试算所给的事实。什么也不写入。"
        "Ask what any installed law would say of given facts on a day. Nothing is written.",
    )
    try_training: TryTrainingPayload | None = strawberry.field(
        resolver=try_training,
        metadata=NULL_IS_A_HOLE,
        description="若这位教师登记这次研修：值多少，年度、周期会怎样。什么也不写入。"
        "What a training would bring a teacher, and where the teacher would then stand. Nothing is written.",
    )
