"""proposeErasure, withdrawErasure, confirmErasure: a person is erased by two officials, and leaves a receipt."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from yanxiu_wire import erasure as wire
from yanxiu_wire.erasing import Done as Erased
from yanxiu_wire.erasing import confirm, propose
from yanxiu_wire.mentioning import mentions_of
from yanxiu_wire.refusal import Refused

from yanxiu_gateway.errors import granted
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import Node, plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Done, Payload, key_problem, settled
from yanxiu_gateway.schema.semantic_null import NULL_IS_AN_ANSWER

_NAMES = {"teacher": "teacherId", "erasure": "erasureId"}
INPUT = "输入。The input."


@strawberry.type(name="ClearedTable", description="一张表清除了几行。How many rows of a table were cleared.")
class ClearedTable:
    """A table."""

    table: str = strawberry.field(
        description="表名；其他服务的表前加服务名，如 credits.reversal。The table; of another service after its name."
    )
    rows: int = strawberry.field(description="几行。How many rows.")


@strawberry.enum(name="ErasureWordKind", description="以何种文字指认其人。By what kind of word a person is named.")
class WordKind(Enum):
    """Kinds; the values are the wire's."""

    NAME = strawberry.enum_value("name", description="姓名，含历次姓名。A name, also one of before.")
    NUMBER = strawberry.enum_value("number", description="工号。A staff number.")


@strawberry.type(
    name="ErasureMention",
    description="一个姓名或工号在一张表的几行文字中出现。A word in so many rows of a table's texts.",
)
class Mention:
    """A word and a table."""

    kind: WordKind = strawberry.field(description="姓名还是工号。A name or a number.")
    word: str = strawberry.field(description="姓名或工号。The word.")
    table: str = strawberry.field(
        description="表名；其他服务的表前加服务名，如 credits.reversal。The table; of another service after its name."
    )
    his: int = strawberry.field(description="关于本人的几行。Rows about the person.")
    others: int = strawberry.field(
        description="不是关于本人的几行；须写明 everywhere 才会抹去。Rows that are not; they are cleared only as "
        "everywhere says."
    )
    kept: int = strawberry.field(
        description="另有几行的数据项恰为与工号相同的数字，可能是金额，不会抹去。"
        "Rows in which a value is nothing but a number equal to the staff number: it may be an amount, and stays."
    )


@strawberry.type(
    name="ErasureMentions",
    description="确认前的计数：其姓名、工号各在哪些文字中出现。In which texts each word stands.",
)
class Mentions:
    """What was counted."""

    shown: str = strawberry.field(
        description="所示字样的核对码，确认时写在 shown；不泄露姓名。"
        "The check code of the words that were counted: whoever confirms says it in shown. It tells no name."
    )
    items: list[Mention] = strawberry.field(description="逐词逐表。By word and table.")


async def mentions(root: strawberry.Parent[wire.Erasure], info: Info) -> Any:
    """Counted now, in every service; of what is done, or withdrawn, nothing is told."""
    if root.confirmed_at is not None or root.withdrawn_at is not None:
        return None
    return granted(await mentions_of(_calling(info), info.context.caller, root))


def cleared(root: strawberry.Parent[wire.Erasure]) -> Any:
    """Every table that was looked at."""
    return [ClearedTable(table=table, rows=rows) for table, rows in root.counts.items()]


