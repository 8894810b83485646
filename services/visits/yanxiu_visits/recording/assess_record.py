"""What a record of work is, from all its notes: the same whatever order they came in. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
from yanxiu_wire.field_records import (
    CommentOnLesson,
    Content,
    FieldRecord,
    Gathering,
    Observation,
    Paper,
    RecordKind,
    RecordWork,
    Report,
    Summary,
    TaskDone,
    WithdrawRecord,
)

from yanxiu_visits.recording import refusals
from yanxiu_visits.visiting.notes import APPLIED, WAITING, Note, Outcome, author_in, full_id, in_order, no_effect

_KINDS: dict[type[Content], RecordKind] = {
    Observation: "observation",
    Gathering: "gathering",
    TaskDone: "task",
    Paper: "paper",
    Summary: "summary",
    Report: "report",
}
# What is handed in to be read: it stays as it was submitted, and its id takes no other work.
SUBMITTED: tuple[RecordKind, ...] = ("summary", "report")


def kind_of(content: Content) -> RecordKind:
    """Return the kind of record that a content makes."""
    return _KINDS[type(content)]


class FoldedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record, and what each note did to it by key."""

    record: FieldRecord
    outcomes: dict[str, Outcome]


@dataclass(slots=True)
class _Reading:
    """What is known of a record so far, while its notes are read in order."""

    kind: RecordKind | None
    work: RecordWork | None = None
    comment: str = ""
    withdrawn: str | None = None
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def read(self, note: Note) -> None:
        match note.command:
            case RecordWork() as work:
                self.outcomes[note.key] = self._record(work)
            case CommentOnLesson() as said:
                self.outcomes[note.key] = self._comment(said)
            case WithdrawRecord() as withdrawal:
                self.outcomes[note.key] = self._withdraw(withdrawal)
            case _:
                raise TypeError(f"{type(note.command).__name__} is no note of a record")

    def _record(self, work: RecordWork) -> Outcome:
        kind = kind_of(work.content)
        if self.kind is not None and kind != self.kind:
            return no_effect(refusals.another_kind(kind, self.kind))
        self.work, self.withdrawn = work, None
        if isinstance(work.content, Observation) and work.content.comment:
            self.comment = work.content.comment
        return APPLIED

    def _withdraw(self, withdrawal: WithdrawRecord) -> Outcome:
        if self.work is None:
            return no_effect(refusals.before_recorded()) if self.kind else WAITING
        self.withdrawn = withdrawal.reason
        return APPLIED

    def _comment(self, said: CommentOnLesson) -> Outcome:
        if self.kind is None:
            return WAITING
        if self.kind != "observation":
            return no_effect(refusals.no_lesson(self.kind))
        self.comment = said.comment
        return APPLIED


def fold_record(record: str, notes: Iterable[Note]) -> FoldedRecord:
    """Return the record that these notes make, in any order; before it is recorded at all it is `incomplete`.

    The last word counts; the first note of all says which kind it is. A summary or report has one word only: no other
    is accepted under its id.
    """
    ordered = in_order(notes)
    works = (note.command for note in ordered)
    reading = _Reading(next((kind_of(work.content) for work in works if isinstance(work, RecordWork)), None))
    for note in ordered:
        reading.read(note)
    return FoldedRecord(record=_view(record, reading), outcomes=reading.outcomes)


def _view(record: str, reading: _Reading) -> FieldRecord:
    author, work = author_in(record), reading.work
    if work is None:
        return FieldRecord(id=record, researcher=author, state="incomplete")
    content = work.content
    if isinstance(content, Observation):
        content = msgspec.structs.replace(content, comment=reading.comment)
    return FieldRecord(
        id=record,
        researcher=author,
        state="recorded" if reading.withdrawn is None else "withdrawn",
        kind=reading.kind,
        on=work.on,
        term=work.term,
        school=work.school,
        visit=full_id(author, work.visit) if work.visit else None,
        content=content,
        reason=reading.withdrawn,
    )
