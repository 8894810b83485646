"""Who of a ranked category is in line for its places, and which place is free. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from yanxiu_wire.awards import Nomination


def in_line(ranked: Iterable[Nomination], barred: Collection[str]) -> list[Nomination]:
    """Return the ranked nominations, best first, that can have an award: not struck, and of no barred school."""
    found = [one for one in ranked if one.rank is not None and one.state != "struck" and one.school not in barred]
    return sorted(found, key=lambda one: one.rank or 0)


def within(line: Sequence[Nomination], nomination: str, quota: int) -> bool:
    """Say whether a nomination is among the first `quota` in line."""
    return nomination in {one.id for one in line[:quota]}


def free_place(taken: Collection[int], quota: int) -> int | None:
    """Return the lowest place from 1 to `quota` that is not taken, None when all are."""
    return next((place for place in range(1, quota + 1) if place not in taken), None)
