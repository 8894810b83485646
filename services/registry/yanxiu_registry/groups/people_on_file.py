"""Who is on file as more than a teacher: as a researcher, or in a group."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_registry.groups.leading_group import LEADING_GROUPS
from yanxiu_registry.groups.research_group import RESEARCH_GROUPS
from yanxiu_registry.researchers.researcher import RESEARCHERS


async def people_on_file(conn: AsyncConnection, district: str) -> set[str]:
    """The teachers' ids."""
    people = set(await RESEARCHERS.shelf.all(conn, district))
    for group in (await RESEARCH_GROUPS.shelf.all(conn, district)).values():
        for span in group.facts:
            people |= {span.value.leader, *span.value.members}
    for leading in (await LEADING_GROUPS.shelf.all(conn, district)).values():
        people |= {one.teacher for span in leading.facts for one in span.value.members if one.teacher is not None}
    return people
