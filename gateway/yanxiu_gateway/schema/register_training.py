"""registerTraining: one training of one teacher, answered with its credit and the whole explanation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from yanxiu_wire import credits as wire_credits
from yanxiu_wire.refusal import Refused

from yanxiu_gateway.execution.reading import reads
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import FactInput, named
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Done, Payload, item_of, key_problem, settled
from yanxiu_gateway.schema.record import Record
from yanxiu_gateway.schema.standard_facts import FACTS, written_facts


@strawberry.input(
    name="RegisterTrainingInput",
    description="registerTraining 的输入；没有写的事实按规定视为正常。"
    "Input of registerTraining; a fact not given is in order, as the law reads it.",
)
class RegisterTrainingInput:
    """What to register."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    teacher_id: strawberry.ID = strawberry.field(description="教师编号。The teacher's id.")
    completed_on: date = strawberry.field(
        description="完成之日，决定适用哪天的规定。The day of completion, whose law applies."
    )
    project_id: strawberry.ID | None = strawberry.field(
        default=None, description="所属项目的编号。Id of the training project."
    )
    kind: str | None = strawberry.field(default=None, description=FACTS["kind"])
    mode: str | None = strawberry.field(default=None, description=FACTS["mode"])
    level: str | None = strawberry.field(default=None, description=FACTS["level"])
    module: str | None = strawberry.field(default=None, description=FACTS["module"])
    self_chosen: bool | None = strawberry.field(default=None, description=FACTS["self_chosen"])
    hours: Decimal | None = strawberry.field(default=None, description=FACTS["hours"])
    hours_planned: Decimal | None = strawberry.field(default=None, description=FACTS["hours_planned"])
    hours_completed: Decimal | None = strawberry.field(default=None, description=FACTS["hours_completed"])
    practical_hours: Decimal | None = strawberry.field(default=None, description=FACTS["practical_hours"])
    days_planned: Decimal | None = strawberry.field(default=None, description=FACTS["days_planned"])
    days_attended: Decimal | None = strawberry.field(default=None, description=FACTS["days_attended"])
    class_hours: Decimal | None = strawberry.field(default=None, description=FACTS["class_hours"])
    score: Decimal | None = strawberry.field(default=None, description=FACTS["score"])
    result: str | None = strawberry.field(default=None, description=FACTS["result"])
    role: str | None = strawberry.field(default=None, description=FACTS["role"])
    prize: str | None = strawberry.field(default=None, description=FACTS["prize"])
    form: str | None = strawberry.field(default=None, description=FACTS["form"])
    concluded: bool | None = strawberry.field(default=None, description=FACTS["concluded"])
    study_year: int | None = strawberry.field(default=None, description=FACTS["study_year"])
    transcript: bool | None = strawberry.field(default=None, description=FACTS["transcript"])
    head_teacher_topic: bool | None = strawberry.field(default=None, description=FACTS["head_teacher_topic"])
    slot: str | None = strawberry.field(default=None, description=FACTS["slot"])
    attended_hours: Decimal | None = strawberry.field(default=None, description=FACTS["attended_hours"])
    session_class: str | None = strawberry.field(default=None, description=FACTS["session_class"])
    implemented_as_planned: bool | None = strawberry.field(default=None, description=FACTS["implemented_as_planned"])
    organiser_recognised: bool | None = strawberry.field(default=None, description=FACTS["organiser_recognised"])
    same_level_approved: bool | None = strawberry.field(default=None, description=FACTS["same_level_approved"])
    fraud: bool | None = strawberry.field(default=None, description=FACTS["fraud"])
    facts: list[FactInput] | None = strawberry.field(default=None, description=FACTS["facts"])


def replayed(root: strawberry.Parent[Done]) -> bool:
    """Whether the same key had been answered before."""
    return root.replayed


@strawberry.type(name="RegisterTrainingPayload", description="registerTraining 的结果。What registerTraining came to.")
class RegisterTrainingPayload(Payload):
    """The record or errors."""

    record: Record | None = strawberry.field(
        resolver=item_of, description="登记的记录，含所得与推算过程。The record, with what it earned and why."
    )
    replayed: bool = strawberry.field(
        resolver=replayed, description="是否为同一幂等键先前的答复。Whether this repeats the answer to the same key."
    )


NAMES = {"on": "completedOn", "date": "completedOn", "class": "sessionClass"}


async def register_training(
    info: Info,
    given: Annotated[RegisterTrainingInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Register a training."""
    context = info.context
    if problem := key_problem(given.idempotency_key):
        return problem
    command = wire_credits.RegisterTraining(
        caller=context.caller,
        key=given.idempotency_key,
        teacher=plain_id("Teacher", given.teacher_id),
        on=given.completed_on,
        facts={**named(given.facts), **written_facts(given)},
        project=plain_id("Project", given.project_id) if given.project_id is not None else None,
        # Several times as long as the rest of the answer. Where nobody can say what is read it is there to be read.
        explain=reads(info, "record") is None,
    )
    reply = await context.backend.register_training(command, deadline=context.deadline)
    if isinstance(reply, Refused):
        return settled(reply, NAMES, RegisterTrainingInput.__dataclass_fields__)
    return Done(reply.record, (), reply.replayed)
