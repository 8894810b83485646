"""What supervision stands on: the days of a school year, the schools open on a day, and the law of a day."""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_every_term
from yanxiu_footing.registry_facts import read_district, read_schools, school_on
from yanxiu_wire.refusal import Refused

from yanxiu_visits.laws import InForce
from yanxiu_visits.service import Service
from yanxiu_visits.supervising import refusals


class SchoolYear(msgspec.Struct, frozen=True, kw_only=True):
    """A school year by the calendar: from the first day of its first term to the last of its last."""

    id: str
    starts_on: date
    ends_on: date

    def holds(self, day: date) -> bool:
        """Say whether a day lies in it."""
        return self.starts_on <= day <= self.ends_on

    def day_of(self, today: date) -> date:
        """Return the day by which it is seen: today, but no day outside it."""
        return min(max(today, self.starts_on), self.ends_on)


async def read_year(conn: AsyncConnection, district: str, school_year: str) -> SchoolYear | Refused:
    """Return a school year whose terms the calendar has, or SCHOOL_YEAR_UNKNOWN."""
    terms = [one for one in await read_every_term(conn, district) if one.school_year == school_year]
    if not terms:
        return refusals.year_unknown(school_year)
    return SchoolYear(
        id=school_year, starts_on=min(one.starts_on for one in terms), ends_on=max(one.ends_on for one in terms)
    )


async def open_schools(conn: AsyncConnection, district: str, on: date) -> dict[str, str]:
    """Return all schools open on a day by their ids, in order, with their stages: the roster that is owed a visit."""
    found: dict[str, str] = {}
    for id, changed in (await read_schools(conn, district)).items():  # noqa: A001 - the id is one everywhere
        card = school_on(changed, on)
        if card is not None and card.opened_on <= on and (card.closed_on is None or on <= card.closed_on):
            found[id] = card.stage
    return dict(sorted(found.items()))


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
