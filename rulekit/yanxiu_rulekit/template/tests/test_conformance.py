"""The pack conforms: what `yanxiu rules check` says of this folder is nothing."""

from __future__ import annotations

from pathlib import Path

from yanxiu_rulekit.check import check


def test_the_check_has_nothing_to_say() -> None:
    assert [str(problem) for problem in check(Path(__file__).resolve().parents[1])] == []
