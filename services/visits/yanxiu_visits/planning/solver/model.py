"""A linear model in whole numbers: columns by key, rows by the constraint they belong to, in the solver's arrays."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from yanxiu_visits.planning.solver.places import Tag

INFINITE = float("inf")


class Row(NamedTuple):
    """`low <= sum(coefficient x column) <= high`; None is no limit."""

    low: int | None
    high: int | None
    terms: Mapping[Any, int]


class Model:
    """Columns are yes or no (0..1, whole) unless declared otherwise before a row names them."""

    def __init__(self) -> None:
        self.index: dict[Hashable, int] = {}
        self.cost: list[int] = []
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self.start: list[int] = [0]
        self.at: list[int] = []
        self.value: list[int] = []
        self.offset = 0

    def column(self, key: Hashable, *, cost: int = 0, upper: int | None = 1, whole: bool = True) -> int:
        """Return a column's index; the first call declares it, and costs of later calls are added."""
        found = self.index.get(key)
        if found is None:
            found = self.index[key] = len(self.cost)
            self.cost.append(0)
            self.upper.append(INFINITE if upper is None else upper)
            self.whole.append(whole)
        self.cost[found] += cost
        return found

    def row(self, row: Row) -> None:
        """Add a row; columns it names for the first time are yes or no."""
        self.low.append(-INFINITE if row.low is None else row.low)
        self.high.append(INFINITE if row.high is None else row.high)
        for key, coefficient in row.terms.items():
            self.at.append(self.column(key))
            self.value.append(coefficient)
        self.start.append(len(self.at))

    def rows(self, rows: Iterable[Row]) -> None:
        """Add rows."""
        for one in rows:
            self.row(one)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the solver's arrays; its inside counts in floats, of whole numbers only."""
        return {
            "cost": np.array(self.cost, dtype=np.float64),
            "upper": np.array(self.upper, dtype=np.float64),
            "low": np.array(self.low, dtype=np.float64),
            "high": np.array(self.high, dtype=np.float64),
            "start": np.array(self.start, dtype=np.int32),
            "at": np.array(self.at, dtype=np.int32),
            "value": np.array(self.value, dtype=np.float64),
        }


class Rules(ABC):
    """The constraints of a problem by tag, in an order that does not change; a subclass knows the law's pattern."""

    @abstractmethod
    def tags(self) -> list[Tag]:
        """Return every constraint."""

    @abstractmethod
    def rows(self, tag: Tag) -> list[Row]:
        """Return the rows of one constraint."""
