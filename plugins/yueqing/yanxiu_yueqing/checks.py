"""What every question of this pack does: hold its checks one by one and say which do not hold; refuse unknown words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from yanxiu_rulekit import FactsRefused, Law

# A clause, whether it holds, and what is wrong in both languages.
Check = tuple[str, bool, str, str]


def held(checks: Sequence[Check], law: Law, *, name: str = "ok") -> list[str]:
    """Say which checks do not hold, in one step; return their clauses in the order given, each once."""
    broken = [check for check in checks if not check[1]]
    law.step(
        name,
        not broken,
        clauses=tuple(dict.fromkeys(clause for clause, *_ in checks)),
        zh="合规。" if not broken else f"不合规：{'；'.join(zh for _c, _ok, zh, _en in broken)}。",
        en="As required." if not broken else f"Not as required: {'; '.join(en for _c, _ok, _zh, en in broken)}.",
    )
    return list(dict.fromkeys(clause for clause, *_ in broken))


def warned(checks: Sequence[Check], law: Law) -> list[str]:
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


def must_be_one_of(among: Collection[str], field: str, value: str) -> None:
    """Refuse a word that the text does not name, by its field."""
    if value not in among:
        raise FactsRefused(field=field, value=value, problem=f"one of {', '.join(among)}")


def must_count(field: str, value: int | None, most: int | None = None) -> None:
    """Refuse a count below none, or above what it is counted among."""
    if value is None or (value >= 0 and (most is None or value <= most)):
        return
    said = "no less than none" if most is None else f"from none to {most}"
    raise FactsRefused(field=field, value=value, problem=f"count: {said}")


def listed(names: Collection[str]) -> str:
    """Return names as they stand in a Chinese sentence."""
    return "、".join(names)
