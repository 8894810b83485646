"""Rows that the commands of a group only add are kept, and written together at its end.

A statement of many rows costs each of them half of what one of its own does. What is kept is written before anything
looks at its table, and before any statement of which nobody knows at what it looks, so that nobody sees a difference.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yanxiu_durable.looking import InOrder


class Later:
    """What one transaction still has to write; `heads` are the ends of chains and queues as they will stand then.

    A head is noted by who adds to its table, under the table's name, and is gone when anything was undone. `others`
    are the rows of those before the mark that were written after it. `broken` says that something was lost in writing:
    then nothing of the transaction may be committed.
    """

    __slots__ = ("_marked", "_rows", "_tables", "broken", "heads", "others")

    def __init__(self) -> None:
        self.broken = False
        self._rows: list[tuple[InOrder, list[Any]]] = []
        self._tables: set[str] = set()
        self._marked = 0
        self.others = 0
        self.heads: dict[str, Any] = {}

    def __bool__(self) -> bool:
        """Whether anything is kept."""
        return bool(self._rows)

    def keep(self, statement: InOrder, rows: list[Any]) -> None:
        """Write these rows by and by."""
        self._rows.append((statement, rows))
        self._tables |= statement.tables

    def mark(self) -> None:
        """From here on what is kept can be forgotten."""
        self._marked, self.others = len(self._rows), 0

    def forget(self) -> None:
        """Forget what was kept since the mark."""
        del self._rows[self._marked :]
        self.heads.clear()

    def concerns(self, statement: InOrder) -> bool:
        """Whether a statement has a table of which rows are, or were, kept, or nobody knows at which it looks."""
        return not statement.tables or not self._tables.isdisjoint(statement.tables)

    def write(self, plain: sqlite3.Connection) -> None:
        """Write all of it, each table's rows in their order."""
        before, since = self._rows[: self._marked], self._rows[self._marked :]
        self._rows, self._marked = [], 0
        self._tables.clear()
        written, self.broken = plain.total_changes, True
        _write(plain, before)
        self.others += plain.total_changes - written
        _write(plain, since)
        self.broken = False


def _write(plain: sqlite3.Connection, kept: list[tuple[InOrder, list[Any]]]) -> None:
    together: dict[InOrder, list[Any]] = {}
    for statement, rows in kept:
        together.setdefault(statement, []).extend(rows)
    for statement, rows in together.items():
        plain.executemany(statement.sql, rows)
