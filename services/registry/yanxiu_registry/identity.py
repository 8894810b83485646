"""A teacher's staff number and national id: unique in the district, and the id sealed before it is kept anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_wire.message import Command
from yanxiu_wire.refusal import RefusalItem

from yanxiu_registry.context import Registry
from yanxiu_registry.national_id import normal_form
from yanxiu_registry.refusals import national_id_taken, taken
from yanxiu_registry.register import SealedId
from yanxiu_registry.scope import Scope
from yanxiu_registry.store.teachers import teacher_with

C = TypeVar("C", bound=Command)


def seal(registry: Registry, district: str, owner: str, number: str) -> SealedId:
    """The number as it is kept: encrypted for its owner, with its blind index."""
    plain = normal_form(number)
    return SealedId(registry.vault.seal(district, owner, plain), registry.vault.index(district, plain))


def _blind(registry: Registry, district: str, number: Any) -> Any:
    if not isinstance(number, str):
        return number
    return "blind:" + registry.vault.index(district, normal_form(number)).hex()


def remembered(registry: Registry, district: str, command: C) -> C:
    """The command as its hash may be kept: a national id in it stands as its blind index.

    A plain hash of a command with an id in it could be searched for the id; a keyed index cannot.
    """
    number = getattr(command, "national_id", None)
    if number is not None:
        command = msgspec.structs.replace(command, national_id=_blind(registry, district, number))
    changes: Mapping[str, Any] | None = getattr(command, "changes", None)
    if changes and "national_id" in changes:
        blind = {**changes, "national_id": _blind(registry, district, changes["national_id"])}
        command = msgspec.structs.replace(command, changes=blind)
    return command


async def staff_number_faults(
    conn: AsyncConnection, district: str, field: str, number: str, owner: str
) -> list[RefusalItem]:
    """The staff number is another teacher's."""
    holder = await teacher_with(conn, district, staff_number=number)
    if holder is None or holder.id == owner:
        return []
    return [taken("STAFF_NUMBER_TAKEN", field, number, "工号", "staff number")]


async def national_id_holder_faults(
    registry: Registry, conn: AsyncConnection, district: str, field: str, number: str, owner: str, scope: Scope
) -> list[RefusalItem]:
    """The national id is another teacher's, whose staff number is named only to a caller who may see that teacher."""
    plain = normal_form(number)
    holder = await teacher_with(conn, district, index=registry.vault.index(district, plain))
    if holder is None or holder.id == owner:
        return []
    named = holder.staff_number if scope.sees_teacher(holder, registry.today()) else None
    return [national_id_taken(field, plain, named)]
