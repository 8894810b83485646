"""Rank lists of a round by category, and what is wrong with results. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
from yanxiu_wire.competition import RoundResult


def wrong_result(
    results: Sequence[RoundResult], schools: Collection[str], categories: Collection[str]
) -> tuple[str, str] | None:
    """Return the field and value of the first result that cannot stand, None where all can."""
    seen: set[tuple[str, str]] = set()
    for one in results:
        if one.school not in schools:
            return "school", one.school
        if one.category not in categories:
            return "category", one.category
        if one.mark < 0 or (one.school, one.category) in seen:
            return "mark", str(one.mark)
        seen.add((one.school, one.category))
    return None


def ranked(results: Sequence[RoundResult]) -> tuple[RoundResult, ...]:
    """Return results by category and mark, each with its rank: one more than how many have a higher mark."""
    found = [
        msgspec.structs.replace(
            one, rank=1 + sum(1 for other in results if other.category == one.category and other.mark > one.mark)
        )
        for one in results
    ]
    return tuple(sorted(found, key=lambda one: (one.category, one.rank, one.school)))
