"""Whether every base school has its work plan of a school year."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_rulekit.visitfacts import PlanYear
from yanxiu_wire.codec import decode
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.field_records import FieldRecord, Paper, Report
from yanxiu_wire.programme import GetSchoolYearPlans, SchoolYearPlan, SchoolYearPlans
from yanxiu_wire.refusal import Refused

from yanxiu_visits.ask_law import rulings
from yanxiu_visits.programme.batches import read_batches
from yanxiu_visits.recording.tables import field_record
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service
from yanxiu_visits.supervising.ground import SchoolYear, law_on, read_year
from yanxiu_visits.supervising.refusals import no_such_rule


async def get_year_plans(
    service: Service, district: str, query: GetSchoolYearPlans, _deadline: Deadline
) -> SchoolYearPlans | Refused:
    """Return the base schools of the year with the plans handed in for each by a day.

    SCHOOL_YEAR_UNKNOWN, or NO_SUCH_RULE where the law asks for none. Who owes one is every school of a batch that has
    a day of the year up to that day; which document it is, the law's list of papers says.
    """
    async with service.databases.read(district) as conn:
        year = await read_year(conn, district, query.school_year)
        if isinstance(year, Refused):
            return year
        as_of = year.day_of(query.as_of or service.clock.today())
        law = await law_on(service, conn, district, as_of, field="school_year")
        if isinstance(law, Refused):
            return law
        if law.visits.plans is None:
            return no_such_rule(law.pack.jurisdiction, field="school_year", zh="学年方案", en="plans of a school year")
        papers = [one for one in law.visits.papers(law.law()) if (one.per, one.of) == ("school_year", "school")]
        names = {one.name for one in papers}
        owing = await _owing(conn, district, year, as_of)
        filed = await _filed(conn, district, year, as_of, names)
    plans = PlanYear(
        school_year=year.id,
        schools=tuple(owing),
        filed=tuple(school for school, records in sorted(filed.items()) for _each in records if school in owing),
    )
    answers = law.answers("plans", plans)
    scope = scope_of(query.caller)
    return SchoolYearPlans(
        school_year=year.id,
        as_of=as_of,
        papers=tuple(sorted(names)),
        items=tuple(
            SchoolYearPlan(school=one, records=tuple(filed.get(one, ()))) for one in owing if scope.covers(None, one)
        ),
        failed=tuple(dict.fromkeys(clause for one in answers for clause in one.failed)),
        rulings=rulings(answers),
    )


async def _owing(conn: AsyncConnection, district: str, year: SchoolYear, as_of: date) -> list[str]:
    """The schools of every batch that has a day of the year up to a day, by id."""
    begun = [one for one in await read_batches(conn, district) if one.starts_on <= as_of]
    return sorted({school for one in begun if one.ends_on >= year.starts_on for school in one.schools})


async def _filed(
    conn: AsyncConnection, district: str, year: SchoolYear, as_of: date, names: set[str]
) -> dict[str, list[str]]:
    """The records of those documents of the year, by school; handed in before its first term they are of it too."""
    its = field_record.c
    since = date(year.starts_on.year, 8, 1)
    found = await conn.execute(
        sa.select(its.body)
        .where(
            its.district == district,
            its.kind.in_(["paper", "report"]),
            its.state == "recorded",
            its.on >= since,
            its.on <= as_of,
        )
        .order_by(its.on, its.id)
    )
    filed: dict[str, list[str]] = {}
    for one in (decode(FieldRecord, body.encode()) for body in found.scalars()):
        if isinstance(one.content, Paper | Report) and one.content.paper in names and one.school is not None:
            filed.setdefault(one.school, []).append(one.id)
    return filed
