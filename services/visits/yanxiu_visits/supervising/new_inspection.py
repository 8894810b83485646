"""New inspections of a school year by a team: what each must fulfil, and its form by the law of its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import uuid_utils
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit.visits import Named
from yanxiu_wire.refusal import Refused
from yanxiu_wire.supervision import Inspection, InspectionKind, SupervisionTeam

from yanxiu_visits import refusals as general
from yanxiu_visits.service import Service
from yanxiu_visits.supervising import refusals
from yanxiu_visits.supervising.ground import SchoolYear, open_schools, read_law_year, supervised_on
from yanxiu_visits.supervising.inspection_store import read_team
from yanxiu_visits.supervising.own_school import at_home


@dataclass(frozen=True, slots=True, kw_only=True)
class Entering:
    """A year and a team for which inspections are entered in one transaction; what a day needs is read once."""

    service: Service
    conn: AsyncConnection
    district: str
    year: SchoolYear
    team: SupervisionTeam
    _open: dict[date, frozenset[str]] = field(default_factory=dict)
    _forms: dict[date, tuple[Named, ...]] = field(default_factory=dict)

    async def wrong(self, school: str, due_on: date, supervisors: Sequence[str]) -> Refused | None:
        """Return why there can be none: a day outside the year, a school not open then, nobody of the team, its own."""
        if not self.year.holds(due_on):
            return refusals.day_outside("due_on", due_on, self.year.id, self.year.clauses)
        if due_on not in self._open:
            self._open[due_on] = frozenset(await open_schools(self.conn, self.district, due_on))
        if school not in self._open[due_on]:
            return general.school_unknown(school)
        if self.team.since > due_on:
            return refusals.unknown("team", "督导团队", "team", self.team.id)
        if not supervisors:
            return refusals.not_in_team("", self.year.team_clauses)
        members = {one.person for one in self.team.members}
        outsider = next((one for one in supervisors if one not in members), None)
        if outsider is not None:
            return refusals.not_in_team(outsider, self.year.team_clauses)
        own = await at_home(self.conn, self.district, supervisors, school, due_on)
        return None if own is None else refusals.own_school(own)

    async def made(
        self,
        school: str,
        due_on: date,
        supervisors: Sequence[str],
        *,
        kind: InspectionKind = "regular",
        draw: str | None = None,
    ) -> Inspection | Refused:
        """Return an inspection with the form that the law names on its day; NO_SUCH_RULE where it orders none."""
        if due_on not in self._forms:
            law = await supervised_on(self.service, self.conn, self.district, due_on, field="due_on")
            if isinstance(law, Refused):
                return law
            self._forms[due_on] = law.visits.supervision_form(law.law())
        form = self._forms[due_on]
        return Inspection(
            id=str(uuid_utils.uuid7()),
            school=school,
            school_year=self.year.id,
            kind=kind,
            state="scheduled",
            due_on=due_on,
            team=self.team.id,
            supervisors=tuple(dict.fromkeys(supervisors)),
            form=tuple(one.name for one in form),
            form_clauses=tuple(dict.fromkeys(clause for one in form for clause in one.clauses)),
            draw=draw,
        )


async def begin_entering(
    service: Service, conn: AsyncConnection, district: str, school_year: str, team: str
) -> Entering | Refused:
    """Return what new inspections stand on, or SCHOOL_YEAR_UNKNOWN or TEAM_UNKNOWN."""
    year = await read_law_year(service, conn, district, school_year)
    if isinstance(year, Refused):
        return year
    known = await read_team(conn, district, team)
    if known is None:
        return refusals.unknown("team", "督导团队", "team", team)
    return Entering(service=service, conn=conn, district=district, year=year, team=known)
