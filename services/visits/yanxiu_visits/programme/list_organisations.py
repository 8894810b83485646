"""How each school is organised for research, and the district: groups filed or not, leading groups, by the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_every_term
from yanxiu_footing.paging import bounded, cursor, id_in
from yanxiu_footing.registry_facts import read_district, read_schools
from yanxiu_rulekit.visitfacts import (
    AreaGroups,
    MinorTeacher,
    SchoolGroups,
    SchoolPlace,
    Studios,
    StudioStationed,
    VisitedSchool,
)
from yanxiu_rulekit.visits import Answered
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.leading_group import LeadingGroup
from yanxiu_wire.organisation import ListSchoolOrganisations, SchoolOrganisation, SchoolOrganisationPage
from yanxiu_wire.refusal import Refused
from yanxiu_wire.research_group import ResearchGroup
from yanxiu_wire.studio import Studio

from yanxiu_visits.ask_law import rulings
from yanxiu_visits.laws import InForce
from yanxiu_visits.minima.map_ground import open_schools
from yanxiu_visits.planning.solver.problem import count_of
from yanxiu_visits.programme.organisation_facts import (
    group_filed,
    leadership,
    read_groups,
    read_leading_groups,
    read_minor_teachers,
    read_studios,
)
from yanxiu_visits.programme.subject_store import in_force, read_versions
from yanxiu_visits.reporting.collect import visited_school_of
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    law: InForce
    on: date
    term_start: date
    schools: tuple[VisitedSchool, ...]
    groups: list[tuple[date, ResearchGroup]]
    leading: list[LeadingGroup]
    minor: Mapping[str, list[MinorTeacher]]
    areas: tuple[SchoolPlace, ...]
    studios: list[Studio]

    @property
    def of_areas(self) -> list[tuple[date, ResearchGroup]]:
        """The groups of areas."""
        return [(since, card) for since, card in self.groups if card.area is not None]


async def list_organisations(
    service: Service, district: str, query: ListSchoolOrganisations, _deadline: Deadline
) -> SchoolOrganisationPage | Refused:
    """Return a page of the schools in the caller's scope, by id; what the law has no rule of is not asked."""
    refused = bounded(query.page)
    after = id_in(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    async with service.databases.read(district) as conn:
        ground = await _read(service, conn, district, query.as_of or service.clock.today())
    if isinstance(ground, Refused):
        return ground
    scope = scope_of(query.caller)
    rows = [_organised(ground, one) for one in ground.schools if scope.covers(None, one.id)]
    matching = [one for one in rows if one.failed or not query.failing]
    behind = [one for one in matching if one.school > after]
    items = tuple(behind[: query.page.first])
    rules, own = ground.law.visits, [one for one in ground.leading if one.school is None]
    answers = (*(_leading(ground, own, None) if own else ()), *_areas(ground), *_studios(ground))
    return SchoolOrganisationPage(
        items=items,
        cursors=tuple(cursor(one.school) for one in items),
        has_next=len(behind) > len(items),
        total=len(matching),
        as_of=ground.on,
        filing_days=None if rules.filing_days is None else count_of(rules.filing_days(ground.law.law())),
        district=rulings(answers),
        area_groups=tuple(card.id for _since, card in ground.of_areas),
        area_unfiled=_unfiled(ground, ground.of_areas),
    )


async def _read(service: Service, conn: AsyncConnection, district: str, on: date) -> _Ground | Refused:
    law = service.laws.in_force(await read_district(conn, district), on, field="as_of", field_work=False)
    if isinstance(law, Refused):
        return law
    groups = await read_groups(conn, district, on)
    of_areas = [card for _since, card in groups if card.area is not None]
    subjects = in_force(await read_versions(conn, district), on)
    minor = {one.subject for one in subjects.subjects if one.minor} if subjects is not None else set()
    open_ = open_schools(await read_schools(conn, district), on)
    begun = [one.starts_on for one in await read_every_term(conn, district) if one.starts_on <= on]
    return _Ground(
        law=law,
        on=on,
        term_start=begun[-1] if begun else on,
        schools=tuple(visited_school_of(one) for one in open_.values()),
        groups=groups,
        leading=await read_leading_groups(conn, district, on),
        studios=await read_studios(conn, district, on),
        minor=await read_minor_teachers(conn, district, on, minor, of_areas),
        areas=tuple(SchoolPlace(school=one.id, areas=(one.area,) if one.area else ()) for one in open_.values()),
    )


def _organised(ground: _Ground, school: VisitedSchool) -> SchoolOrganisation:
    own = [(since, card) for since, card in ground.groups if card.school == school.id]
    leading = [one for one in ground.leading if one.school == school.id]
    answers = (*_groups(ground, school, own), *_leading(ground, leading, school))
    return SchoolOrganisation(
        school=school.id,
        groups=tuple(card.id for _since, card in own),
        unfiled=_unfiled(ground, own),
        led=bool(leading),
        failed=tuple(dict.fromkeys(clause for one in answers for clause in one.failed)),
        warned=tuple(dict.fromkeys(clause for one in answers for clause in one.warnings)),
        rulings=rulings(answers),
        outside=tuple(one.id for one in ground.minor.get(school.id, ()) if not one.in_area_group),
    )


def _unfiled(ground: _Ground, groups: list[tuple[date, ResearchGroup]]) -> tuple[str, ...]:
    """Those not filed as they stand; none where the law asks for no filing."""
    if ground.law.visits.filing_days is None:
        return ()
    return tuple(card.id for _since, card in groups if card.filed_on is None or card.filed_on > ground.on)


def _areas(ground: _Ground) -> tuple[Answered, ...]:
    """What the law answers of the areas; nothing is asked where the district has neither an area nor a group of one."""
    placed = any(one.areas for one in ground.areas)
    if ground.law.visits.area_groups is None or not (placed or ground.of_areas):
        return ()
    facts = AreaGroups(
        as_of=ground.on,
        term_start=ground.term_start,
        groups=tuple(group_filed(since, card) for since, card in ground.of_areas),
        schools=ground.areas,
    )
    return ground.law.answers("area_groups", facts)


def _studios(ground: _Ground) -> tuple[Answered, ...]:
    """What the law answers of the district's studios, where it has any."""
    if ground.law.visits.studios is None or not ground.studios:
        return ()
    facts = Studios(
        studios=tuple(StudioStationed(name=one.name, schools=one.schools, level=one.level) for one in ground.studios),
        weak_schools=tuple(one.id for one in ground.schools if one.weak),
    )
    return ground.law.answers("studios", facts)


def _groups(ground: _Ground, school: VisitedSchool, own: list[tuple[date, ResearchGroup]]) -> tuple[Answered, ...]:
    if ground.law.visits.groups is None:
        return ()
    filed = tuple(group_filed(since, card) for since, card in own)
    facts = SchoolGroups(
        school=school,
        as_of=ground.on,
        term_start=ground.term_start,
        groups=filed,
        minor_teachers=tuple(ground.minor.get(school.id, ())),
    )
    return ground.law.answers("groups", facts)


def _leading(ground: _Ground, cards: list[LeadingGroup], school: VisitedSchool | None) -> tuple[Answered, ...]:
    """A school without a leading group is asked about as one that nobody heads."""
    if ground.law.visits.leading_group is None:
        return ()
    return ground.law.answers("leading_group", leadership(cards, school))
