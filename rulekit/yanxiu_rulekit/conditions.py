"""Conditions that a clause sets: which do not hold, said in one step; and words or counts that mean nothing refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from yanxiu_rulekit.errors import FactsRefused
from yanxiu_rulekit.law import Law

# A clause, whether it holds, and what is wrong where it does not, in Chinese and in English.
Condition = tuple[str, bool, str, str]


def clauses_broken(conditions: Sequence[Condition], law: Law, *, name: str = "ok") -> list[str]:
    """Say which conditions do not hold, in one step; return their clauses in the order given, each once."""
    broken = [one for one in conditions if not one[1]]
    law.step(
        name,
        not broken,
        clauses=_clauses(conditions),
        zh="合规。" if not broken else f"不合规：{'；'.join(zh for _clause, _holds, zh, _en in broken)}。",
        en="As required." if not broken else f"Not as required: {'; '.join(en for *_rest, en in broken)}.",
    )
    return list(_clauses(broken))


def clauses_to_watch(conditions: Sequence[Condition], law: Law, *, name: str = "warnings") -> list[str]:
    """Say which conditions should be looked at, though nothing is breached; return their clauses, each once."""
    open_ones = [one for one in conditions if not one[1]]
    law.step(
        name,
        len(open_ones),
        clauses=_clauses(conditions),
        zh="没有需要提示的。" if not open_ones else f"请留意：{'；'.join(zh for _c, _holds, zh, _en in open_ones)}。",
        en="Nothing to point out." if not open_ones else f"To be looked at: {'; '.join(en for *_, en in open_ones)}.",
    )
    return list(_clauses(open_ones))


def rows_that_hold(table: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of a table's rows but those that are false, in their order; each reading is kept."""
    return tuple(name for name in table if table[name] is not False)


def must_be_one_of(among: Collection[str], field: str, value: str) -> None:
    """Refuse a word that the text does not name, by its field; raises `FactsRefused`."""
    if value not in among:
        raise FactsRefused(field=field, value=value, problem=f"one of {', '.join(among)}")


def must_count(field: str, value: int | None, most: int | None = None) -> None:
    """Refuse a count below none, or above what it is counted among; raises `FactsRefused`."""
    if value is None or (value >= 0 and (most is None or value <= most)):
        return
    said = "no less than none" if most is None else f"from none to {most}"
    raise FactsRefused(field=field, value=value, problem=f"count: {said}")


def _clauses(conditions: Sequence[Condition]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clause for clause, *_ in conditions))
