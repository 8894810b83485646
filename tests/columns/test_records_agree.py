"""Records assessed as columns come out exactly as the pack's decision says of each, on every rule of every pack."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from yanxiu_rulekit import to_micro
from yanxiu_rulekit.columns import Assessor
from yanxiu_rulekit.errors import FactsRefused, RuleNotInForce

Answer = tuple[str, int, int, Any, tuple[str, ...]]


def answered(pack: Any, on: date, facts: dict[str, Any], policy: dict[str, Any]) -> Answer:
    """Return what the decision says of one record, in the words of the columns."""
    try:
        assessed = pack.assess(facts, on=on, settings=policy)
    except (FactsRefused, RuleNotInForce):
        return "UNREADABLE", 0, 0, {}, ()
    reasons = tuple(map(str, assessed.decided.result.get("reasons", ())))
    try:
        amounts = to_micro(assessed.hours), to_micro(assessed.credits)
    except ValueError:
        return "INEXACT", 0, 0, {}, reasons
    return assessed.status, *amounts, assessed.attributes if assessed.status == "COUNTED" else {}, reasons


def agree(pack: Any, records: list[Any], policy: dict[str, Any], *, few: int) -> Any:
    found = Assessor(pack, policy, few=few).assess(records)
    for row, (on, facts) in enumerate(records):
        assert found.answer(row) == answered(pack, on, facts, policy), (on, facts, policy)
    return found


def test_every_record_of_the_cases_and_every_clause_that_they_breach(shown: Any, vary: Callable[..., Any]) -> None:
    chance = random.Random(11)
    breached: set[str] = set()
    wanted: set[str] = set()
    counted = one_at_a_time = rows = 0
    for policy in shown.settings:
        own = [(on, facts) for on, facts, settings in shown.records if settings == policy]
        records = [*own, *(vary(shown, chance) for _ in range(900 if not policy else 30))]
        found = agree(shown.pack, records, policy, few=0)
        breached |= {clause for code in set(found.reason_code.tolist()) for clause in found.reasons[code]}
        wanted |= {clause for on, facts in own for clause in answered(shown.pack, on, facts, policy)[4]}
        counted += int((found.status == 0).sum())
        one_at_a_time, rows = one_at_a_time + found.scalar, rows + len(found)
    assert breached >= wanted
    assert wanted
    assert counted > rows / 20
    assert one_at_a_time < rows / 5, "the columns hardly answered anything"


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), few=st.sampled_from([0, 1, 4]))
def test_any_records_under_any_settings(
    shown: Any, vary: Callable[..., Any], settle: Callable[..., Any], seed: int, few: int
) -> None:
    chance = random.Random(seed)
    policy = settle(shown.pack, chance)
    kinds = [vary(shown, chance) for _ in range(4)]
    numbers = ["0", "8", "8.5", "24", "59.5", "60", "75", "90", "0.7", "1.5", "3"]
    records = []
    for _ in range(40):
        on, facts = chance.choice(kinds)
        # The same kind of record with other numbers, so that one path serves several.
        facts = {
            name: chance.choice(numbers) if isinstance(value, str) and value[:1].isdigit() and len(value) < 8 else value
            for name, value in facts.items()
        }
        records.append((on, facts))
    agree(shown.pack, records, policy, few=few)


def test_paths_once_traced_serve_later_records(shown: Any) -> None:
    assessor = Assessor(shown.pack, few=0)
    records = [(on, facts) for on, facts, policy in shown.records if not policy]
    first, again = assessor.assess(records), assessor.assess(records)
    assert first.paths > 0
    # What no path holds is tried again, and assessed one at a time again.
    assert again.paths <= again.scalar
    assert again.scalar == first.scalar
    assert again.same(first)
