"""A path that a decision took, applied to the facts of many records at once."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from yanxiu_rulekit.columns.number import Bools, Column, ColumnOverflow, Mask, constant, ends
from yanxiu_rulekit.columns.traced import Guard, Node

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_COMPUTE: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """What a decision answers for all records that keep its guards.

    `status` and `reasons` are the same for all of them; hours, credits and the numbers and days among the attributes
    are expressions, and `attributes` makes the mapping from the values of its `leaves` (an expression, and whether it
    is a day).
    """

    guards: Mapping[Guard, bool]
    status: str
    reasons: tuple[str, ...] = ()
    hours: Node = ("number", Fraction(0))
    credits: Node = ("number", Fraction(0))
    leaves: tuple[tuple[Node, bool], ...] = ()
    attributes: Callable[[tuple[Any, ...]], Mapping[str, Any]] = lambda _values: {}


class Facts:
    """The numeric facts of some records, and what was computed from them so far."""

    def __init__(self, columns: Mapping[str, Column], rows: int) -> None:
        self._columns = columns
        self._rows = rows
        self._known: dict[Node, Any] = {}

    def kept(self, which: Any) -> Facts:
        """Return some of the records."""
        columns = {name: Column(one.values[which], one.den) for name, one in self._columns.items()}
        return Facts(columns, len(np.arange(self._rows)[which]))

    def value(self, node: Node) -> Any:
        """Return an expression: a column, or one number where nothing varies. Raises `ColumnOverflow`."""
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self._computed(node)
        return found

    def column(self, node: Node) -> Column:
        """Return an expression with a number for each record."""
        found = self.value(node)
        return found if isinstance(found, Column) else constant(found, self._rows)

    def keeping(self, guards: Mapping[Guard, bool]) -> Bools:
        """Return which records keep all of the guards. Raises `ColumnOverflow`."""
        try:
            kept = np.ones(self._rows, dtype=np.bool_)
            for guard, outcome in guards.items():
                kept &= self._holds(guard) == outcome
        except ColumnOverflow:
            return self._keeping_in_turn(guards)
        return kept

    def _keeping_in_turn(self, guards: Mapping[Guard, bool]) -> Bools:
        """Ask each guard only of the records that keep those before it, as the decision itself does."""
        kept = np.ones(self._rows, dtype=np.bool_)
        left = self
        for guard, outcome in guards.items():
            held = left._holds(guard) == outcome
            kept[kept] = held
            left = left.kept(held)
        return kept

    def _holds(self, guard: Guard) -> Bools:
        symbol, left, right = guard
        if symbol == "ends":
            return ends(self.column(left), self.column(right))
        found = _COMPARE[symbol](self.value(left), self.value(right))
        return found.values if isinstance(found, Mask) else np.full(self._rows, found)

    def _computed(self, node: Node) -> Any:
        kind = node[0]
        if kind == "fact":
            return self._columns[node[1]]
        if kind == "number":
            return node[1]
        if kind == "round":
            _kind, of, places, how = node
            return self.column(of).quantize(Decimal(1).scaleb(-places), rounding=how)
        return _COMPUTE[kind](self.value(node[1]), self.value(node[2]))
