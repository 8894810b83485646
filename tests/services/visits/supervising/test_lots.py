"""The draw of lots: repeatable by anyone, blind to the order of the list, and fair enough to be seen."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_visits.supervising.lots import digest_of_names, digest_of_seed, draw_lots, in_lot_order

NAMES = st.sets(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), min_size=1), max_size=12)
SEEDS = st.binary(min_size=32, max_size=32)
VECTOR_SEED = bytes(range(32))
VECTOR = ("school-1", "school-2", "school-3", "school-4", "school-5")


def test_the_documented_vector_is_drawn_by_ten_lines_of_anybody() -> None:
    tags = {name: hmac.new(VECTOR_SEED, f"2024101\n{name}".encode(), hashlib.sha256).hexdigest() for name in VECTOR}
    order = tuple(sorted(VECTOR, key=tags.__getitem__))
    assert in_lot_order(VECTOR_SEED, "2024101", VECTOR) == order
    assert draw_lots(VECTOR_SEED, "2024101", VECTOR, 2) == ("school-3", "school-1")
    assert digest_of_seed(VECTOR_SEED) == "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"
    assert digest_of_names(VECTOR) == hashlib.sha256(b"school-1\nschool-2\nschool-3\nschool-4\nschool-5\n").hexdigest()


@settings(max_examples=60)
@given(seed=SEEDS, word=st.text(max_size=8), names=NAMES, data=st.data())
def test_whatever_order_the_roster_is_given_in_the_same_schools_are_drawn(
    seed: bytes, word: str, names: set[str], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(sorted(names)))
    count = data.draw(st.integers(0, len(names)))
    drawn = draw_lots(seed, word, shuffled, count)
    assert drawn == draw_lots(seed, word, sorted(names), count)
    assert len(set(drawn)) == count
    assert set(drawn) <= names
    assert drawn == in_lot_order(seed, word, names)[:count]


@settings(max_examples=40)
@given(seed=SEEDS, word=st.text(max_size=8), names=NAMES.filter(lambda found: len(found) > 1))
def test_a_school_that_leaves_the_roster_changes_nothing_among_the_others(
    seed: bytes, word: str, names: set[str]
) -> None:
    order = in_lot_order(seed, word, names)
    assert in_lot_order(seed, word, names - {order[0]}) == order[1:]


def test_over_many_words_each_school_is_drawn_about_as_often() -> None:
    drawn = Counter(draw_lots(VECTOR_SEED, str(word), VECTOR, 1)[0] for word in range(2_000))
    # 400 each; a fair draw strays by more than 80 less than once in 100,000 tries, and this one is always the same.
    assert all(abs(count - 400) < 80 for count in drawn.values())


def test_more_than_there_are_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="6 of 5"):
        draw_lots(VECTOR_SEED, "", VECTOR, 6)
