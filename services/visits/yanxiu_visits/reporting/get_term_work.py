"""A researcher's own page of work: his term as it stands, and what it still lacks."""

from __future__ import annotations

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_term, read_working_days
from yanxiu_footing.registry_facts import read_district
from yanxiu_wire.deadline import Deadline
from yanxiu_wire.field_records import Report, Summary
from yanxiu_wire.refusal import Refused
from yanxiu_wire.term import Term
from yanxiu_wire.term_work import GetTermWork, PaperMissing, TermWork
from yanxiu_wire.visiting import Visit

from yanxiu_visits import refusals
from yanxiu_visits.laws import InForce
from yanxiu_visits.reporting.assess_figures import Stretch, Work, assess_figures
from yanxiu_visits.reporting.collect import collect, papers_handed_in, school_term
from yanxiu_visits.scope import scope_of
from yanxiu_visits.service import Service
from yanxiu_visits.visiting.assess_visit import last_day


async def get_term_work(service: Service, district: str, query: GetTermWork, _deadline: Deadline) -> TermWork | Refused:
    """Return a researcher's term as of today; his own, or anybody's for those who see the whole district."""
    scope = scope_of(query.caller)
    if not scope.covers(query.researcher, None):
        return refusals.researcher_unknown(query.researcher)
    today = service.clock.today()
    async with service.databases.read(district) as conn:
        term = await read_term(conn, district, query.term)
        if term is None:
            return refusals.term_unknown(query.term)
        law = service.laws.in_force(await read_district(conn, district), term.starts_on, field="term")
        if isinstance(law, Refused):
            return law
        work = await collect(conn, district, query.researcher, term.id)
        return TermWork(
            researcher=query.researcher,
            term=term.id,
            starts_on=term.starts_on,
            ends_on=term.ends_on,
            figures=assess_figures(work, Stretch(start=term.starts_on, end=term.ends_on)),
            ahead=tuple(one.id for one in work.visits if _stands(one, today) == "ahead"),
            unfinished=tuple(one.id for one in work.visits if _stands(one, today) == "unfinished"),
            unprepared=tuple(one.id for one in work.visits if one.state == "planned" and one.missing),
            incomplete=tuple(one.id for one in work.visits if one.state == "incomplete"),
            months=await _months(conn, district, term, work, law, today),
            papers=await _papers(conn, district, query.researcher, term, law),
            report=any(isinstance(one.content, Report) for one in work.records),
            findings=tuple(one.id for one in work.findings if one.state in ("open", "remedied")),
        )


def _stands(one: Visit, today: date) -> str:
    """Return where a visit stands on his page: to come, begun or past and not finished, or neither."""
    if one.state == "planned":
        return "ahead" if (last_day(one) or today) >= today else "unfinished"
    return "unfinished" if one.state == "under-way" else ""


async def _months(
    conn: AsyncConnection, district: str, term: Term, work: Work, law: InForce, today: date
) -> tuple[str, ...]:
    """Return the months that are over, want a summary by the law, and have none."""
    if law.visits.months is None:
        return ()
    teaching = await read_working_days(conn, district, term.starts_on, term.ends_on)
    wanted = law.visits.months(school_term(term), teaching, law.law(today=today))
    there = {one.content.month for one in work.records if isinstance(one.content, Summary)}
    return tuple(month for month in wanted if month < f"{today:%Y-%m}" and month not in there)


async def _papers(
    conn: AsyncConnection, district: str, researcher: str, term: Term, law: InForce
) -> tuple[PaperMissing, ...]:
    papers = await papers_handed_in(conn, district, researcher, term, law)
    return tuple(
        PaperMissing(paper=paper.name, label_en=paper.label_en, per=paper.per, clauses=paper.clauses)
        for paper, handed_in in papers
        # What is about a school, or its own, stands on no researcher's page.
        if paper.of == "researcher" and not handed_in
    )
