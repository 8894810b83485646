"""Where a finding stands, from all its notes: the same whatever order they came in. Pure.

Who may take which step is decided here, in the order of the notes, and never when a command arrives: a re-check that
came before its remedy, or the remedy before the finding, is judged as if all had come in time.

A re-check names the notes that its checker saw. It is judged by these alone, so nothing that is sent later can undo it;
and what is dated before it and was not seen is no part of what was checked. Of two re-checks of one remedy that did not
know of each other, the one that failed counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

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


@dataclass(frozen=True, slots=True)
class _Check:
    """A re-check by itself: the notes it was taken on, which remedy it judged, or why it judges none."""

    key: str
    passed: bool
    seen: frozenset[str]
    remedy: str = ""
    wrong: Outcome | None = None


@dataclass(slots=True)
class _Reading:
    """Where a finding stands so far, while its notes are read in order."""

    found: VisitFinding
    comes: bool
    # What the re-checks are by themselves, and the one pass that may close the finding.
    checks: dict[str, _Check]
    closing: str | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    remedy: str = ""
    # Who has a part in it: who found it or typed it, owned it, remedied it.
    parties: set[str] = field(default_factory=set)

    def read(self, note: Note) -> None:
        outcome = self.outcomes[note.key] = self._step(note)
        if outcome == APPLIED:
            self._become(steps=(*self.found.steps, note.key))
            if isinstance(note.command, RecordFinding | ReportRemedy):
                self.parties |= persons(note)
            if self.found.owner is not None:
                self.parties.add(self.found.owner)

    def _step(self, note: Note) -> Outcome:
        state = self.found.state
        if isinstance(note.command, RecordFinding):
            return self._record(note, note.command)
        if note.key in self.checks and (wrong := self.checks[note.key].wrong):
            return wrong
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
                return self._reassign(note, change)
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
        self.remedy = note.key
        self._become(state="remedied", remedies=(*self.found.remedies, remedy))
        return APPLIED

    def _recheck(self, note: Note, given: RecheckFinding) -> Outcome:
        if given.passed and note.key != self.closing:
            return no_effect(refusals.overruled())
        if self.found.state != "remedied":
            return no_effect(refusals.not_in_state(self.found.state, "remedied"))
        if self.checks[note.key].remedy != self.remedy:
            return no_effect(refusals.overruled())
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

    def _reassign(self, note: Note, given: ChangeFinding) -> Outcome:
        if given.owner is not None and given.school != self.found.school:
            return no_effect(refusals.owner_elsewhere(given.owner))
        found_on = self.found.found_on
        if given.due_on is not None and found_on is not None and given.due_on < found_on:
            return no_effect(refusals.due_before_found(given.due_on, found_on))
        return self._change(note, owner=given.owner, due_on=given.due_on)

    def _change(self, note: Note, **changes: object) -> Outcome:
        if note.author != self.found.finder and note.command.caller.role not in OFFICERS:
            return no_effect(refusals.not_the_finder(note.author))
        self._become(**{name: value for name, value in changes.items() if value is not None})
        return APPLIED

    def _become(self, **changes: object) -> None:
        self.found = msgspec.structs.replace(self.found, **changes)


@dataclass(slots=True)
class _Folding:
    """All notes of a finding, and what its re-checks are by what each of them saw."""

    finding: str
    ordered: Sequence[Note]
    place: dict[str, int] = field(default_factory=dict)
    checks: dict[str, _Check] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.place = {note.key: place for place, note in enumerate(self.ordered)}
        # In order: what a re-check saw lies before it, so the re-checks among that are judged already.
        for note in self.ordered:
            if isinstance(note.command, RecheckFinding):
                self.checks[note.key] = self._judge(note, note.command)

    def _judge(self, note: Note, given: RecheckFinding) -> _Check:
        check = _Check(key=note.key, passed=given.passed, seen=frozenset(given.seen))
        if not check.seen <= self.place.keys():
            return replace(check, wrong=WAITING)
        if any(self.place[key] >= self.place[note.key] for key in check.seen):
            return replace(check, wrong=no_effect(refusals.seen_later()))
        saw = self.read([one for one in self.ordered if one.key in check.seen])
        return replace(check, remedy=saw.remedy, wrong=_wrong(note, saw))

    def read(self, notes: Sequence[Note]) -> _Reading:
        """Return what these notes make, once the re-checks among them have said what counts."""
        keys = {note.key for note in notes}
        known = [self.checks[note.key] for note in notes if note.key in self.checks]
        sound = [one for one in known if one.wrong is None and one.seen <= keys]
        failed = {one.remedy for one in sound if not one.passed}
        fails = _first_failing(sound)
        while True:
            found = self._closed(notes, [one for one in sound if one.passed and one.remedy not in failed], fails)
            took = [one for one in fails if found.outcomes[one.key] == APPLIED]
            if took == fails:
                return found
            # A re-check that comes to nothing says nothing of what else counts.
            fails = took

    def _closed(self, notes: Sequence[Note], passes: Sequence[_Check], fails: Sequence[_Check]) -> _Reading:
        """Return the reading that the first pass closes which can, or else the one that stays open."""
        vouched = frozenset[str]().union(*(one.seen for one in fails))
        for one in passes:
            found = self._through(notes, [*fails, replace(one, seen=one.seen | vouched)], closing=one.key)
            if found.outcomes[one.key] == APPLIED:
                return found
        return self._through(notes, fails)

    def _through(self, notes: Sequence[Note], by: Sequence[_Check], closing: str | None = None) -> _Reading:
        finder = author_in(self.finding)
        comes = any(isinstance(note.command, RecordFinding) and note.author == finder for note in notes)
        found = VisitFinding(id=self.finding, finder=finder, state="incomplete")
        reading = _Reading(found, comes, self.checks, closing, parties={finder})
        for note in notes:
            if note.key not in self.checks and any(self._missed(note, one) for one in by):
                reading.outcomes[note.key] = no_effect(refusals.not_seen())
            else:
                reading.read(note)
        return reading

    def _missed(self, note: Note, check: _Check) -> bool:
        """Say whether a note is dated before a re-check whose checker did not see it."""
        return self.place[note.key] < self.place[check.key] and note.key not in check.seen


def _wrong(note: Note, saw: _Reading) -> Outcome | None:
    """Return why a re-check does not count by what its checker saw, or None where it does."""
    state = saw.found.state
    if state == "incomplete":
        return no_effect(refusals.saw_no_finding())
    if state in OVER:
        return no_effect(refusals.over(state))
    if state != "remedied":
        return no_effect(refusals.not_in_state(state, "remedied"))
    return no_effect(refusals.same_person(note.author)) if persons(note) & saw.parties else None


def _first_failing(checks: Sequence[_Check]) -> list[_Check]:
    """Return of each remedy the first re-check that it failed."""
    first: dict[str, _Check] = {}
    for one in checks:
        if not one.passed:
            first.setdefault(one.remedy, one)
    return list(first.values())


def persons(note: Note) -> set[str]:
    """Return who stands behind a note: whose it is, and who typed it, by token and by the register's id."""
    caller = note.command.caller
    return {one for one in (note.author, caller.subject, caller.teacher) if one}


def fold_finding(finding: str, notes: Iterable[Note]) -> FoldedFinding:
    """Return the finding that these notes make, in any order; before it is recorded at all it is `incomplete`."""
    folding = _Folding(finding, in_order(notes))
    reading = folding.read(folding.ordered)
    return FoldedFinding(finding=reading.found, outcomes=reading.outcomes)
