"""Columns of numbers are exact: they come out as decimals do, or say that they do not fit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_rulekit import Law, Measure, Portion, Requirement, choose, half_up, hold, load_packs, measured, whole_below
from yanxiu_rulekit.columns import (
    Column,
    ColumnOverflow,
    LineBuilder,
    Mask,
    Seal,
    SegmentBroken,
    each,
    load_segment,
    read_seal,
    save_segment,
)
from yanxiu_rulekit.columns.number import ends, quotient
from yanxiu_rulekit.columns.sheet import added_up
from yanxiu_rulekit.columns.traced import Trace
from yanxiu_rulekit.numbers import EXACT

decimals = st.decimals(min_value=-(10**6), max_value=10**6, places=6)
lists = st.lists(decimals, min_size=1, max_size=6)
PUER = load_packs().pack("puer")


def column(values: list[Decimal]) -> Column:
    return Column(np.array([int(one * 10**6) for one in values], dtype=np.int64), 10**6)


def back(found: Column) -> list[Decimal | None]:
    return [found.decimal(row) for row in range(len(found))]


OPERATIONS: list[Callable[[Any, Any], Any]] = [
    lambda one, two: one + two,
    lambda one, two: two - one,
    lambda one, two: one - two,
    lambda one, two: abs(one) * 3 - two,
    lambda one, two: -one + Decimal("0.5") + two,
    lambda one, two: one * Decimal("1.15") + two / 8,
    lambda one, two: half_up(one / 4, 1) + two,
    lambda one, two: whole_below(one / 20) - whole_below(two),
    lambda one, two: one % 7 + two,
]


@settings(deadline=None)
@given(values=lists, other=decimals, which=st.sampled_from(range(len(OPERATIONS))))
def test_a_formula_over_a_column_is_the_formula_over_each_number(
    values: list[Decimal], other: Decimal, which: int
) -> None:
    formula = OPERATIONS[which]
    with localcontext(EXACT):
        assert back(formula(column(values), other)) == [formula(one, other) for one in values]
        # Two columns: each number with its neighbour.
        assert back(formula(column(values), column(values[::-1]))) == [
            formula(one, two) for one, two in zip(values, values[::-1], strict=True)
        ]


@settings(deadline=None)
@given(values=lists, other=decimals)
def test_comparisons_and_choices_are_those_of_each_number(values: list[Decimal], other: Decimal) -> None:
    whole = column([*values, other])
    for outcome, plain in (
        (whole < other, lambda one: one < other),
        (whole <= other, lambda one: one <= other),
        (whole == other, lambda one: one == other),
        (whole != other, lambda one: one != other),
        (other < whole, lambda one: other < one),
        (whole >= other, lambda one: one >= other),
    ):
        assert outcome.values.tolist() == [plain(one) for one in [*values, other]]
    chosen = choose((whole > other, whole), (whole == other, Decimal(0)), otherwise=lambda: -whole)
    assert back(chosen) == [one if one > other else 0 if one == other else -one for one in [*values, other]]


@settings(deadline=None)
@given(values=lists, places=st.integers(0, 4), how=st.sampled_from([ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_EVEN]))
def test_rounding_is_the_decimal_modules(values: list[Decimal], places: int, how: str) -> None:
    unit = Decimal(1).scaleb(-places)
    assert back(column(values).quantize(unit, rounding=how)) == [one.quantize(unit, rounding=how) for one in values]


@settings(deadline=None)
@given(one=st.integers(-(10**9), 10**9), two=st.integers(-(10**6), 10**6))
def test_a_division_ends_exactly_where_a_decimal_does(one: int, two: int) -> None:
    left, right = (Column(np.array([value], dtype=np.int64), 1) for value in (one, two))
    wanted = False
    if two:
        rest = Fraction(one, two).denominator
        for factor in (2, 5):
            while rest % factor == 0:
                rest //= factor
        wanted = rest == 1
    assert ends(left, right).tolist() == [wanted]


def test_what_64_bits_do_not_hold_is_refused_and_never_wrong() -> None:
    large = Column(np.array([2**62], dtype=np.int64), 1)
    for formula in (
        lambda: large + large,
        lambda: large * 4,
        lambda: large * large,
        lambda: large / 3 / 10**16,
        lambda: Column(np.array([1], dtype=np.int64), 7).micro(),
        lambda: quotient(large, large - large),
        lambda: large > Decimal(10) ** 30,
    ):
        with pytest.raises(ColumnOverflow):
            formula()
    with pytest.raises(TypeError):
        bool(large > 0)
    with pytest.raises(TypeError):
        bool(large)


def test_each_combination_is_asked_once_and_answered_by_row() -> None:
    asked: list[tuple[bool, ...]] = []

    def verdict(*truths: bool) -> str:
        asked.append(truths)
        return "PASS" if all(truths) else "FAIL"

    masks = [Mask(np.array(one)) for one in ([True, True, False, True], [True, False, False, True])]
    found = each(verdict, *masks)
    assert len(asked) == len(set(asked)) == 3
    assert found.truth(lambda one: one == "PASS").values.tolist() == [True, False, False, True]
    assert found.verdict(str).tolist() == [0, 1, 1, 0]


def test_a_share_of_nothing_is_unknown_in_its_row_alone() -> None:
    law = Law(PUER.parameters, date(2025, 1, 1))
    wanted = Requirement(
        clause="X-1", measure="part", of="whole", operator="at_least", parameter="self_chosen_share",
        label_zh="份额", label_en="share", unit="学分",
    )  # fmt: skip
    figures = {
        "part": column([Decimal(0), Decimal(3), Decimal(2)]),
        "whole": column([Decimal(0), Decimal(5), Decimal(5)]),
    }
    (found,) = hold([wanted], figures, law)
    assert found.met.values.tolist() == [False, True, False]
    assert back(found.earned) == [None, 3, 2]
    assert back(found.shortfall) == [0, 0, 1]


@settings(deadline=None)
@given(amount=decimals.map(abs), weights=st.lists(st.integers(1, 40).map(Decimal), min_size=1, max_size=5))
def test_portions_of_an_amount_add_up_to_it(amount: Decimal, weights: list[Decimal]) -> None:
    law = Law(PUER.parameters, date(2025, 1, 1))
    whole = sum(weights, Decimal(0))

    def portion(place: int) -> Callable[..., Portion]:
        before = sum(weights[:place], Decimal(0))
        return lambda _line, _law: Portion(before=before, upto=before + weights[place], whole=whole, places=12)

    measures = [Measure(name=str(place), amount="credits", counts=portion(place)) for place in range(len(weights))]
    line = type("Line", (), {"credits": amount})()
    with localcontext(EXACT):
        figures = measured(measures, [line], law)
        assert sum(figures.values()) == amount
        exact = [Fraction(amount) * Fraction(one) / Fraction(whole) for one in weights]
        assert all(abs(Fraction(figures[str(place)]) - one) < Fraction(1, 10**12) for place, one in enumerate(exact))


def test_traced_facts_behave_as_plain_ones_and_note_what_was_asked() -> None:
    trace = Trace()
    hours, day = trace.number("hours", Decimal("8.5")), trace.day("day", date(2024, 5, 3))
    assert hours * 2 + 1 == Decimal(18)
    assert (f"{hours}", str(day), f"{day}") == ("8.5", "2024-05-03", "2024-05-03")
    before = len(trace.guards)
    assert f"{hours:f}" == "8.5"
    assert len(trace.guards) == before, "an explanation fixes nothing"
    assert (day.year, day.month, day.day, day.isoformat()) == (2024, 5, 3, "2024-05-03")
    assert {hours: 1}[Decimal("8.5")] == 1
    assert int(hours) == 8
    assert day < date(2024, 6, 1)
    assert (date(2024, 6, 1) - day).days == 29
    fixed = [guard for guard in trace.guards if guard[0] == "==" and guard[1] == ("fact", "hours")]
    assert fixed, "a hash or a whole part holds for this number alone"


def test_a_segment_gives_back_what_was_sealed_and_nothing_else(tmp_path: Path) -> None:
    builder = LineBuilder(["a", "b", "c"])
    builder.add([("c", date(2024, 3, 1), 5, 6, "{}"), ("a", date(2024, 5, 1), 10**12, 2, '{"x":1}')])
    builder.add([("a", date(2024, 4, 1), 3, 4, "{}"), ("d", date(2024, 4, 1), 7, 8, "{}")])
    columns = builder.columns()
    seal = Seal(district="d", start=date(2024, 1, 1), end=date(2024, 12, 31), seq=9, head="f" * 64)
    path = tmp_path / "one.npz"
    save_segment(path, columns, seal)
    found, sealed = load_segment(path)
    assert sealed == seal == read_seal(path)
    assert found.teachers == columns.teachers == ("a", "b", "c", "d")
    for row in range(4):
        assert list(found.lines_of(row)) == list(columns.lines_of(row))
    assert [line.on.month for line in found.lines_of(0)] == [4, 5]
    assert list(tmp_path.iterdir()) == [path]
    raw = path.read_bytes()
    for place in range(0, len(raw), max(len(raw) // 40, 1)):
        path.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        with pytest.raises(SegmentBroken):
            load_segment(path)


@settings(max_examples=60, deadline=None)
@given(
    places=st.lists(st.integers(0, 4), min_size=1, max_size=30),
    most=st.sampled_from([3, 10**6, 2**31 - 1, 2**40]),
    least=st.sampled_from([0, -5]),
    seed=st.integers(0, 2**32),
)
def test_amounts_are_added_up_by_place_to_the_last_unit_alone_or_two_as_one_number(
    places: list[int], most: int, least: int, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    amounts = [chance.integers(least, most, len(places)) for _ in range(3)]
    found = added_up(np.array(places), amounts, 5, len(places))
    for own, amount in zip(found, amounts, strict=True):
        wanted = [
            sum(one for one, at in zip(amount.tolist(), places, strict=True) if at == place) for place in range(5)
        ]
        assert own.tolist() == wanted


def test_amounts_too_large_to_add_up_are_refused() -> None:
    with pytest.raises(ColumnOverflow):
        added_up(np.array([0, 0]), [np.array([2**52, 1])], 1, 2)
