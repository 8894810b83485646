"""Out of columns again: each teacher's standing, with equal amounts and equal findings made once and shared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import numpy as np

from yanxiu_rulekit.columns.number import Column
from yanxiu_rulekit.columns.standing import AMOUNTS, FindingColumn, StandingColumns
from yanxiu_rulekit.outcome import Finding, Standing


def standings_of(judged: StandingColumns, rows: Sequence[int] | None = None) -> list[Standing]:
    """Return the standings of some rows (of all for None), in their order.

    Verdict, amounts and findings are those of the scalar judge; measures, result and steps stay empty, since columns
    do not explain.
    """
    wanted = np.arange(len(judged)) if rows is None else np.asarray(rows, dtype=np.intp)
    amounts = [_decimals(getattr(judged, name), wanted) for name in AMOUNTS]
    findings = [_findings(one, wanted) for one in judged.findings]
    said: Iterable[tuple[Finding | None, ...]] = zip(*findings, strict=True) if findings else ((),) * len(wanted)
    return [
        Standing(
            period=judged.period,
            verdict=judged.verdict_of(row),
            hours=hours,
            credits=credit,
            recognised_hours=recognised_hours,
            recognised_credits=recognised_credits,
            findings=tuple(one for one in own if one is not None),
            measures={},
            result={},
        )
        for row, hours, credit, recognised_hours, recognised_credits, own in zip(
            wanted.tolist(), *amounts, said, strict=True
        )
    ]


def _decimals(column: Column, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> list[Decimal]:
    """Return the amounts of some rows; a standing's amounts are never unknown."""
    made: dict[int, Decimal] = {}
    found: list[Decimal] = []
    for row, value in zip(rows.tolist(), column.values[rows].tolist(), strict=True):
        one = made.get(value)
        if one is None:
            one = made[value] = column.decimal(row) or Decimal(0)
        found.append(one)
    return found


def _findings(column: FindingColumn, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> list[Finding | None]:
    """Return what was found of some rows, None where the duty is not theirs."""
    unknown = column.earned.unknown
    figures = zip(
        rows.tolist(),
        column.applies[rows].tolist(),
        column.met[rows].tolist(),
        column.threshold.values[rows].tolist(),
        column.earned.values[rows].tolist(),
        column.shortfall.values[rows].tolist(),
        [False] * len(rows) if unknown is None else unknown[rows].tolist(),
        strict=True,
    )
    made: dict[tuple[int, ...], Finding | None] = {}
    found: list[Finding | None] = []
    for row, *key in figures:
        same = tuple(key)
        if same not in made:
            made[same] = column.finding(row)
        found.append(made[same])
    return found
