"""What a visit is from its notes: any order gives the same, and every note says what it did."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_visits.visiting.assess_visit import fold_visit, lacking
from yanxiu_visits.visiting.notes import Note
from yanxiu_wire.visiting import ArriveAtSchool, CancelVisit, DayThere, LeaveSchool, PlanVisit, PrepareVisit

from tests.services.visits.field import Sender, at, effects, note, notes

ME = Sender()
VISIT = "r1.visit-0001"


def test_a_whole_visit() -> None:
    folded = fold_visit(
        VISIT,
        notes(
            ME.plan("v", phase="期初"),
            ME.prepare("v"),
            ME.arrive("v"),
            ME.leave("v"),
        ),
    )
    visit = folded.visit
    assert (visit.state, visit.researcher, visit.school) == ("done", "r1", "s1")
    assert (visit.phase, visit.half_days) == ("期初", 2)
    assert visit.days == (
        DayThere(on=date(2024, 10, 14), arrived_at=at("10-14 08:00"), left_at=at("10-14 16:00"), half_days=2),
    )
    assert (visit.goal, visit.tasks, visit.prepared_late) == ("提升课堂效率", ("听课", "评课"), False)
    assert folded.at_start is not None
    assert lacking(folded.at_start) == ()
    assert folded.at_start.prepared_at == at("10-11 09:00")


def test_a_visit_that_nobody_planned_is_one_all_the_same_with_nothing_set_down_before_it() -> None:
    # By key the preparation comes first of the two that bear one instant.
    written = {"goal": "提升课堂效率", "focus": "语文", "tasks": ("听课",), "key": "a-preparation"}
    commands = ME.prepare("v", "10-14 08:00", **written), ME.arrive("v", key="b-arrival"), ME.leave("v", half_days=1)
    folded = fold_visit(VISIT, notes(*commands))
    assert (folded.visit.state, folded.visit.half_days) == ("done", 1)
    assert folded.at_start is not None
    # Set down at the very instant of the arrival is not set down before it.
    assert lacking(folded.at_start) == ("goal", "focus", "tasks")
    assert folded.visit.goal == "提升课堂效率"
    assert effects(folded.outcomes, commands) == ["applied"] * 3


def test_what_the_phone_says_was_before_and_what_came_after_are_told_apart() -> None:
    late = [*notes(ME.plan("v"), ME.arrive("v")), note(ME.prepare("v"), late=timedelta(days=20))]
    folded = fold_visit(VISIT, late)
    assert folded.at_start is not None
    assert lacking(folded.at_start) == ()
    assert folded.visit.prepared_late


def test_notes_of_something_that_has_not_arrived_wait_for_it() -> None:
    commands = ME.prepare("v"), ME.leave("v"), ME.cancel("v")
    folded = fold_visit(VISIT, notes(*commands))
    assert (folded.visit.state, folded.visit.school, folded.visit.half_days) == ("incomplete", None, 0)
    assert effects(folded.outcomes, commands) == ["waiting"] * 3
    # With the arrival all of them take effect, each at its own time.
    commands = *commands, ME.arrive("v")
    folded = fold_visit(VISIT, notes(*commands))
    assert (folded.visit.state, folded.visit.half_days) == ("done", 2)
    assert effects(folded.outcomes, commands) == ["applied"] * 4


def test_a_leaving_before_the_days_arrival_does_not_count() -> None:
    commands = ME.leave("v", "10-14 07:30"), ME.arrive("v")
    folded = fold_visit(VISIT, notes(*commands))
    assert folded.visit.state == "under-way"
    assert effects(folded.outcomes, commands) == ["LEFT_BEFORE_ARRIVAL", "applied"]


def test_a_visit_is_to_one_school_the_first_arrival_says_which() -> None:
    commands = ME.plan("v", school="s3"), ME.arrive("v", school="s2"), ME.arrive("v", "10-14 13:00", school="s1")
    folded = fold_visit(VISIT, notes(*commands))
    assert folded.visit.school == "s2"
    assert effects(folded.outcomes, commands) == ["applied", "applied", "ANOTHER_SCHOOL"]


def test_the_last_word_says_whether_a_visit_is_called_off() -> None:
    planned = ME.plan("v")
    assert fold_visit(VISIT, notes(planned, ME.cancel("v"))).visit.state == "cancelled"
    again = ME.plan("v", "10-13 09:00", on="10-15")
    visit = fold_visit(VISIT, notes(planned, ME.cancel("v"), again)).visit
    assert (visit.state, visit.planned[0].on, visit.reason) == ("planned", date(2024, 10, 15), None)
    assert fold_visit(VISIT, notes(planned, ME.cancel("v"), ME.arrive("v"))).visit.state == "under-way"
    there = notes(planned, ME.arrive("v"), ME.leave("v"), ME.cancel("v", "10-18 09:00"))
    voided = fold_visit(VISIT, there).visit
    assert (voided.state, voided.half_days, voided.reason) == ("cancelled", 0, "学校停课")
    assert voided.days[0].half_days == 2  # what was, stays to be seen


def test_days_have_their_first_arrival_and_their_last_leaving() -> None:
    commands = (
        ME.arrive("v", "10-14 08:00"), ME.leave("v", "10-14 11:00", 1), ME.arrive("v", "10-14 13:30"),
        ME.leave("v", "10-14 17:00", 2), ME.arrive("v", "10-15 08:10"), ME.leave("v", "10-15 11:30", 1),
    )  # fmt: skip
    visit = fold_visit(VISIT, notes(*commands)).visit
    assert [(day.arrived_at, day.left_at, day.half_days) for day in visit.days] == [
        (at("10-14 08:00"), at("10-14 17:00"), 2),
        (at("10-15 08:10"), at("10-15 11:30"), 1),
    ]
    assert visit.half_days == 3


def test_the_civil_day_is_chinas() -> None:
    """Half past midnight in China is still the day before in UTC."""
    visit = fold_visit(VISIT, notes(ME.arrive("v", "10-15 00:30"), ME.leave("v", "10-15 06:00", 1))).visit
    assert [day.on for day in visit.days] == [date(2024, 10, 15)]


# ---- against a plain model -------------------------------------------------------------------------------------

HOURS = st.integers(0, 24 * 6 - 1)
GOALS = st.sampled_from(["", "甲"])
TASKS = st.sampled_from([(), ("丙",)])


@st.composite
def scripts(draw: st.DrawFn) -> list[Note]:
    """A few notes of one visit, at any hour of six days; instants may coincide."""
    found: list[Note] = []
    for _ in range(draw(st.integers(1, 9))):
        hour = draw(HOURS)
        when = f"10-{14 + hour // 24:02} {hour % 24:02}:00"
        command = draw(
            st.sampled_from(
                [
                    ME.plan("v", when, on=draw(st.sampled_from(["10-14", "10-16"])), goal=draw(GOALS)),
                    ME.prepare("v", when, focus=draw(st.sampled_from(["", "乙"])), tasks=draw(TASKS)),
                    ME.arrive("v", when, draw(st.sampled_from(["s1", "s2"]))),
                    ME.leave("v", when, draw(st.sampled_from([1, 2]))),
                    ME.cancel("v", when),
                ]
            )
        )
        found.append(note(command, late=timedelta(hours=draw(st.integers(0, 400)))))
    return found


@settings(max_examples=150, deadline=None)
@given(script=scripts(), seed=st.integers(0, 10**6))
def test_late_repeated_and_reordered_notes_make_the_same_visit(script: list[Note], seed: int) -> None:
    straight = fold_visit(VISIT, script)
    shuffled = list(script)
    random.Random(seed).shuffle(shuffled)
    arrived: dict[str, Note] = {}
    for one in [*shuffled, *shuffled[: len(shuffled) // 2]]:
        arrived.setdefault(one.key, one)
        fold_visit(VISIT, arrived.values())  # every prefix is a visit too, whatever is still missing
    assert fold_visit(VISIT, arrived.values()) == straight


@settings(max_examples=150, deadline=None)
@given(script=scripts())
def test_a_visit_is_what_its_definitions_say(script: list[Note]) -> None:
    """Each part of the visit found anew from all notes at once, without going through them one by one."""
    folded = fold_visit(VISIT, script)
    visit = folded.visit
    by_time = sorted(script, key=lambda one: (one.occurred_us, one.key))
    kinds = {kind: [one for one in by_time if isinstance(one.command, kind)] for kind in _KINDS}
    arrivals = kinds[ArriveAtSchool]
    place = arrivals[:1] or kinds[PlanVisit][-1:]
    assert (visit.school, visit.term) == ((place[0].command.school, place[0].command.term) if place else (None, None))
    there = [one for one in arrivals if one.command.school == arrivals[0].command.school]
    first = {one.day: one for one in reversed(there)}
    last = {one.day: one for one in kinds[LeaveSchool] if one.day in first and _key(first[one.day]) < _key(one)}
    assert {day.on: day.half_days for day in visit.days if day.arrived_at} == {
        day: last[day].command.half_days if day in last else 0 for day in first
    }
    deciding = [one for one in by_time if isinstance(one.command, PlanVisit | CancelVisit) or one in there]
    cancelled = bool(place) and isinstance(deciding[-1].command, CancelVisit)
    assert visit.state == _state(bool(place), cancelled, set(first), set(last))
    assert visit.half_days == (0 if cancelled else sum(one.command.half_days for one in last.values()))
    goals = [one.command.goal for one in by_time if isinstance(one.command, PlanVisit) and one.command.goal]
    assert visit.goal == (goals[-1] if goals else "")
    prepared = kinds[PrepareVisit]
    assert visit.focus == (prepared[-1].command.focus if prepared else "")
    assert set(folded.outcomes) == {one.key for one in script}


_KINDS = (PlanVisit, PrepareVisit, ArriveAtSchool, LeaveSchool, CancelVisit)


def _key(one: Note) -> tuple[int, str]:
    return one.occurred_us, one.key


def _state(known: bool, cancelled: bool, arrived: set[date], left: set[date]) -> str:
    if not known:
        return "incomplete"
    if cancelled:
        return "cancelled"
    if not arrived:
        return "planned"
    return "done" if arrived == left else "under-way"
