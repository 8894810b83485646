"""Measures as data: a name, an amount, and which lines count; one list serves one teacher's lines and whole columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from yanxiu_rulekit.law import Law


class Portion(msgspec.Struct, frozen=True, kw_only=True):
    """The stretch from `before` to `upto` of a `whole`, by which an amount is divided among several measures.

    Each end is cut (never raised) at `places`, so that neighbouring stretches add up to the amount exactly.
    """

    before: Decimal
    upto: Decimal
    whole: Decimal
    places: int

    def of(self, amount: Decimal) -> Decimal:
        """Return the stretch of an amount."""
        return self._end(amount, self.upto) - self._end(amount, self.before)

    def _end(self, amount: Decimal, reached: Decimal) -> Decimal:
        return amount if reached == self.whole else cut_portion(amount, reached, self.whole, self.places)


def cut_portion(amount: Decimal, part: Decimal, whole: Decimal, places: int) -> Decimal:
    """Return amount * part / whole: exact where it ends by then, else cut (never raised) at `places`."""
    exact = Fraction(amount) * Fraction(part) / Fraction(whole)
    return Decimal(exact * 10**places // 1).scaleb(-places)


Counts = Callable[[Any, Law], bool | Portion]


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a period: the sum of an amount over the lines that count.

    `amount` names it on the line: `hours`, `credits`, or a figure that the pack keeps in a line's attributes; where the
    law decides which, it is a function of the law. `counts(line, law)` says whether a line counts, or which portion of
    it; it may look at all that the attributes say, and not at the line's id, day, hours or credits, since it is asked
    once for all lines that say the same.
    """

    name: str
    amount: str | Callable[[Law], str]
    counts: Counts

    def amount_by(self, law: Law) -> str:
        """Return the name of the amount."""
        return self.amount if isinstance(self.amount, str) else self.amount(law)


class Cap(msgspec.Struct, frozen=True, kw_only=True):
    """At most so many hours of some lines count in a period; each amount of a line that is cut is cut in proportion.

    `counts` as in a measure. `most`, `order` and `places` name parameters: the hours, which lines come first
    (`chronological` by day and then as entered, `best_credits_first` by credits per hour, else every line alike), and
    the decimal places at which a portion is cut.
    """

    counts: Callable[[Any, Law], bool]
    most: str
    order: str
    places: str


def every_line(_line: Any, _law: Law) -> bool:
    """Count every line."""
    return True


def measured(measures: Iterable[Measure], lines: Iterable[Any], law: Law) -> dict[str, Decimal]:
    """Return each measure over some lines, in the order of the list; 0 where no line counts."""
    listed = tuple(measures)
    figures = {one.name: Decimal(0) for one in listed}
    for line in lines:
        for one in listed:
            counts = one.counts(line, law)
            if counts is False:
                continue
            amount: Decimal = getattr(line, one.amount_by(law))
            figures[one.name] += counts.of(amount) if isinstance(counts, Portion) else amount
    return figures
