"""grantRole and revokeGrant."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry
from yanxiu_wire import grants as wire

from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.create_district import NAMES, other_district
from yanxiu_gateway.schema.grant import Grant
from yanxiu_gateway.schema.nodes import plain_id
from yanxiu_gateway.schema.outcome import IDEMPOTENCY_KEY, Payload, item_of, key_problem, settled
from yanxiu_gateway.schema.role import CallerRole, wire_role

DISTRICT = "区代码；仅平台运维须写。The district's code; the platform operator alone gives it."


@strawberry.input(name="GrantRoleInput", description="grantRole 的输入。Input of grantRole.")
class GrantRoleInput:
    """What to give."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    subject: str = strawberry.field(description="签发者的主体（sub）。The issuer's subject (sub).")
    role: CallerRole = strawberry.field(description="角色；不得高于自己的。The role; none above one's own.")
    since: date = strawberry.field(description="第一天。First day.")
    until: date | None = strawberry.field(default=None, description="最后一天；空为不限。Last day; null for none.")
    school_id: strawberry.ID | None = strawberry.field(
        default=None, description="学校编号；学校角色必填。The school's id, for the roles of a school."
    )
    teacher_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="教师编号；教师必填，其他角色指明其本人。The teacher's id: for a teacher, and for who is one.",
    )
    decision: str = strawberry.field(description="授权依据的文件。The decision by which it is given.")
    district: strawberry.ID | None = strawberry.field(default=None, description=DISTRICT)


@strawberry.type(name="GrantRolePayload", description="grantRole 的结果。What grantRole came to.")
class GrantRolePayload(Payload):
    """The grant or errors."""

    grant: Grant | None = strawberry.field(resolver=item_of, description="授权。The grant.")


async def grant_role(
    info: Info,
    given: Annotated[GrantRoleInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Give a role."""
    context = info.context
    command = wire.GrantRole(
        caller=context.caller,
        key=given.idempotency_key,
        subject=given.subject,
        role=wire_role(given.role),
        school=None if given.school_id is None else plain_id("School", given.school_id),
        teacher=None if given.teacher_id is None else plain_id("Teacher", given.teacher_id),
        since=given.since,
        until=given.until,
        decision=given.decision,
    )
    return await _sent(info, context.backend.grant_role, command, given.district)


@strawberry.input(name="RevokeGrantInput", description="revokeGrant 的输入。Input of revokeGrant.")
class RevokeGrantInput:
    """What to take back."""

    idempotency_key: strawberry.ID = strawberry.field(description=IDEMPOTENCY_KEY)
    grant_id: strawberry.ID = strawberry.field(description="授权编号。The grant's id.")
    why: str = strawberry.field(description="原因，1 至 200 字。Why, in 1 to 200 characters.")
    district: strawberry.ID | None = strawberry.field(default=None, description=DISTRICT)


@strawberry.type(name="RevokeGrantPayload", description="revokeGrant 的结果。What revokeGrant came to.")
class RevokeGrantPayload(Payload):
    """The grant or errors."""

    grant: Grant | None = strawberry.field(resolver=item_of, description="已撤销的授权。The grant, revoked.")


async def revoke_grant(
    info: Info,
    given: Annotated[RevokeGrantInput, strawberry.argument(name="input", description="输入。The input.")],
) -> Any:
    """Take a grant back."""
    command = wire.RevokeGrant(
        caller=info.context.caller,
        key=given.idempotency_key,
        grant=plain_id("Grant", given.grant_id),
        why=given.why,
    )
    return await _sent(info, info.context.backend.revoke_grant, command, given.district)


async def _sent(info: Info, ask: Any, command: Any, district: str | None) -> Any:
    """What came of the command in the caller's district, or in the one that a platform operator names."""
    where = info.context.caller.district if district is None else plain_id("District", district)
    if problem := key_problem(command.key) or other_district(info.context.caller, where):
        return problem
    return settled(await ask(command, deadline=info.context.deadline, district=where), NAMES)


@strawberry.type(description="授权的写操作。What can be done to grants.")
class GrantMutations:
    """Root fields."""

    grant_role: GrantRolePayload | None = strawberry.mutation(
        resolver=grant_role,
        description="授予角色：区县教育局在本区，师训专管员、学校各在其范围，平台运维授予区县教育局与审计；不能授予自己。"
        "Give a role: district officers in their district, others within theirs, the platform operator to district "
        "officers and auditors; nobody to himself.",
    )
    revoke_grant: RevokeGrantPayload | None = strawberry.mutation(
        resolver=revoke_grant,
        description="撤销授权，立即生效：两秒之内不再受理，已打开的订阅随之结束。"
        "Revoke a grant, at once: refused within two seconds, and open subscriptions end.",
    )