@strawberry.type(name="Erasure", description="一次个人信息删除：两人办理。The erasure of a person, by two officials.")
class Erasure(Node):
    """An erasure."""

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """An erasure of the registry is shown as this type."""
        return isinstance(obj, wire.Erasure)

    reason: str = strawberry.field(description="理由。Why.")
    document: str = strawberry.field(description="依据的文件。By which document.")
    retained_until: date = strawberry.field(description="按该文件保存到哪天。Until when it has the data kept.")
    proposed_by: str = strawberry.field(description="谁提出。Who proposed it.")
    proposed_at: datetime = strawberry.field(description="何时提出。When.")
    confirmed_by: str | None = strawberry.field(description="谁确认；尚未确认为空。Who confirmed it, if anybody.")
    confirmed_at: datetime | None = strawberry.field(description="何时确认。When.")
    cleared: list[ClearedTable] = strawberry.field(
        resolver=cleared, description="各服务各表清除了几行。Rows cleared, table by table, in every service."
    )
    begun_by: str | None = strawberry.field(description="第二人：谁决定办理。Who decided on it, the second official.")
    begun_at: datetime | None = strawberry.field(
        description="何时决定；此后不能撤回。When; not withdrawn from then on."
    )
    everywhere: list[WordKind] | None = strawberry.field(
        description="哪些文字在不是关于本人的行中也抹去；尚未决定，或由旧版本办理（两类都抹去）的为空。"
        "Which kinds are taken out of rows too that are not about him; null until it is decided.",
        metadata=NULL_IS_AN_ANSWER,
    )
    mentions: Mentions | None = strawberry.field(
        resolver=mentions,
        description="确认前请看：其姓名、工号各在哪些文字中出现，只计数，不作更改；办完或撤回后为空。"
        "To be looked at before it is confirmed: in which texts each word stands; nothing is changed. Null once it is "
        "done or withdrawn.",
        metadata=NULL_IS_AN_ANSWER,
    )
    withdrawn_by: str | None = strawberry.field(description="谁撤回；未撤回为空。Who withdrew it, if anybody.")
    withdrawn_at: datetime | None = strawberry.field(description="何时撤回。When it was withdrawn.")
    withdrawn_why: str | None = strawberry.field(description="为何撤回。Why it was withdrawn.")


def erasure_of(root: strawberry.Parent[Done]) -> Any:
    """The erasure, proposed or done."""
    return root.item.erasure if isinstance(root.item, Erased) else root.item


def receipt_of(root: strawberry.Parent[Done]) -> str | None:
    """The receipt of one that is done."""
    return root.item.receipt if isinstance(root.item, Erased) else None


def looked_again_of(root: strawberry.Parent[Done]) -> bool | None:
    """Whether what was written meanwhile was looked for."""
    return root.item.looked_again if isinstance(root.item, Erased) else None


@strawberry.type(name="ErasurePayload", description="删除个人信息的结果。What became of an erasure.")
class ErasurePayload(Payload):
    """The erasure or errors."""

    erasure: Erasure | None = strawberry.field(resolver=erasure_of, description="删除。The erasure.")
    receipt: str | None = strawberry.field(
        resolver=receipt_of,
        description="签名的回执（JSON），每次相同，用 yanxiu person receipt 核验；未确认为空。"
        "The signed receipt (JSON), each time the same; null until it is confirmed.",
    )
    looked_again: bool | None = strawberry.field(
        resolver=looked_again_of,
        description="确认的片刻中新写入的文字是否已再查找一遍；false 为有服务未能应答，那一刻写入的姓名可能留下；"
        "未确认的，或此前已确认、其答复未曾收到的，不得而知，为空。"
        "Whether what was written while it was being confirmed was looked for once more in every service: false where "
        "one did not answer, and a name written in that moment may stay. Null until it is confirmed, and where that is "
        "not known: it was confirmed before, and the answer to that was perhaps lost.",
        metadata=NULL_IS_AN_ANSWER,
    )


@strawberry.input(name="ProposeErasureInput", description="proposeErasure 的输入。Input of proposeErasure.")
class ProposeErasureInput:
    """What to propose."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    teacher_id: strawberry.ID = strawberry.field(description="教师编号。The teacher's id.")
    reason: str = strawberry.field(description="理由，1 至 200 字。Why, in 1 to 200 characters.")
    document: str = strawberry.field(
        description="依据的文件，写明保存期限的规定。The document, which says how long the data are to be kept."
    )
    retained_until: date = strawberry.field(description="按该文件保存到哪天，须已过。Until when; it must be over.")


@strawberry.input(name="WithdrawErasureInput", description="withdrawErasure 的输入。Input of withdrawErasure.")
class WithdrawErasureInput:
    """What to withdraw."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    erasure_id: strawberry.ID = strawberry.field(description="删除申请的编号。The erasure's id.")
    reason: str = strawberry.field(description="为何撤回，1 至 200 字，不写其姓名。Why, in 1 to 200 characters.")


