"""The offices that a person holds in the district: as a researcher, in a group, at a studio."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from yanxiu_registry.entries.noun import Noun
from yanxiu_registry.groups.leading_group import LEADING_GROUPS
from yanxiu_registry.groups.research_group import RESEARCH_GROUPS
from yanxiu_registry.researchers.researcher import RESEARCHERS
from yanxiu_registry.studios.studio import STUDIOS


async def offices_of(conn: AsyncConnection, district: str, teacher: str, today: date) -> list[tuple[str, str]]:
    """Return what he is still, each in Chinese and English."""
    groups, leading, studios = (noun.shelf for noun in _SHARED)
    found: list[tuple[str, str]] = []
    researcher = (await RESEARCHERS.shelf.by_id(conn, district, [teacher])).get(teacher)
    if researcher is not None and _goes_on(researcher, today):
        found.append(("研训员", "a researcher"))
    grouped = await groups.with_facts(
        conn, district, groups.holds("members", teacher) | (groups.fact.c.leader == teacher)
    )
    found += [("教研组成员", "in a research group")] * any(
        _goes_on(one, today) and teacher in (one.facts[-1].value.leader, *one.facts[-1].value.members)
        for one in grouped.values()
    )
    led = await leading.with_facts(conn, district, leading.holds("members", teacher))
    found += [("行动小组成员", "in a leading group")] * any(
        _goes_on(one, today) and teacher in repr(one.facts[-1].value.members) for one in led.values()
    )
    ran = await studios.with_facts(conn, district, studios.fact.c.leader == teacher)
    found += [("工作室主持人", "the leader of a studio")] * any(
        _goes_on(one, today) and one.facts[-1].value.leader == teacher for one in ran.values()
    )
    return found


_SHARED: tuple[Noun[Any, Any], ...] = (RESEARCH_GROUPS, LEADING_GROUPS, STUDIOS)


def _goes_on(entry: Any, today: date) -> bool:
    return entry.ends_on is None or entry.ends_on >= today
