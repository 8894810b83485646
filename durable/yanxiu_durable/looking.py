"""Looking: small reads of one state of a district, past SQLAlchemy's execution, with the statements that it made.

A statement is compiled once. On SQLite it then runs on a long-lived connection of the driver, where a point read takes
some ten microseconds, instead of a thousand through SQLAlchemy and another thread. On PostgreSQL SQLAlchemy runs it.

    def found(look: Look) -> Card:
        rows = look(_BY_ID, {"of": district, "ids": ids})
        ...
    card = await databases.look(district, found)

What looks is a plain function: nothing is awaited between its statements, so they see one state.
"""

from __future__ import annotations

import functools
import operator
import re
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Protocol

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import visitors
from yanxiu_wire import tracing

from yanxiu_durable.asked_each import EACH, EVERY, AskedEach
from yanxiu_durable.observed import looking

_DIALECT: sa.Dialect = sqlite.dialect(paramstyle="named")
_LIST = re.compile(r"\(__\[POSTCOMPILE_(\w+)\]\)")
_STATEMENTS = 256


class Look(Protocol):
    """Run a statement with its values; the rows have the columns' names. Lists stand where `in_` has a parameter."""

    def __call__(self, statement: sa.Executable, given: Mapping[str, Any]) -> Sequence[Any]:
        """The rows."""
        ...

    def each(
        self, asked: AskedEach, values: Iterable[str], given: Mapping[str, Any]
    ) -> Mapping[str, Sequence[Sequence[Any]]]:
        """The rows of each value, which may be missing where it has none; without names, as the driver gives them."""
        ...

    def ends(self, *tables: sa.Table) -> tuple[int, ...] | None:
        """The place (`rowid`) of the newest row of each append-only table, 0 of an empty one; what came later has a
        higher one. None where the rows have no places.
        """
        ...


class Compiled:
    """A statement as SQLite's driver takes it, and what makes values and rows of it.

    An INSERT into columns that it does not name itself is of those in `names`.
    """

    _paramstyle: ClassVar[Any] = "named"
    _listed: ClassVar[str] = r"(SELECT value FROM json_each(:\1))"

    def __init__(self, statement: Any, names: Sequence[str] | None = None) -> None:
        compiled = statement.compile(dialect=sqlite.dialect(paramstyle=self._paramstyle), column_keys=names)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        self.order: Sequence[str] = compiled.positiontup or ()
        self.constant = {
            name: value for name, value in compiled.params.items() if value is not None and not binds[name].required
        }
        self.lists = set(_LIST.findall(compiled.string))
        self.written: dict[str, Callable[[Any], Any]] = dict(compiled._bind_processors)  # noqa: SLF001 - SQLAlchemy keeps them nowhere else
        days = [name for name, bind in binds.items() if isinstance(bind.type, sa.Date)]
        self.written.update(dict.fromkeys(days, _day_text))
        for name in self.lists:
            if isinstance(self.constant.get(name), list | tuple):
                self.constant[name] = _text(self.constant[name])
        self.sql = _LIST.sub(self._listed, compiled.string)
        columns = compiled._result_columns  # noqa: SLF001 - as above
        self.row = namedtuple("Row", [column.keyname for column in columns], rename=True)  # type: ignore[misc]
        read = [(place, _reader(column.type)) for place, column in enumerate(columns)]
        self.readers = [(place, reader) for place, reader in read if reader is not None]

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters, as the driver takes them."""
        values = {**self.constant, **given}
        for name in self.lists:
            if name in given:
                values[name] = _text(given[name])
        for name, write in self.written.items():
            if name in values:
                values[name] = write(values[name])
        return values

    def rows(self, found: list[Any]) -> list[Any]:
        """The driver's rows with the columns' names and types."""
        make = self.row._make
        if not self.readers:
            return list(map(make, found))
        made: list[Any] = []
        for one in found:
            row = list(one)
            for place, reader in self.readers:
                if row[place] is not None:
                    row[place] = reader(row[place])
            made.append(make(row))
        return made


class InOrder(Compiled):
    """A statement that takes its values by their places, which the driver binds in half the time."""

    _paramstyle = "qmark"
    _listed = "(SELECT value FROM json_each(?))"

    def __init__(self, statement: Any, names: Sequence[str] | None = None) -> None:
        super().__init__(statement, names)
        order = self.order
        self._places: Callable[[Mapping[str, Any]], Sequence[Any]] = (
            operator.itemgetter(*order) if len(order) > 1 else lambda given: [given[name] for name in order]
        )
        self._written_at = [(place, self.written[name]) for place, name in enumerate(order) if name in self.written]
        self._plain = not self.lists and not self.constant
        self.tables = frozenset(one.name for one in visitors.iterate(statement) if isinstance(one, sa.Table))

    def placed(self, given: Mapping[str, Any]) -> Sequence[Any]:
        """The parameters in their order, as the driver takes them."""
        if not self._plain:
            return self._places(self.values(given))
        if not self._written_at:
            return self._places(given)
        values = list(self._places(given))
        for place, write in self._written_at:
            values[place] = write(values[place])
        return values


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


@functools.lru_cache(maxsize=_STATEMENTS)
def _ends(tables: tuple[sa.Table, ...]) -> str:
    # Names of tables that the code declares.
    return f"SELECT {', '.join(f'(SELECT coalesce(max(rowid), 0) FROM {table.name})' for table in tables)}"  # noqa: S608


def _text(values: Any) -> str:
    return msgspec.json.encode(list(values)).decode()


def _reader(kind: Any) -> Callable[[Any], Any] | None:
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    return kind.dialect_impl(_DIALECT).result_processor(_DIALECT, None)


@functools.lru_cache(maxsize=_STATEMENTS)
def _compiled(statement: sa.Executable) -> Compiled:
    """The statement, compiled: once for those that are made at import, others are forgotten in time."""
    return Compiled(statement)


class _SqliteLook:
    """One look, on a connection of the driver in a transaction."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __call__(self, statement: sa.Executable, given: Mapping[str, Any]) -> Sequence[Any]:
        known = _compiled(statement)
        if not tracing.recording():
            return known.rows(SqliteLooks.execute(self._connection, known.sql, known.values(given)))
        with looking(known.sql):
            return known.rows(SqliteLooks.execute(self._connection, known.sql, known.values(given)))

    def each(
        self, asked: AskedEach, values: Iterable[str], given: Mapping[str, Any]
    ) -> Mapping[str, Sequence[Sequence[Any]]]:
        known = _compiled(asked.one)
        its = known.values(given)
        run = self._connection.cursor().execute
        found: dict[str, Sequence[Sequence[Any]]] = {}
        with looking(known.sql):
            for its[EACH] in values:
                found[its[EACH]] = run(known.sql, its).fetchall()
        return found

    def ends(self, *tables: sa.Table) -> tuple[int, ...] | None:
        return tuple(self._connection.execute(_ends(tables)).fetchone())