@strawberry.input(name="ConfirmErasureInput", description="confirmErasure 的输入。Input of confirmErasure.")
class ConfirmErasureInput:
    """What to confirm."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    erasure_id: strawberry.ID = strawberry.field(description="删除申请的编号。The erasure's id.")
    everywhere: list[WordKind] | None = strawberry.field(
        default=None,
        description="哪些文字在不是关于本人的行中也抹去，都不抹去的写空列表；有这样的行而未写明的，不予受理。"
        "Which kinds are taken out of rows too that are not about the person, an empty list for none; "
        "where there are such rows it has to be said.",
    )
    shown: str | None = strawberry.field(
        default=None,
        description="mentions 的核对码，写明 everywhere 的必须写上；"
        "此后字样有变的不予受理（WORDS_CHANGED），已开始办理的亦同：请重新查看。"
        "The check code of mentions, demanded where everywhere is said; refused (WORDS_CHANGED) where the words are "
        "others since, also once it has begun: look at them again.",
    )


def _calling(info: Info) -> Any:
    context, backend = info.context, info.context.backend
    asks: dict[Any, Any] = {
        wire.PROPOSE_ERASURE: backend.propose_erasure,
        wire.BEGIN_ERASURE: backend.begin_erasure,
        wire.GET_ERASURE_WORDS: backend.get_erasure_words,
        wire.CLEAR_PERSON_OF_CREDITS: backend.clear_person_of_credits,
        wire.CLEAR_PERSON_OF_VISITS: backend.clear_person_of_visits,
        wire.COUNT_MENTIONS_OF_REGISTRY: backend.count_mentions_of_registry,
        wire.COUNT_MENTIONS_OF_CREDITS: backend.count_mentions_of_credits,
        wire.COUNT_MENTIONS_OF_VISITS: backend.count_mentions_of_visits,
        wire.CONFIRM_ERASURE: backend.confirm_erasure,
        wire.LIST_ERASURES: backend.list_erasures,
        wire.SIGN_ERASURE: backend.sign_erasure,
        wire.CHECK_ERASURE_OF_CREDITS: backend.check_erasure_of_credits,
        wire.CHECK_ERASURE_OF_VISITS: backend.check_erasure_of_visits,
    }

    async def call(endpoint: Any, request: Any) -> Any:
        return await asks[endpoint](request, deadline=context.deadline)

    return call


async def propose_erasure(
    info: Info, given: Annotated[ProposeErasureInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Propose to erase a teacher."""
    command = wire.ProposeErasure(
        caller=info.context.caller,
        key=given.idempotency_key,
        teacher=plain_id("Teacher", given.teacher_id),
        reason=given.reason,
        document=given.document,
        retained_until=given.retained_until,
    )
    return key_problem(command.key) or settled(await propose(_calling(info), command), _NAMES)


async def withdraw_erasure(
    info: Info, given: Annotated[WithdrawErasureInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Withdraw a proposal."""
    context = info.context
    command = wire.WithdrawErasure(
        caller=context.caller,
        key=given.idempotency_key,
        erasure=plain_id("Erasure", given.erasure_id),
        reason=given.reason,
    )
    if problem := key_problem(command.key):
        return problem
    return settled(await context.backend.withdraw_erasure(command, deadline=context.deadline), _NAMES)


async def confirm_erasure(
    info: Info, given: Annotated[ConfirmErasureInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Confirm an erasure."""
    kinds: Any = given.everywhere
    command = wire.ConfirmErasure(
        caller=info.context.caller,
        key=given.idempotency_key,
        erasure=plain_id("Erasure", given.erasure_id),
        everywhere=None if kinds is None else tuple(one.value for one in kinds),
        shown=given.shown,
    )
    if problem := key_problem(command.key):
        return problem
    done = await confirm(_calling(info), command)
    return settled(done, _NAMES) if isinstance(done, Refused) else Done(done)


@strawberry.type(description="删除个人信息的写操作。What can be done to erase a person.")
class ErasureMutations:
    """Root fields."""

    propose_erasure: ErasurePayload | None = strawberry.mutation(
        resolver=propose_erasure,
        description="提出删除一位已离开教师的个人信息；仍任职、有未办结事项或保存期未满的不予受理。"
        "Propose to erase a teacher who has left; refused while something runs or the data are to be kept.",
    )
    withdraw_erasure: ErasurePayload | None = strawberry.mutation(
        resolver=withdraw_erasure,
        description="撤回一项尚未由第二人决定的删除申请，一人即可。"
        "Withdraw a proposal on which the second official has not decided; one official is enough.",
    )
    confirm_erasure: ErasurePayload | None = strawberry.mutation(
        resolver=confirm_erasure,
        description="由另一人确认删除：各服务的文字一并清除，立即生效且不可恢复，给出签名的回执；中断的，再次确认即可办完。"
        "Confirm an erasure, by another person: done at once and for good, with a signed receipt.",
    )
