"""Where a finding stands, from all its notes: the same whatever order they came in. Pure.

Who may take which step is decided here, in the order of the notes, and never when a command arrives: a re-check that
came before its remedy, or the remedy before the finding, is judged as if all had come in time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from yanxiu_footing.clock import from_us
from yanxiu_wire.findings import (
    ChangeFinding,
    FindingState,
    RecheckFinding,
    RecordFinding,
    Remedy,
    ReportRemedy,
    VisitFinding,
    WithdrawFinding,
)

from yanxiu_visits.findings import refusals
from yanxiu_visits.scope import OFFICERS, SCHOOL_ROLES
from yanxiu_visits.visiting.notes import APPLIED, WAITING, Note, Outcome, author_in, in_order, no_effect

OVER: tuple[FindingState, ...] = ("closed", "withdrawn")


class FoldedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding, and what each note did to it by key."""

    finding: VisitFinding
    outcomes: dict[str, Outcome]


@dataclass(slots=True)
class _Reading:
    """Where a finding stands so far, while its notes are read in order."""

    found: VisitFinding
    comes: bool
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def read(self, note: Note) -> None:
        self.outcomes[note.key] = self._step(note)

    def _step(self, note: Note) -> Outcome:
        state = self.found.state
        if isinstance(note.command, RecordFinding):
            return self._record(note, note.command)
        if state == "incomplete":
            return no_effect(refusals.before_found()) if self.comes else WAITING
        if state in OVER:
            return no_effect(refusals.over(state))
        match note.command:
            case ReportRemedy() as remedy:
                return self._remedy(note, remedy)
            case RecheckFinding() as check:
                return self._recheck(note, check)
            case ChangeFinding() as change:
                return self._change(note, owner=change.owner, due_on=change.due_on)
            case WithdrawFinding() as withdrawal:
                return self._change(note, state="withdrawn", reason=withdrawal.reason)
        raise TypeError(f"{type(note.command).__name__} is no note of a finding")

    def _record(self, note: Note, given: RecordFinding) -> Outcome:
        if note.author != self.found.finder:
            return no_effect(refusals.not_the_finder(note.author))
        if self.found.state not in ("incomplete", "open") or self.found.remedies:
            return no_effect(refusals.not_in_state(self.found.state, "open"))
        self._become(
            state="open",
            school=given.school,
            text=given.text,
            advice=given.advice,
            owner=given.owner,
            due_on=given.due_on,
            source=given.source,
            source_id=given.source_id,
            found_on=self.found.found_on or note.day,
        )
        return APPLIED

    def _remedy(self, note: Note, given: ReportRemedy) -> Outcome:
        caller = note.command.caller
        of_school = caller.role in SCHOOL_ROLES and caller.school == self.found.school
        if note.author != self.found.owner and not of_school:
            return no_effect(refusals.not_the_owner(note.author))
        remedy = Remedy(text=given.text, by=note.author, at=from_us(note.occurred_us))
        self._become(state="remedied", remedies=(*self.found.remedies, remedy))
        return APPLIED

    def _recheck(self, note: Note, given: RecheckFinding) -> Outcome:
        if self.found.state != "remedied":
            return no_effect(refusals.not_in_state(self.found.state, "remedied"))
        if note.author in (self.found.finder, self.found.owner, *(one.by for one in self.found.remedies)):
            return no_effect(refusals.same_person(note.author))
        at = from_us(note.occurred_us)
        checked = msgspec.structs.replace(
            self.found.remedies[-1], checked_by=note.author, checked_at=at, passed=given.passed, remark=given.remark
        )
        remedies = (*self.found.remedies[:-1], checked)
        if given.passed:
            self._become(state="closed", remedies=remedies, closed_at=at)
        else:
            self._become(state="open", remedies=remedies)
        return APPLIED

    def _change(self, note: Note, **changes: object) -> Outcome:
        if note.author != self.found.finder and note.command.caller.role not in OFFICERS:
            return no_effect(refusals.not_the_finder(note.author))
        self._become(**{name: value for name, value in changes.items() if value is not None})
        return APPLIED

    def _become(self, **changes: object) -> None:
        self.found = msgspec.structs.replace(self.found, **changes)


def fold_finding(finding: str, notes: Iterable[Note]) -> FoldedFinding:
    """Return the finding that these notes make, in any order; before it is recorded at all it is `incomplete`."""
    ordered = in_order(notes)
    finder = author_in(finding)
    comes = any(isinstance(note.command, RecordFinding) and note.author == finder for note in ordered)
    reading = _Reading(VisitFinding(id=finding, finder=finder, state="incomplete"), comes)
    for note in ordered:
        reading.read(note)
    return FoldedFinding(finding=reading.found, outcomes=reading.outcomes)
