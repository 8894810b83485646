"""Standings by the column: what a pack's column side gives, and what comes out for all teachers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from yanxiu_rulekit.columns.number import Bools, Column, Mask, constant, times
from yanxiu_rulekit.columns.outcomes import VERDICTS
from yanxiu_rulekit.columns.sheet import Sheet
from yanxiu_rulekit.facts import CreditLine
from yanxiu_rulekit.law import Law
from yanxiu_rulekit.outcome import Finding, Period, Standing

Verdicts = npt.NDArray[np.uint8]
# What tells the requirements of a period apart.
Key = tuple[str, str]


@dataclass(slots=True, eq=False)
class FindingColumn:
    """One requirement held against every teacher's measure.

    `applies` is False where the duty is not the teacher's, `met`, `earned`, `threshold` and `shortfall` are as in a
    `Finding`; where `earned` is unknown the share has no denominator.
    """

    clause: str
    measure: str
    label_zh: str
    label_en: str
    unit: str
    operator: str
    binding: bool
    applies: Bools
    met: Bools
    earned: Column
    threshold: Column
    shortfall: Column

    def finding(self, row: int) -> Finding | None:
        """Return what was found of one teacher, None where the duty is not theirs."""
        if not self.applies[row]:
            return None
        return Finding(
            clause=self.clause,
            measure=self.measure,
            label_zh=self.label_zh,
            label_en=self.label_en,
            unit=self.unit,
            operator=self.operator,
            threshold=self.threshold.decimal(row) or Decimal(0),
            earned=self.earned.decimal(row),
            shortfall=self.shortfall.decimal(row) or Decimal(0),
            met=bool(self.met[row]),
            binding=self.binding,
        )


@dataclass(slots=True, eq=False)
class Judged:
    """What a pack's column side says of the teachers of a sheet, row by row.

    `applies` names by place the findings that are not every teacher's duty. Hours and credits are as in a `Standing`.
    """

    verdict: Verdicts
    hours: Column
    credits: Column
    recognised_hours: Column
    recognised_credits: Column
    findings: Sequence[Finding]
    applies: Mapping[int, Mask] = field(default_factory=dict)


class ColumnRule(msgspec.Struct, frozen=True, kw_only=True):
    """How a period is judged from columns.

    `read` types a line as the scalar judge does; `amounts` are those that measures add up: `hours`, `credits`, and what
    the pack keeps among a line's attributes. `judge(period, sheet, law)` judges all teachers of a sheet; it marks those
    whom it cannot, and they are judged one at a time.
    """

    read: Callable[[CreditLine], Any]
    amounts: tuple[str, ...]
    judge: Callable[[Period, Sheet, Law], Judged]


@dataclass(slots=True, eq=False)
class StandingColumns:
    """The standing of every teacher in a period, in the order of the columns.

    `verdict` holds places in `VERDICTS`. `scalar` counts the teachers who were judged one at a time, since their lines
    or amounts are none that columns add up.
    """

    period: Period
    teachers: tuple[str, ...]
    verdict: Verdicts
    hours: Column
    credits: Column
    recognised_hours: Column
    recognised_credits: Column
    findings: tuple[FindingColumn, ...]
    scalar: int

    def __len__(self) -> int:
        return len(self.teachers)

    def verdict_of(self, row: int) -> str:
        """Return the verdict of one teacher."""
        return VERDICTS[self.verdict[row]]

    def findings_of(self, row: int) -> tuple[Finding, ...]:
        """Return what was found of one teacher, in rule order."""
        found = (one.finding(row) for one in self.findings)
        return tuple(one for one in found if one is not None)


AMOUNTS = ("hours", "credits", "recognised_hours", "recognised_credits")


@dataclass(slots=True, eq=False)
class Piece:
    """Some teachers' standings as columns that may still be written into."""

    verdict: Verdicts
    amounts: list[Column]
    findings: list[FindingColumn]


def piece_of(judged: Judged, rows: int) -> Piece:
    """Return what a pack said, every constant spread over the rows, and nothing shared with the pack's own columns."""
    return Piece(
        judged.verdict.copy(),
        [_spread(getattr(judged, name), rows) for name in AMOUNTS],
        [_finding(one, judged.applies.get(place), rows) for place, one in enumerate(judged.findings)],
    )


def piece_from(standings: Sequence[Standing]) -> Piece:
    """Return standings that were judged one at a time as columns."""
    rows = len(standings)
    order = in_order([[(one.clause, one.measure) for one in standing.findings] for standing in standings])
    first = {(one.clause, one.measure): one for standing in reversed(standings) for one in standing.findings}
    none = Mask(np.zeros(rows, dtype=np.bool_))
    piece = Piece(
        np.zeros(rows, dtype=np.uint8),
        [constant(0, rows) for _name in AMOUNTS],
        [_finding(first[key], none, rows) for key in order],
    )
    for row, standing in enumerate(standings):
        put_standing(row, standing, piece)
    return piece


