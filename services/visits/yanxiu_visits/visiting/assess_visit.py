"""What a visit is, from all its notes: the same whatever order they came in. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import msgspec
from yanxiu_footing.clock import from_us
from yanxiu_rulekit.visitfacts import Preparation
from yanxiu_wire.visiting import (
    ArriveAtSchool,
    CancelVisit,
    DayThere,
    LeaveSchool,
    Part,
    PlannedDay,
    PlanVisit,
    PrepareVisit,
    Visit,
    VisitState,
)

from yanxiu_visits.visiting import refusals
from yanxiu_visits.visiting.notes import APPLIED, WAITING, Note, Outcome, author_in, in_order, no_effect

PARTS: tuple[Part, ...] = ("goal", "focus", "tasks")


class FoldedVisit(msgspec.Struct, frozen=True, kw_only=True):
    """A visit, what each note did to it by key, and what was set down for it when it started (None: not started)."""

    visit: Visit
    outcomes: dict[str, Outcome]
    at_start: Preparation | None = None


@dataclass(slots=True)
class _Day:
    """One day there, while notes are read."""

    arrived_us: int | None = None
    left_us: int | None = None
    half_days: int = 0
    too_early: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """What is known of a visit so far, while its notes are read in order."""

    plan: PlanVisit | None = None
    arrival: ArriveAtSchool | None = None
    phase: str | None = None
    days: dict[date, _Day] = field(default_factory=dict)
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    prepared_us: int | None = None
    prepared_came_us: int = 0
    started_us: int | None = None
    at_start: Preparation | None = None
    prepared_late: bool = False
    cancelled: str | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def read(self, note: Note) -> None:
        match note.command:
            case PlanVisit() as plan:
                self._plan(note, plan)
            case PrepareVisit() as prepared:
                parts = {"goal": _one(prepared.goal), "focus": _one(prepared.focus), "tasks": prepared.tasks}
                self._prepare(note, parts)
                self.outcomes[note.key] = APPLIED
            case ArriveAtSchool() as arrival:
                self._arrive(note, arrival)
            case LeaveSchool() as leaving:
                self._leave(note, leaving)
            case CancelVisit() as cancel:
                self.cancelled = cancel.reason
                self.outcomes[note.key] = APPLIED
            case _:
                raise TypeError(f"{type(note.command).__name__} is no note of a visit")

    def _plan(self, note: Note, plan: PlanVisit) -> None:
        self.plan, self.cancelled = plan, None
        self.phase = plan.phase or self.phase
        # A plan made anew says nothing about what it leaves empty.
        self._prepare(note, {"goal": _given(plan.goal), "focus": _given(plan.focus), "tasks": plan.tasks or None})
        self.outcomes[note.key] = APPLIED

    def _prepare(self, note: Note, parts: dict[str, tuple[str, ...] | None]) -> None:
        given = {part: texts for part, texts in parts.items() if texts is not None}
        if given:
            self.texts.update(given)
            self.prepared_us = note.occurred_us
            self.prepared_came_us = max(self.prepared_came_us, note.recorded_us)

    def _arrive(self, note: Note, arrival: ArriveAtSchool) -> None:
        if self.arrival is not None and self.arrival.school != arrival.school:
            self.outcomes[note.key] = no_effect(refusals.another_school(arrival.school))
            return
        self.arrival = self.arrival or arrival
        self.phase, self.cancelled = arrival.phase or self.phase, None
        self._start(note)
        day = self.days.setdefault(note.day, _Day())
        day.arrived_us = note.occurred_us if day.arrived_us is None else day.arrived_us
        self.outcomes[note.key] = APPLIED

    def _start(self, note: Note) -> None:
        if self.started_us is not None:
            return
        self.started_us = note.occurred_us
        # Two notes of the very same instant: what was set down then was not set down before.
        before = self.prepared_us is not None and self.prepared_us < note.occurred_us
        self.at_start = (
            self._preparation(note.occurred_us) if before else Preparation(starts_at=from_us(note.occurred_us))
        )
        self.prepared_late = before and self.prepared_came_us > note.occurred_us

    def _preparation(self, starts_us: int) -> Preparation:
        return Preparation(
            starts_at=from_us(starts_us),
            prepared_at=from_us(self.prepared_us) if self.prepared_us is not None else None,
            goal=_joined(self.texts.get("goal", ())),
            focus=_joined(self.texts.get("focus", ())),
            tasks=_joined(self.texts.get("tasks", ())),
        )

    def _leave(self, note: Note, leaving: LeaveSchool) -> None:
        day = self.days.setdefault(note.day, _Day())
        if day.arrived_us is None:
            day.too_early.append(note.key)
            return
        day.left_us, day.half_days = note.occurred_us, leaving.half_days
        self.outcomes[note.key] = APPLIED

    def settle_leavings(self) -> None:
        """Say of each leaving that no arrival precedes: it waits for one, or the arrival is later than it."""
        for day in self.days.values():
            late = no_effect(refusals.left_before_arrival())
            self.outcomes.update(dict.fromkeys(day.too_early, WAITING if day.arrived_us is None else late))

    @property
    def state(self) -> VisitState:
        if self.plan is None and self.arrival is None:
            return "incomplete"
        if self.cancelled is not None:
            return "cancelled"
        if self.arrival is None:
            return "planned"
        there = [day for day in self.days.values() if day.arrived_us is not None]
        return "under-way" if any(day.left_us is None for day in there) else "done"


def fold_visit(visit: str, notes: Iterable[Note]) -> FoldedVisit:
    """Return the visit that these notes make, in any order; without plan and arrival it is `incomplete`.

    The last plan counts, the first arrival says at which school and when it started, each day has its first arrival and
    its last leaving. What was set down at or after the start came too late for it.
    """
    reading = _Reading()
    for note in in_order(notes):
        reading.read(note)
    reading.settle_leavings()
    known = reading.state != "incomplete"
    if not known:
        waiting = {key: WAITING for key, found in reading.outcomes.items() if found == APPLIED}
        reading.outcomes.update(waiting)
    return FoldedVisit(visit=_view(visit, reading), outcomes=reading.outcomes, at_start=reading.at_start)


def _view(visit: str, reading: _Reading) -> Visit:
    place = reading.arrival or reading.plan
    days = tuple(_day(on, day) for on, day in sorted(reading.days.items()))
    state = reading.state
    return Visit(
        id=visit,
        researcher=author_in(visit),
        state=state,
        school=place.school if place else None,
        term=place.term if place else None,
        phase=reading.phase,
        residency=reading.plan.residency if reading.plan else None,
        planned=_planned(reading.plan),
        days=days,
        half_days=sum(day.half_days for day in days) if state != "cancelled" else 0,
        goal=_joined(reading.texts.get("goal", ())),
        focus=_joined(reading.texts.get("focus", ())),
        tasks=reading.texts.get("tasks", ()),
        prepared_late=reading.prepared_late,
        reason=reading.cancelled if state == "cancelled" else None,
    )


def lacking(preparation: Preparation | Visit) -> tuple[Part, ...]:
    """Return the parts of a preparation that are empty."""
    return tuple(part for part in PARTS if not getattr(preparation, part))


def first_day(visit: Visit) -> date | None:
    """Return the first day of a visit: there, or else planned."""
    there = [day.on for day in visit.days]
    return min(there or [day.on for day in visit.planned], default=None)


def last_day(visit: Visit) -> date | None:
    """Return the last day of a visit: there, or else planned."""
    there = [day.on for day in visit.days]
    return max(there or [day.on for day in visit.planned], default=None)


def _planned(plan: PlanVisit | None) -> tuple[PlannedDay, ...]:
    return tuple(sorted(plan.days, key=lambda day: day.on)) if plan else ()


def _day(on: date, day: _Day) -> DayThere:
    return DayThere(
        on=on,
        arrived_at=from_us(day.arrived_us) if day.arrived_us is not None else None,
        left_at=from_us(day.left_us) if day.left_us is not None else None,
        half_days=day.half_days,
    )


def _one(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else _given(text) or ()


def _given(text: str) -> tuple[str, ...] | None:
    return (text,) if text else None


def _joined(texts: tuple[str, ...]) -> str:
    return "；".join(texts)
