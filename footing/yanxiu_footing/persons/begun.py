"""Texts are cleared for an erasure alone that the registry announced as begun, by two officials, of these very words.

Whoever holds the credential of a gateway or of an operator may ask for a clearing; what he asks for the registry alone
can have announced, and there nobody begins what he proposed.
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
    digest = words_digest(command.erasure, command.teacher, command.words)
    give_up = time.monotonic() + min(_MOST, deadline.remaining() / 2)
    while await _announced(service, district, command.erasure) != (command.teacher, digest):
        if (left := give_up - time.monotonic()) <= 0:
            return refuse(
                "ERASURE_NOT_BEGUN",
                field="erasure",
                value=command.erasure,
                zh="登记服务没有宣布过由两人办理的这项删除，或所宣布的姓名、工号不是这些，未作更改。",
                en="The registry announced no such erasure by two officials, or other words than these.",
                remedy=("请再次确认这项删除。", "Confirm the erasure once more."),
            )
        await service.arrivals.next(min(_AGAIN, left))
    return None


async def _announced(service: Follower, district: str, erasure: str) -> tuple[str, str] | None:
    its = erasure_fact.c
    async with service.databases.read(district) as conn:
        body = await conn.scalar(sa.select(its.body).where(its.district == district, its.erasure == erasure))
    if body is None:
        return None
    begun: ErasureBegun = decode(ErasureBegun, body.encode())
    return begun.teacher, begun.digest
