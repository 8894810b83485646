"""What the yearly assessment of each researcher rests on: his terms, the law's answers, the district's own columns."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_every_term
from yanxiu_footing.paging import bounded, cursor, id_in
from yanxiu_rulekit.visitfacts import TermOutcome, TermWork, WorkYear
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.field_records import TaskDone
from yanxiu_wire.refusal import Refused
from yanxiu_wire.ruling import Ruling
from yanxiu_wire.work_assessment import (
    AssessmentSheet,
    ListWorkAssessments,
    SheetColumn,
    WorkAssessment,
    WorkAssessmentPage,
)

from yanxiu_visits.ask_law import rulings
from yanxiu_visits.minima.assess_sheet import assess_columns, fill_in
from yanxiu_visits.minima.ground import Ground, read_ground
from yanxiu_visits.minima.judge_term import judge_term, work_until
from yanxiu_visits.minima.sheet_store import sheet_on
from yanxiu_visits.recording.assess_work import FIGURES
from yanxiu_visits.reporting.assess_figures import Stretch, assess_figures
from yanxiu_visits.reporting.collect import school_term
from yanxiu_visits.service import Service
from yanxiu_visits.supervising.ground import read_year

DAY = timedelta(days=1)
BEFORE_THE_LAW = "LAW_NOT_IN_FORCE"


async def list_assessments(
    service: Service, district: str, query: ListWorkAssessments, _deadline: Deadline
) -> WorkAssessmentPage | Refused:
    """Return a page of a school year; SCHOOL_YEAR_UNKNOWN, NOT_ONE_OF for a column of something that there is not.

    Before its first term has begun there is nobody to assess: the page is empty, as `terms` says. The columns of the
    district's sheet were held against the law when it was set: what a later law no longer measures stays empty.
    """
    refused = bounded(query.page)
    after = id_in(query.page.after)
    if refused is not None or isinstance(after, Refused):
        return refused or after  # type: ignore[return-value]  # one of the two is a refusal
    async with service.databases.read(district) as conn:
        grounds = await _grounds(service, conn, district, query.school_year, query.as_of)
        if isinstance(grounds, Refused):
            return grounds
        sheet = await _sheet(service, conn, district, query)
    columns = query.columns if query.columns is not None else sheet.columns if sheet is not None else ()
    measures = measures_of(grounds)
    refused = None if query.columns is None or not grounds else assess_columns(columns, measures, FIGURES)
    if refused is not None:
        return refused
    everybody = sorted({one for ground in grounds for one in ground.serving()})
    behind = [one for one in everybody if one > after]
    items = []
    for researcher in behind[: query.page.first]:
        items.append(_assessed(grounds, researcher, columns))
        await asyncio.sleep(0)  # gives way, waits for nothing
    return WorkAssessmentPage(
        items=tuple(items),
        cursors=tuple(cursor(one.researcher) for one in items),
        has_next=len(behind) > len(items),
        total=len(everybody),
        terms=tuple(one.term.id for one in grounds),
        measures=measures,
        figures=FIGURES,
        columns=columns,
        sheet=None if sheet is None else sheet.version,
    )


async def _sheet(
    service: Service, conn: AsyncConnection, district: str, query: ListWorkAssessments
) -> AssessmentSheet | None:
    """The district's sheet of the year, as of the day asked for; None where the query has columns of its own."""
    year = await read_year(conn, district, query.school_year)
    if query.columns is not None or isinstance(year, Refused):
        return None
    return await sheet_on(conn, district, year.day_of(query.as_of or service.clock.today()))


async def _grounds(
    service: Service, conn: AsyncConnection, district: str, school_year: str, as_of: date | None
) -> list[Ground] | Refused:
    """The terms of the year that have begun, each with all that it is judged on.

    One that began before the district's law did is asked nothing by it: the year rests on the others, and is refused
    only where there is none.
    """
    year = await read_year(conn, district, school_year)
    if isinstance(year, Refused):
        return year
    seen = as_of or service.clock.today()
    found: list[Ground] = []
    lawless: Refused | None = None
    for term in await read_every_term(conn, district):
        if term.school_year == school_year and term.starts_on <= seen:
            ground = await read_ground(service, conn, district, term.id, seen)
            if not isinstance(ground, Refused):
                found.append(ground)
            elif ground.errors[0].code == BEFORE_THE_LAW:
                lawless = ground
            else:
                return ground
    return found or lawless or []


def measures_of(grounds: list[Ground]) -> tuple[str, ...]:
    """Return what the law measures, by asking it about a term in which nothing was done."""
    found: dict[str, None] = {}
    for ground in grounds:
        empty = TermWork(researcher="", term=school_term(ground.term), teaching_days=ground.teaching_days, schools=())
        found |= dict.fromkeys(one.measure for one in ground.law.visits.minima(empty, ground.law.law()))
    return tuple(found)


def _assessed(grounds: list[Ground], researcher: str, columns: tuple[SheetColumn, ...]) -> WorkAssessment:
    serving = [one for one in grounds if one.card(researcher) is not None]
    terms = {one.term.number: judge_term(one, researcher, whole=False) for one in serving}
    figures = {
        one.term.number: assess_figures(
            work_until(one, researcher), Stretch(start=one.term.starts_on, end=one.term.ends_on)
        )
        for one in serving
    }
    return WorkAssessment(
        researcher=researcher,
        values=fill_in(columns, terms, figures),
        terms=tuple(terms.values()),
        rulings=_answers(serving, researcher, {number: one.failed for number, one in terms.items()}),
    )


def _answers(serving: list[Ground], researcher: str, failed: dict[int, tuple[str, ...]]) -> tuple[Ruling, ...]:
    """What the law answers about the year, where it has such a rule; the grade is the institute's, not held here."""
    if not serving or serving[-1].law.visits.assessment is None:
        return ()
    tasks = Counter(
        record.content.task
        for ground in serving
        for record in work_until(ground, researcher).records
        if isinstance(record.content, TaskDone)
    )
    year = WorkYear(
        researcher=researcher,
        terms=tuple(TermOutcome(term=school_term(one.term), failed=failed[one.term.number]) for one in serving),
        tasks=tasks,
    )
    return rulings(serving[-1].law.answers("assessment", year))
