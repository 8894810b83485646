"""Choice in formulas: the kit's own words for if, and, or and not, so that one formula can also run as columns."""

from __future__ import annotations

from typing import Any


def choose(*branches: tuple[bool, Any], otherwise: Any) -> Any:
    """Return the value of the first branch whose condition holds, else `otherwise`.

    A value may be a function without arguments: it is called only when its branch is chosen, so that an explanation
    names the parameters that mattered and no others.
    """
    for condition, value in branches:
        if condition:
            return _value(value)
    return _value(otherwise)


def _value(value: Any) -> Any:
    return value() if callable(value) else value
