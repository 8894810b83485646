"""Judge one researcher's term as of a day: gather his facts, ask the law, and say what is short and still possible."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from yanxiu_rulekit.outcome import Finding
from yanxiu_rulekit.visitfacts import TermWork as Facts
from yanxiu_wire.field_records import FieldRecord, Report, Summary
from yanxiu_wire.minima import Minimum, TermMinima
from yanxiu_wire.term_work import PaperMissing
from yanxiu_wire.visiting import Visit

from yanxiu_visits.ask_law import rulings
from yanxiu_visits.minima.assess_minima import Left, assess_left, assess_minima, assess_sources, with_the_rest, worst
from yanxiu_visits.minima.ground import Ground
from yanxiu_visits.planning.make_problem import is_away
from yanxiu_visits.reporting.assess_figures import Work, counting, gatherings_held, lessons_seen, visit_days
from yanxiu_visits.reporting.collect import as_facts, handed_in, school_term

DAY = timedelta(days=1)


def judge_term(ground: Ground, researcher: str, *, whole: bool) -> TermMinima:
    """Return the term of somebody who is a researcher in it; `whole`: with the ids of records and the full answers."""
    work = work_until(ground, researcher)
    placed = tuple(dict.fromkeys(one.school for one in ground.work.placed.get(researcher, ())))
    papers = _papers(ground, researcher)
    facts = _facts(ground, researcher, work, placed, papers)
    left = _left(ground)
    minima = _minima(ground, facts, left)
    if whole:
        minima = _with_sources(ground, facts, work, minima)
    # What is asked of a term that is not over is what could be asked of it by that day.
    answers = ground.law.answers("term", facts, today=_today(ground))
    card = ground.card(researcher)
    term = ground.term
    return TermMinima(
        researcher=researcher,
        term=term.id,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
        as_of=ground.as_of,
        state=worst(minima),
        placed=bool(placed),
        away=card is None or is_away(card, term.starts_on, term.ends_on),
        schools=tuple(one.id for one in facts.schools),
        days_left=len(left.days),
        weeks_left=left.weeks,
        minima=minima,
        papers=papers[1],
        failed=tuple(dict.fromkeys(clause for one in answers for clause in one.failed)),
        warned=tuple(dict.fromkeys(clause for one in answers for clause in one.warnings)),
        rulings=rulings(answers) if whole else (),
    )


def _today(ground: Ground) -> date:
    return ground.term.ends_on + DAY if ground.over else ground.as_of


def work_until(ground: Ground, researcher: str) -> Work:
    """Return what he did by the ground's day; what is of no known day counts nowhere."""
    visits = ground.work.visits.get(researcher, ())
    records = counting(visits, ground.work.records.get(researcher, ()))
    return Work(
        visits=tuple(
            msgspec.structs.replace(one, days=tuple(day for day in one.days if day.on <= ground.as_of))
            for one in visits
            if one.state != "cancelled" and any(day.on <= ground.as_of for day in one.days)
        ),
        records=tuple(one for one in records if one.on is not None and one.on <= ground.as_of),
    )


def _papers(ground: Ground, researcher: str) -> tuple[frozenset[str], tuple[PaperMissing, ...]]:
    """The documents that are there, by name, and those of his that are not."""
    found = [one for one in ground.work.papers.get(researcher, ()) if one.on is not None and one.on <= ground.as_of]
    papers = handed_in(found, ground.term, ground.law)
    missing = tuple(
        PaperMissing(paper=paper.name, label_en=paper.label_en, per=paper.per, clauses=paper.clauses)
        for paper, there in papers
        if paper.of == "researcher" and not there
    )
    return frozenset(paper.name for paper, there in papers if there), missing


def _facts(ground: Ground, researcher: str, work: Work, placed: tuple[str, ...], papers: Any) -> Facts:
    return as_facts(
        researcher,
        ground.term,
        work,
        placed=placed,
        known=ground.schools,
        teaching_days=ground.teaching_days,
        subjects=_subjects(ground, researcher),
        papers=papers[0],
    )


def _subjects(ground: Ground, researcher: str) -> tuple[str, ...]:
    card = ground.card(researcher)
    return card.subjects if card is not None else ()


def _left(ground: Ground) -> Left:
    weeks = ground.law.visits.weeks
    named = None if weeks is None else weeks(school_term(ground.term), ground.teaching_days, ground.law.law())
    return assess_left(() if ground.over else ground.teaching_days, named, ground.as_of)


def _minima(ground: Ground, facts: Facts, left: Left) -> tuple[Minimum, ...]:
    """The minima now, beside what the law would say at the end of a term whose days left are all used."""
    rules, law = ground.law.visits, ground.law
    now = rules.minima(facts, law.law(today=_today(ground)))
    months = () if rules.months is None else rules.months(facts.term, facts.teaching_days, law.law())
    most = max((one.threshold for one in now), default=Decimal(1))
    ended = with_the_rest(facts, left, months, [one.name for one in rules.phases(law.law())], most)
    return assess_minima(now, rules.minima(ended, law.law(today=ground.term.ends_on + DAY)), left)


def _with_sources(ground: Ground, facts: Facts, work: Work, minima: tuple[Minimum, ...]) -> tuple[Minimum, ...]:
    kept, judged = ground.law.law(today=_today(ground)), ground.law.visits.minima
    subjects = _subjects(ground, facts.researcher)

    def judge(of: Facts) -> tuple[Finding, ...]:
        return judged(of, kept)

    visits = assess_sources(facts, {one.id: _of_visit(one) for one in work.visits}, judge)
    records = assess_sources(facts, {one.id: _of_record(one, subjects) for one in work.records}, judge)
    return tuple(
        msgspec.structs.replace(one, visits=visits.get(one.measure, ()), records=records.get(one.measure, ()))
        for one in minima
    )


def _of_visit(one: Visit) -> Mapping[str, tuple[Any, ...]]:
    return {"days": visit_days([one])}


def _of_record(one: FieldRecord, subjects: tuple[str, ...]) -> Mapping[str, tuple[Any, ...]]:
    """What a record brought to the facts of the term, by their names."""
    match one.content:
        case Summary(month=month):
            return {"summaries": (month,)}
        case Report():
            return {"reports": (one.school,)}
        case _:
            return {"lessons": lessons_seen([one]), "gatherings": gatherings_held([one], subjects)}
