"""Answer a page of the schools open on a day, in the order asked for."""

from __future__ import annotations

from typing import get_args

from yanxiu_durable.looking import Look
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.registry import ListSchools, SchoolPage, Stage, taught_in

from yanxiu_registry.context import Registry
from yanxiu_registry.national_id import sought
from yanxiu_registry.own_school import reached
from yanxiu_registry.pages import after_of, cursor_of, page_fault
from yanxiu_registry.register import SchoolFile, school_as_of
from yanxiu_registry.store.looks import school_page_of, schools_of
from yanxiu_registry.store.schools import WantedSchools


async def list_schools(
    registry: Registry, district: str, query: ListSchools, deadline: Deadline
) -> SchoolPage | Refused:
    """The page; the cursor of a row is its school code, in another order its id."""
    if (fault := page_fault(query.page, query.search)) is not None:
        return fault
    deadline.check()
    day = query.as_of or registry.today()

    def found(look: Look) -> tuple[list[str], int, dict[str, SchoolFile]]:
        scope = reached(registry, look, district, query.caller)
        only = None if scope.whole else scope.school or ""
        given = {"day": day, "first": query.page.first, "after": after_of(query.page), "only": only}
        ids, total = school_page_of(look, district, {**given, "search": sought(query.search) or None}, _wanted(query))
        return ids, total, schools_of(look, district, ids[: query.page.first])

    ids, total, files = await registry.dbs.look(district, found)
    shown = [files[one] for one in ids[: query.page.first]]
    cards = [card for file in shown if (card := school_as_of(file, day)) is not None]
    return SchoolPage(
        items=tuple(cards),
        cursors=tuple(cursor_of(card.code if query.order == "code" else card.id) for card in cards),
        has_next=len(ids) > query.page.first,
        total=total,
    )


def _wanted(query: ListSchools) -> WantedSchools:
    stages = {query.stage} if query.stage is not None else None
    if query.teaches is not None:
        teaching = {stage for stage in get_args(Stage) if query.teaches in taught_in(stage)}
        stages = teaching if stages is None else stages & teaching
    return WantedSchools(stages=stages, area=query.area, weak=query.weak, order=query.order)
