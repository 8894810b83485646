"""The competition: turns of the stages, rounds and rank lists, the rotation, and its mutations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from yanxiu_wire import competition as wire

from yanxiu_gateway.errors import granted
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.named_rows import named_school, named_teacher
from yanxiu_gateway.schema.nodes import After, Connection, First, Node, asked_page, id_of, page_rows, plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, carried_out, item_of
from yanxiu_gateway.schema.ruling import Ruling
from yanxiu_gateway.schema.school import School
from yanxiu_gateway.schema.semantic_null import NULL_IS_A_HOLE

if TYPE_CHECKING:
    from yanxiu_gateway.schema.teacher import Teacher

INPUT = "输入。The input."
SCHOOL = "学校；不在可见范围时为空。The school; null when out of scope."
SCHOOL_ID = "学校编号。The school's id."
LazyTeacher = Annotated["Teacher", strawberry.lazy("yanxiu_gateway.schema.teacher")]
school_of = named_school("school")
leader_of = named_teacher("leader")
_NAMES = {"competition": "competitionId", "school": "schoolId", "leader": "leaderId", "term": "termId"}


@strawberry.type(name="CompetitionEntry", description="一所参加的学校。A school that takes part.")
class CompetitionEntry:
    """An entry."""

    school: School | None = strawberry.field(resolver=school_of, description=SCHOOL)
    school_id: strawberry.ID = strawberry.field(resolver=id_of("School", "school"), description=SCHOOL_ID)
    leader: LazyTeacher | None = strawberry.field(
        resolver=leader_of, description="领衔人；不在可见范围时为空。Who leads it; null when out of scope."
    )
    leader_id: strawberry.ID = strawberry.field(
        resolver=id_of("Teacher", "leader"), description="领衔人编号。Who leads it."
    )
    leader_post: str = strawberry.field(description="领衔人职务。His post.")


@strawberry.type(name="RoundResult", description="一校在一个类别的成绩。A school's result in a category.")
class RoundResult:
    """A result."""

    school: School | None = strawberry.field(resolver=school_of, description=SCHOOL)
    school_id: strawberry.ID = strawberry.field(resolver=id_of("School", "school"), description=SCHOOL_ID)
    category: str = strawberry.field(description="类别。The category.")
    mark: int = strawberry.field(description="分数。The mark.")
    rank: int = strawberry.field(description="类别内名次，同分同名次。Rank in the category; equals share one.")


@strawberry.type(name="RoundHeld", description="已举行的一轮。A round that was held.")
class RoundHeld:
    """A round."""

    round: str = strawberry.field(description="轮次名称。The round.")
    held_on: date = strawberry.field(description="哪天举行。The day.")
    results: list[RoundResult] = strawberry.field(description="分类别成绩。Rank lists by category.")


@strawberry.type(name="Competition", description="一个学段一学期的比拼。A stage's competition in a term.")
class Competition(Node):
    """A competition."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """A competition of the visits service is shown as this type."""
        return isinstance(obj, wire.Competition)

    name: str = strawberry.field(description="名称。Its name.")
    year: int = strawberry.field(description="年度。The year.")
    term: str = strawberry.field(description="学期编号。The term's id.")
    stage: str = strawberry.field(description="学段。The stage, as the law names it.")
    rounds: list[str] = strawberry.field(description="规定的各轮。The law's rounds, in order.")
    categories: list[str] = strawberry.field(description="类别。Categories.")
    clauses: list[str] = strawberry.field(description="依据的条款。Clauses.")
    entries: list[CompetitionEntry] = strawberry.field(description="参加的学校。Entries.")
    held: list[RoundHeld] = strawberry.field(description="已举行的各轮。Rounds held.")


@strawberry.type(name="StageTurns", description="一个学段轮到几次。How often a stage had its turn.")
class StageTurns:
    """Turns."""

    stage: str = strawberry.field(description="学段。The stage.")
    turns: int = strawberry.field(description="次数。How often.")


@strawberry.type(name="CompetitionRotation", description="各学段的轮换。How the stages take turns.")
class CompetitionRotation:
    """A rotation."""

    first_year: int = strawberry.field(description="首年。First year.")
    last_year: int = strawberry.field(description="末年。Last year.")
    stages: list[StageTurns] = strawberry.field(description="各学段。The stages.")
    rulings: list[Ruling] = strawberry.field(description="规定的答复。What the law answers.")


OfYear = Annotated[int | None, strawberry.argument(description="只要这一年的。Only of this year.")]
OfStage = Annotated[str | None, strawberry.argument(description="只要这个学段的。Only of this stage.")]


async def list_competitions(
    info: Info, first: First = 50, after: After = None, year: OfYear = None, stage: OfStage = None
) -> Any:
    """A page of competitions."""
    query = wire.ListCompetitions(caller=info.context.caller, page=asked_page(first, after), year=year, stage=stage)
    page = granted(await info.context.backend.list_competitions(query, deadline=info.context.deadline))
    return page_rows(page, after)


async def get_rotation(info: Info) -> Any:
    """How the stages take turns."""
    query = wire.GetRotation(caller=info.context.caller)
    return granted(await info.context.backend.get_rotation(query, deadline=info.context.deadline))


@strawberry.type(description="比拼的查询。What can be asked about competitions.")
class CompetitionQueries:
    """Root fields."""

    competitions: Connection[Competition] | None = strawberry.field(
        resolver=list_competitions, description="校本研修比拼。Competitions."
    )
    competition_rotation: CompetitionRotation | None = strawberry.field(
        resolver=get_rotation,
        metadata=NULL_IS_A_HOLE,
        description="学段轮换是否合规。Whether the stages take turns as ordered.",
    )


@strawberry.type(name="CompetitionPayload", description="比拼写操作的结果。What a change of a competition came to.")
class CompetitionPayload(Payload):
    """The competition or errors."""

    competition: Competition | None = strawberry.field(resolver=item_of, description="比拼。The competition.")


@strawberry.input(name="OpenCompetitionInput", description="openCompetition 的输入。Input of openCompetition.")
class OpenCompetitionInput:
    """What to open."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    name: str = strawberry.field(description="名称。Its name.")
    term_id: strawberry.ID = strawberry.field(description="学期编号。The term's id.")
    stage: str = strawberry.field(description="学段，按规定的名称。The stage, as the law names it.")
    categories: list[str] = strawberry.field(description="类别。Categories.")


