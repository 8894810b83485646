"""A command happens once: the same key gets the same answer, and another command under that key is refused."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.codec import decode, encode, encode_canonical
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.faults import DeadlineExceeded
from yanxiu_wire.message import TELLING, Command
from yanxiu_wire.refusal import RefusalItem, Refused

from yanxiu_durable.databases import Databases
from yanxiu_durable.directly import changed_by, rows_of
from yanxiu_durable.tables import INBOX
from yanxiu_durable.witness import WITNESS

# No command is given so long: a deadline that lies farther ahead was told by a clock that this host's is behind of.
FARTHEST_SECONDS = 300.0
# Made once: a statement made anew for every command costs more than the database needs to run it.
_REMEMBER = sa.insert(INBOX)
_REMEMBERED = sa.select(INBOX.c.hash, INBOX.c.reply).where(
    INBOX.c.district == sa.bindparam("of"), INBOX.c.key == sa.bindparam("its")
)


class _Refusal(Exception):
    """Carries a refusal out of the transaction, which rolls back."""

    def __init__(self, refused: Refused) -> None:
        super().__init__()
        self.refused = refused


async def once(
    databases: Databases,
    district: str,
    command: Command,
    reply_type: Any,
    deadline: Deadline,
    work: Callable[[AsyncConnection], Awaitable[Any]],
    *,
    few_rows: bool = False,
) -> Any:
    """Do the command in one transaction, or repeat the answer that it got.

    `work(connection)` writes and answers; the answer is stored beside what it wrote and committed with it. A `Refused`
    from it undoes everything and is not remembered, so that the command can be sent again when the reason is gone. A
    repeated answer has its field `replayed` set, where its type has one. The same key with another command, or other
    content, is answered with `Refused` (KEY_REUSED). The witness of the request (`yanxiu_durable.witness`) is shown the
    answer in the transaction. Raises what `Databases.do` raises; with `few_rows` the command may share its transaction
    with others that wait, and `work` may be called again after it was undone, so it must begin anew each time.
    """
    deadline.check()
    digest = command_hash(command)
    witness = WITNESS.get()

    async def done(connection: AsyncConnection) -> Any:
        # The transaction holds the district's lock, so nobody else takes the key before this is remembered.
        known = await rows_of(connection, _REMEMBERED, {"of": district, "its": command.key})
        answer = _repeated(known[0], command.key, reply_type, digest) if known else await work(connection)
        if isinstance(answer, Refused):
            raise _Refusal(answer)
        _dated_rightly(databases, deadline)
        if not known:
            await _remember(connection, district, command.key, digest, answer)
        if witness is not None:
            await witness(connection, answer, replayed=bool(known))
        return answer

    try:
        return await databases.do(district, done, deadline, few_rows=few_rows)
    except _Refusal as refusal:
        return refusal.refused


def _dated_rightly(databases: Databases, deadline: Deadline) -> None:
    """Raise `DeadlineExceeded` where the clock was turned back after it was looked at, and has dated this since."""
    if deadline.remaining() > FARTHEST_SECONDS:
        raise DeadlineExceeded(databases.service)


def command_hash(command: Command) -> str:
    """SHA-256 (hex) over the command's kind, its content and the scope it is given in.

    The scope keeps an answer from whoever may not have it; the caller's subject stays out, since a colleague of the
    same scope may repeat a command, and a token may have been renewed. How the answer is told stays out too.
    """
    content = {name: one for name, one in msgspec.to_builtins(command).items() if name not in TELLING}
    caller = command.caller
    content["caller"] = [caller.role, caller.district, caller.school, caller.teacher]
    return hashlib.sha256(encode_canonical([type(command).__name__, content])).hexdigest()


async def _remember(connection: AsyncConnection, district: str, key: str, digest: str, answer: Any) -> None:
    row = {"district": district, "key": key, "hash": digest, "answered_ms": int(time.time() * 1000)}
    told = {"reply_type": type(answer).__name__, "reply": encode(answer)}
    await changed_by(connection, _REMEMBER, {**row, **told})


def _repeated(row: Any, key: str, reply_type: Any, digest: str) -> Any:
    if row.reply is None:
        return _key_erased(key)
    if row.hash != digest:
        return _key_reused(key)
    answer = decode(reply_type, row.reply)
    return msgspec.structs.replace(answer, replayed=True) if hasattr(answer, "replayed") else answer


def _key_reused(key: str) -> Refused:
    return Refused(
        errors=(
            RefusalItem(
                code="KEY_REUSED",
                field="key",
                value=key,
                message_zh="该幂等键已用于另一条内容不同的命令。",
                message_en="This idempotency key was already used for a command with other content.",
                remedy_zh="重试时请原样重发；新的操作请使用新的键。",
                remedy_en="Send a retry unchanged; use a new key for a new operation.",
            ),
        )
    )


def _key_erased(key: str) -> Refused:
    return Refused(
        errors=(
            RefusalItem(
                code="KEY_ERASED",
                field="key",
                value=key,
                message_zh="该幂等键的命令早已办理，其答复随有关人员的数据一并删除。",
                message_en="The command of this key was done, and its answer erased with the person's data.",
                remedy_zh="不必重发；新的操作请使用新的键。",
                remedy_en="There is nothing to repeat; use a new key for a new operation.",
            ),
        )
    )
