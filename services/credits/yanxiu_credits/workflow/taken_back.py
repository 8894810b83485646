"""A recognition that is taken back: who may, and where its process stands then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit.workflow import ROLES
from yanxiu_wire.refusal import Refused

from yanxiu_credits.books.locks import rank
from yanxiu_credits.service import Service
from yanxiu_credits.workflow import refusals_of_people as no
from yanxiu_credits.workflow.advance import Move, sign
from yanxiu_credits.workflow.assess_step import Actor, recognised_by_step, state_taken_back_to
from yanxiu_credits.workflow.running import Running
from yanxiu_credits.workflow.signing import REVERSAL, Signed
from yanxiu_credits.workflow.store import Row


def too_low(running: Running) -> Refused | None:
    """Return the refusal of an actor who does not stand above the one who recognised, None where he does."""
    made = recognised_by_step(running.workflow, tuple(one.signed for one in running.chain))
    if made is None or stands_above(running.actor, made):
        return None
    return no.not_above(made.role, roles_above(made.role))


def stands_above(actor: Actor, made: Signed) -> bool:
    """Say whether the actor is another person in a higher role; at the very top another one in the same."""
    if made.people & actor.people:
        return False
    return actor.role == ROLES[-1] if made.role == ROLES[-1] else rank(actor.role) > rank(made.role)


def roles_above(role: str) -> tuple[str, ...]:
    """Return the roles that may take back what a role recognised."""
    return (ROLES[-1],) if role == ROLES[-1] else ROLES[rank(role) + 1 :]


async def sign_taken_back(
    conn: AsyncConnection, service: Service, running: Running, *, reason: str, result: Mapping[str, Any]
) -> Row:
    """Sign that recognitions were taken back: the process stands before its recognition again, or stays where it is."""
    chain = tuple(one.signed for one in running.chain)
    to = state_taken_back_to(running.workflow, running.row.state, chain)
    return await sign(conn, service, running, Move(step=REVERSAL, to=to, reason=reason, result=result))
