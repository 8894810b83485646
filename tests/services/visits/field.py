"""Commands of field work as a phone sends them, and notes of them as the service keeps them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from yanxiu_footing.clock import CHINA, to_us
from yanxiu_visits.visiting.notes import Note, full_id
from yanxiu_wire.caller import Caller, Role
from yanxiu_wire.field_records import CommentOnLesson, Gathering, Observation, RecordWork, WithdrawRecord
from yanxiu_wire.findings import (
    ChangeFinding,
    RecheckFinding,
    RecordFinding,
    ReportRemedy,
    VisitFinding,
    WithdrawFinding,
)
from yanxiu_wire.noting import FieldCommand
from yanxiu_wire.visiting import ArriveAtSchool, CancelVisit, LeaveSchool, PlannedDay, PlanVisit, PrepareVisit

TERM = "2024-2025-1"
_keys = itertools.count(1)


def at(text: str) -> datetime:
    """An instant in China: "10-14 08:00" of 2024."""
    return datetime.fromisoformat(f"2024-{text}:00").replace(tzinfo=CHINA)


def new_id(name: str) -> str:
    """An id as a client makes one, other than all before."""
    return f"{name}-{next(_keys):08}"


class Sender:
    """Somebody who sends commands: their caller, a fresh key and a time are filled in."""

    def __init__(self, role: Role = "researcher", person: str | None = "r1", **caller: Any) -> None:
        narrow = {"district": "d", "subject": f"token-{person or role}", **caller}
        self.caller = Caller(role=role, teacher=person, **narrow)

    def _send(self, kind: Any, when: str, **fields: Any) -> Any:
        fields.setdefault("key", f"field-{next(_keys)}")
        return kind(caller=self.caller, occurred_at=at(when), **fields)

    def plan(self, visit: str, when: str = "10-10 09:00", *, on: str = "10-14", **fields: Any) -> PlanVisit:
        day = PlannedDay(on=date.fromisoformat(f"2024-{on}"), half_days=fields.pop("half_days", 2))
        given = {"school": "s1", "term": TERM, "days": (day,), **fields}
        return self._send(PlanVisit, when, visit=visit, **given)

    def prepare(self, visit: str, when: str = "10-11 09:00", **fields: Any) -> PrepareVisit:
        given = fields or {"goal": "提升课堂效率", "focus": "语文", "tasks": ("听课", "评课")}
        return self._send(PrepareVisit, when, visit=visit, **given)

    def arrive(self, visit: str, when: str = "10-14 08:00", school: str = "s1", **fields: Any) -> ArriveAtSchool:
        return self._send(ArriveAtSchool, when, visit=visit, school=school, term=TERM, **fields)

    def leave(self, visit: str, when: str = "10-14 16:00", half_days: int = 2, **fields: Any) -> LeaveSchool:
        return self._send(LeaveSchool, when, visit=visit, half_days=half_days, **fields)

    def cancel(self, visit: str, when: str = "10-12 09:00", **fields: Any) -> CancelVisit:
        return self._send(CancelVisit, when, visit=visit, reason="学校停课", **fields)

    def observe(self, record: str, when: str = "10-14 09:40", *, on: str = "10-14", **fields: Any) -> RecordWork:
        lesson = {"subject": "语文", "title": "桂林山水", **fields.pop("lesson", {})}
        given = {"term": TERM, "school": "s1", **fields}
        return self._send(
            RecordWork, when, record=record, on=date.fromisoformat(f"2024-{on}"), content=Observation(**lesson), **given
        )

    def gather(self, record: str, when: str = "10-14 14:00", *, on: str = "10-14", **fields: Any) -> RecordWork:
        held = {
            "kind": "preparation",
            "reach": "school",
            "title": "集体备课",
            "subject": "语文",
            **fields.pop("held", {}),
        }
        given = {"term": TERM, "school": "s1", **fields}
        return self._send(
            RecordWork, when, record=record, on=date.fromisoformat(f"2024-{on}"), content=Gathering(**held), **given
        )

    def work(self, record: str, content: Any, when: str = "10-15 18:00", *, on: str = "10-15", **fields: Any) -> Any:
        given = {"term": TERM, **fields}
        return self._send(
            RecordWork, when, record=record, on=date.fromisoformat(f"2024-{on}"), content=content, **given
        )

    def comment(self, record: str, when: str = "10-14 10:30", text: str = "导入简洁") -> CommentOnLesson:
        return self._send(CommentOnLesson, when, record=record, comment=text)

    def withdraw(self, record: str, when: str = "10-16 09:00") -> WithdrawRecord:
        return self._send(WithdrawRecord, when, record=record, reason="重复记录")

    def find(self, finding: str, when: str = "10-14 15:00", *, due: str = "10-28", **fields: Any) -> RecordFinding:
        given = {"school": "s1", "text": "作业批改不及时", "owner": "t1", **fields}
        return self._send(RecordFinding, when, finding=finding, due_on=date.fromisoformat(f"2024-{due}"), **given)

    def change(self, finding: str, when: str = "10-15 09:00", **fields: Any) -> ChangeFinding:
        return self._send(ChangeFinding, when, finding=finding, reason="换人负责", **fields)

    def remedy(self, finding: str, when: str = "10-16 09:00", **fields: Any) -> ReportRemedy:
        return self._send(ReportRemedy, when, finding=finding, text="已制定批改制度", **fields)

    def recheck(
        self, finding: str | VisitFinding, when: str = "10-17 09:00", *, passed: bool = True, **fields: Any
    ) -> RecheckFinding:
        """A re-check of a finding as it was answered; by its id alone it must say what was `seen`."""
        given = {"seen": finding.steps, **fields} if isinstance(finding, VisitFinding) else fields
        named = finding.id if isinstance(finding, VisitFinding) else finding
        return self._send(RecheckFinding, when, finding=named, passed=passed, **given)

    def take_back(self, finding: str, when: str = "10-17 10:00", **fields: Any) -> WithdrawFinding:
        return self._send(WithdrawFinding, when, finding=finding, reason="系误记", **fields)


def note(command: FieldCommand, *, late: timedelta = timedelta(seconds=2)) -> Note:
    """The command as a note that came so long after it happened."""
    named = next(getattr(command, name) for name in ("visit", "record", "finding") if hasattr(command, name))
    if isinstance(command, RecordWork):
        named = command.record
    author = command.researcher or command.caller.teacher or command.caller.subject
    occurred = to_us(command.occurred_at)
    return Note(
        subject=full_id(author, named),
        author=author,
        occurred_us=occurred,
        recorded_us=occurred + late // timedelta(microseconds=1),
        command=command,
    )


def notes(*commands: FieldCommand) -> list[Note]:
    """The commands as notes, in the order given."""
    return [note(one) for one in commands]


def in_sight(*commands: FieldCommand) -> list[FieldCommand]:
    """The commands, each re-check that does not say what it saw with the keys of all those before it."""
    found: list[FieldCommand] = []
    for one in commands:
        blind = isinstance(one, RecheckFinding) and not one.seen
        found.append(msgspec.structs.replace(one, seen=tuple(each.key for each in found)) if blind else one)
    return found


def effects(outcomes: Any, commands: Iterable[FieldCommand]) -> list[str]:
    """What each command does, in the order given: applied, waiting, or the code of the reason why it has no effect."""
    found = [outcomes[one.key] for one in commands]
    return [one.reason.code if one.reason else one.effect for one in found]
