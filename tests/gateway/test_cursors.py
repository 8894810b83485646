"""Where a subscriber goes on: when it is looked for him again, and what he is not sent twice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yanxiu_gateway.cursors import Cursor, Place, question_of, read_cursor
from yanxiu_wire.caller import Caller

ASKED = b"who asks what"
MOST = 60.0
STATE = {"standingChanged": {"credits": "30"}}


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def left(clock: Watch, newest: str | None = "m1", data: Any = STATE, *, failed: bool = False) -> Any:
    """The cursor of one who was shown a state and went away."""
    place = Place.at(ASKED, None, clock)
    assert place.begin(newest, MOST) == 0
    place.look(newest)
    told = place.shows(data, failed=failed)
    assert told is not None
    assert set(told) == {"cursor"}
    return told["cursor"]


def test_who_returns_before_anything_happened_waits_as_if_he_had_stayed() -> None:
    clock = Watch()
    cursor = left(clock)
    clock.now += 20
    place = Place.at(ASKED, cursor, clock)
    assert place.begin("m1", MOST) == 40
    place.look("m1")
    assert place.shows(STATE, failed=False) is None
    changed = place.shows({"standingChanged": {"credits": "42"}}, failed=False)
    assert changed is not None
    assert changed["resumed"] is True
    assert changed["cursor"] != cursor
    clock.now += 41
    assert Place.at(ASKED, cursor, clock).begin("m1", MOST) == 0


@pytest.mark.parametrize(("before", "now"), [("m1", "m2"), ("", "m1"), (None, "m1"), ("m1", None), (None, None)])
def test_who_returns_after_an_announcement_is_looked_for_at_once_and_sent_what_changed(
    before: str | None, now: str | None
) -> None:
    clock = Watch()
    place = Place.at(ASKED, left(clock, before), clock)
    assert (place.begin(now, MOST), place.resumed) == (0, True)
    assert place.shows(STATE, failed=False) is None


def test_where_the_stream_holds_no_longer_what_the_cursor_knew_the_state_is_given_anew_and_that_is_said() -> None:
    clock = Watch()
    place = Place.at(ASKED, left(clock, "m1"), clock)
    assert place.begin("", MOST) == 0
    told = place.shows(STATE, failed=False)
    assert told is not None
    assert told["resumed"] is False
    # Where it never held anything, nothing is missing.
    place = Place.at(ASKED, left(clock, ""), clock)
    assert (place.begin("", MOST), place.resumed) == (MOST, True)


def test_what_had_a_hole_is_sent_again() -> None:
    clock = Watch()
    place = Place.at(ASKED, left(clock, failed=True), clock)
    assert place.begin("m1", MOST) == 0
    assert place.shows(STATE, failed=True) is not None
    assert place.shows(STATE, failed=False) is not None
    assert place.shows(STATE, failed=False) is None


@given(st.text(max_size=250) | st.integers() | st.builds(lambda b: Cursor(b, b, b, 1).text()[:-2], st.binary()))
def test_what_is_no_cursor_of_this_question_gets_the_state_anew(given_one: object) -> None:
    place = Place.at(ASKED, given_one)
    assert (place.begin("m1", MOST), place.resumed) == (0, False)
    told = place.shows(STATE, failed=False)
    assert told is not None
    assert told["resumed"] is False


def test_a_cursor_is_of_one_caller_role_language_document_and_its_variables() -> None:
    officer = Caller(subject="s", role="institute-officer", district="puer")
    leader = Caller(subject="s", role="school-leader", district="puer", school="x")
    asked = {"a": 1, "b": [{"c": None}]}
    first = question_of(officer, "zh", "{a}", asked, None)
    assert first == question_of(officer, "zh", "{a}", dict(reversed(asked.items())), None)
    others = [
        question_of(leader, "zh", "{a}", asked, None),
        question_of(officer, "en", "{a}", asked, None),
        question_of(officer, "zh", "{b}", asked, None),
        question_of(officer, "zh", "{a}", {"a": 2}, None),
        question_of(officer, "zh", "{a}", asked, "A"),
    ]
    assert len({first, *others}) == 6
    clock = Watch()
    assert Place.at(others[0], left(clock), clock).resumed is False


def test_a_cursor_says_nothing_of_what_was_announced_or_shown() -> None:
    clock = Watch()
    found = read_cursor(left(clock, "teacher-17-registered"))
    assert found is not None
    assert all(len(part or b"") == 12 for part in (found.shown, found.newest))
    assert b"teacher" not in (found.newest or b"")
