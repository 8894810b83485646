"""Who of a ranked category is in line for its places, and which place is free. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from yanxiu_wire.awards import Nomination


def in_line(ranked: Iterable[Nomination], barred: Collection[str]) -> list[Nomination]:
    """Return the ranked nominations, best first, that have an award or can have one: of no barred school.

    None that was struck, withdrawn or revoked; one that was confirmed before its school was barred keeps its place.
    """
    found = [
        one
        for one in ranked
        if one.rank is not None
        and (one.state == "confirmed" or (one.state == "nominated" and one.school not in barred))
    ]
    return sorted(found, key=lambda one: one.rank or 0)


def open_places(everyone: Iterable[Nomination], quota: int) -> int:
    """Return how many of the quota can be held: the place of a revoked award that was not freed is nobody's."""
    return quota - sum(1 for one in everyone if one.state == "revoked" and one.place is not None)


def within(line: Sequence[Nomination], nomination: str, quota: int) -> bool:
    """Say whether a nomination is among the first `quota` in line."""
    return nomination in {one.id for one in line[:quota]}


def free_place(taken: Collection[int], quota: int) -> int | None:
    """Return the lowest place from 1 to `quota` that is not taken, None when all are."""
    return next((place for place in range(1, quota + 1) if place not in taken), None)
