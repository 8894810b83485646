"""What a pack's functions give back must be what they promised: a pack that gives anything else has failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from yanxiu_rulekit.errors import PackFailed
from yanxiu_rulekit.outcome import Period, Standing

STATUSES = ("COUNTED", "ZERO", "REJECTED")
VERDICTS = ("PASS", "FAIL", "EXEMPT")
_PLAIN = (Decimal, str, int, date, type(None))
# Nothing that a decision gives is nested deeper.
_DEPTH = 12


def sound_result(pack: str, kind: str, result: object, *, worth: bool = False) -> dict[str, Any]:
    """Return the result of a decision as a plain dict; raises `PackFailed` where it is none.

    A float, an object or a mapping within itself is no plain value. `worth`: it must say what a record is worth,
    whether that is entered or tried.
    """
    if not isinstance(result, Mapping):
        raise PackFailed(f"{pack}: {kind} gives {type(result).__name__}; it must give a mapping")
    for name, value in result.items():
        if not isinstance(name, str) or not _plain(value, _DEPTH):
            raise PackFailed(f"{pack}: {kind} gives in {name!r} what is no exact plain value")
    return dict(sound_worth(pack, result) if worth else result)


def sound_worth(pack: str, result: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a record's decision gives; raises `PackFailed` without a status, or without amounts that count."""
    if not all(isinstance(one, str) for one in _listed(result.get("reasons", ()))):
        raise PackFailed(f"{pack}: a record's reasons are {result['reasons']!r:.100}; they must be a list of clauses")
    status = result.get("status")
    if status not in STATUSES:
        raise PackFailed(f"{pack}: a record's status is {status!r}; it must be one of {', '.join(STATUSES)}")
    if status == "COUNTED":
        for name in ("hours", "total"):
            if not isinstance(result.get(name), Decimal):
                raise PackFailed(f"{pack}: a counted record's {name} is {result.get(name)!r}; it must be a Decimal")
    return result


def sound_standing(pack: str, found: object) -> Standing:
    """Return the standing that a pack judged; raises `PackFailed` where it is none."""
    if not isinstance(found, Standing) or found.verdict not in VERDICTS:
        raise PackFailed(f"{pack}: a period is judged as {found!r:.100}; it must be a Standing with a verdict")
    amounts = (found.hours, found.credits, found.recognised_hours, found.recognised_credits)
    if not all(isinstance(one, Decimal) and one.is_finite() for one in amounts):
        raise PackFailed(f"{pack}: the sums of a standing are {amounts}; they must be finite Decimals")
    return found


def sound_period(pack: str, found: object) -> Period:
    """Return the period that a pack named; raises `PackFailed` where it is none."""
    if not isinstance(found, Period) or found.start > found.end:
        raise PackFailed(f"{pack}: a period is {found!r:.100}; it must be a Period that ends after it began")
    return found


def _listed(value: object) -> Iterable[object]:
    """Return what a list holds; what is no list holds something that is no text."""
    return value if isinstance(value, list | tuple) else (None,)


def _plain(value: object, depth: int) -> bool:
    if isinstance(value, _PLAIN):
        return True
    if depth == 0:
        return False
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _plain(one, depth - 1) for key, one in value.items())
    return isinstance(value, list | tuple) and all(_plain(one, depth - 1) for one in value)
