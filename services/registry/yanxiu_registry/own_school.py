"""Which school a caller's self grant reaches: the one named in the token, or the one the teacher works at today."""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.caller import Caller

from yanxiu_registry.context import Registry
from yanxiu_registry.history import employed
from yanxiu_registry.scope import Scope, scope_of
from yanxiu_registry.store.teachers import teachers_by_id


async def reach(registry: Registry, conn: AsyncConnection, district: str, caller: Caller) -> Scope:
    """The caller's scope, completed from the register where the token leaves a teacher's school open."""
    scope = scope_of(caller)
    if not scope.teacher or scope.school is not None:
        return scope
    own = (await teachers_by_id(conn, district, [scope.teacher])).get(scope.teacher)
    at_work = employed(own.employments, registry.today()) if own else None
    return msgspec.structs.replace(scope, school=at_work.school if at_work else None)
