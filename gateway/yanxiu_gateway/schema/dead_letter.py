"""Dead letters for the platform's operator: announcements that a service could not apply, and what becomes of them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import dead_letters as wire

from yanxiu_gateway.errors import RequestRefused, granted
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.create_district import other_district
from yanxiu_gateway.schema.nodes import After, Connection, First, asked_page, page_rows, plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, key_problem, settled
from yanxiu_gateway.schema.semantic_null import NULL_IS_AN_ANSWER
from yanxiu_gateway.schema.words import wire_word

value = strawberry.enum_value
NAMES = {"ids": "letters"}
_DISTRICT = "区代码。The district's code."
_SERVICE = "哪个服务的死信。Of which service."
_LETTERS = "死信编号。The ids of the letters."


@strawberry.enum(name="FollowingService", description="保存他处事件副本的服务。A service that follows others' events.")
class FollowingService(Enum):
    """Services; the values are the wire's."""

    CREDITS = value("credits", description="学分服务。Credits.")
    VISITS = value("visits", description="下校服务。Visits.")


@strawberry.enum(name="DeadLetterState", description="死信的状态。How a dead letter stands.")
class DeadLetterState(Enum):
    """States; the values are the wire's."""

    OPEN = value("open", description="待处理。To be settled.")
    REPLAYED = value("replayed", description="已重放。Applied again.")
    DROPPED = value("dropped", description="已丢弃。Dropped for a reason.")


LetterRow = strawberry.Parent[wire.DeadLetter]


@strawberry.type(name="DeadLetter", description="一封死信：未能应用而搁置的事件。An announcement put aside.")
class DeadLetter:
    """A dead letter; what it says is shown by the command line alone."""

    letter: strawberry.ID = strawberry.field(
        resolver=lambda root: root.id, description="编号，即事件的消息编号。Its id: that of the event's message."
    )
    consumer: str = strawberry.field(description="本应接收它的消费者。The consumer that was to have it.")
    event: str = strawberry.field(description="事件的名称。The event's name.")
    tries: int = strawberry.field(description="试过几次。How often it was tried.")
    problem: str = strawberry.field(description="错误的种类与字段。The kind of problem, and the field.")
    size: int = strawberry.field(description="字节数。Its size in bytes.")
    announced_at: datetime = strawberry.field(description="发布的时刻。When it was announced.")
    given_up_at: datetime = strawberry.field(description="搁置的时刻。When it was put aside.")
    state: DeadLetterState = strawberry.field(
        resolver=lambda root: DeadLetterState(root.state), description="状态。How it stands."
    )
    settled_at: datetime | None = strawberry.field(description="处理的时刻。When it was settled.")
    settled_by: str | None = strawberry.field(description="由谁处理。Who settled it.")
    reason: str | None = strawberry.field(description="丢弃的理由。Why it was dropped.")


@strawberry.input(name="ReplayDeadLettersInput", description="replayDeadLetters 的输入。Input of replayDeadLetters.")
class ReplayDeadLettersInput:
    """Which letters: named ones, or all of a consumer."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    district: strawberry.ID = strawberry.field(description=_DISTRICT)
    service: FollowingService = strawberry.field(description=_SERVICE)
    letters: list[strawberry.ID] | None = strawberry.field(default=None, description=_LETTERS)
    consumer: str | None = strawberry.field(
        default=None,
        description="改为这个消费者的全部待处理死信，一次至多 200 封。Instead: all open ones of it, 200 at most.",
    )


@strawberry.input(name="DropDeadLettersInput", description="dropDeadLetters 的输入。Input of dropDeadLetters.")
class DropDeadLettersInput:
    """Which letters, and why."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    district: strawberry.ID = strawberry.field(description=_DISTRICT)
    service: FollowingService = strawberry.field(description=_SERVICE)
    letters: list[strawberry.ID] = strawberry.field(description=_LETTERS)
    reason: str = strawberry.field(description="理由，留存备查。Why; it stays on record.")


