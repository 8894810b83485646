"""Whatever facts a question of an installed law is tried with, it answers or refuses: none of them raises."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from yanxiu_credits.laws import Laws
from yanxiu_credits.rules.bounds import small_enough
from yanxiu_credits.rules.try_decision import tried
from yanxiu_rulekit.factfields import FactField, fact_fields
from yanxiu_rulekit.plugins import load_packs
from yanxiu_wire.caller import Caller
from yanxiu_wire.refusal import Refused
from yanxiu_wire.rules import DecisionTried, PackAsked, TryDecision

TODAY = date(2024, 11, 20)
EACH = 40
WORDS = ("", "x", "一等奖", "专题讲座", "2024", "school", "2024-2025", "校")
DECIMALS = ("0", "1", "-1", "0.5", "59.5", "100", "999999999999", "1e5", "0.000001", "33.33")
LAWS = load_packs()


def day(chance: random.Random) -> str:
    if chance.random() < 0.05:
        return chance.choice(("0001-01-01", "9999-12-31", "2024-02-29"))
    return (TODAY + timedelta(days=chance.randint(-4000, 4000))).isoformat()


def value(chance: random.Random, form: str, field: FactField) -> Any:
    """A value of the form, with the borders that formulas trip over."""
    plain = {
        "decimal": lambda: chance.choice(DECIMALS),
        "integer": lambda: chance.choice((0, 1, -1, 3, 2024, 10**9, 10**18)),
        "boolean": lambda: chance.random() < 0.5,
        "date": lambda: day(chance),
        "choice": lambda: chance.choice(field.choices or WORDS),
        "text": lambda: chance.choice((*WORDS, *field.choices)),
        "group": lambda: group(chance, field.fields),
        "list": lambda: [inner(chance, field) for _ in range(chance.randint(0, 3))],
        "table": lambda: {
            chance.choice((*WORDS, "优", "1")): inner(chance, field) for _ in range(chance.randint(0, 3))
        },
    }
    return plain[form]()


def inner(chance: random.Random, field: FactField) -> Any:
    return [] if field.of in ("list", "table") else value(chance, field.of or "text", field)


def group(chance: random.Random, fields: Sequence[FactField]) -> dict[str, Any]:
    """Facts of a group: what is required, and some of the rest; now and then one of another form."""
    given: dict[str, Any] = {}
    for one in fields:
        if one.required or chance.random() < 0.35:
            strange = chance.random() < 0.05
            given[one.name] = (
                chance.choice((None, "x", 1, [], {})) if strange else value(chance, chance.choice(one.forms), one)
            )
    return given


@pytest.mark.parametrize("jurisdiction", LAWS.jurisdictions())
def test_every_question_of_a_law_answers_or_refuses(jurisdiction: str) -> None:
    chance, laws = random.Random(20241016), Laws(LAWS)
    caller = Caller(subject="synthetic", role="auditor", district="d")
    answered = 0
    for kind, asked in LAWS.packs[jurisdiction].decisions.items():
        for _ in range(EACH):
            facts = group(chance, fact_fields(asked.facts))
            on = chance.choice((None, date(2024, 10, 16)))
            law = PackAsked(jurisdiction=jurisdiction, on=on)
            found = tried(laws, None, TryDecision(caller=caller, law=law, kind=kind, facts=facts), TODAY)
            if isinstance(found, Refused):
                assert all(one.code and one.field and one.message_zh and one.remedy_en for one in found.errors)
            else:
                assert isinstance(found, DecisionTried)
                assert found.explanation.steps or found.refusals or found.result
                answered += 1
    assert answered > EACH, "most facts of the right form are answered"


def test_facts_are_measured_before_any_is_read() -> None:
    assert small_enough("facts", {"a": [{"b": "x" * 500}] * 300, "c": 1}) is None
    deep: dict[str, Any] = {}
    for _ in range(9):
        deep = {"a": deep}
    for given, field in (
        ({"a": ["x"] * 2000}, "facts"),
        (deep, "facts" + ".a" * 8),
        ({"a": {"b": "x" * 501}}, "facts.a.b"),
        ({"x" * 501: 1}, f"facts.{'x' * 194}"),
    ):
        refused = small_enough("facts", given)
        assert refused is not None
        assert (refused.errors[0].code, refused.errors[0].field) == ("FACTS_TOO_LARGE", field)
