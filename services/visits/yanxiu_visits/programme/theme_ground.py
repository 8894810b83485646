"""What themes are judged on: the school year, its schools, their research groups, the law of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.registry_facts import read_district, read_schools
from yanxiu_rulekit.visitfacts import VisitedSchool
from yanxiu_wire.refusal import Refused
from yanxiu_wire.research_group import ResearchGroup
from yanxiu_wire.themes import SchoolThemes, ThemesDeclared

from yanxiu_visits.ask_law import named, rulings
from yanxiu_visits.laws import InForce
from yanxiu_visits.minima.map_ground import open_schools
from yanxiu_visits.programme.assess_themes import facts_of, labels_of
from yanxiu_visits.programme.organisation_facts import read_groups
from yanxiu_visits.reporting.collect import visited_school_of
from yanxiu_visits.service import Service
from yanxiu_visits.supervising.ground import read_year
from yanxiu_visits.supervising.refusals import no_such_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A school year as of a day of it: the law, the schools that are open, and their groups."""

    school_year: str
    on: date
    law: InForce
    schools: Mapping[str, VisitedSchool]
    groups: tuple[ResearchGroup, ...]

    def groups_of(self, school: str) -> list[ResearchGroup]:
        """Return the groups of a school's own, by id."""
        return [one for one in self.groups if one.school == school]

    def held(self, school: str, themes: ThemesDeclared | None) -> SchoolThemes:
        """Return a school's themes with what the law answers."""
        labels = labels_of(self.groups_of(school))
        answers = self.law.answers("themes", facts_of(self.schools[school], labels, themes))
        without = named(answers, "groups_without_theme")
        return SchoolThemes(
            school=school,
            school_year=self.school_year,
            themes=themes,
            groups=tuple(labels),
            without_own=tuple(id_ for id_, label in labels.items() if label in without),
            failed=tuple(dict.fromkeys(clause for one in answers for clause in one.failed)),
            warned=tuple(dict.fromkeys(clause for one in answers for clause in one.warnings)),
            rulings=rulings(answers),
        )


async def read_ground(
    service: Service, conn: AsyncConnection, district: str, school_year: str, as_of: date
) -> Ground | Refused:
    """Return the ground; SCHOOL_YEAR_UNKNOWN, or NO_SUCH_RULE where the law asks for no themes.

    A day outside the year counts as its first or its last.
    """
    year = await read_year(conn, district, school_year)
    if isinstance(year, Refused):
        return year
    on = year.day_of(as_of)
    law = service.laws.in_force(await read_district(conn, district), on, field="school_year", field_work=False)
    if isinstance(law, Refused):
        return law
    if law.visits.themes is None:
        return no_such_rule(law.pack.jurisdiction, field="school_year", zh="研修主题", en="research themes")
    schools = open_schools(await read_schools(conn, district), on)
    return Ground(
        school_year=school_year,
        on=on,
        law=law,
        schools={id_: visited_school_of(one) for id_, one in schools.items()},
        groups=tuple(card for _since, card in await read_groups(conn, district, on)),
    )
