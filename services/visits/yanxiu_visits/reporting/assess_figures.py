"""Figures of a term or a month, each with the id of every record that it counts. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import msgspec
from yanxiu_footing.clock import CHINA
from yanxiu_rulekit.visitfacts import Gathering as GatheringFact
from yanxiu_rulekit.visitfacts import LessonSeen, VisitDay
from yanxiu_wire.field_records import (
    FieldRecord,
    Figure,
    Gathering,
    Observation,
    Paper,
    Report,
    Summary,
    TaskDone,
)
from yanxiu_wire.findings import VisitFinding
from yanxiu_wire.term_work import FigureNow
from yanxiu_wire.visiting import Visit

from yanxiu_visits.recording.assess_work import FIGURES

HALVES_A_DAY = 2
_GATHERINGS = {
    "preparation": "preparations",
    "theme": "themes",
    "seminar": "seminars",
    "exchange": "exchanges",
    "other": "other_gatherings",
}
_KINDS = {"observation": "lessons", "task": "tasks", "paper": "papers"}


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What one researcher recorded in a term: his visits, the records that count, and what he found."""

    visits: tuple[Visit, ...] = ()
    records: tuple[FieldRecord, ...] = ()
    findings: tuple[VisitFinding, ...] = ()


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """The days that figures are of, both included, and the school (None: every school)."""

    start: date
    end: date
    school: str | None = None

    def holds(self, on: date | None, school: str | None) -> bool:
        """Say whether something of that day at that school is among them."""
        return on is not None and self.start <= on <= self.end and self.school in (None, school)


def counting(visits: Iterable[Visit], records: Iterable[FieldRecord]) -> tuple[FieldRecord, ...]:
    """Return the records that count: no lesson, activity or task of a visit that was cancelled.

    A document, summary or report was handed in, whatever visit it names.
    """
    cancelled = {one.id for one in visits if one.state == "cancelled"}
    made_there = Observation | Gathering | TaskDone
    return tuple(one for one in records if not (one.visit in cancelled and isinstance(one.content, made_there)))


def assess_figures(work: Work, within: Stretch) -> tuple[Figure, ...]:
    """Return every figure of a stretch of days; each counts its records, but half days sum up those of the visits.

    One calendar day counts two half days at most, however many visits it saw.
    """
    ids: dict[str, list[str]] = defaultdict(list)
    halves, there = _days(work.visits, within)
    ids["half_days"], ids["visits"] = there, there
    for one in work.records:
        if within.holds(one.on, one.school):
            for name in _names(one):
                ids[name].append(one.id)
    for one in work.findings:
        if within.holds(one.found_on, one.school):
            ids["findings"].append(one.id)
        closed = one.closed_at.astimezone(CHINA).date() if one.closed_at is not None else None
        if within.holds(closed, one.school):
            ids["findings_closed"].append(one.id)
    return tuple(
        Figure(name=name, value=halves if name == "half_days" else len(ids[name]), ids=tuple(sorted(ids[name])))
        for name in FIGURES
    )


def _days(visits: Iterable[Visit], within: Stretch) -> tuple[int, list[str]]:
    """Return the half days and the visits that have any of them."""
    halves: dict[date, int] = defaultdict(int)
    there: list[str] = []
    for one in visits:
        counted = [day for day in one.days if day.half_days and within.holds(day.on, one.school)]
        if one.state == "cancelled" or not counted:
            continue
        there.append(one.id)
        for day in counted:
            halves[day.on] += day.half_days
    return sum(min(count, HALVES_A_DAY) for count in halves.values()), there


def _names(one: FieldRecord) -> tuple[str, ...]:
    match one.content:
        case Observation(comment=comment):
            return ("lessons", "lessons_commented") if comment.strip() else ("lessons",)
        case Gathering(kind=kind):
            return (_GATHERINGS[kind],)
        case TaskDone() | Paper():
            return (_KINDS[str(one.kind)],)
        case Summary() | Report() | None:
            return ()


def differing(submitted: Sequence[Figure], now: Sequence[Figure]) -> tuple[FigureNow, ...]:
    """Return the figures that are other now than submitted: what came since, and what is gone."""
    current = {one.name: one for one in now}
    found = [(one, current.get(one.name, Figure(name=one.name, value=0, ids=()))) for one in submitted]
    return tuple(
        FigureNow(
            name=then.name,
            submitted=then.value,
            now=one.value,
            added=tuple(sorted(set(one.ids) - set(then.ids))),
            gone=tuple(sorted(set(then.ids) - set(one.ids))),
        )
        for then, one in found
        if (then.value, sorted(then.ids)) != (one.value, sorted(one.ids))
    )


# ---- as the law's facts ---------------------------------------------------------------------------------------------


def visit_days(visits: Iterable[Visit]) -> tuple[VisitDay, ...]:
    """Return the days there as the law's facts have them: a whole day is 1, a half 0.5."""
    return tuple(
        VisitDay(on=day.on, school=one.school, days=Decimal(day.half_days) / HALVES_A_DAY, phase=one.phase)
        for one in visits
        for day in one.days
        if one.state != "cancelled" and one.school is not None and day.half_days
    )


def lessons_seen(records: Iterable[FieldRecord]) -> tuple[LessonSeen, ...]:
    """Return the lessons observed at schools, each with whether it was commented on."""
    return tuple(
        LessonSeen(on=one.on, school=one.school, commented=bool(one.content.comment.strip()))
        for one in records
        if isinstance(one.content, Observation) and one.on is not None and one.school is not None
    )


def gatherings_held(records: Iterable[FieldRecord], subjects: Sequence[str]) -> tuple[GatheringFact, ...]:
    """Return the gatherings; of his own subject are those whose subject is one of the researcher's."""
    return tuple(
        GatheringFact(
            on=one.on,
            kind=one.content.kind,
            scope=one.content.reach,
            own_subject=one.content.subject in subjects,
            organised=one.content.organised,
        )
        for one in records
        if isinstance(one.content, Gathering) and one.on is not None
    )
