"""What every mutation of field work is given and answers: whose work, when by the sender's clock, and its effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import strawberry
from yanxiu_wire.message import Command
from yanxiu_wire.refusal import Refused

from yanxiu_gateway.backend import Bound
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.field_note import NoteEffect
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, key_problem, settled
from yanxiu_gateway.schema.researcher import plain_researcher
from yanxiu_gateway.schema.session_commands import Caution

INPUT = "输入。The input."
OCCURRED_AT = (
    "发生时间，按记录者的时钟，须带时区；离线记录补传时仍写发生时间。"
    "When it happened, by the sender's clock, with the offset; sent late it is still when it happened."
)
RESEARCHER = (
    "谁的工作：研训员本人省略；他人代录须写明。"
    "Whose work it is: a researcher leaves it out; who types for him names him."
)
NAMES = {
    "visit": "visitId",
    "record": "recordId",
    "finding": "findingId",
    "term": "termId",
    "residency": "residencyId",
    "owner": "ownerId",
    "school": "schoolId",
    "form": "formId",
    "source_id": "visitId",
}


@strawberry.input
class FieldInput:
    """What every input has."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    occurred_at: datetime = strawberry.field(description=OCCURRED_AT)
    researcher_id: strawberry.ID | None = strawberry.field(default=None, description=RESEARCHER)


@dataclass(frozen=True, slots=True)
class Noted:
    """What came of a command of field work; the payload types read it."""

    item: Any = None
    errors: Any = ()
    effect: Any = None
    cautions: Any = ()
    replayed: bool = False


@strawberry.type
class NotedPayload(Payload):
    """What every payload of field work has."""

    effect: NoteEffect | None = strawberry.field(
        description="这条记录的作用；未予受理时为空。What the note does; null when it was refused."
    )
    cautions: list[Caution] = strawberry.field(
        description="不计入的理由，或请留意的事项。Why it has no effect, or something to look at."
    )
    replayed: bool = strawberry.field(description="是否为先前答复的重复。Whether an earlier answer is repeated.")


def envelope(info: Info, given: FieldInput) -> dict[str, Any]:
    """What the input says of itself, as every command of field work carries it."""
    named = given.researcher_id
    return {
        "caller": info.context.caller,
        "key": given.idempotency_key,
        "occurred_at": given.occurred_at,
        "researcher": None if named is None else plain_researcher(named),
    }


async def note(info: Info, ask: Bound[Any, Any], command: Command, kept: str) -> Noted:
    """Send the command and return what became of it; `kept` is the field of the reply that holds the thing."""
    if problem := key_problem(command.key):
        return Noted(errors=problem.errors)
    reply = await ask(command, deadline=info.context.deadline)
    if isinstance(reply, Refused):
        return Noted(errors=settled(_flat(reply), NAMES).errors)
    return Noted(getattr(reply, kept), (), reply.effect, reply.cautions, reply.replayed)


def _flat(refused: Refused) -> Refused:
    """A record's content stands in the input itself, not in a field of it."""
    items = tuple(msgspec.structs.replace(one, field=one.field.removeprefix("content.")) for one in refused.errors)
    return Refused(errors=items)
