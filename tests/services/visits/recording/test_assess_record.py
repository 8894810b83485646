"""What a record is from its notes: the last word counts, whatever order they came in."""

from __future__ import annotations

import random
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_visits.recording.assess_record import fold_record
from yanxiu_wire.field_records import FieldRecord, Observation, Summary
from yanxiu_wire.noting import FieldCommand

from tests.services.visits.field import Sender, effects, notes

ME = Sender()
RECORD = "r1.record-0001"


def record_of(*commands: FieldCommand) -> FieldRecord:
    return fold_record(RECORD, notes(*commands)).record


def test_a_lesson_and_its_comment_in_either_order() -> None:
    seen, said = ME.observe("r", visit="visit-0001"), ME.comment("r")
    found = record_of(seen, said)
    assert (found.state, found.kind, found.on, found.visit) == (
        "recorded", "observation", date(2024, 10, 14), "r1.visit-0001",
    )  # fmt: skip
    assert isinstance(found.content, Observation)
    assert found.content.comment == "导入简洁"
    assert record_of(said, seen) == found
    early = ME.comment("r", "10-14 08:00", "先写的")
    assert getattr(record_of(early, seen).content, "comment", "") == "先写的"


def test_what_is_said_of_a_record_that_has_not_come_waits() -> None:
    commands = ME.comment("r"), ME.withdraw("r")
    folded = fold_record(RECORD, notes(*commands))
    assert (folded.record.state, folded.record.content) == ("incomplete", None)
    assert effects(folded.outcomes, commands) == ["waiting", "waiting"]


def test_recorded_again_it_is_put_right_and_withdrawn_it_counts_nowhere() -> None:
    first, second = ME.observe("r"), ME.observe("r", "10-15 09:00", lesson={"title": "观潮"})
    assert getattr(record_of(second, first).content, "title", "") == "观潮"
    withdrawn = record_of(first, second, ME.withdraw("r"))
    assert (withdrawn.state, withdrawn.reason) == ("withdrawn", "重复记录")
    assert record_of(first, ME.withdraw("r"), ME.observe("r", "10-17 09:00")).state == "recorded"


def test_a_withdrawal_that_is_dated_before_the_record_says_that_it_does_nothing() -> None:
    commands = ME.observe("r"), ME.withdraw("r", "10-13 09:00")
    folded = fold_record(RECORD, notes(*commands))
    assert folded.record.state == "recorded"
    assert effects(folded.outcomes, commands) == ["applied", "BEFORE_RECORDED"]


def test_a_record_does_not_become_another_kind() -> None:
    commands = ME.observe("r"), ME.gather("r", "10-15 09:00"), ME.comment("r")
    folded = fold_record(RECORD, notes(*commands))
    assert folded.record.kind == "observation"
    assert effects(folded.outcomes, commands) == ["applied", "ANOTHER_KIND", "applied"]
    held = ME.gather("r", "10-13 09:00"), ME.comment("r")
    assert effects(fold_record(RECORD, notes(*held)).outcomes, held) == ["applied", "NO_LESSON"]


@settings(max_examples=100, deadline=None)
@given(
    script=st.lists(st.tuples(st.sampled_from("ogscw"), st.integers(0, 40)), min_size=1, max_size=9),
    seed=st.integers(0, 10**6),
)
def test_late_repeated_and_reordered_notes_make_the_same_record(script: list[tuple[str, int]], seed: int) -> None:
    makes = {
        "o": lambda when, n: ME.observe("r", when, lesson={"title": f"课{n}", "comment": "评" * (n % 2)}),
        "g": lambda when, _n: ME.gather("r", when),
        "s": lambda when, n: ME.work("r", Summary(month="2024-10", text=f"小结{n}"), when),
        "c": lambda when, n: ME.comment("r", when, f"评{n}"),
        "w": lambda when, _n: ME.withdraw("r", when),
    }
    commands = [makes[kind](f"10-{14 + hour // 24} {hour % 24:02}:00", n) for n, (kind, hour) in enumerate(script)]
    straight = fold_record(RECORD, notes(*commands))
    arrived = list(commands)
    random.Random(seed).shuffle(arrived)
    kept = {one.key: one for one in [*arrived, *arrived]}
    assert fold_record(RECORD, notes(*kept.values())) == straight
    assert set(straight.outcomes) == set(kept)
    words = [kind for kind, _ in sorted(script, key=lambda one: one[1]) if kind in "ogs"]
    assert (straight.record.state == "incomplete") == (not words)
