"""Enumerated texts: one that the text of the regulation does not name is refused by its field, never passed over."""

from __future__ import annotations

from collections.abc import Collection

from yanxiu_rulekit import FactsRefused


def must_be_one_of(among: Collection[str], field: str, value: str) -> None:
    """Refuse a value that is not among those named."""
    if value not in among:
        raise FactsRefused(field=field, value=value, problem=f"one of {', '.join(among)}")
