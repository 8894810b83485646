"""A teacher's line of a preview: the standing under two laws, who gains and who loses, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from yanxiu_footing.stored import simple, thaw
from yanxiu_rulekit import outcome
from yanxiu_rulekit.facts import CreditLine
from yanxiu_rulekit.numbers import from_micro, plain, to_micro
from yanxiu_wire.policy import Cause

from yanxiu_credits.policy.worth import Worth, different_readings, text

_RANK = {"FAIL": 0, "EXEMPT": 1, "PASS": 2}
_MOST_CAUSES = 20
_MILLIONTH = Decimal("0.000001")
_AMOUNTS = ("hours", "credits", "recognised_hours", "recognised_credits")


def figures(standing: outcome.Standing) -> dict[str, Any]:
    """Return all that a standing is compared by: verdict, exact amounts with every requirement, amounts for sums."""
    exact = {name: getattr(standing, name) for name in _AMOUNTS}
    told = {
        **{name: plain(amount) for name, amount in exact.items()},
        "findings": [
            _finding(one.clause, one.measure, one.earned, one.threshold, one.shortfall, one.met)
            for one in standing.findings
        ],
    }
    return {
        "verdict": standing.verdict,
        "figures": msgspec.json.encode(told).decode(),
        **{f"micro_{name}": to_micro(amount.quantize(_MILLIONTH)) for name, amount in exact.items()},
    }


@lru_cache(maxsize=16_384)
def _finding(*figures: Any) -> msgspec.Raw:
    """Write a finding out; thousands of teachers have the same."""
    return msgspec.Raw(msgspec.json.encode(simple(figures)))


def compared_by(standing: outcome.Standing) -> tuple[Any, ...]:
    """Return what is equal for two standings exactly where all their figures are."""
    return (
        standing.verdict,
        *(getattr(standing, name) for name in _AMOUNTS),
        *((one.clause, one.measure, one.earned, one.threshold, one.shortfall, one.met) for one in standing.findings),
    )


def effect(before: outcome.Standing, after: outcome.Standing) -> str:
    """Say what a change of law means to the teacher: gains, loses, mixed (some of both) or same.

    Weighed are the verdict, what is registered and recognised, and the shortfall of each requirement in both laws.
    """
    moves = [_RANK.get(after.verdict, 0) - _RANK.get(before.verdict, 0)]
    moves += [_sign(getattr(after, name) - getattr(before, name)) for name in _AMOUNTS]
    old = {(one.clause, one.measure): one.shortfall for one in before.findings}
    for one in after.findings:
        if (one.clause, one.measure) in old:
            moves.append(_sign(old[one.clause, one.measure] - one.shortfall))
    up, down = any(move > 0 for move in moves), any(move < 0 for move in moves)
    if up and down:
        return "mixed"
    return "gains" if up else "loses" if down else "same"


def _sign(number: Decimal) -> int:
    return (number > 0) - (number < 0)


def why_standing(
    before: outcome.Standing, after: outcome.Standing, records: Iterable[Sequence[Cause]]
) -> tuple[Cause, ...]:
    """Return what makes the difference: thresholds and parameters read differently, and what moved the records."""
    readings = [
        [reading for one in (*standing.findings, *standing.steps) for reading in one.readings]
        for standing in (before, after)
    ]
    causes = [*different_readings(*readings), *(cause for own in records for cause in own)]
    found = tuple(dict.fromkeys(causes))
    if not found:
        found = tuple(_different_findings(before, after))
    return found[:_MOST_CAUSES]


def _different_findings(before: outcome.Standing, after: outcome.Standing) -> Iterable[Cause]:
    old = {(one.clause, one.measure): one for one in before.findings}
    for one in after.findings:
        there = old.get((one.clause, one.measure))
        if there is None or (there.earned, there.threshold, there.met) != (one.earned, one.threshold, one.met):
            yield Cause(
                clause=one.clause,
                label=one.label_zh,
                before=f"{text(there.earned)}/{text(there.threshold)}" if there else "",
                after=f"{text(one.earned)}/{text(one.threshold)}",
                unit=one.unit,
            )


def lines_of(rows: Iterable[Any]) -> tuple[CreditLine, ...]:
    """Return ledger rows as the lines that a law judges."""
    return tuple(
        CreditLine(
            id=row.record,
            on=row.on,
            hours=from_micro(row.micro_hours),
            credits=from_micro(row.micro_credits),
            attributes=thaw(row.attributes),
        )
        for row in rows
    )


def lines_after(
    rows: Sequence[Any], changed: Mapping[str, tuple[Mapping[str, Any], Worth]], first: Any, last: Any
) -> tuple[CreditLine, ...]:
    """Return the lines as they would stand after an adoption: what changes is taken out, and entered anew behind.

    A new entry comes after all others of its day, as it does in the ledger; its record is newer than theirs.
    """
    kept = lines_of(row for row in rows if row.record not in changed)
    new = [
        CreditLine(
            id=f"~{record_id}",
            on=row["on"],
            hours=from_micro(worth.micro_hours),
            credits=from_micro(worth.micro_credits),
            attributes=thaw(worth.attributes),
        )
        for record_id, (row, worth) in sorted(changed.items())
        if worth.status == "COUNTED" and first <= row["on"] <= last
    ]
    # Sorting is stable: of one day the kept ones stay in front, in the order of the chain.
    return tuple(sorted((*kept, *new), key=lambda line: line.on))
