"""Conditions of clauses: what does not hold is said once with its clauses, and a word that means nothing is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from yanxiu_rulekit import (
    DecisionUnknown,
    FactsRefused,
    Law,
    Parameters,
    VisitRules,
    clauses_broken,
    clauses_to_watch,
    must_be_one_of,
    must_count,
    rows_that_hold,
)

CONDITIONS = (
    ("A-1", True, "甲不成立", "A does not hold"),
    ("A-2", False, "乙不成立", "B does not hold"),
    ("A-2", False, "丙不成立", "C does not hold"),
)


def law() -> Law:
    return Law(Parameters({}, file="made-up"), date(2024, 9, 1))


def test_what_does_not_hold_is_told_in_one_step_and_each_clause_named_once() -> None:
    asked = law()
    assert clauses_broken(CONDITIONS, asked) == ["A-2"]
    (step,) = asked.steps
    assert (step.value, step.clauses) == (False, ("A-1", "A-2"))
    assert step.zh == "不合规：乙不成立；丙不成立。"
    assert step.en == "Not as required: B does not hold; C does not hold."
    assert clauses_to_watch(CONDITIONS, asked) == ["A-2"]
    assert (asked.steps[1].value, asked.steps[1].zh) == (2, "请留意：乙不成立；丙不成立。")


def test_what_holds_is_told_too() -> None:
    asked = law()
    assert clauses_broken(CONDITIONS[:1], asked) == []
    assert clauses_to_watch(CONDITIONS[:1], asked) == []
    assert [(step.value, step.zh) for step in asked.steps] == [(True, "合规。"), (0, "没有需要提示的。")]


@pytest.mark.parametrize(("value", "most"), [(-1, None), (-1, 3), (4, 3)])
def test_a_count_outside_its_bounds_is_refused_by_its_field(value: int, most: int | None) -> None:
    with pytest.raises(FactsRefused) as refused:
        must_count("weeks", value, most)
    assert (refused.value.field, refused.value.value) == ("weeks", value)


def test_counts_within_their_bounds_and_words_of_the_text_pass() -> None:
    for value, most in ((None, None), (0, None), (3, 3), (0, 0)):
        must_count("weeks", value, most)
    must_be_one_of(("甲", "乙"), "kind", "乙")
    with pytest.raises(FactsRefused, match="one of 甲, 乙"):
        must_be_one_of(("甲", "乙"), "kind", "丙")


def test_the_rows_that_hold_are_all_but_those_that_are_false_in_their_order() -> None:
    assert rows_that_hold({"乙": True, "甲": False, "丙": Decimal(0), "丁": "", "戊": True}) == ("乙", "丙", "丁", "戊")
    assert rows_that_hold({}) == ()


def test_a_law_without_placing_places_nobody_and_owes_nothing() -> None:
    rules = VisitRules()
    assert not rules.places_researchers
    assert rules.questions() == {}
    assert rules.minima(None, law()) == ()  # type: ignore[arg-type]  # nothing is read of the term
    with pytest.raises(DecisionUnknown):
        rules.placing(law())
