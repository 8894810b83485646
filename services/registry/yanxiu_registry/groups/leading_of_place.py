"""The leading groups of a school, or of the district itself."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_registry.entries.entry import Entry
from yanxiu_registry.groups.facts import LeadingFacts
from yanxiu_registry.groups.leading_group import LEADING_GROUPS


async def leading_groups_of(
    conn: AsyncConnection, district: str, school: str | None
) -> Collection[Entry[LeadingFacts]]:
    """Those that there are, were or will be."""
    its = LEADING_GROUPS.shelf.fact.c.school
    place = its.is_(None) if school is None else its == school
    return (await LEADING_GROUPS.shelf.with_facts(conn, district, place)).values()
