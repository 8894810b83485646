"""Where in the answer a value of a column stands: asked only when something went wrong, so nothing is kept of each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol

Place = tuple[str | int, ...]


class Places(Protocol):
    """The places of a column's values."""

    def at(self, number: int) -> Place:
        """The path of the value of that number, from the root of the answer."""
        ...


class Root:
    """The one place of the root."""

    def at(self, number: int) -> Place:  # noqa: ARG002 - there is one
        """The root has no path."""
        return ()


class Under:
    """The values of one field of every row."""

    def __init__(self, rows: Places, key: str) -> None:
        self._rows = rows
        self._key = key

    def at(self, number: int) -> Place:
        """The row's path and the field's key in the answer."""
        return (*self._rows.at(number), self._key)


class Items:
    """The items of lists, laid one after the other."""

    def __init__(self, lists: Places, lengths: Sequence[int]) -> None:
        self._lists = lists
        self._lengths = lengths

    def at(self, number: int) -> Place:
        """The list's path and the item's place in it."""
        ends = list(accumulate(self._lengths))
        which = bisect_right(ends, number)
        return (*self._lists.at(which), number - (ends[which] - self._lengths[which]))


class Kept:
    """Those values of a column that are looked into."""

    def __init__(self, column: Places, numbers: Sequence[int]) -> None:
        self._column = column
        self._numbers = numbers

    def at(self, number: int) -> Place:
        """The path of the value that was kept as that number."""
        return self._column.at(self._numbers[number])
