"""The cap of a period over columns: hours beyond it do not count, and what is cut is cut in proportion."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from yanxiu_rulekit.columns.lines import Ints
from yanxiu_rulekit.columns.number import Bools, ColumnOverflow, Whole, top
from yanxiu_rulekit.columns.sheet import MICRO_PLACES, Rows, Sheet
from yanxiu_rulekit.law import Law
from yanxiu_rulekit.measure import Cap
from yanxiu_rulekit.numbers import to_micro


def capped(sheet: Sheet, cap: Cap, law: Law) -> Sheet:
    """Return the lines as they count under the cap.

    A teacher beyond it whose lines are cut alike, or come out finer than millionths where the law keeps more places
    than those, is marked irregular.
    """
    rows = sheet.rows
    under = sheet.shapes.truths((cap.counts, law.on), lambda line: cap.counts(line, law))
    own = under[rows.shape] if len(under) else np.zeros(0, dtype=np.bool_)
    most = to_micro(getattr(law, cap.most))
    over = _over(sheet, own, most)
    if not over.any():
        return sheet
    order = str(getattr(law, cap.order))
    places = int(getattr(law, cap.places))
    if order not in ("chronological", "best_credits_first") or places < MICRO_PLACES:
        sheet.irregular |= over
        return sheet
    its_own = over[rows.teacher] if rows.starts is None else np.repeat(over, np.diff(rows.starts))
    chosen = np.flatnonzero(own & its_own)
    if rows.starts is None or order != "chronological":
        chosen = chosen[_ordered(rows, chosen, best_first=order == "best_credits_first")]
    hours = rows.amounts["hours"][chosen].astype(np.int64)
    counts = _filled(rows.teacher[chosen], hours, most)
    cut = counts < hours
    amounts = {"hours": _replaced(rows.amounts["hours"], chosen, counts)}
    for name, amount in rows.amounts.items():
        if name != "hours":
            amounts[name], fine = _in_proportion(amount, chosen[cut], counts[cut], hours[cut])
            if places > MICRO_PLACES:
                sheet.irregular[rows.teacher[chosen[cut][fine]]] = True
    return sheet.having(replace(rows, amounts=amounts))


def _over(sheet: Sheet, own: Bools, most: int) -> Bools:
    return sheet.rows.summed(sheet.rows.amounts["hours"] * own, sheet.teachers) > most


def _ordered(rows: Rows, chosen: Whole, *, best_first: bool) -> Whole:
    """Return the order in which the cap is filled: by teacher, by rate where that is asked, by day, as entered."""
    teacher, day = rows.teacher[chosen], rows.day[chosen]
    if not best_first:
        return np.lexsort((day, teacher))
    pairs = np.stack((rows.amounts["credits"][chosen], rows.amounts["hours"][chosen]))
    distinct, which = np.unique(pairs, axis=1, return_inverse=True)
    rates = [Fraction(credit, hours) if hours else Fraction(0) for credit, hours in distinct.T.tolist()]
    ranks = {rate: place for place, rate in enumerate(sorted(set(rates), reverse=True))}
    rank = np.array([ranks[rate] for rate in rates])[which.reshape(-1)]
    return np.lexsort((day, rank, teacher))


def _filled(teacher: Ints, hours: Whole, most: int) -> Whole:
    """Return the hours that still find room, line after line of each teacher."""
    reached = np.cumsum(hours, dtype=np.int64)
    first = np.concatenate(([True], teacher[1:] != teacher[:-1]))
    starts = np.flatnonzero(first)
    before = reached - hours
    before -= np.repeat(before[starts], np.diff(np.append(starts, len(teacher))))
    return np.minimum(hours, np.maximum(most - before, 0))


def _in_proportion(amount: Whole, cut: Whole, counts: Whole, hours: Whole) -> tuple[Whole, Bools]:
    """Return the amount cut to the hours that count, in millionths, and where these do not hold it exactly."""
    common = np.maximum(np.gcd(counts, hours), 1)
    part, whole, old = counts // common, hours // common, amount[cut].astype(np.int64)
    if top(old) * top(part) >= 2**63:
        raise ColumnOverflow("a portion")
    scaled = old * part
    return _replaced(amount, cut, scaled // whole), scaled % whole != 0


def _replaced(amount: Whole, places: Whole, values: Whole) -> Whole:
    made = amount.copy()
    made[places] = values
    return made
