"""What is looked at beside what is breached, said only where there is something to say; names in a sentence."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from yanxiu_rulekit import Condition, Law


def warned(checks: Sequence[Condition], law: Law) -> list[str]:
    """Say what should be looked at, though nothing is breached; return the clauses."""
    open_ones = [check for check in checks if not check[1]]
    if open_ones:
        law.step(
            "warnings",
            len(open_ones),
            clauses=tuple(dict.fromkeys(clause for clause, *_ in open_ones)),
            zh=f"请留意：{'；'.join(zh for _c, _ok, zh, _en in open_ones)}。",
            en=f"To be looked at: {'; '.join(en for _c, _ok, _zh, en in open_ones)}.",
        )
    return list(dict.fromkeys(clause for clause, *_ in open_ones))


def listed(names: Collection[str]) -> str:
    """Return names as they stand in a Chinese sentence."""
    return "、".join(names)
