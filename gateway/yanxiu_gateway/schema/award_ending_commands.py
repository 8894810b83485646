"""withdrawNomination and revokeAward: what ends a nomination or an award, with its reason."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry
from yanxiu_wire import award_endings as wire

from yanxiu_gateway.schema.award_commands import INPUT, NOMINATION_ID, NominationPayload
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, carried_out

_NAMES = {"nomination": "nominationId", "free_place": "freePlace"}


@strawberry.input(name="WithdrawNominationInput", description="withdrawNomination 的输入。Its input.")
class WithdrawNominationInput:
    """A nomination and why."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION_ID)
    reason: str = strawberry.field(description="理由，留存。Why; it stays.")


@strawberry.input(name="RevokeAwardInput", description="revokeAward 的输入。Its input.")
class RevokeAwardInput:
    """An award and why."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION_ID)
    reason: str = strawberry.field(description="理由，留存。Why; it stays.")
    free_place: bool = strawberry.field(
        default=True,
        description="名额是否由后一名递补；年度结束后不再递补。"
        "Whether the next in line moves up; not once the year is closed.",
    )


async def withdraw_nomination(
    info: Info, given: Annotated[WithdrawNominationInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Withdraw a nomination."""
    command = wire.WithdrawNomination(
        caller=info.context.caller,
        key=given.idempotency_key,
        nomination=plain_id("Nomination", given.nomination_id),
        reason=given.reason,
    )
    return await carried_out(info, info.context.backend.withdraw_nomination, command, _NAMES)


async def revoke_award(
    info: Info, given: Annotated[RevokeAwardInput, strawberry.argument(name="input", description=INPUT)]
) -> Any:
    """Revoke an award."""
    command = wire.RevokeAward(
        caller=info.context.caller,
        key=given.idempotency_key,
        nomination=plain_id("Nomination", given.nomination_id),
        reason=given.reason,
        free_place=given.free_place,
    )
    return await carried_out(info, info.context.backend.revoke_award, command, _NAMES)


@strawberry.type(description="撤回推荐与撤销奖项。Withdrawing nominations and revoking awards.")
class AwardEndingMutations:
    """Root fields."""

    withdraw_nomination: NominationPayload | None = strawberry.mutation(
        resolver=withdraw_nomination,
        description="撤回未确认的推荐；学校撤本校的。Withdraw a nomination that is not confirmed; a school its own.",
    )
    revoke_award: NominationPayload | None = strawberry.mutation(
        resolver=revoke_award, description="撤销已确认的奖项，说明理由。Revoke a confirmed award, with a reason."
    )
