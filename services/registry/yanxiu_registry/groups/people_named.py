"""The people that a command about a group names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_registry.groups.people import People
from yanxiu_registry.scope import Scope
from yanxiu_registry.store.teachers import teachers_by_id


async def people_named(conn: AsyncConnection, district: str, ids: Iterable[Any], scope: Scope) -> People:
    """Those of them whom the register has."""
    named = {one for one in ids if isinstance(one, str)}
    return People(await teachers_by_id(conn, district, named), scope)
