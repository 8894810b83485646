"""In which rows of the services' texts the words of an erasure stand: told before anybody decides that they go."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from yanxiu_wire.caller import Caller
from yanxiu_wire.clearing import plainly
from yanxiu_wire.erasure import (
    COUNT_MENTIONS_OF_REGISTRY,
    COUNTS,
    GET_ERASURE_WORDS,
    ConfirmErasure,
    CountMentions,
    Erasure,
    GetErasureWords,
    Mention,
)
from yanxiu_wire.person_document import Call
from yanxiu_wire.refusal import RefusalItem, Refused

_OWN = COUNT_MENTIONS_OF_REGISTRY.service


class Mentions(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted, by word and table, and the check code of the words: whoever decides on them says it."""

    shown: str
    items: tuple[Mention, ...]


async def mentions_of(call: Call, caller: Caller, one: Erasure) -> Mentions | Refused:
    """Return by word and table in how many rows it stands; another service's table after its name."""
    words = await call(GET_ERASURE_WORDS, GetErasureWords(caller=caller, erasure=one.id))
    if isinstance(words, Refused):
        return words
    found: list[Mention] = []
    for endpoint in COUNTS:
        reply = await call(endpoint, CountMentions(caller=caller, teacher=one.teacher, words=words))
        if isinstance(reply, Refused):
            return plainly(endpoint.service, reply)
        before = "" if endpoint.service == _OWN else f"{endpoint.service}."
        found += [msgspec.structs.replace(its, table=f"{before}{its.table}") for its in reply.items]
    return Mentions(shown=words.shown, items=tuple(found))


async def decided(call: Call, command: ConfirmErasure, one: Erasure) -> ConfirmErasure | Refused:
    """Return the command as it is decided, or why it is not: a word stands in rows of others, and nobody said of them.

    Nobody needs to say where it stands in no such row, nor once it is decided; who may not decide is told so first.
    Who says has been shown the counts, and says which; where it was counted here, the words are those of this count.
    """
    mine = command.caller.subject == one.proposed_by
    if mine or one.begun_at is not None:
        return command
    if command.everywhere is not None:
        return command if command.shown else _unseen()
    found = await mentions_of(call, command.caller, one)
    if isinstance(found, Refused):
        return found
    if elsewhere := [its for its in found.items if its.others]:
        return _elsewhere(elsewhere)
    return msgspec.structs.replace(command, shown=command.shown or found.shown or None)


def _unseen() -> Refused:
    return Refused(
        errors=(
            RefusalItem(
                code="WORDS_NOT_SHOWN",
                field="shown",
                message_zh="写明了 everywhere，却未写明所看的是哪些姓名、工号；此后若有更正，抹去的就不是所看的。",
                message_en="everywhere is said, but not which words were looked at: they may be others since.",
                remedy_zh="请先看各处数量（mentions），并把其中的核对码写在 shown。",
                remedy_en="Look at the counts (mentions), and say their check code in shown.",
            ),
        )
    )


def _elsewhere(found: Sequence[Mention]) -> Refused:
    rows, tables = sum(its.others for its in found), sorted({its.table for its in found})
    listed_zh, listed = "、".join(tables), ", ".join(tables)
    return Refused(
        errors=(
            RefusalItem(
                code="WORDS_ELSEWHERE",
                field="everywhere",
                value=rows,
                message_zh=f"其姓名或工号还出现在{rows}处不是关于本人的文字中（{listed_zh}）；"
                "抹去后不能恢复，而姓名也可能是常用词",
                message_en=f"the words stand in {rows} rows too that are not about the person ({listed}); "
                "what is taken out does not come back, and a name may be a common word",
                remedy_zh="请先看各处数量（mentions），再写明 everywhere："
                "其中的姓名（NAME）、工号（NUMBER）是否一并抹去，都不抹去的写空列表",
                remedy_en="look at the counts (mentions), then say in everywhere which kinds go there too "
                "(NAME, NUMBER); an empty list for none",
            ),
        )
    )
