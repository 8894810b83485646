"""Judge a period for every teacher of some columns: by the column where the pack can, one at a time where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from yanxiu_rulekit.columns.lines import LineColumns
from yanxiu_rulekit.columns.number import ColumnOverflow
from yanxiu_rulekit.columns.shapes import Shapes, shapes_of
from yanxiu_rulekit.columns.sheet import Sheet
from yanxiu_rulekit.columns.standing import (
    ColumnRule,
    Piece,
    StandingColumns,
    piece_from,
    piece_of,
    put_standing,
    together,
)
from yanxiu_rulekit.outcome import Period, Standing

if TYPE_CHECKING:
    from yanxiu_rulekit.decision import StandingRule
    from yanxiu_rulekit.pack import RulePack

# Teachers judged at once: their lines of a few years stay near the processor, and memory stays small.
AT_ONCE = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """One period asked of one pack under one district's settings."""

    pack: RulePack
    rule: StandingRule
    period: Period
    settings: Mapping[str, Any] | None
    today: date | None
    shapes: Shapes | None

    def alone(self, columns: LineColumns, row: int) -> Standing:
        """Judge one teacher by the scalar judge."""
        lines, teacher = columns.lines_of(row), columns.teacher(row)
        return self.pack.standing(self.period, lines, teacher, self.settings, today=self.today)

    def piece(self, columns: LineColumns) -> tuple[Piece, int]:
        """Judge some teachers; the number is of those who were judged one at a time."""
        rule: ColumnRule | None = self.rule.columns
        try:
            if rule is not None and self.shapes is not None:
                return self._by_column(rule, self.shapes, columns)
        except ColumnOverflow:
            pass  # A figure among them does not fit 64 bits: all of them are judged one at a time.
        rows = range(len(columns.teachers))
        return piece_from([self.alone(columns, row) for row in rows]), len(rows)

    def _by_column(self, rule: ColumnRule, shapes: Shapes, columns: LineColumns) -> tuple[Piece, int]:
        irregular = np.zeros(len(columns.teachers), dtype=np.bool_)
        sheet = Sheet(columns, shapes, irregular, rule.amounts)
        law = self.pack.law(self.period.end, self.settings, today=self.today)
        judged = rule.judge(self.period, sheet, law)
        piece = piece_of(judged, len(columns.teachers))
        rows = np.flatnonzero(irregular).tolist()
        for row in rows:
            put_standing(row, self.alone(columns, row), piece)
        return piece, len(rows)


def standing_columns(
    pack: RulePack,
    rule: StandingRule,
    period: Period,
    columns: LineColumns,
    settings: Mapping[str, Any] | None = None,
    *,
    today: date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> StandingColumns:
    """Judge a period by the law in force on its last day, for every teacher of the columns.

    Lines outside the period are left aside. A pack without a column side is judged one teacher at a time, and so is a
    teacher whom it marks, or a group of teachers whose sums do not fit 64 bits; `scalar` counts them. `today` tells
    what of the period is still to come; `progress` is told how many teachers of how many are done. Raises as the
    scalar judge does.
    """
    shapes = _shapes(rule.columns, columns)
    asked = _Question(pack=pack, rule=rule, period=period, settings=settings, today=today, shapes=shapes)
    columns = columns.between(*pack.lines_between(period, settings))
    count = len(columns.teachers)
    pieces: list[Piece] = []
    scalar = 0
    for low in range(0, max(count, 1), AT_ONCE):
        piece, alone = asked.piece(columns.of(low, min(low + AT_ONCE, count)))
        pieces.append(piece)
        scalar += alone
        if progress is not None:
            progress(min(low + AT_ONCE, count), count)
    return together(period, columns.teachers, pieces, scalar)


def _shapes(rule: ColumnRule | None, columns: LineColumns) -> Shapes | None:
    """Return what the lines say, to be asked under one law and its settings; shared by all groups of teachers."""
    if rule is None:
        return None
    kept = tuple(name for name in rule.amounts if name not in ("hours", "credits"))
    return shapes_of(columns.attributes, kept, rule.read)
