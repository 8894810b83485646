"""Texts are cleared for an erasure alone that the registry announced as begun, by two officials, of these very words.

Whoever holds the credential of a gateway or of an operator may ask for a clearing; what he asks for the registry alone
can have announced, and there nobody begins what he proposed. What is done is announced with an end.
"""

from __future__ import annotations

import time

import sqlalchemy as sa
from yanxiu_wire.codec import decode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.erasure import ERASURE_BEGUN, ClearPerson, ErasureBegun, words_digest
from yanxiu_wire.refusal import Refused

from yanxiu_footing.copying import Noun, as_text
from yanxiu_footing.follow_registry import Follower
from yanxiu_footing.persons.clearing_tables import erasure_fact
from yanxiu_footing.refusals import refuse

ERASURES = Noun(
    event=ERASURE_BEGUN,
    table=erasure_fact,
    row=lambda body: {"erasure": body.erasure, "version": body.version, "body": as_text(body)},
)
# The announcement is on its way while the command comes: another process may fill the same copy without a word here.
_AGAIN = 0.1
_MOST = 10.0


async def not_begun(service: Follower, district: str, command: ClearPerson, deadline: Deadline) -> Refused | None:
    """Return why these words are not taken out, once the registry's word had time to arrive; None where it has."""
    digest = digest_of(command)
    give_up = time.monotonic() + min(_MOST, deadline.remaining() / 2)
    while not await _stands(service, district, command, digest):
        if (left := give_up - time.monotonic()) <= 0:
            return refuse(
                "ERASURE_NOT_BEGUN",
                field="erasure",
                value=command.erasure,
                zh="登记服务没有宣布过由两人办理的这项删除，或所宣布的姓名、工号不是这些，或早已办完，未作更改。",
                en="The registry announced no such erasure by two officials, or other words than these, or it is done.",
                remedy=(
                    "请再次确认这项删除；仍如此的，请运维查看 yanxiu status（消费落后、死信）和 NATS 权限。",
                    "Confirm the erasure once more; if it stays so, have the operator look at yanxiu status"
                    " (what is behind, dead letters) and at the permissions on NATS.",
                ),
            )
        await service.arrivals.next(min(_AGAIN, left))
    return None


def digest_of(command: ClearPerson) -> str:
    """Return by what this service knows the words of a command, as it understands them."""
    return words_digest(command.erasure, command.teacher, command.words)


async def _stands(service: Follower, district: str, command: ClearPerson, digest: str) -> bool:
    its = erasure_fact.c
    which = sa.and_(its.district == district, its.erasure == command.erasure)
    async with service.databases.read(district) as conn:
        body = await conn.scalar(sa.select(its.body).where(which))
    if body is None:
        return False
    begun: ErasureBegun = decode(ErasureBegun, body.encode())
    over = begun.until is not None and service.clock.now() > begun.until
    return (begun.teacher, begun.digest) == (command.teacher, digest) and not over
