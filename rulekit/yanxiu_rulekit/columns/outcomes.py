"""Questions of yes and no over columns: each combination that occurs is answered once, by the scalar function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from yanxiu_rulekit.columns.number import Column, Mask
from yanxiu_rulekit.outcome import Finding

VERDICTS = ("PASS", "FAIL", "EXEMPT")

# So many combinations are told apart by a table, more by sorting.
_FEW_CODES = 1 << 16

T = TypeVar("T")


class Outcomes(Generic[T]):
    """One answer for each row, kept as one for each combination that occurs."""

    def __init__(self, answers: list[T], which: npt.NDArray[np.intp]) -> None:
        self._answers = answers
        self._which = which

    def truth(self, question: Callable[[T], bool]) -> Mask:
        """Return by row whether something holds of the answer."""
        return Mask(np.array([bool(question(one)) for one in self._answers], dtype=np.bool_)[self._which])

    def verdict(self, question: Callable[[T], str]) -> npt.NDArray[np.uint8]:
        """Return by row the verdict that an answer gives, as its place in `VERDICTS`."""
        codes = [VERDICTS.index(question(one)) for one in self._answers]
        return np.array(codes, dtype=np.uint8)[self._which]


def each(function: Callable[..., T], *truths: Mask | bool) -> Outcomes[T]:
    """Ask `function` with the truths of each row; rows with the same truths are asked once."""
    masks: list[Any] = [one.values if isinstance(one, Mask) else one for one in truths]
    rows = next(len(one) for one in masks if not isinstance(one, bool))
    which: Any = np.zeros(rows, dtype=np.int64)
    for place, one in enumerate(masks):
        which |= np.left_shift(np.asarray(one, dtype=np.int64), place)
    found, back = _different(which, 1 << len(masks))
    answers = [function(*(bool(code >> place & 1) for place in range(len(masks)))) for code in found.tolist()]
    return Outcomes(answers, back)


def _different(which: npt.NDArray[np.int64], most: int) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp]]:
    """Return the different codes, all below `most`, and for each row the place of its own among them."""
    if most > _FEW_CODES:
        return np.unique(which, return_inverse=True)
    found = np.flatnonzero(np.bincount(which, minlength=most))
    places = np.zeros(most, dtype=np.intp)
    places[found] = np.arange(len(found))
    return found, places[which]


def met_where(finding: Finding, duty: Mask | None = None) -> Mask:
    """Return which teachers do not breach a finding over columns; who has no such duty does not."""
    met: Any = finding.met
    return met if duty is None else met | ~duty


def total(columns: Iterable[Column]) -> Column:
    """Return the sum of some columns, of which there is at least one."""
    first, *rest = columns
    for one in rest:
        first = first + one
    return first
