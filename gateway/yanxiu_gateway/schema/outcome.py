"""What a mutation answers: the object, or errors as data that name field, value, clauses and remedy."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from yanxiu_wire.message import Command
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_gateway.backend import Bound
from yanxiu_gateway.errors import say
from yanxiu_gateway.names import NO_NAMES, graphql_path
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.facts import value_text
from yanxiu_gateway.schema.nodes import global_id

IDEMPOTENCY_KEY = (
    "幂等键，8 到 64 个字符：同一键重复提交只生效一次并得到同样的答复。"
    "Idempotency key of 8 to 64 characters: repeated with the same key, a mutation happens once and answers the same."
)
# A service knows its rows by plain ids; a client wrote, and may ask `node` for, the global one.
_PLAIN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_KIND_OF_FIELD = {
    "teacher": "Teacher",
    "project": "Project",
    "school": "School",
    "session": "Session",
    "transfer": "Transfer",
    "record": "Record",
    "lock": "PeriodLock",
    "process": "Process",
    "objection": "Objection",
    "erasure": "Erasure",
    "delegation": "Delegation",
    "on_behalf_of": "Delegation",
}
_KIND_OF_CODE = {
    "SCHOOL_UNKNOWN": "School",
    "GRANT_UNKNOWN": "Grant",
    "GRANT_EXISTS": "Grant",
    "GRANT_REVOKED": "Grant",
    "TEACHER_UNKNOWN": "Teacher",
    "MEMBER_ELSEWHERE": "Teacher",
    "RESEARCHER_EXISTS": "Teacher",
    "RESEARCHER_UNKNOWN": "Researcher",
    "PLAN_UNKNOWN": "RotationPlan",
    "PLAN_NOT_SO": "RotationPlan",
    "PLAN_OVERLAPS": "RotationPlan",
    "RESIDENCY_UNKNOWN": "Residency",
    "RESIDENCY_OPEN": "Residency",
    "TEACHER_HOLDS_GRANT": "Grant",
    "PERSON_UNKNOWN": "Teacher",
    "BASE_SCHOOL_UNKNOWN": "School",
    "AREA_UNKNOWN": "Area",
    "AREA_ENDED": "Area",
    "OUT_OF_SCOPE": "Area",
    "RESEARCH_GROUP_UNKNOWN": "ResearchGroup",
    "GROUP_NOT_FILED": "ResearchGroup",
    "LEADING_GROUP_UNKNOWN": "LeadingGroup",
    "PROCESS_EXISTS": "Process",
    "PROCESS_OPEN": "Process",
    "ALREADY_REGISTERED": "Record",
    "VOIDED_FOR_FRAUD": "IntegrityEntry",
    "ALREADY_LOCKED": "PeriodLock",
    "ATTENDANCE_REGISTERED": "Record",
    "SESSION_OVERLAPS": "Session",
    "ATTENDANCE_WAITS": "Session",
    "ALREADY_SCHEDULED": "Inspection",
    "INSPECTION_UNKNOWN": "Inspection",
    "DRAW_UNKNOWN": "SupervisionDraw",
    "NOT_DRAWN": "School",
    "NOMINATED_BEFORE": "Nomination",
    "NOMINATION_UNKNOWN": "Nomination",
    "NOT_PUBLISHED": "Nomination",
}
_KEY = re.compile(r"[\x21-\x7e]{8,64}")


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a command; the payload types read it."""

    item: Any
    errors: tuple[UserErrorRow, ...] = ()
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class UserErrorRow:
    """A refusal's item with the field's path in GraphQL names."""

    item: RefusalItem
    field: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.item, name)


ErrorRow = strawberry.Parent[UserErrorRow]


def message(root: ErrorRow, info: Info) -> str:
    """The sentence in the reader's language."""
    return say(root.item, info.context.language)[0]


def remedy(root: ErrorRow, info: Info) -> str:
    """The remedy in the reader's language."""
    return say(root.item, info.context.language)[1]


def shown_value(root: ErrorRow) -> str | None:
    """The value found, as text; an id of a row as clients write ids."""
    item = root.item
    kind = _KIND_OF_CODE.get(item.code) or _KIND_OF_FIELD.get(item.field)
    if kind and isinstance(item.value, str) and _PLAIN_ID.fullmatch(item.value):
        return global_id(kind, item.value)
    return value_text(item.value)


@strawberry.type(
    name="UserError",
    description="未予办理的一个原因；什么也没有写入。A reason why nothing was done; nothing was written.",
)
class UserError:
    """An error as data."""

    code: str = strawberry.field(description="稳定的代码。A stable code.")
    field: str = strawberry.field(
        description="有问题的输入字段，如 input.score。The input's field, such as input.score."
    )
    value: str | None = strawberry.field(resolver=shown_value, description="收到的值。The value found.")
    clauses: list[str] = strawberry.field(description="依据的条款编号。Ids of the clauses that are the reason.")
    message: str = strawberry.field(
        resolver=message, description="按 Accept-Language 的说明。What is wrong, in the language of Accept-Language."
    )
    message_zh: str = strawberry.field(description="中文说明。What is wrong, in Chinese.")
    message_en: str = strawberry.field(description="英文说明。What is wrong, in English.")
    remedy: str = strawberry.field(
        resolver=remedy, description="按 Accept-Language 的办法。What to do, in the language of Accept-Language."
    )
    remedy_zh: str = strawberry.field(description="中文办法。What to do, in Chinese.")
    remedy_en: str = strawberry.field(description="英文办法。What to do, in English.")


def item_of(root: strawberry.Parent[Done]) -> Any:
    """The object that was made or changed, None when there are errors."""
    return root.item


@strawberry.type
class Payload:
    """What every payload has."""

    errors: list[UserError] = strawberry.field(
        description="未予办理的原因；为空即已办理。Why nothing was done; empty when it was done."
    )


def settled(reply: Any, names: Mapping[str, str] = NO_NAMES, own: Collection[str] | None = None) -> Done:
    """A service's reply as a payload's content; `own` are the input's fields where facts can be given by name too."""
    if isinstance(reply, Refused):
        return refused(reply.errors, names, own)
    return Done(reply)


async def carried_out(info: Info, ask: Bound[Any, Any], command: Command, names: Mapping[str, str] = NO_NAMES) -> Done:
    """Send a command, unless its key is no key; `names` are those of its fields that the input calls otherwise."""
    if problem := key_problem(command.key):
        return problem
    return settled(await ask(command, deadline=info.context.deadline), names)


def refused(
    items: tuple[RefusalItem, ...], names: Mapping[str, str] = NO_NAMES, own: Collection[str] | None = None
) -> Done:
    """Refusals as a payload's content."""
    return Done(None, tuple(UserErrorRow(item, graphql_path(item.field, names, own)) for item in items))


def key_problem(key: str) -> Done | None:
    """The refusal of a key that is no key."""
    if _KEY.fullmatch(key):
        return None
    item = RefusalItem(
        code="KEY_MALFORMED",
        field="key",
        value=key[:80],
        message_zh="idempotencyKey 须为 8 到 64 个可见的英文字符、数字或符号。",
        message_en="idempotencyKey must be 8 to 64 visible ASCII characters.",
        remedy_zh="请在第一次提交前生成一个 UUID，重试时沿用它。",
        remedy_en="Make a UUID before the first try and keep it for retries.",
    )
    return refused((item,))
