"""See that a statement that is reviewed blind names nobody of a school: visits has no names to look for."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.assess_statement import tells
from yanxiu_wire.blind_statement import CheckStatement, StatementChecked
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused

from yanxiu_registry.context import Registry
from yanxiu_registry.groups.research_group import RESEARCH_GROUPS
from yanxiu_registry.pages import MOST_IDS
from yanxiu_registry.refusals import item, refused, too_many, value_invalid
from yanxiu_registry.scope import scope_of
from yanxiu_registry.store.dated import live
from yanxiu_registry.store.teachers import teachers_by_id
from yanxiu_registry.tables import employment

MOST_TEXT = 20_000


async def check_statement(
    registry: Registry, district: str, query: CheckStatement, deadline: Deadline
) -> StatementChecked | Refused:
    """How many people's names it is free of; those of a school that is not the caller's are not looked for.

    Refused: STATEMENT_NOT_BLIND, TOO_MANY, VALUE_INVALID. Who tries names on it learns what he may read anyway.
    """
    if len(query.people) + len(query.groups) > MOST_IDS:
        return too_many("people", len(query.people) + len(query.groups), MOST_IDS)
    if len(query.statement) > MOST_TEXT:
        zh, en = f"不超过 {MOST_TEXT} 个字符的文字", f"a text of at most {MOST_TEXT} characters"
        return refused(value_invalid("statement", len(query.statement), zh, en))
    if not scope_of(query.caller).sees_school(query.school):
        return StatementChecked(people=0)
    deadline.check()
    async with registry.dbs.read(district) as conn:
        ids = {*query.people, *await _staff(conn, district, query), *await _grouped(conn, district, query.groups)}
        files = list((await teachers_by_id(conn, district, ids)).values()) if ids else []
    names = {span.value.name for one in files for span in one.facts}
    if tells(query.statement, names, [one.staff_number for one in files]):
        return _not_blind()
    return StatementChecked(people=len(files))


def _not_blind() -> Refused:
    zh = "推荐材料中出现了学校或人员的名称，评审须匿名", "请改用“本校”“该教师”等称呼"
    en = (
        "the statement names the school or a person; it is reviewed blind",
        "write our school, the teacher, and the like",
    )
    return refused(item("STATEMENT_NOT_BLIND", "statement", None, zh, en))


async def _staff(conn: AsyncConnection, district: str, query: CheckStatement) -> Iterable[str]:
    its = employment.c
    there = sa.select(its.teacher).where(
        live(employment, district), its.school == query.school, sa.or_(its.until.is_(None), its.until >= query.since)
    )
    return (await conn.execute(there.distinct())).scalars().all()


async def _grouped(conn: AsyncConnection, district: str, groups: tuple[str, ...]) -> Iterable[str]:
    if not groups:
        return ()
    found = await RESEARCH_GROUPS.shelf.by_id(conn, district, groups)
    spans = [span.value for one in found.values() for span in one.facts]
    return {one for facts in spans for one in (facts.leader, *facts.members)}
