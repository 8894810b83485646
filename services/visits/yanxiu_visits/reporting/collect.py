"""Gather what a researcher recorded in a term: as records with their ids, and as the facts that a law judges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection
from yanxiu_footing.calendar import read_working_days
from yanxiu_footing.registry_facts import read_schools, school_on
from yanxiu_rulekit import visitfacts
from yanxiu_rulekit.visitfacts import SchoolTerm, VisitedSchool
from yanxiu_rulekit.visits import BatchPlacing, Paper, TermPlacing
from yanxiu_wire.field_records import FieldRecord, Report, Summary
from yanxiu_wire.field_records import Paper as PaperRecord
from yanxiu_wire.registry import School, SchoolChanged
from yanxiu_wire.term import Term

from yanxiu_visits.findings.finding_store import findings_of
from yanxiu_visits.laws import InForce
from yanxiu_visits.recording.record_store import papers_of, records_of_term
from yanxiu_visits.reporting.assess_figures import Work, counting, gatherings_held, lessons_seen, visit_days
from yanxiu_visits.store.facts import read_researcher
from yanxiu_visits.visiting.visit_store import visits_of_term

MONTHS_A_TERM = 6


async def collect(conn: AsyncConnection, district: str, researcher: str, term: str) -> Work:
    """Return the researcher's visits of a term, its records that count, and all he ever found and did not withdraw."""
    visits = await visits_of_term(conn, district, researcher, term)
    return Work(
        visits=tuple(visits),
        records=counting(visits, await records_of_term(conn, district, researcher, term)),
        findings=tuple(await findings_of(conn, district, researcher)),
    )


async def facts_of_term(
    conn: AsyncConnection,
    district: str,
    researcher: str,
    term: Term,
    work: Work,
    law: InForce,
    placed: Sequence[str] = (),
) -> visitfacts.TermWork:
    """Return a term as the law's facts; `placed` are the schools he is placed at, else those that he visited."""
    person = await read_researcher(conn, district, researcher, term.ends_on)
    person = person or await read_researcher(conn, district, researcher, term.starts_on)
    papers = await papers_handed_in(conn, district, researcher, term, law)
    return as_facts(
        researcher,
        term,
        work,
        placed=placed,
        known=await read_schools(conn, district),
        teaching_days=await read_working_days(conn, district, term.starts_on, term.ends_on),
        subjects=person.subjects if person else (),
        papers=frozenset(paper.name for paper, there in papers if there),
    )


def as_facts(
    researcher: str,
    term: Term,
    work: Work,
    *,
    placed: Sequence[str],
    known: Mapping[str, SchoolChanged],
    teaching_days: tuple[date, ...],
    subjects: Sequence[str],
    papers: frozenset[str],
) -> visitfacts.TermWork:
    """Return a term as the law's facts, from what was read; see `facts_of_term`."""
    named = tuple(placed) or tuple(dict.fromkeys(one.school for one in work.visits if one.school is not None))
    return visitfacts.TermWork(
        researcher=researcher,
        term=school_term(term),
        teaching_days=teaching_days,
        schools=tuple(one for one in (visited_school(known, name, term.ends_on) for name in named) if one),
        days=visit_days(work.visits),
        lessons=lessons_seen(work.records),
        gatherings=gatherings_held(work.records, subjects),
        summaries=tuple(sorted({one.content.month for one in work.records if isinstance(one.content, Summary)})),
        reports=tuple(one.school for one in work.records if isinstance(one.content, Report)),
        papers=papers,
    )


def school_term(term: Term) -> SchoolTerm:
    """Return a term as the law's facts have it."""
    year = int(term.school_year.partition("-")[0])
    return SchoolTerm(year=year, number=term.number, start=term.starts_on, end=term.ends_on)


def visited_school(known: Mapping[str, SchoolChanged], school: str, on: date) -> VisitedSchool | None:
    """Return a school as the law's facts have it on a day, or None where the registry knows none."""
    found = school_on(known[school], on) if school in known else None
    return None if found is None else visited_school_of(found)


def visited_school_of(card: School) -> VisitedSchool:
    """Return a school's entry of a day as the law's facts have it."""
    return VisitedSchool(id=card.id, stage=card.stage, location=card.location, weak=card.weak)


async def papers_handed_in(
    conn: AsyncConnection, district: str, researcher: str, term: Term, law: InForce
) -> list[tuple[Paper, list[FieldRecord]]]:
    """Return the documents that the law asks of a term, and those handed in for each, where it is once in that time.

    A cycle's paper may be as old as the cycle is long, a school year's is of the school year; a paper for every visit
    or month is none of a term's.
    """
    found = await papers_of(conn, district, researcher, papers_since(term, law), term.ends_on)
    return handed_in(found, term, law)


def papers_since(term: Term, law: InForce) -> date:
    """Return the first day on which a document may have been handed in that counts in a term."""
    return min(_since(term, law).values())


def handed_in(found: Sequence[FieldRecord], term: Term, law: InForce) -> list[tuple[Paper, list[FieldRecord]]]:
    """Return the documents that the law asks of a term, and those of a researcher's that are each."""
    since = _since(term, law)
    wanted = [one for one in law.visits.papers(law.law()) if one.per in since]
    return [(paper, [one for one in found if _is(one, paper.name, since[paper.per])]) for paper in wanted]


def _since(term: Term, law: InForce) -> dict[str, date]:
    start = int(term.school_year.partition("-")[0])
    return {"term": term.starts_on, "school_year": date(start, 8, 1), "cycle": _cycle_start(term, law)}


def _is(one: FieldRecord, name: str, since: date) -> bool:
    """Say whether a record is that document, or a report that counts as it, handed in since a day."""
    named = isinstance(one.content, PaperRecord | Report) and one.content.paper == name
    return named and one.on is not None and one.on >= since


def _cycle_start(term: Term, law: InForce) -> date:
    match law.visits.placing(law.law()):
        case BatchPlacing(years=years):
            back = int(years.value) if not isinstance(years.value, tuple) else 0
        case TermPlacing(window_terms=terms):
            back = -(-int(terms.value) // 2) if not isinstance(terms.value, tuple) else 0
    return date(term.starts_on.year - back, term.starts_on.month, 1)
