"""Which school a caller belongs to: the one named in the token, or the one the teacher works at today."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_durable.looking import Look
from yanxiu_wire.caller import Caller

from yanxiu_registry.context import Registry
from yanxiu_registry.history import employed
from yanxiu_registry.register import TeacherFile
from yanxiu_registry.scope import Scope, scope_of
from yanxiu_registry.store.looks import teachers_of
from yanxiu_registry.store.teachers import teachers_by_id


async def reach(registry: Registry, conn: AsyncConnection, district: str, caller: Caller) -> Scope:
    """The caller's scope, completed from the register where the token leaves a teacher's school open."""
    scope = scope_of(caller)
    if not scope.teacher or scope.school is not None:
        return scope
    return msgspec.structs.replace(scope, school=await _works_at(registry, conn, district, scope.teacher))


def reached(registry: Registry, look: Look, district: str, caller: Caller) -> Scope:
    """The same among what is looked up."""
    scope = scope_of(caller)
    if not scope.teacher or scope.school is not None:
        return scope
    return msgspec.structs.replace(
        scope, school=_at_work(registry, teachers_of(look, district, [scope.teacher]), scope.teacher)
    )


async def own_school(registry: Registry, conn: AsyncConnection, district: str, caller: Caller) -> str | None:
    """The school whose people the caller is one of: a teacher's as the register has it, whatever the token names."""
    if caller.role != "teacher":
        return caller.school
    return await _works_at(registry, conn, district, caller.teacher) if caller.teacher else None


async def _works_at(registry: Registry, conn: AsyncConnection, district: str, teacher: str) -> str | None:
    return _at_work(registry, await teachers_by_id(conn, district, [teacher]), teacher)


def _at_work(registry: Registry, files: Mapping[str, TeacherFile], teacher: str) -> str | None:
    own = files.get(teacher)
    at_work = employed(own.employments, registry.today()) if own else None
    return at_work.school if at_work else None
