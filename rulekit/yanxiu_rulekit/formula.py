"""Choice in formulas: the kit's own words for if, and, or and not, so that one formula can also run as columns."""

from __future__ import annotations

from typing import Any

# A decimal, or where a formula runs for a whole prefecture, a `Column` of them: both have the same operators.
Amount = Any


class Varied:
    """Base of what has one value for each row of a column; a truth among them chooses row by row."""

    __slots__ = ()

    def between(self, _chosen: Any, _otherwise: Any, /) -> Any:
        """Return by row the first where this holds, else the second."""
        raise TypeError(f"{type(self).__name__} is no truth")


def choose(*branches: tuple[Any, Any], otherwise: Any) -> Any:
    """Return the value of the first branch whose condition holds, else `otherwise`.

    A value may be a function without arguments: it is called only when its branch is chosen, so that an explanation
    names the parameters that mattered and no others. Of a column's condition both sides are computed, and each row
    gets its own.
    """
    for place, (condition, value) in enumerate(branches):
        if isinstance(condition, Varied):
            return condition.between(_value(value), choose(*branches[place + 1 :], otherwise=otherwise))
        if condition:
            return _value(value)
    return _value(otherwise)


def _value(value: Any) -> Any:
    return value() if callable(value) else value