@strawberry.input(name="EnterCompetitionInput", description="enterCompetition 的输入。Input of enterCompetition.")
class EnterCompetitionInput:
    """Who enters."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    competition_id: strawberry.ID = strawberry.field(description="比拼编号。The competition's id.")
    school_id: strawberry.ID = strawberry.field(description=SCHOOL_ID)
    leader_id: strawberry.ID = strawberry.field(description="领衔人编号。Who leads it.")
    leader_post: str = strawberry.field(description="领衔人职务。His post.")


@strawberry.input(name="RoundResultInput", description="一校在一个类别的成绩。A result.")
class RoundResultInput:
    """A result."""

    school_id: strawberry.ID = strawberry.field(description=SCHOOL_ID)
    category: str = strawberry.field(description="类别。The category.")
    mark: int = strawberry.field(description="分数，整数。A whole mark.")


@strawberry.input(name="RecordRoundInput", description="recordRound 的输入。Input of recordRound.")
class RecordRoundInput:
    """A round."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    competition_id: strawberry.ID = strawberry.field(description="比拼编号。The competition's id.")
    round: str = strawberry.field(description="轮次名称。The round.")
    held_on: date = strawberry.field(description="哪天举行。The day.")
    results: list[RoundResultInput] = strawberry.field(description="成绩。Results.")


async def open_competition(
    info: Info, given: Annotated[OpenCompetitionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Open a competition."""
    command = wire.OpenCompetition(
        caller=info.context.caller,
        key=given.idempotency_key,
        name=given.name,
        term=plain_id("Term", given.term_id),
        stage=given.stage,
        categories=tuple(given.categories),
    )
    return await carried_out(info, info.context.backend.open_competition, command, _NAMES)


async def enter_competition(
    info: Info, given: Annotated[EnterCompetitionInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Enter a school."""
    command = wire.EnterCompetition(
        caller=info.context.caller,
        key=given.idempotency_key,
        competition=plain_id("Competition", given.competition_id),
        school=plain_id("School", given.school_id),
        leader=plain_id("Teacher", given.leader_id),
        leader_post=given.leader_post,
    )
    return await carried_out(info, info.context.backend.enter_competition, command, _NAMES)


async def record_round(
    info: Info, given: Annotated[RecordRoundInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Record a round."""
    command = wire.RecordRound(
        caller=info.context.caller,
        key=given.idempotency_key,
        competition=plain_id("Competition", given.competition_id),
        round=given.round,
        held_on=given.held_on,
        results=tuple(
            wire.RoundResult(school=plain_id("School", one.school_id), category=one.category, mark=one.mark)
            for one in given.results
        ),
    )
    return await carried_out(info, info.context.backend.record_round, command, _NAMES)


@strawberry.type(description="比拼的写操作。What can be done about competitions.")
class CompetitionMutations:
    """Root fields."""

    open_competition: CompetitionPayload | None = strawberry.mutation(
        resolver=open_competition, description="启动一个学段本学期的比拼。Open a stage's competition in a term."
    )
    enter_competition: CompetitionPayload | None = strawberry.mutation(
        resolver=enter_competition, description="学校报名，由校长领衔。Enter a school, led by its head."
    )
    record_round: CompetitionPayload | None = strawberry.mutation(
        resolver=record_round, description="按次序登记一轮的成绩。Record a round, in order."
    )
