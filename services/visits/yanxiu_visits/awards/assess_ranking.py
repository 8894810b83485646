"""Rank the nominations of a category by their reviewers' marks, with ties parted as the rules say. Pure, and exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

Marks = Mapping[str, int]
LOT = "lot"


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """A nomination's rank (1 is best), its mean total, and what parted it from one of the same total above it."""

    number: int
    rank: int
    mean: Fraction
    parted_by: str | None = None


def rank(reviews: Mapping[int, Sequence[Marks]], tie: Sequence[str], lots: Sequence[int]) -> tuple[Ranked, ...]:
    """Return numbers from best to worst: by mean total, then by the mean of each tie criterion, then by lot.

    `reviews` are every reviewer's marks of a number (at least one each); `lots` are all numbers in the order in which
    the lot draws them. Ranks are 1, 2, 3 without gaps: a tie never makes two of one rank.
    """
    keys = {number: (_mean(marks), *(_mean(marks, one) for one in tie)) for number, marks in reviews.items()}
    drawn = {number: place for place, number in enumerate(lots)}
    order = sorted(reviews, key=lambda number: (*(-part for part in keys[number]), drawn[number]))
    found: list[Ranked] = []
    for place, number in enumerate(order):
        above = keys[order[place - 1]] if place else None
        found.append(
            Ranked(
                number=number,
                rank=place + 1,
                mean=keys[number][0],
                parted_by=None if above is None else _parted(above, keys[number], tie),
            )
        )
    return tuple(found)


def _mean(marks: Sequence[Marks], criterion: str | None = None) -> Fraction:
    given = [sum(one.values()) if criterion is None else one.get(criterion, 0) for one in marks]
    return Fraction(sum(given), len(given))


def _parted(above: tuple[Fraction, ...], own: tuple[Fraction, ...], tie: Sequence[str]) -> str | None:
    if above[0] != own[0]:
        return None
    apart = (name for name, theirs, mine in zip(tie, above[1:], own[1:], strict=True) if theirs != mine)
    return next(apart, LOT)
