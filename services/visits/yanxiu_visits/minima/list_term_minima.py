"""Who falls short: the terms of the district's researchers against the law's minima, in pages."""

from __future__ import annotations

import asyncio

from yanxiu_footing.paging import bounded, cursor, id_in
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.minima import ListTermMinima, TermMinima, TermMinimaPage
from yanxiu_wire.refusal import Refused

from yanxiu_visits.minima.ground import Ground, read_ground
from yanxiu_visits.minima.judge_term import judge_term
from yanxiu_visits.service import Service


async def list_term_minima(
    service: Service, district: str, query: ListTermMinima, _deadline: Deadline
) -> TermMinimaPage | Refused:
    """Return a page of the terms that match, by researcher; every term is judged anew from what is on file."""
    refused = bounded(query.page)
    after = id_in(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    async with service.databases.read(district) as conn:
        ground = await read_ground(service, conn, district, query.term, query.as_of)
    if isinstance(ground, Refused):
        return ground
    judged = await judge_all(ground)
    matching = [one for one in judged if _matches(one, query)]
    rows = [one for one in matching if one.researcher > after]
    items = tuple(rows[: query.page.first])
    return TermMinimaPage(
        items=items,
        cursors=tuple(cursor(one.researcher) for one in items),
        has_next=len(rows) > len(items),
        total=len(matching),
        researchers=len(judged),
        as_of=ground.as_of,
    )


async def judge_all(ground: Ground) -> list[TermMinima]:
    """Return everybody's term, by id; other requests are answered between one and the next."""
    judged = []
    for researcher in ground.serving():
        judged.append(judge_term(ground, researcher, whole=False))
        await asyncio.sleep(0)  # gives way, waits for nothing
    return judged


def _matches(one: TermMinima, query: ListTermMinima) -> bool:
    short = {minimum.clause for minimum in one.minima if minimum.state != "met"} | {
        clause for paper in one.papers for clause in paper.clauses
    }
    return (
        (query.state is None or one.state == query.state)
        and (not query.short or bool(short))
        and (query.clause is None or query.clause in short)
        and (query.school is None or query.school in one.schools)
    )
