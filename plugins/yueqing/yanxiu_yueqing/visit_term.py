"""What the visits service asks of a researcher's term: his records, counted by this regulation's weeks and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_rulekit import Asked, Finding, Gathering, Law, TermWork, read_facts

from yanxiu_yueqing.calendar import is_over, summary_months, teaching_weeks
from yanxiu_yueqing.term import TermQuestion, hold_term, measured_term
from yanxiu_yueqing.words import ACTIVITIES, SCOPES

NOTHING, WHOLE = Decimal(0), Decimal(1)


def asked_of_term(work: TermWork, law: Law) -> Iterator[Asked]:
    """Ask for the term's minima, one question for the term."""
    yield Asked(kind="researcher_term", given=term_facts(work, law), of=work.researcher)


def term_minima(work: TermWork, law: Law) -> tuple[Finding, ...]:
    """Hold each minimum of the term as it stands on `law.today`."""
    question = read_facts(TermQuestion, term_facts(work, law))
    return hold_term(measured_term(question, law), law)


def term_facts(work: TermWork, law: Law) -> Mapping[str, Any]:
    """Return the facts of the question; days and lessons count at the schools linked, and within the term."""
    linked = {school.id for school in work.schools}
    days = _days(work, linked)
    weeks = teaching_weeks(work.term, work.teaching_days, law)
    begun = [week for week in weeks if law.today is None or week[0] <= law.today]
    by_week = [sum((days[day] for day in days if first <= day <= last), NOTHING) for first, last in begun]
    lessons = [one for one in work.lessons if one.school in linked and _within(work, one.on)]
    gathered = [one for one in work.gatherings if _within(work, one.on)]
    months = summary_months(work.term, work.teaching_days, law)
    return {
        "visit_days_by_teaching_week": by_week,
        "open_weeks": sum(1 for _first, last in begun if law.today is not None and last >= law.today),
        "days_outside_weeks": sum(days.values(), NOTHING) - sum(by_week, NOTHING),
        "lessons_observed": len(lessons),
        "lessons_observed_and_commented": sum(1 for one in lessons if one.commented),
        "activities": [_activity(one) for one in gathered if one.kind in ("preparation", "theme")],
        "other_subject_activities": sum(1 for one in gathered if one.kind == "other" and not one.own_subject),
        "seminar_scopes": _organised(gathered, "seminar"),
        "term_months": [month for month in months if is_over(month, law.today)],
        "monthly_summaries": list(work.summaries),
        "term_reports": _reports(work, law),
        "schools": max(len(linked), 1),
        "exchange_scopes": _organised(gathered, "exchange"),
        "documents": {name: name in work.papers for name in law.documents if _is_due(work, law)},
    }


def _within(work: TermWork, day: date) -> bool:
    return work.term.start <= day <= work.term.end


def _days(work: TermWork, linked: set[str]) -> dict[date, Decimal]:
    """YUEQING-6-3b: days at all linked schools together; a calendar day counts once at most."""
    days: dict[date, Decimal] = {}
    for one in work.days:
        if one.school in linked and _within(work, one.on):
            days[one.on] = min(WHOLE, days.get(one.on, NOTHING) + one.days)
    return days


def _activity(one: Gathering) -> Mapping[str, Any]:
    return {"kind": ACTIVITIES[one.kind], "own_subject": one.own_subject}


def _organised(gathered: list[Gathering], kind: str) -> list[str]:
    """YUEQING-6-3e, 5-3b: seminars and exchange meetings are those that the researcher himself called."""
    return [SCOPES[one.scope] for one in gathered if one.kind == kind and one.organised]


def _reports(work: TermWork, law: Law) -> int:
    """YUEQING-5-2d: the reports of the term; where each school is owed one, as many rounds of them as are complete."""
    if law.report_per == "researcher":
        return len(work.reports)
    return len(work.schools) * min((work.reports.count(school.id) for school in work.schools), default=0)


def _is_due(work: TermWork, law: Law) -> bool:
    """YUEQING-6-4: what is missing counts when the term is over; before that, nobody is late."""
    return law.today is None or law.today > work.term.end