def letters_of(root: Any) -> Any:
    """The letters of a command's reply; None with errors."""
    return list(root.item.items) if root.item is not None else None


@strawberry.type(name="DeadLettersPayload", description="处理死信的结果。What settling dead letters came to.")
class DeadLettersPayload(Payload):
    """The letters or errors."""

    letters: list[DeadLetter] | None = strawberry.field(
        resolver=letters_of,
        metadata=NULL_IS_AN_ANSWER,
        description="各死信的现状；仍为 OPEN 的未能应用。As they stand; one still OPEN was not applied.",
    )


District = Annotated[strawberry.ID, strawberry.argument(description=_DISTRICT)]
Of = Annotated[FollowingService, strawberry.argument(description=_SERVICE)]
State = Annotated[DeadLetterState | None, strawberry.argument(description="只要这个状态。Only those that stand so.")]


async def list_dead_letters(
    info: Info, district: District, service: Of, first: First = 50, after: After = None, state: State = None
) -> Any:
    """A page of a district's dead letters."""
    context, code = info.context, plain_id("District", district)
    if problem := other_district(context.caller, code):
        raise RequestRefused(problem.errors[0].item)
    query = wire.ListDeadLetters(
        caller=context.caller,
        page=asked_page(first, after),
        state=wire_word(state),  # type: ignore[arg-type]  # the enum's values are the wire's
    )
    ask = (
        context.backend.list_dead_letters_of_credits
        if service is FollowingService.CREDITS
        else context.backend.list_dead_letters_of_visits
    )
    return page_rows(granted(await ask(query, deadline=context.deadline, district=code)), after)


async def replay_dead_letters(
    info: Info,
    given: Annotated[ReplayDeadLettersInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Apply letters again."""
    context, district = info.context, plain_id("District", given.district)
    if problem := key_problem(given.idempotency_key) or other_district(context.caller, district):
        return problem
    command = wire.ReplayDeadLetters(
        caller=context.caller, key=given.idempotency_key, ids=tuple(given.letters or ()), consumer=given.consumer
    )
    ask = (
        context.backend.replay_dead_letters_of_credits
        if given.service is FollowingService.CREDITS
        else context.backend.replay_dead_letters_of_visits
    )
    return settled(await ask(command, deadline=context.deadline, district=district), NAMES)


async def drop_dead_letters(
    info: Info,
    given: Annotated[DropDeadLettersInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Drop letters."""
    context, district = info.context, plain_id("District", given.district)
    if problem := key_problem(given.idempotency_key) or other_district(context.caller, district):
        return problem
    command = wire.DropDeadLetters(
        caller=context.caller, key=given.idempotency_key, ids=tuple(given.letters), reason=given.reason
    )
    ask = (
        context.backend.drop_dead_letters_of_credits
        if given.service is FollowingService.CREDITS
        else context.backend.drop_dead_letters_of_visits
    )
    return settled(await ask(command, deadline=context.deadline, district=district), NAMES)


@strawberry.type(description="死信的查询。What can be asked about dead letters.")
class DeadLetterQueries:
    """Root fields."""

    dead_letters: Connection[DeadLetter] | None = strawberry.field(
        resolver=list_dead_letters,
        description="一个区县的死信，新的在前（平台运维）。A district's dead letters, newest first (operator).",
    )


@strawberry.type(description="死信的写操作。What can be done about dead letters.")
class DeadLetterMutations:
    """Root fields."""

    replay_dead_letters: DeadLettersPayload | None = strawberry.mutation(
        resolver=replay_dead_letters, description="重放死信（平台运维）。Apply dead letters again (platform operator)."
    )
    drop_dead_letters: DeadLettersPayload | None = strawberry.mutation(
        resolver=drop_dead_letters, description="丢弃死信（平台运维）。Drop dead letters (platform operator)."
    )
