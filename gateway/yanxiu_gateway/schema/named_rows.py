"""Schools, teachers and projects that rows name by their ids: resolvers for all rows at once, as of today."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from yanxiu_gateway.execution.batch import Rows, in_batch
from yanxiu_gateway.schema.context import Info
from yanxiu_gateway.schema.dated_rows import rows_named


def named_school(attribute: str = "school") -> Any:
    """The resolver of the school whose id stands in that attribute; null where there is none, or none in scope."""

    @in_batch(reads=(attribute,))
    async def school_of(rows: Rows[Any], info: Info) -> Any:
        return await rows_named(info, info.context.loaders.schools_by_id(None), _ids(rows, attribute))

    return school_of


def named_teacher(attribute: str = "teacher") -> Any:
    """The resolver of the teacher whose id stands in that attribute; null where there is none, or none in scope."""

    @in_batch(reads=(attribute,))
    async def teacher_of(rows: Rows[Any], info: Info) -> Any:
        return await rows_named(info, info.context.loaders.teachers_by_id(None), _ids(rows, attribute))

    return teacher_of


def named_schools(attribute: str) -> Any:
    """The resolver of the schools whose ids stand in that attribute: those that are in scope."""
    return _several(attribute, lambda loaders: loaders.schools_by_id(None))


def named_teachers(attribute: str) -> Any:
    """The resolver of the teachers whose ids stand in that attribute: those that are in scope."""
    return _several(attribute, lambda loaders: loaders.teachers_by_id(None))


def _several(attribute: str, reading: Callable[[Any], Any]) -> Any:
    @in_batch(reads=(attribute,))
    async def several_of(rows: Rows[Any], info: Info) -> Any:
        named = [list(getattr(row, attribute)) for row in rows]
        found = iter(await rows_named(info, reading(info.context.loaders), [one for ids in named for one in ids]))
        return [_there([next(found) for _ in ids]) for ids in named]

    return several_of


def _ids(rows: Sequence[Any], attribute: str) -> list[Any]:
    return [getattr(row, attribute) or None for row in rows]


def _there(found: list[Any]) -> Any:
    failed = next((one for one in found if isinstance(one, Exception)), None)
    return failed or [one for one in found if one is not None]
