"""Rows that came in columns: a list that is laid out as text column by column, and made objects of where it must be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, overload

from yanxiu_wire.columns import Values


class ColumnTable:
    """The rows of several lists, one after the other: `columns` by the path of attributes from a row to its value.

    `make` gives the objects that the first so many rows are, all of one class; `within` are the paths at which each row
    has an object of its own.
    """

    def __init__(
        self, rows: int, columns: Mapping[str, Values], within: Sequence[str], make: Callable[[int], Sequence[Any]]
    ) -> None:
        self.rows = rows
        self.columns = columns
        self.within = frozenset(within)
        self._make = make
        self._made: Sequence[Any] | None = None

    def first(self) -> Any:
        """The first row as an object."""
        return self._make(1)[0] if self._made is None else self._made[0]

    def made(self) -> Sequence[Any]:
        """The rows as objects, made once."""
        if self._made is None:
            self._made = self._make(self.rows)
        return self._made


class InColumns(Sequence[Any]):
    """A list of the rows of a table from `start` to `stop`."""

    __slots__ = ("start", "stop", "table")

    def __init__(self, table: ColumnTable, start: int, stop: int) -> None:
        self.table = table
        self.start = start
        self.stop = stop

    def __len__(self) -> int:
        return self.stop - self.start

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        return self.table.made()[self.start : self.stop][place]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.table.made()[self.start : self.stop])
