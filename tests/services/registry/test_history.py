"""Dated values against the simplest model there is: a value for each day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from yanxiu_registry.history import ONE_DAY, amend, begin_on, employed, in_force, leave, move, spans
from yanxiu_wire.teacher import Employment

FIRST = date(2020, 1, 1)
LENGTH = 40
DAYS = [FIRST + timedelta(days=ahead) for ahead in range(LENGTH)]
days = st.sampled_from(DAYS)


class TeacherHistory(RuleBasedStateMachine):
    """Corrections and moves in any order, from any day: each day answers what the model has written on it."""

    @initialize(value=st.integers(0, 2), school=st.sampled_from("AB"), since=days)
    def enter(self, value: int, school: str, since: date) -> None:
        self.facts = spans([(since, value)])
        self.work: tuple[Employment, ...] = (Employment(school=school, since=since),)
        self.values: dict[date, int | None] = {day: value if day >= since else None for day in DAYS}
        self.places: dict[date, str | None] = {day: school if day >= since else None for day in DAYS}

    @rule(value=st.integers(0, 2), since=days)
    def correct(self, value: int, since: date) -> None:
        if since < self.facts[0].since:
            return
        self.facts = amend(self.facts, since, lambda _before: value)
        self.values |= {day: value for day in DAYS if day >= since}

    @rule(add=st.integers(1, 2), since=days)
    def correct_by_what_was_there(self, add: int, since: date) -> None:
        if since < self.facts[0].since:
            return
        self.facts = amend(self.facts, since, lambda before: (before + add) % 3)
        for day in DAYS:
            value = self.values[day]
            if day >= since and value is not None:
                self.values[day] = (value + add) % 3

    @rule(since=days)
    def begin_another_day(self, since: date) -> None:
        begun = self.facts[0].since
        value = in_force(self.facts, since) if since >= begun else self.facts[0].value
        self.facts = begin_on(self.facts, since)
        for day in DAYS:
            if day < since:
                self.values[day] = None
            elif day < begun:
                self.values[day] = value

    @rule(school=st.sampled_from("AB"), since=days)
    def move_to(self, school: str, since: date) -> None:
        if self.work and since < self.work[-1].since:
            return
        self.work = move(self.work, school, since, "teacher")
        self.places |= {day: school for day in DAYS if day >= since}

    @precondition(lambda self: self.work)
    @rule(since=days)
    def leave_on(self, since: date) -> None:
        self.work = leave(self.work, since)
        self.places |= {day: None for day in DAYS if day >= since}

    @invariant()
    def every_day_answers_what_the_model_says(self) -> None:
        for day in DAYS:
            assert in_force(self.facts, day) == self.values[day], day
            at_work = employed(self.work, day)
            assert (at_work.school if at_work else None) == self.places[day], day

    @invariant()
    def spans_follow_one_another_and_differ(self) -> None:
        for earlier, later in zip(self.facts, self.facts[1:], strict=False):
            assert earlier.until == later.since - ONE_DAY
            assert earlier.value != later.value
        assert self.facts[-1].until is None
        for earlier, later in zip(self.work, self.work[1:], strict=False):
            assert earlier.until is not None
            assert earlier.since <= earlier.until < later.since


TeacherHistory.TestCase.settings = settings(max_examples=150, stateful_step_count=20, deadline=None)
TestTeacherHistory = TeacherHistory.TestCase