class SqliteLooks:
    """Long-lived reading connections to one file; one looks at a time on each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []

    def look(self, gather: Callable[[Look], Any]) -> Any:
        """What `gather` finds in one state of the file; raises `sqlite3.OperationalError` when that cannot be had."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._opened()

        connection.execute("BEGIN DEFERRED")
        try:
            return gather(_SqliteLook(connection))
        finally:
            connection.rollback()
            self._idle.append(connection)

    @staticmethod
    def execute(connection: sqlite3.Connection, sql: str, values: Mapping[str, Any]) -> list[Any]:
        """One statement with its values: all its rows."""
        return connection.execute(sql, values).fetchall()

    def _opened(self) -> sqlite3.Connection:
        # It never waits: who cannot read at once asks SQLAlchemy's readers, which wait in a thread.
        connection = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def close(self) -> None:
        """Close every connection."""
        while self._idle:
            self._idle.pop().close()


class LookThrough:
    """The same through SQLAlchemy, on a connection in a transaction."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def __call__(self, statement: sa.Executable, given: Mapping[str, Any]) -> Sequence[Any]:
        """The rows."""
        return self._connection.execute(statement, dict(given)).all()

    def each(
        self, asked: AskedEach, values: Iterable[str], given: Mapping[str, Any]
    ) -> Mapping[str, Sequence[Sequence[Any]]]:
        """The rows of each value: on PostgreSQL from one statement."""
        if self._connection.dialect.name == "sqlite":
            return {one: self(asked.one, {**given, EACH: one}) for one in values}
        found: dict[str, list[Sequence[Any]]] = {}
        for one, *row in self(asked.all, {**given, EVERY: list(values)}):
            found.setdefault(one, []).append(tuple(row))
        return found

    def ends(self, *tables: sa.Table) -> tuple[int, ...] | None:  # noqa: ARG002 - it has none of any table
        """None: PostgreSQL gives rows no places, and who had to read a file this way has other cares."""
        return None
