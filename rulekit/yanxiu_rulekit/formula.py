"""Choice in formulas: the kit's own words for if, and, or and not, so that one formula can also run as columns."""

from __future__ import annotations

from typing import Any


def choose(*branches: tuple[bool, Any], otherwise: Any) -> Any:
    """Return the value of the first branch whose condition holds, else `otherwise`."""
    for condition, value in branches:
        if condition:
            return value
    return otherwise
