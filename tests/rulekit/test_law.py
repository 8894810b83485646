"""The explanation: sentences are filled from words, and a fact's own text never breaks or changes one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from yanxiu_rulekit import Law, Parameters, choose


def law() -> Law:
    return Law(Parameters({}, file="parameters.toml"), date(2024, 1, 1))


@given(st.text(), st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_any_text_of_a_fact_stands_in_the_sentence_as_it_is(text: str, value: Decimal) -> None:
    asked = law()
    assert asked.step("x", value, zh="“{form}”计{value}。", en="{form}: {value}.", form=text) == value
    number = f"{value:f}".rstrip("0").rstrip(".") if value else "0"
    assert asked.steps[0].zh == f"“{text}”计{number}。"


@given(st.text())
def test_a_refusal_takes_any_text_too(text: str) -> None:
    asked = law()
    asked.refuse(
        "X", field="form", value=text, clauses=(), zh="“{value}”{why}", en="{value}", remedy=("改", "fix"), why="错"
    )
    assert asked.refusals[0].zh == f"“{text}”错"


def test_a_word_that_was_not_given_stays_visible_for_the_check() -> None:
    asked = law()
    asked.step("x", 1, zh="{missing}{value}", en="{value}")
    assert asked.steps[0].zh == "{missing}1"


def test_only_the_branch_chosen_is_asked() -> None:
    asked: list[str] = []

    def ask(name: str) -> str:
        asked.append(name)
        return name

    assert choose((False, lambda: ask("a")), (True, lambda: ask("b")), otherwise=lambda: ask("c")) == "b"
    assert choose((False, 1), otherwise=lambda: ask("c")) == "c"
    assert asked == ["b", "c"]