def in_order(lists: Iterable[Sequence[Key]]) -> list[Key]:
    """Return every key that some list holds, in an order that each list keeps."""
    order: list[Key] = []
    for listed in lists:
        place = 0
        for key in listed:
            if key in order:
                place = order.index(key) + 1
            else:
                order.insert(place, key)
                place += 1
    return order


def _finding(found: Finding, applies: Mask | None, rows: int) -> FindingColumn:
    met: Any = found.met
    return FindingColumn(
        clause=found.clause,
        measure=found.measure,
        label_zh=found.label_zh,
        label_en=found.label_en,
        unit=found.unit,
        operator=found.operator,
        binding=found.binding,
        applies=np.ones(rows, dtype=np.bool_) if applies is None else applies.values.copy(),
        met=met.values.copy() if isinstance(met, Mask) else np.full(rows, met),
        earned=_spread(found.earned, rows),
        threshold=_spread(found.threshold, rows),
        shortfall=_spread(found.shortfall, rows),
    )


def _spread(value: Any, rows: int) -> Column:
    if value is None:
        return constant(0, rows).unknown_where(Mask(np.ones(rows, dtype=np.bool_)))
    return Column(value.values.copy(), value.den, value.unknown) if isinstance(value, Column) else constant(value, rows)


def put_standing(row: int, standing: Standing, piece: Piece) -> None:
    """Write what the scalar judge said of one teacher into the columns."""
    piece.verdict[row] = VERDICTS.index(standing.verdict)
    for name, column in zip(AMOUNTS, piece.amounts, strict=True):
        _put(column, row, getattr(standing, name))
    said = list(standing.findings)
    for one in piece.findings:
        own = bool(said) and (said[0].clause, said[0].measure) == (one.clause, one.measure)
        one.applies[row] = own
        if not own:
            continue
        finding = said.pop(0)
        one.met[row] = finding.met
        for name in ("earned", "threshold", "shortfall"):
            _put(getattr(one, name), row, getattr(finding, name))
    if said:
        raise AssertionError(f"the columns of {standing.period.kind} know no {said[0].clause} {said[0].measure}")


def _put(column: Column, row: int, value: Decimal | None) -> None:
    if column.unknown is not None or value is None:
        unknown = np.zeros(len(column), dtype=np.bool_) if column.unknown is None else column.unknown.copy()
        unknown[row] = value is None
        column.unknown = unknown
    exact = Fraction(value or 0)
    if column.den % exact.denominator:
        factor = exact.denominator // math.gcd(column.den, exact.denominator)
        column.values = times(column.values, factor)
        column.den *= factor
    column.values[row] = exact.numerator * (column.den // exact.denominator)


def together(period: Period, teachers: tuple[str, ...], pieces: Sequence[Piece], scalar: int) -> StandingColumns:
    """Return pieces one below the other."""
    order = in_order([[(one.clause, one.measure) for one in piece.findings] for piece in pieces])
    amounts = [_stack([piece.amounts[place] for piece in pieces]) for place in range(len(AMOUNTS))]
    return StandingColumns(
        period=period,
        teachers=teachers,
        verdict=np.concatenate([piece.verdict for piece in pieces]),
        **dict(zip(AMOUNTS, amounts, strict=True)),
        findings=tuple(_stack_findings(key, pieces) for key in order),
        scalar=scalar,
    )


def _stack_findings(key: Key, pieces: Sequence[Piece]) -> FindingColumn:
    found = [next((one for one in piece.findings if (one.clause, one.measure) == key), None) for piece in pieces]
    like = next(one for one in found if one is not None)
    whole = [
        _no_duty(like, len(piece.verdict)) if one is None else one for one, piece in zip(found, pieces, strict=True)
    ]
    return replace(
        like,
        applies=np.concatenate([one.applies for one in whole]),
        met=np.concatenate([one.met for one in whole]),
        **{name: _stack([getattr(one, name) for one in whole]) for name in ("earned", "threshold", "shortfall")},
    )


def _no_duty(like: FindingColumn, rows: int) -> FindingColumn:
    nothing = {name: constant(0, rows) for name in ("earned", "threshold", "shortfall")}
    return replace(like, applies=np.zeros(rows, dtype=np.bool_), met=np.ones(rows, dtype=np.bool_), **nothing)


def _stack(columns: Sequence[Column]) -> Column:
    den = math.lcm(*(one.den for one in columns))
    values = np.concatenate([times(one.values, den // one.den) for one in columns])
    if all(one.unknown is None for one in columns):
        return Column(values, den)
    unknown = [np.zeros(len(one), dtype=np.bool_) if one.unknown is None else one.unknown for one in columns]
    return Column(values, den, np.concatenate(unknown))
