"""Hypothesis gives every command of the books in any order to a running service; a plain model says what must be."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Coroutine
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from yanxiu_wire.books import PeriodLock, RecognitionReversed, RecordReversed, RecordVoided, TrainingCorrected
from yanxiu_wire.credits import TrainingRegistered
from yanxiu_wire.process import Process
from yanxiu_wire.refusal import Refused
from yanxiu_wire.workflow import ObjectionAnswered, ProcessMovedOn

from tests.services.credits.every_command.conftest import HOME, SCHOOLS, Districts, Everyone
from tests.services.credits.every_command.model import HIGH, RECOGNISED_YEAR, Lock, Model, Record
from tests.services.credits.workflow.conftest import IN_YEAR

DAYS = st.sampled_from([date(2024, 5, 1), date(2024, 8, 1), date(2024, 8, 2), date(2023, 5, 1), date(2025, 1, 20)])
TEACHER = st.sampled_from(sorted(HOME))
SCHOOL = st.sampled_from(SCHOOLS)
PLACE = st.sampled_from([*SCHOOLS, None])
YEAR = st.sampled_from([2024, 2024, 2023, 2025])
CREDITS = st.sampled_from([10, 25, 40])
SCORE = st.sampled_from([85, 65, 55])
PICK = st.integers(0, 7)
LAST_DAY = date(2025, 3, 31)


class EveryCommand(RuleBasedStateMachine):
    """One district from its first command on, with the model of it."""

    districts: ClassVar[Districts]
    loop: ClassVar[asyncio.AbstractEventLoop]
    # How often each command was obeyed, over all runs: a machine that is refused everything proves nothing.
    obeyed: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.serial = itertools.count(1)
        self.house: Everyone = self.wait(self.districts.open())
        self.left: Everyone | None = None
        self.model = Model({teacher: [(date(2021, 9, 1), school)] for teacher, school in HOME.items()})
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.before: list[dict[str, Any]] = []
        self.objections: list[tuple[str, str, str]] = []
        self.in_publicity: list[str] = []
        # Signed heads that are kept outside the database, and how many entries each stands for.
        self.heads: dict[str, int] = {}

    def wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    # ---- registering -------------------------------------------------------------------------------------------

    @initialize(years=st.lists(CREDITS, min_size=3, max_size=3), school=SCHOOL, steps=st.sampled_from([0, 2, 4, 5]))
    def begin(self, years: list[int], school: str, steps: int) -> None:
        """Every teacher has something of the year that is recognised, and a school may be well on its way."""
        for teacher, credits_ in zip(sorted(HOME), years, strict=True):
            self.register(teacher, date(2024, 5, 1), credits_, 85)
        if steps:
            self.advance(school, steps)

    @rule(teacher=TEACHER, on=DAYS, credits_=CREDITS, score=SCORE)
    def register(self, teacher: str, on: date, credits_: int, score: int) -> None:
        given = {"on": on, "facts": self.facts(credits_, score), "key": self.house.key()}
        self.registered(teacher, given, self.wait(self.house.register(teacher, **given)))

    def registered(self, teacher: str, given: dict[str, Any], answer: Any) -> None:
        model, on, facts = self.model, given["on"], given["facts"]
        school = model.school_on(teacher, on)
        if model.closed(teacher, school, on):
            self.refused(answer, "PERIOD_LOCKED")
            return
        assert isinstance(answer, TrainingRegistered), answer
        counts = model.passes(on, Decimal(facts["score"]))
        assert (answer.record.status == "COUNTED") == counts, answer
        self.add(answer.record.id, teacher, on, school, facts)
        self.sent.append((answer.record.id, {"teacher": teacher, **given}))
        self.obeyed["register"] += 1

    @precondition(lambda self: self.sent)
    @rule(pick=PICK)
    def send_again(self, pick: int) -> None:
        """The same key: the same answer. The same key for something else: refused. Whatever happened since."""
        made, given = self.sent[-1 - pick % len(self.sent)]
        again = self.wait(self.house.register(**given))
        assert isinstance(again, TrainingRegistered), again
        assert (again.replayed, again.record.id) == (True, made)
        self.refused(self.wait(self.house.register(**{**given, "facts": self.facts(1, 99)})), "KEY_REUSED")
        self.obeyed["send again"] += 1

    @precondition(lambda self: self.sent)
    @rule(pick=PICK)
    def enter_twice(self, pick: int) -> None:
        """The same training under another key counts no second time; what was taken back may be entered anew."""
        made, given = self.sent[-1 - pick % len(self.sent)]
        given = {**given, "key": self.house.key()}
        record = self.model.records[made]
        answer = self.wait(self.house.register(**given))
        if self.model.shut(record) or self.model.closed(
            record.teacher, self.model.school_on(record.teacher, record.on), record.on
        ):
            self.refused(answer, "PERIOD_LOCKED", "ALREADY_REGISTERED")
        elif record.stands and record.counts == self.model.passes(record.on, record.score):
            self.refused(answer, "ALREADY_REGISTERED")
            self.obeyed["enter twice"] += 1
        elif not isinstance(answer, Refused):
            assert not any(one.stands and one.counts for one in self.line_of(record)), answer
            for one in self.line_of(record):
                one.stands = False
            teacher = given.pop("teacher")
            self.registered(teacher, given, answer)
            self.model.records[answer.record.id].line = record.line

    def line_of(self, record: Record) -> list[Record]:
        return [one for one in self.model.records.values() if one.line == record.line]

    # ---- correcting and taking back ----------------------------------------------------------------------------

    @precondition(lambda self: self.model.records)
    @rule(pick=PICK, credits_=CREDITS, score=SCORE)
    def correct(self, pick: int, credits_: int, score: int) -> None:
        record, facts = self.pick(pick), self.facts(credits_, score)
        answer = self.wait(self.house.correct(record.id, facts))
        if not record.stands:
            self.refused(answer, "ALREADY_REVERSED", "ALREADY_CORRECTED")
        elif record.kind == "transfer":
            assert isinstance(answer, Refused), answer
        elif self.model.shut(record) or self.shut_now(record):
            self.refused(answer, "PERIOD_LOCKED")
        else:
            assert isinstance(answer, TrainingCorrected), answer
            record.stands = False
            school = self.model.school_on(record.teacher, record.on)
            self.add(answer.record.id, record.teacher, record.on, school, facts).line = record.line
            self.obeyed["correct"] += 1

    @precondition(lambda self: self.model.records)
    @rule(pick=PICK)
    def reverse(self, pick: int) -> None:
        record = self.pick(pick)
        self.taken_back(record, self.wait(self.house.reverse(record.id)), RecordReversed)

    @precondition(lambda self: self.model.records)
    @rule(pick=PICK)
    def void_for_fraud(self, pick: int) -> None:
        record = self.pick(pick)
        self.taken_back(record, self.wait(self.house.void(record.id)), RecordVoided)

    def taken_back(self, record: Record, answer: Any, done: type) -> None:
        if not record.stands:
            self.refused(answer, "ALREADY_REVERSED", "ALREADY_CORRECTED")
        elif record.counts and self.model.shut(record):
            self.refused(answer, "PERIOD_LOCKED")
        elif record.counts:
            assert isinstance(answer, done), answer
            record.stands = False
            self.obeyed[done.__name__] += 1
        else:
            assert isinstance(answer, Refused), answer

    # ---- locks -------------------------------------------------------------------------------------------------

    @rule(school=PLACE, year=YEAR, role=st.sampled_from(["institute-officer", "school-leader"]))
    def lock(self, school: str | None, year: int, role: str) -> None:
        """What is not as it was recognised is recognised anew: by the level that had locked it, or a higher one."""
        self.put_lock(school, year, role if school is not None else "institute-officer")

    @precondition(lambda self: any(not one.shut for one in self.model.locks))
    @rule(pick=PICK, role=st.sampled_from(["institute-officer", "institute-officer", "school-leader"]))
    def lock_again(self, pick: int, role: str) -> None:
        """What was opened is locked again, by whom it may be."""
        opened = [one for one in self.model.locks if not one.shut]
        one = opened[-1 - pick % len(opened)]
        self.put_lock(one.school, one.year, role if one.school is not None else "institute-officer")

    def put_lock(self, school: str | None, year: int, role: str) -> None:
        caller = self.house.leaders[school or ""] if role == "school-leader" else self.house.institute
        answer = self.wait(self.house.lock(caller=caller, school=school, on=date(year, 6, 1)))
        model, there = self.model, self.model.locked(school, year)
        anew = model.stale(school) if year == RECOGNISED_YEAR else []
        highest = max(
            (HIGH[one.role] for one in model.locks if one.school in (school, None) and one.year == year), default=0
        )
        if anew and HIGH[role] < highest:
            self.refused(answer, "LEVEL_TOO_LOW")
            return
        if there is not None and HIGH[there.role] >= HIGH[role] and not anew:
            self.refused(answer, "ALREADY_LOCKED")
            return
        assert isinstance(answer, PeriodLock), answer
        if anew:
            model.recognise_anew(school)
        if there is None or answer.id != there.id:
            model.locks.append(Lock(answer.id, school, year, role))
        self.obeyed["lock"] += 1
        self.obeyed["recognise anew"] += len(anew)

    @precondition(lambda self: any(one.shut for one in self.model.locks))
    @rule(pick=PICK)
    def unlock(self, pick: int) -> None:
        shut = [one for one in self.model.locks if one.shut]
        one = shut[-1 - pick % len(shut)]
        answer = self.wait(self.house.unlock(one.id, caller=self.house.department))
        assert isinstance(answer, PeriodLock), answer
        one.shut = False
        self.obeyed["unlock"] += 1

    # ---- the recognition of a year -----------------------------------------------------------------------------

    @rule(school=SCHOOL, steps=st.integers(1, 6))
    def advance(self, school: str, steps: int) -> None:
        """Take the next steps of the school's process, opening it first; sent back where a result has changed."""
        for _ in range(steps):
            process = self.wait(self.house.process_of(school))
            if process is None:
                opened = self.wait(self.house.open(self.house.leaders[school], "recognition", on=IN_YEAR))
                assert isinstance(opened, Process), opened
                continue
            if process.state == "told" or not getattr(self, f"from_{process.state}")(school, process):
                break

    def from_registered(self, school: str, process: Process) -> bool:
        return self.stepped(school, process, "review")

    def from_reviewed(self, school: str, process: Process) -> bool:
        done = self.stepped(school, process, "publicise")
        self.model.public[school] = self.model.of_school(school)
        self.in_publicity.append(school)
        return done

    def from_in_publicity(self, school: str, process: Process) -> bool:
        waiting = [one for one in self.objections if one[0] == school]
        if waiting or self.house.clock.day > LAST_DAY - timedelta(days=6):
            return False
        self.house.clock.day += timedelta(days=6)
        self.in_publicity.remove(school)
        return self.stepped(school, process, "submit")

    def from_submitted(self, school: str, process: Process) -> bool:
        answer = self.wait(self.house.take(self.house.institute, process, "recognise"))
        model = self.model
        if model.locked(school, RECOGNISED_YEAR) or model.locked(None, RECOGNISED_YEAR):
            self.refused(answer, "PERIOD_LOCKED")
            return False
        if model.changed_since_public(school):
            self.refused(answer, "RESULT_CHANGED")
            back = self.wait(self.house.send_back(self.house.institute, process))
            assert isinstance(back, Process), back
            self.obeyed["send back"] += 1
            return True
        assert isinstance(answer, Process), answer
        model.recognise(school)
        model.locks.append(Lock(self.wait(self.newest_lock(school)), school, RECOGNISED_YEAR, "institute-officer"))
        self.obeyed["recognise"] += 1
        return True

    def from_recognised(self, school: str, process: Process) -> bool:
        return self.stepped(school, process, "feed_back")

    def stepped(self, school: str, process: Process, step: str) -> bool:
        answer = self.wait(self.house.take(self.house.leaders[school], process, step))
        assert isinstance(answer, Process), answer
        self.obeyed[step] += 1
        return True

    async def newest_lock(self, school: str) -> str:
        rows = [row for row in await self.house.rows("lock_event") if row["school"] == school and row["opens"] is None]
        return str(max(row["id"] for row in rows))

    @rule(school=SCHOOL)
    def take_back_all(self, school: str) -> None:
        process = self.wait(self.house.process_of(school))
        if process is None:
            return
        answer = self.wait(self.house.take_back(process))
        model = self.model
        made = [one for one in model.recognised if one.stands and one.school == school]
        if not made:
            self.refused(answer, "NOTHING_RECOGNISED")
        elif model.locked(None, RECOGNISED_YEAR):
            self.refused(answer, "PERIOD_LOCKED")
        else:
            assert isinstance(answer, ProcessMovedOn), answer
            model.open(school, RECOGNISED_YEAR)
            for one in made:
                one.stands = False
            self.obeyed["take back all"] += 1

    @precondition(lambda self: any(one.stands for one in self.model.recognised))
    @rule(pick=PICK)
    def take_back_one(self, pick: int) -> None:
        standing = [one for one in self.model.recognised if one.stands]
        one = standing[pick % len(standing)]
        row = self.wait(self.newest_recognition(one.teacher))
        answer = self.wait(self.house.take_back_one(row))
        if self.model.locked(one.school, RECOGNISED_YEAR) or self.model.locked(None, RECOGNISED_YEAR):
            self.refused(answer, "PERIOD_LOCKED")
        else:
            assert isinstance(answer, RecognitionReversed), answer
            one.stands = False
            self.obeyed["take back one"] += 1

    async def newest_recognition(self, teacher: str) -> str:
        rows = [row for row in await self.house.rows("recognition") if row["teacher"] == teacher]
        return str(max(rows, key=lambda row: row["generation"])["id"])

    # ---- objections --------------------------------------------------------------------------------------------

    @precondition(lambda self: self.in_publicity)
    @rule(pick=PICK, place=PICK)
    def object_to(self, pick: int, place: int) -> None:
        """Somebody of the school objects to a record of the list."""
        school, record = self.in_publicity[place % len(self.in_publicity)], self.pick(pick)
        answer = self.wait(self.house.object_to(school, self.wait(self.house.process_of(school)).id, record.id))
        if record.on.year != RECOGNISED_YEAR or record.teacher not in self.model.public[school]:
            self.refused(answer, "NOT_ON_THE_LIST")
        elif isinstance(answer, Refused):
            assert not (record.stands and record.counts), answer
        else:
            assert isinstance(answer, ObjectionAnswered), answer
            self.objections.append((school, answer.objection.id, record.id))
            self.obeyed["object"] += 1

    @precondition(lambda self: self.objections)
    @rule(pick=PICK, upheld=st.booleans())
    def settle_objection(self, pick: int, upheld: bool) -> None:
        school, objection, about = self.objections[pick % len(self.objections)]
        record = self.model.records[about]
        answer = self.wait(self.house.settle_objection(school, objection, upheld=upheld))
        standing = record.stands and record.counts
        if upheld and not standing:
            # What it names is gone already: nothing moves, whatever is answered.
            assert not isinstance(answer, ObjectionAnswered) or answer.objection.reversed_entry is None, answer
        elif upheld and self.model.shut(record):
            self.refused(answer, "PERIOD_LOCKED")
        else:
            assert isinstance(answer, ObjectionAnswered), answer
        if isinstance(answer, Refused):
            return
        self.objections.remove((school, objection, about))
        self.obeyed["upheld" if upheld else "dismissed"] += 1
        if upheld and standing:
            record.stands = False
            self.model.public[school][record.teacher] -= record.credits

    # ---- what is done about it ---------------------------------------------------------------------------------

    def facts(self, credits_: int, score: int) -> dict[str, str]:
        """Facts that no other record has: the mark is a serial number's own fraction."""
        return {"hours": str(credits_), "score": str(Decimal(score) + Decimal(next(self.serial)) / 10**4)}

    def add(self, made: str, teacher: str, on: date, school: str | None, facts: dict[str, str]) -> Record:
        score = Decimal(facts.get("score", "100"))
        counts = self.model.passes(on, score)
        record = Record(made, teacher, on, school, Decimal(facts["hours"]), score, counts, line=made)
        self.model.add(record)
        return record

    def pick(self, pick: int) -> Record:
        """Return one of the newest records: much is to happen to the same ones."""
        records = list(self.model.records.values())
        return records[-1 - pick % len(records)]

    def shut_now(self, record: Record) -> bool:
        return self.model.closed(record.teacher, self.model.school_on(record.teacher, record.on), record.on)

    def refused(self, answer: Any, *codes: str) -> None:
        assert isinstance(answer, Refused), answer
        assert answer.errors[0].code in codes, answer
