"""The areas and schools that a command about a researcher names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_registry.areas.area import AREAS
from yanxiu_registry.researchers.assess_researcher import Places
from yanxiu_registry.store.schools import schools_by_id


async def places_named(conn: AsyncConnection, district: str, areas: Any, conflicts: Any) -> Places:
    """Those of them that there are; `areas` and `conflicts` as they came, before anybody looked whether they fit."""
    return Places(
        areas=await AREAS.shelf.by_id(conn, district, _texts(areas)),
        schools=await schools_by_id(conn, district, _texts(map(_school, _listed(conflicts)))),
    )


def _school(conflict: Any) -> Any:
    return conflict.get("school") if isinstance(conflict, Mapping) else getattr(conflict, "school", None)


def _texts(values: Any) -> set[str]:
    return {one for one in _listed(values) if isinstance(one, str)}


def _listed(values: Any) -> Iterable[Any]:
    return values if isinstance(values, Iterable) and not isinstance(values, str | Mapping) else ()
