"""Schools' themes of a school year, filed or not, and what the law answers of each."""

from __future__ import annotations

from yanxiu_footing.paging import bounded, cursor, id_in
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.refusal import Refused
from yanxiu_wire.themes import ListSchoolThemes, SchoolThemes, SchoolThemesPage

from yanxiu_visits.programme.theme_ground import read_ground
from yanxiu_visits.programme.theme_store import read_themes
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service


async def list_themes(
    service: Service, district: str, query: ListSchoolThemes, _deadline: Deadline
) -> SchoolThemesPage | Refused:
    """Return a page of the schools in the caller's scope, by id."""
    refused = bounded(query.page)
    after = id_in(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    as_of = query.as_of or service.clock.today()
    async with service.databases.read(district) as conn:
        ground = await read_ground(service, conn, district, query.school_year, as_of)
        if isinstance(ground, Refused):
            return ground
        themes = await read_themes(conn, district, query.school_year, as_of)
    scope = scope_of(query.caller)
    rows = (ground.held(one, themes.get(one)) for one in sorted(ground.schools) if scope.covers(None, one))
    matching = [one for one in rows if _wanted(one, query)]
    behind = [one for one in matching if one.school > after]
    items = tuple(behind[: query.page.first])
    return SchoolThemesPage(
        items=items,
        cursors=tuple(cursor(one.school) for one in items),
        has_next=len(behind) > len(items),
        total=len(matching),
        as_of=ground.on,
    )


def _wanted(one: SchoolThemes, query: ListSchoolThemes) -> bool:
    filed = one.themes is not None and one.themes.filed_on is not None
    return (bool(one.failed) or not query.failing) and query.filed in (None, filed)
