"""What supervision stands on: the days of a school year, the schools open on a day, and the law of a day."""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_every_term
from yanxiu_footing.registry_facts import read_district, read_schools
from yanxiu_wire.refusal import Refused

from yanxiu_visits.laws import InForce
from yanxiu_visits.minima.map_ground import open_schools as schools_open
from yanxiu_visits.service import Service
from yanxiu_visits.supervising import refusals


class SchoolYear(msgspec.Struct, frozen=True, kw_only=True):
    """A school year by the law that counts it, with its clauses; by the terms of the calendar where no law does."""

    id: str
    starts_on: date
    ends_on: date
    clauses: tuple[str, ...] = ()
    team_clauses: tuple[str, ...] = ()

    def holds(self, day: date) -> bool:
        """Say whether a day lies in it."""
        return self.starts_on <= day <= self.ends_on

    def day_of(self, today: date) -> date:
        """Return the day by which it is seen: today, but no day outside it."""
        return min(max(today, self.starts_on), self.ends_on)


async def read_year(conn: AsyncConnection, district: str, school_year: str) -> SchoolYear | Refused:
    """Return a school year by its terms, first day to last, or SCHOOL_YEAR_UNKNOWN where the calendar has none."""
    terms = [one for one in await read_every_term(conn, district) if one.school_year == school_year]
    if not terms:
        return refusals.year_unknown(school_year)
    return SchoolYear(
        id=school_year, starts_on=min(one.starts_on for one in terms), ends_on=max(one.ends_on for one in terms)
    )


async def read_law_year(
    service: Service, conn: AsyncConnection, district: str, school_year: str
) -> SchoolYear | Refused:
    """Return a school year as the law of supervision counts it, so that service and law agree on every day.

    A term may begin before the law's first day (28 August), and inspections go on after the last term has ended.
    SCHOOL_YEAR_UNKNOWN where the calendar has no term of it.
    """
    terms = await read_year(conn, district, school_year)
    if isinstance(terms, Refused):
        return terms
    law = await law_on(service, conn, district, terms.day_of(service.clock.today()), field="school_year")
    return terms if isinstance(law, Refused) else counted_by(law, terms)


def counted_by(law: InForce, terms: SchoolYear) -> SchoolYear:
    """Return the school year of these terms as a law counts it."""
    # A day in the midst of the terms lies in the year that they are of, whichever way its borders are counted.
    counted = law.school_year_of(terms.starts_on + (terms.ends_on - terms.starts_on) // 2)
    first, last = (terms.starts_on, terms.ends_on) if counted is None else (counted.start, counted.end)
    return SchoolYear(
        id=terms.id,
        starts_on=first,
        ends_on=last,
        clauses=law.clauses("supervision"),
        team_clauses=law.clauses("team"),
    )


async def open_schools(conn: AsyncConnection, district: str, on: date) -> dict[str, str]:
    """Return all schools open on a day by their ids, in order, with their stages: the roster that is owed a visit.

    An institution of the register (教研院) is no school, as for coverage.
    """
    return {id_: card.stage for id_, card in schools_open(await read_schools(conn, district), on).items()}


async def supervised_on(
    service: Service, conn: AsyncConnection, district: str, on: date, *, field: str
) -> InForce | Refused:
    """Return the law of a day where it orders supervision; NO_SUCH_RULE where it does not."""
    law = await law_on(service, conn, district, on, field=field)
    if isinstance(law, Refused):
        return law
    if law.visits.supervision is None and law.visits.team is None:
        return refusals.no_such_rule(law.pack.jurisdiction, field=field, zh="督导", en="supervision")
    return law


async def law_on(service: Service, conn: AsyncConnection, district: str, on: date, *, field: str) -> InForce | Refused:
    """Return the law that orders the supervision of a day; whether it places researchers does not matter."""
    return service.laws.in_force(await read_district(conn, district), on, field=field, field_work=False)
